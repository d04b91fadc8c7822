//! The master key from its first start to its loss: what is said, what is refused, what is kept.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use ledger::settings::Credentials;
use sandbox::cashalot::DEFAULT_KEY_PIN;
use secrecy::ExposeSecret;
use vault::{KeyFile, KeyId};

use crate::shop::Shop;

fn ids(shop: &Shop, key: &str) -> Vec<KeyId> {
    KeyFile::new(shop.path(key)).read().unwrap().ids()
}

fn text(shop: &Shop, key: &str) -> String {
    let text = std::fs::read_to_string(shop.path(key)).unwrap();
    text.lines().rfind(|line| !line.starts_with('#')).unwrap().to_owned()
}

async fn pin(shop: &Shop, ledger: &str, key: &str) -> String {
    let ledger = shop.ledger_in(ledger, key).await;
    let register = ledger.register(&Shop::register()).await.unwrap().unwrap();
    let Credentials::KeyPin(pin) = register.credentials else {
        panic!("{register:?}");
    };
    pin.expose_secret().to_owned()
}

#[tokio::test]
async fn the_first_command_makes_the_key_file_and_says_once_what_it_is() {
    let shop = Shop::empty();
    let first = shop.kasyr(&["orders"]).await;
    first.expect(
        0,
        &[
            "Kasyr made its master key, the file ",
            "/kasyr.key.",
            "Copy it to a safe place now",
            "Keep it apart from the backups",
        ],
    );
    let key = shop.path("kasyr.key");
    assert_eq!(key.metadata().unwrap().mode() & 0o777, 0o600);
    assert!(!first.said.contains(&text(&shop, "kasyr.key")));
    let second = shop.kasyr(&["orders"]).await;
    second.expect(0, &[]);
    assert!(!second.said.contains("master key"), "{}", second.said);
    shop.kasyr(&["doctor"]).await.expect(1, &["the master key opens them"]);
}

#[tokio::test]
async fn a_sealed_ledger_without_its_key_file_is_refused_and_no_other_key_is_made() {
    let shop = Shop::start().await;
    std::fs::rename(shop.path("kasyr.key"), shop.path("elsewhere.key")).unwrap();
    let needed = ids(&shop, "elsewhere.key")[0].to_string();
    for command in ["run", "orders", "rotate-master-key"] {
        let refused = shop.kasyr(&[command]).await;
        refused.expect(
            1,
            &[
                "its key file kasyr.key is not in this folder",
                "Put the key file back",
                &needed,
            ],
        );
    }
    assert!(!shop.path("kasyr.key").exists());
    shop.kasyr(&["doctor"])
        .await
        .expect(1, &["is not in this folder", "→ give it the key file"]);
    let named = async |name| shop.kasyr_told(&["orders"], &[("KASYR_MASTER_KEY_FILE", name)]).await;
    named("elsewhere.key").await.expect(0, &[]);
    named("nowhere.key")
        .await
        .expect(1, &["there is no key file nowhere.key", "Put it back"]);
    assert!(!shop.path("nowhere.key").exists());
}

#[tokio::test]
async fn another_key_is_refused_by_name() {
    let shop = Shop::start().await;
    shop.kasyr(&["create-master-key", "other.key"]).await.expect(
        0,
        &[
            "other.key has a new master key",
            "Next step: set KASYR_MASTER_KEY_FILE=other.key",
        ],
    );
    shop.kasyr(&["create-master-key", "other.key"])
        .await
        .expect(1, &["exists already; nothing was changed"]);
    let [right, wrong] = ["kasyr.key", "other.key"].map(|key| ids(&shop, key)[0].to_string());
    for variable in [
        ("KASYR_MASTER_KEY_FILE", "other.key".to_owned()),
        ("KASYR_MASTER_KEY", text(&shop, "other.key")),
    ] {
        for command in ["run", "apply", "rotate-master-key"] {
            let arguments = match command {
                "apply" => vec!["apply", "kasyr.toml"],
                command => vec![command],
            };
            let refused = shop.kasyr_told(&arguments, &[(variable.0, &variable.1)]).await;
            refused.expect(
                1,
                &[
                    &format!("sealed under master key {right}"),
                    &format!("given was {wrong}"),
                    "give the key file that belongs to this ledger",
                ],
            );
            assert!(!refused.said.contains(&text(&shop, "other.key")));
        }
    }
    assert_eq!(pin(&shop, "kasyr.sqlite", "kasyr.key").await, DEFAULT_KEY_PIN);
}

