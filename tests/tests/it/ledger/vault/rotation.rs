//! A new master key while other programs read and write, cut off after every step.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use domain::time::UnixMillis;
use ledger::settings::{Credentials, Settings, ShopWebhook};
use ledger::vault::Rewrapped;
use ledger::{Ledger, LedgerError, OpenOptions};
use sea_orm::{ConnectionTrait, Statement};
use secrecy::ExposeSecret;
use tests::db::{Database, TestPlace, empty};
use tests::{TempDir, eventually};
use vault::{FingerprintKey, Header, KeyFile, KeyId, KeySource, Vault, VaultError};

use super::super::bed::{LIMIT, NOW, merchant, register, register_id, shop, source_id};
use super::{HOOK, pin, raw};

const REGISTERS: usize = 7;
/// Registers, one source, one webhook with the secret it had before, one user's second step.
const SECRETS: u64 = REGISTERS as u64 + 5;
const TOTP: &str = "totp-secret";

/// A ledger whose key is in a file, as of several processes on one machine.
struct Bed {
    place: TestPlace,
    dir: TempDir,
}

impl Bed {
    async fn new(database: Database) -> Self {
        let bed = Self {
            place: empty(database).await,
            dir: TempDir::new(),
        };
        bed.file().create().unwrap();
        let ledger = bed.process().await;
        let mut before = settings(0);
        before.sources[0].secret = "before".into();
        for settings in [before, settings(0)] {
            ledger.apply(&settings, "the test", NOW).await.unwrap();
        }
        for secret in ["hook", "hook-0"] {
            let changed = ledger
                .change_webhook_secret(&merchant(), HOOK, &secret.into(), "the test", NOW)
                .await;
            assert!(changed.unwrap());
        }
        bed.add_user().await;
        bed
    }

    fn file(&self) -> KeyFile {
        KeyFile::new(self.dir.join("kasyr.key"))
    }

    fn vault(&self) -> Vault {
        Vault::new(&KeySource::File(self.dir.join("kasyr.key"))).unwrap()
    }

    /// A process that starts now.
    async fn process(&self) -> Ledger {
        let ledger = Ledger::open(&self.place.url, OpenOptions::default()).await.unwrap();
        ledger.unlock(self.vault()).await.unwrap()
    }

    async fn add_user(&self) {
        let vault = self.vault();
        let fingerprints = FingerprintKey::generate();
        let totp = vault.seal(vault.held()[0], "users/u1/totp", &TOTP.into(), &fingerprints, NOW.0);
        let insert = "INSERT INTO users (id, login, name, role, everywhere, language, totp, created_at, updated_at)
            VALUES ('u1', 'olena', 'Olena', 'operator', true, 'uk', $1, 0, 0),
                ('u2', 'petro', 'Petro', 'operator', true, 'uk', NULL, 0, 0)";
        let db = raw(&self.place.url).await;
        let statement = Statement::from_sql_and_values(db.get_database_backend(), insert, [totp.unwrap().into()]);
        db.execute_raw(statement).await.unwrap();
    }

    /// Every sealed text with its owner.
    async fn texts(&self) -> Vec<(String, String)> {
        let select = "SELECT 'registers/' || id || '/credentials' AS owner, credentials AS sealed FROM registers
            UNION ALL SELECT 'sources/' || id || '/secret', secret FROM sources
            UNION ALL SELECT 'sources/' || id || '/old_secret', old_secret FROM sources WHERE old_secret IS NOT NULL
            UNION ALL SELECT 'shop_webhooks/' || merchant_id || '/' || url || '/secret', secret FROM shop_webhooks
            UNION ALL SELECT 'shop_webhooks/' || merchant_id || '/' || url || '/old_secret', old_secret
                FROM shop_webhooks WHERE old_secret IS NOT NULL
            UNION ALL SELECT 'users/' || id || '/totp', totp FROM users WHERE totp IS NOT NULL
            UNION ALL SELECT 'vault/fingerprint_key', fingerprint_key FROM vault";
        let db = raw(&self.place.url).await;
        let rows = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), select))
            .await
            .unwrap();
        rows.iter()
            .map(|row| (row.try_get("", "owner").unwrap(), row.try_get("", "sealed").unwrap()))
            .collect()
    }

    /// All of it opens with these keys, and is under this one if one is named.
    async fn check(&self, vault: &Vault, only: Option<KeyId>) {
        let texts = self.texts().await;
        assert_eq!(texts.len() as u64, SECRETS + 1);
        for (owner, text) in &texts {
            let opened = vault
                .open(owner, text)
                .unwrap_or_else(|error| panic!("{owner}: {error}"));
            let header = Header::read(text).unwrap();
            assert!(only.is_none_or(|only| only == header.key_id), "{owner}: {header:?}");
            if owner.starts_with("users/") {
                assert_eq!(opened.expose_secret(), TOTP);
            }
        }
    }
}

