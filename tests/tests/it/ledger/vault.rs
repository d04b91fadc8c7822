//! Secrets at rest: sealed for their row, told apart without opening, kept through a new master key.

mod rotation;

use ledger::settings::{Credentials, SecretInfo, Settings, ShopWebhook};
use ledger::{Ledger, LedgerError, OpenOptions};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use secrecy::ExposeSecret;
use tests::db::{Database, empty};
use vault::{Header, Vault, VaultError};

use super::bed::{MINUTE, NOW, merchant, on_each, register, register_id, shop, source_id, till};

const HOOK: &str = "http://127.0.0.1:9/fiscal";

/// Two registers with one PIN, a source and a webhook.
fn full() -> Settings {
    let mut settings = shop();
    settings.registers.push(register("flowers-2", 4_000_999_002));
    let hook = ShopWebhook::new(merchant(), HOOK, "hook");
    settings.shop_webhooks.push(hook);
    settings
}

/// The database, behind the ledger's back.
pub(super) async fn raw(url: &str) -> DatabaseConnection {
    sea_orm::Database::connect(url).await.unwrap()
}

async fn text(db: &DatabaseConnection, select: &str) -> String {
    let statement = Statement::from_string(db.get_database_backend(), select);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

const FIRST: &str = "SELECT credentials FROM registers WHERE id = 'flowers-1'";
const SECOND: &str = "SELECT credentials FROM registers WHERE id = 'flowers-2'";

async fn pin(ledger: &Ledger, id: &str) -> Result<String, LedgerError> {
    let register = ledger.register(&register_id(id)).await?.unwrap();
    let Credentials::KeyPin(pin) = register.credentials else {
        panic!("{register:?}");
    };
    Ok(pin.expose_secret().to_owned())
}

#[tokio::test]
async fn a_ledger_that_is_locked_tells_everything_but_its_secrets() {
    on_each(async |bed| {
        bed.sale("A-1", 100).await;
        let locked = Ledger::open(&bed.url, OpenOptions::default()).await.unwrap();
        assert_eq!(locked.open_documents(&till()).await.unwrap().due, 1);
        assert_eq!(locked.master_key().await.unwrap(), Some(tests::vault().held()[0]));
        assert!(locked.register_secret_info(&till()).await.unwrap().is_some());
        for refused in [
            locked.register(&till()).await.map(drop),
            locked.registers(None).await.map(drop),
            locked.source(&source_id()).await.map(drop),
            locked.sources().await.map(drop),
            locked.apply(&full(), "the test", NOW).await.map(drop),
        ] {
            assert!(matches!(refused, Err(LedgerError::Locked)), "{refused:?}");
        }
        // What has no secret needs no key.
        let mut named = Settings {
            merchants: shop().merchants,
            ..Settings::default()
        };
        named.merchants[0].name = "Інша назва".to_owned();
        assert_eq!(locked.apply(&named, "the test", NOW).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_told_by_its_date_and_fingerprint_only() {
    on_each(async |bed| {
        bed.ledger.apply(&full(), "the test", NOW).await.unwrap();
        let info = async |id: &str| bed.ledger.register_secret_info(&register_id(id)).await.unwrap();
        let first = info("flowers-1").await.unwrap();
        assert_eq!(first.set_at, NOW);
        assert_eq!(info("flowers-2").await, Some(first.clone()), "the same PIN");
        assert_eq!(info("nobody").await, None);
        let source = bed.ledger.source_secret_info(&source_id()).await.unwrap().unwrap();
        let hook = bed
            .ledger
            .webhook_secret_info(&merchant(), HOOK)
            .await
            .unwrap()
            .unwrap();
        assert_ne!(source.fingerprint, first.fingerprint);
        assert_ne!(hook.fingerprint, source.fingerprint);
        assert_eq!(
            bed.ledger.webhook_secret_info(&merchant(), "http://x/").await.unwrap(),
            None
        );

        let db = raw(&bed.url).await;
        let before = text(&db, FIRST).await;
        let later = NOW.plus(MINUTE);
        assert_eq!(bed.ledger.apply(&full(), "the test", later).await.unwrap(), []);
        assert_eq!(text(&db, FIRST).await, before, "an equal secret is not sealed again");

        let mut settings = full();
        settings.registers[1].credentials = Credentials::KeyPin("4321".into());
        bed.ledger.apply(&settings, "the test", later).await.unwrap();
        let second = info("flowers-2").await.unwrap();
        assert_eq!(second.set_at, later);
        assert_ne!(second.fingerprint, first.fingerprint);
        assert_eq!(info("flowers-1").await, Some(first));
        settings.registers[1].credentials = Credentials::KeyPin("1234".into());
        bed.ledger.apply(&settings, "the test", later).await.unwrap();
        let SecretInfo { fingerprint, .. } = info("flowers-2").await.unwrap();
        assert_eq!(fingerprint, info("flowers-1").await.unwrap().fingerprint);
        let stranger = crate::ledger::bed::shop();
        let other = tests::db::fresh(Database::Sqlite).await;
        other.ledger.apply(&stranger, "the test", NOW).await.unwrap();
        let elsewhere = other.ledger.register_secret_info(&till()).await.unwrap().unwrap();
        assert_ne!(
            elsewhere.fingerprint, fingerprint,
            "another ledger has its own fingerprints"
        );
    })
    .await;
}

#[tokio::test]
async fn a_secret_that_was_moved_or_changed_is_refused_until_it_is_set_anew() {
    on_each(async |bed| {
        bed.ledger.apply(&full(), "the test", NOW).await.unwrap();
        let db = raw(&bed.url).await;
        let (first, second) = (text(&db, FIRST).await, text(&db, SECOND).await);
        let put = async |credentials: &str| {
            let update = "UPDATE registers SET credentials = $1 WHERE id = 'flowers-1'";
            let backend = db.get_database_backend();
            let statement = Statement::from_sql_and_values(backend, update, [credentials.into()]);
            db.execute_raw(statement).await.unwrap();
        };
        let clear = "{\"key_pin\":\"1234\"}";
        let place = first.len() - 10;
        let other = if first.as_bytes()[place] == b'A' { "B" } else { "A" };
        let changed = format!("{}{other}{}", &first[..place], &first[place + 1..]);
        for (spoiled, tampered) in [(second.as_str(), true), (clear, false), (changed.as_str(), true)] {
            put(spoiled).await;
            let error = pin(&bed.ledger, "flowers-1").await.unwrap_err();
            let LedgerError::Secret { owner, source } = &error else {
                panic!("{error:?}");
            };
            assert_eq!(owner, "registers/flowers-1/credentials");
            assert_eq!(matches!(source, VaultError::Tampered), tampered, "{source}");
            assert!(!format!("{error} {source} {error:?}").contains("1234"));
            let changes = bed.ledger.apply(&full(), "the test", NOW).await.unwrap();
            assert_eq!(changes.len(), 1, "{changes:?}");
            assert_eq!(pin(&bed.ledger, "flowers-1").await.unwrap(), "1234");
        }
    })
    .await;
}

#[tokio::test]
async fn another_master_key_is_refused_with_both_names_and_changes_nothing() {
    on_each(async |bed| {
        let wrong = Vault::in_memory();
        let locked = Ledger::open(&bed.url, OpenOptions::default()).await.unwrap();
        let error = locked.unlock(wrong.clone()).await.err().unwrap();
        let [right, given] = [tests::vault().held()[0], wrong.held()[0]];
        assert!(
            matches!(&error, LedgerError::WrongMasterKey { needed, held } if *needed == right && *held == [given]),
            "{error:?}"
        );
        for id in [right, given] {
            assert!(error.to_string().contains(&id.to_string()), "{error}");
        }
        assert!(!error.is_outage());
        assert_eq!(locked.master_key().await.unwrap(), Some(right));
        assert_eq!(
            pin(&locked.unlock(tests::vault()).await.unwrap(), "flowers-1")
                .await
                .unwrap(),
            "1234"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_may_unlock_a_new_ledger_at_once() {
    for database in Database::each() {
        println!("on {database}");
        let place = empty(database).await;
        let unlocked = super::opening::futures(6, async |_| {
            let ledger = Ledger::open(&place.url, OpenOptions::default()).await.unwrap();
            ledger.unlock(tests::vault()).await.unwrap()
        })
        .await;
        unlocked[0].apply(&full(), "the test", NOW).await.unwrap();
        for ledger in &unlocked {
            assert_eq!(pin(ledger, "flowers-1").await.unwrap(), "1234");
            assert_eq!(ledger.apply(&full(), "the test", NOW).await.unwrap(), []);
        }
    }
}

/// Of two programs with different keys on a new ledger, one is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_ledger_takes_one_key_only() {
    for database in Database::each() {
        println!("on {database}");
        let place = empty(database).await;
        let unlocked = super::opening::futures(4, async |_| {
            let ledger = Ledger::open(&place.url, OpenOptions::default()).await.unwrap();
            ledger.unlock(Vault::in_memory()).await
        })
        .await;
        assert_eq!(unlocked.iter().filter(|result| result.is_ok()).count(), 1);
        for error in unlocked.into_iter().filter_map(Result::err) {
            assert!(matches!(error, LedgerError::WrongMasterKey { .. }), "{error:?}");
        }
    }
}

#[tokio::test]
async fn what_an_earlier_version_left_in_clear_is_sealed_when_the_ledger_is_unlocked() {
    for database in Database::each() {
        println!("on {database}");
        let place = empty(database).await;
        let locked = Ledger::open(&place.url, OpenOptions::default()).await.unwrap();
        let db = raw(&place.url).await;
        for statement in [
            "INSERT INTO merchants (id, name, updated_at) VALUES ('flowers', 'ФОП Приклад', 0)",
            "INSERT INTO registers (id, merchant_id, provider, fiscal_number, base_url, refund_policy, vat, credentials,
                 updated_at)
             VALUES ('flowers-1', 'flowers', 'cashalot', '4000999001', 'http://127.0.0.1:9/', 'storno-first',
                 '{\"default\":null,\"rates\":[]}', '{\"key_pin\":\"1234\"}', 1000)",
            "INSERT INTO sources (id, merchant_id, kind, register_id, gateway_merchant_id, secret, api_url, confirm,
                 on_mismatch, receivers, updated_at)
             VALUES ('flowers-fondy', 'flowers', 'fondy', 'flowers-1', 1396424, 'test', 'http://127.0.0.1:9/', false,
                 'hold', '{}', 2000)",
            "INSERT INTO shop_webhooks (merchant_id, url, secret, updated_at)
             VALUES ('flowers', 'http://127.0.0.1:9/fiscal', 'hook', 3000)",
        ] {
            db.execute_unprepared(statement).await.unwrap();
        }
        assert_eq!(locked.register_secret_info(&till()).await.unwrap(), None);
        let ledger = locked.unlock(tests::vault()).await.unwrap();
        let register = ledger.register_secret_info(&till()).await.unwrap().unwrap();
        assert_eq!(register.set_at.0, 1000, "not later than its row was changed");
        assert_eq!(
            ledger.source_secret_info(&source_id()).await.unwrap().unwrap().set_at.0,
            2000
        );
        let hook = ledger.webhook_secret_info(&merchant(), HOOK).await.unwrap().unwrap();
        assert_eq!(hook.set_at.0, 3000);
        assert_eq!(pin(&ledger, "flowers-1").await.unwrap(), "1234");
        let source = ledger.source(&source_id()).await.unwrap().unwrap();
        assert_eq!(source.secret.expose_secret(), "test");
        for (column, table) in [
            ("credentials", "registers"),
            ("secret", "sources"),
            ("secret", "shop_webhooks"),
        ] {
            let text = text(&db, &format!("SELECT {column} FROM {table}")).await;
            let header = Header::read(&text).unwrap();
            assert_eq!(header.key_id, tests::vault().held()[0], "{table}");
        }
        // Nothing is left to do.
        let before = text(&db, FIRST).await;
        locked.unlock(tests::vault()).await.unwrap();
        assert_eq!(text(&db, FIRST).await, before);
    }
}