#[tokio::test]
async fn a_key_file_that_others_can_read_is_refused() {
    let shop = Shop::empty();
    shop.kasyr(&["orders"]).await.expect(0, &[]);
    std::fs::set_permissions(shop.path("kasyr.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    shop.kasyr(&["orders"])
        .await
        .expect(1, &["others can read the key file kasyr.key", "chmod 600 kasyr.key"]);
}

#[tokio::test]
async fn the_master_key_is_changed_and_everything_still_opens() {
    let shop = Shop::start().await;
    let old = ids(&shop, "kasyr.key");
    let before = std::fs::read(shop.path("kasyr.key")).unwrap();
    shop.kasyr(&["rotate-master-key"]).await.expect(
        0,
        &[
            "before the old one",
            "2 of 2 secrets that were there are under it",
            "kasyr.key has the new key only",
            "Copy it now",
            "made before today need the old key",
        ],
    );
    let new = ids(&shop, "kasyr.key");
    assert_eq!(new.len(), 1);
    assert_ne!(new, old);
    assert_eq!(pin(&shop, "kasyr.sqlite", "kasyr.key").await, DEFAULT_KEY_PIN);
    shop.kasyr(&["doctor"]).await.expect(0, &["All is well."]);
    std::fs::write(shop.path("kasyr.key"), before).unwrap();
    shop.kasyr(&["orders"]).await.expect(1, &["sealed under master key"]);
}

/// The state that a crash after each of the first steps leaves.
#[tokio::test]
async fn a_change_of_the_key_that_was_interrupted_is_finished() {
    for steps in 1..=3 {
        let shop = Shop::start().await;
        let file = KeyFile::new(shop.path("kasyr.key"));
        let new = file.lock().unwrap().add_key().unwrap();
        let ledger = shop.ledger().await;
        if steps >= 2 {
            ledger.switch_master_key(new, ledger.now()).await.unwrap();
        }
        if steps >= 3 {
            assert_eq!(ledger.rewrap_secrets(1).await.unwrap().left, 1);
        }
        drop(ledger);
        shop.kasyr(&["orders"]).await.expect(0, &[]);
        shop.kasyr(&["rotate-master-key"]).await.expect(
            0,
            &["going on with the change to the first one", "has the new key only"],
        );
        assert_eq!(ids(&shop, "kasyr.key"), [new], "after step {steps}");
        assert_eq!(pin(&shop, "kasyr.sqlite", "kasyr.key").await, DEFAULT_KEY_PIN);
    }
}

#[tokio::test]
async fn two_changes_of_the_key_do_not_run_at_once() {
    let shop = Shop::start().await;
    let lock = KeyFile::new(shop.path("kasyr.key")).lock().unwrap();
    shop.kasyr(&["rotate-master-key"]).await.expect(
        1,
        &[
            "somebody else is changing the key file",
            "nothing is lost, run it again",
        ],
    );
    drop(lock);
    shop.kasyr(&["rotate-master-key"]).await.expect(0, &[]);
}

#[tokio::test]
async fn a_key_given_as_text_is_changed_to_the_first_of_several() {
    let shop = Shop::start().await;
    let old = text(&shop, "kasyr.key");
    shop.kasyr(&["create-master-key", "new.key"]).await.expect(0, &[]);
    let new = text(&shop, "new.key");
    let rotate = async |keys: &str| {
        let ended = shop
            .kasyr_told(&["rotate-master-key"], &[("KASYR_MASTER_KEY", keys)])
            .await;
        assert!(
            !ended.said.contains(&old) && !ended.said.contains(&new),
            "{}",
            ended.said
        );
        ended
    };
    rotate(&old)
        .await
        .expect(1, &["has one key only", "KASYR_MASTER_KEY=\"NEW OLD\""]);
    rotate(&format!("{new},{old}"))
        .await
        .expect(0, &["2 of 2 secrets", "leave only the first key"]);
    assert_eq!(pin(&shop, "kasyr.sqlite", "new.key").await, DEFAULT_KEY_PIN);
    let both = [("KASYR_MASTER_KEY", new.as_str()), ("KASYR_MASTER_KEY_FILE", "new.key")];
    shop.kasyr_told(&["orders"], &both).await.expect(1, &["are both set"]);
    let damaged = [("KASYR_MASTER_KEY", "canary")];
    let refused = shop.kasyr_told(&["orders"], &damaged).await;
    refused.expect(1, &["entry 1 is not base64 of 32 bytes"]);
    assert!(!refused.said.contains("canary"), "{}", refused.said);
}

#[tokio::test]
async fn a_backup_is_whole_private_and_opens_with_the_key() {
    let shop = Shop::start().await;
    shop.kasyr(&["backup", "copy.sqlite"])
        .await
        .expect(0, &["copied to copy.sqlite", "you need the key file kasyr.key too"]);
    let copy = shop.path("copy.sqlite");
    assert_eq!(copy.metadata().unwrap().mode() & 0o777, 0o600);
    let bytes = std::fs::read(&copy).unwrap();
    shop.kasyr(&["backup", "copy.sqlite"])
        .await
        .expect(1, &["exists already; nothing was written"]);
    assert_eq!(std::fs::read(&copy).unwrap(), bytes);
    assert_eq!(pin(&shop, "copy.sqlite", "kasyr.key").await, DEFAULT_KEY_PIN);
    // A copy can be made although the key is away.
    std::fs::remove_file(shop.path("kasyr.key")).unwrap();
    shop.kasyr(&["backup", "second.sqlite"]).await.expect(0, &["copied"]);
    shop.kasyr(&["backup", "nowhere/copy.sqlite"])
        .await
        .expect(1, &["cannot write nowhere/copy.sqlite"]);

    let elsewhere = Shop::empty();
    elsewhere
        .kasyr(&["backup", "copy.sqlite"])
        .await
        .expect(1, &["There is no ledger at kasyr.sqlite"]);
    assert!(!elsewhere.path("kasyr.sqlite").exists());
    let postgres = [("KASYR_DATABASE_URL", "postgres://kasyr@127.0.0.1:9/kasyr")];
    elsewhere
        .kasyr_told(&["backup", "copy.sqlite"], &postgres)
        .await
        .expect(1, &["pg_dump", "the key file"]);
}