/// Everybody's PIN is `1000 + round`, except the last register's, which nobody changes.
fn settings(round: u32) -> Settings {
    let mut settings = shop();
    settings.registers = (1..=REGISTERS)
        .map(|number| {
            let mut register = register(&format!("flowers-{number}"), 4_000_999_000 + number as u64);
            let pin = if number == REGISTERS { 1000 } else { 1000 + round };
            register.credentials = Credentials::KeyPin(pin.to_string().into());
            register
        })
        .collect();
    let hook = ShopWebhook::new(merchant(), HOOK, format!("hook-{round}"));
    settings.shop_webhooks.push(hook);
    settings
}

/// The steps as `kasyr rotate-master-key` goes through them, until `stop` of them were gone.
async fn rotate(bed: &Bed, stop: usize) {
    let ledger = bed.process().await;
    let file = bed.file();
    let lock = file.lock().unwrap();
    let old = ledger.master_key().await.unwrap().unwrap();
    let keys = file.read().unwrap().ids();
    if stop == 0 {
        return;
    }
    let new = if keys == [old] {
        lock.add_key().unwrap()
    } else {
        keys[0]
    };
    if stop == 1 {
        return;
    }
    ledger.switch_master_key(new, NOW).await.unwrap();
    if stop == 2 {
        return;
    }
    // One after the other, so that the cut is in the middle.
    loop {
        let Rewrapped { left, .. } = ledger.rewrap_secrets(1).await.unwrap();
        if stop == 3 && left <= SECRETS / 2 {
            return;
        }
        if left == 0 {
            break;
        }
    }
    if stop > 4 {
        lock.drop_old_keys().unwrap();
    }
}

/// Another program: it changes secrets and reads them all, over and over, until it is told to stop.
async fn use_it(ledger: &Ledger, stop: &AtomicBool, rounds: &AtomicU32) {
    let mut round = 0;
    while !stop.load(Ordering::SeqCst) {
        round += 1;
        ledger.apply(&settings(round), "the test", NOW).await.unwrap();
        for register in ledger.registers(None).await.unwrap() {
            let expected = match register.id == register_id(&format!("flowers-{REGISTERS}")) {
                true => 1000,
                false => 1000 + round,
            };
            let Credentials::KeyPin(pin) = &register.credentials else {
                panic!("{register:?}");
            };
            assert_eq!(pin.expose_secret(), expected.to_string(), "{}", register.id);
        }
        let source = ledger.source(&source_id()).await.unwrap().unwrap();
        assert_eq!(source.secret.expose_secret(), "test");
        rounds.store(round, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_master_key_is_taken_whatever_stops_it_and_while_others_work() {
    for database in Database::each() {
        for stop_after in 0..=5 {
            println!("on {database}, stopped after step {stop_after}");
            let bed = Bed::new(database).await;
            let old = bed.vault().held()[0];
            let running = bed.process().await;
            let (stop, rounds) = (AtomicBool::new(false), AtomicU32::new(0));
            let rotating = async {
                let beyond = async |round: u32| {
                    eventually(LIMIT, async || rounds.load(Ordering::SeqCst) > round).await;
                };
                beyond(1).await;
                rotate(&bed, stop_after).await;
                // What is left works: for who runs, and for who starts now.
                beyond(rounds.load(Ordering::SeqCst) + 1).await;
                let last = format!("flowers-{REGISTERS}");
                assert_eq!(pin(&bed.process().await, &last).await.unwrap(), "1000");
                bed.check(&bed.vault(), None).await;
                if stop_after < 5 {
                    rotate(&bed, usize::MAX).await;
                }
                beyond(rounds.load(Ordering::SeqCst) + 1).await;
                stop.store(true, Ordering::SeqCst);
            };
            tokio::join!(use_it(&running, &stop, &rounds), rotating);

            let vault = bed.vault();
            let [new] = vault.held()[..] else {
                panic!("{:?}", vault.held());
            };
            assert_ne!(new, old);
            bed.check(&vault, Some(new)).await;
            let info = running.register_secret_info(&register_id("flowers-1")).await.unwrap();
            assert_eq!(info.unwrap().set_at, NOW, "its date is the secret's, not the key's");
        }
    }
}

#[tokio::test]
async fn fingerprints_stay_when_the_master_key_changes() {
    for database in Database::each() {
        let bed = Bed::new(database).await;
        let ledger = bed.process().await;
        let id = register_id("flowers-1");
        let before = ledger.register_secret_info(&id).await.unwrap();
        rotate(&bed, usize::MAX).await;
        assert_eq!(ledger.register_secret_info(&id).await.unwrap(), before);
        let mut settings = settings(0);
        let later = UnixMillis(NOW.0 + 1);
        let fresh = bed.process().await;
        assert_eq!(fresh.apply(&settings, "the test", later).await.unwrap(), []);
        settings.registers[0].credentials = Credentials::KeyPin("5".into());
        fresh.apply(&settings, "the test", later).await.unwrap();
        settings.registers[0].credentials = Credentials::KeyPin("1000".into());
        fresh.apply(&settings, "the test", later).await.unwrap();
        let after = ledger.register_secret_info(&id).await.unwrap();
        assert_eq!(after.unwrap().fingerprint, before.unwrap().fingerprint);
    }
}

/// Its keys came as text, so it cannot find the new one: it neither reads nor writes, and says why.
#[tokio::test]
async fn a_process_that_knows_only_the_old_key_writes_nothing_under_it() {
    for database in Database::each() {
        println!("on {database}");
        let bed = Bed::new(database).await;
        let old = bed.vault().held()[0];
        let text = std::fs::read_to_string(bed.file().path()).unwrap();
        let key = text.lines().rfind(|line| !line.starts_with('#')).unwrap();
        let source = KeySource::Text(key.to_owned().into());
        let locked = Ledger::open(&bed.place.url, OpenOptions::default()).await.unwrap();
        let stale = locked.unlock(Vault::new(&source).unwrap()).await.unwrap();
        rotate(&bed, usize::MAX).await;
        let new = bed.vault().held()[0];
        let mut settings = settings(0);
        settings.registers[0].credentials = Credentials::KeyPin("5".into());
        for error in [
            stale.apply(&settings, "the test", NOW).await.map(drop).unwrap_err(),
            stale.registers(None).await.map(drop).unwrap_err(),
        ] {
            let LedgerError::Secret { source, .. } = &error else {
                panic!("{error:?}");
            };
            assert!(
                matches!(source, VaultError::UnknownKey { needed, held } if *needed == new && *held == [old]),
                "{source}"
            );
        }
        let error = locked.unlock(Vault::new(&source).unwrap()).await.err().unwrap();
        assert!(matches!(error, LedgerError::WrongMasterKey { .. }), "{error:?}");
        bed.check(&bed.vault(), Some(new)).await;
        assert_eq!(pin(&bed.process().await, "flowers-1").await.unwrap(), "1000");
    }
}

/// Somebody took the old key out of the file too early.
#[tokio::test]
async fn a_ledger_with_secrets_under_a_missing_key_is_refused_at_the_start() {
    for database in Database::each() {
        let bed = Bed::new(database).await;
        let old = bed.vault().held()[0];
        rotate(&bed, 3).await;
        bed.file().lock().unwrap().drop_old_keys().unwrap();
        let locked = Ledger::open(&bed.place.url, OpenOptions::default()).await.unwrap();
        let error = locked.unlock(bed.vault()).await.err().unwrap();
        assert!(
            matches!(&error, LedgerError::WrongMasterKey { needed, .. } if *needed == old),
            "{error:?}"
        );
    }
}
