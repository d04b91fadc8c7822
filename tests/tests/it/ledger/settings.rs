use ledger::LedgerError;
use ledger::settings::{ApiKey, Change, Changed, Credentials, Scope, Settings, ShopWebhook};
use secrecy::ExposeSecret;

use super::bed::{MINUTE, NOW, merchant, on_each, register, register_id, shop, source_id, till};

fn full() -> Settings {
    let mut settings = shop();
    let key = ApiKey {
        merchant: merchant(),
        id: "shop".to_owned(),
        scopes: vec![Scope::Orders, Scope::Events],
    };
    settings.api_keys.push((key, "key-1".to_owned().into()));
    let hook = ShopWebhook::new(merchant(), "http://127.0.0.1:9/fiscal", "hook");
    settings.shop_webhooks.push(hook);
    settings
}

#[tokio::test]
async fn applying_twice_changes_nothing() {
    on_each(async |bed| {
        let added = bed.ledger.apply(&full(), "the test", NOW).await.unwrap();
        let things: Vec<_> = added
            .iter()
            .map(|change| (change.what.clone(), change.thing.contains("flowers")))
            .collect();
        assert_eq!(things, [(Changed::Added, true), (Changed::Added, true)], "{added:?}");
        assert_eq!(
            bed.ledger.apply(&full(), "the test", NOW.plus(MINUTE)).await.unwrap(),
            []
        );
        assert_eq!(
            bed.ledger.apply(&Settings::default(), "the test", NOW).await.unwrap(),
            [],
            "what is not declared stays"
        );
    })
    .await;
}

#[tokio::test]
async fn what_changed_is_told_without_values_and_a_changed_register_may_work_at_once() {
    on_each(async |bed| {
        let lease = bed.lease("a").await;
        let until = NOW.plus(MINUTE);
        let trouble = ledger::tape::Health::Trouble {
            until,
            word: "down".to_owned(),
            alert: None,
        };
        bed.ledger
            .note_register(&lease, None, &[], &trouble, NOW)
            .await
            .unwrap();
        let mut settings = shop();
        settings.registers[0].close_at = None;
        settings.registers[0].credentials = Credentials::KeyPin("9876".to_owned().into());
        let changes = bed.ledger.apply(&settings, "the test", NOW).await.unwrap();
        let expected = Change {
            thing: "register flowers-1".to_owned(),
            what: Changed::Updated(vec!["close_at", "credentials"]),
        };
        assert_eq!(changes, [expected]);
        assert_eq!(bed.rest(NOW).await, None);
        let read = bed.ledger.register(&till()).await.unwrap().unwrap();
        let Credentials::KeyPin(pin) = &read.credentials else {
            panic!("{read:?}")
        };
        assert_eq!((read.close_at.as_deref(), pin.expose_secret()), (None, "9876"));
        assert!(!format!("{read:?}").contains("9876"));
    })
    .await;
}

#[tokio::test]
async fn settings_are_read_back_as_declared() {
    on_each(async |bed| {
        bed.ledger.apply(&full(), "the test", NOW).await.unwrap();
        let declared = full();
        // Secrets print nothing, so these texts compare everything else.
        let text = |value: &dyn std::fmt::Debug| format!("{value:?}");
        let read = bed.ledger.register(&till()).await.unwrap();
        assert_eq!(text(&read), text(&Some(&declared.registers[0])));
        let read = bed.ledger.source(&source_id()).await.unwrap();
        assert_eq!(text(&read), text(&Some(&declared.sources[0])));
        assert_eq!(read.unwrap().secret.expose_secret(), "test");
        let read = bed.ledger.api_key(&"key-1".to_owned().into()).await.unwrap();
        assert_eq!(text(&read), text(&Some(&declared.api_keys[0].0)));
        assert!(bed.ledger.api_key(&"key-2".to_owned().into()).await.unwrap().is_none());
        assert_eq!(bed.ledger.registers(Some(&merchant())).await.unwrap().len(), 1);
        assert_eq!(bed.ledger.sources().await.unwrap().len(), 1);
        assert!(bed.ledger.register(&register_id("nobody")).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn two_registers_or_keys_cannot_be_the_same_and_nothing_is_half_applied() {
    on_each(async |bed| {
        let mut settings = shop();
        settings.merchants[0].name = "Інша назва".to_owned();
        settings.registers.push(register("flowers-2", 4_000_999_001));
        let error = bed.ledger.apply(&settings, "the test", NOW).await.unwrap_err();
        assert!(matches!(error, LedgerError::FiscalNumberTaken), "{error:?}");
        settings.registers.pop();
        let changes = bed.ledger.apply(&settings, "the test", NOW).await.unwrap();
        assert_eq!(
            changes.len(),
            1,
            "the merchant's name was not changed before: {changes:?}"
        );
        let mut settings = full();
        let twin = ApiKey {
            id: "twin".to_owned(),
            ..settings.api_keys[0].0.clone()
        };
        settings.api_keys.push((twin, "key-1".to_owned().into()));
        let error = bed.ledger.apply(&settings, "the test", NOW).await.unwrap_err();
        assert!(matches!(error, LedgerError::ApiKeyTaken), "{error:?}");
    })
    .await;
}

/// SQLite has one writer: everybody else waits for it, also those who read before they write.
#[tokio::test(flavor = "multi_thread")]
async fn settings_are_applied_while_others_write() {
    on_each(async |bed| {
        let applying = super::opening::futures(6, async |hand| {
            let mut settings = full();
            settings.merchants[0].name = format!("Назва {hand}");
            for _ in 0..5 {
                bed.ledger.apply(&settings, "the test", NOW).await.unwrap();
            }
        });
        let writing = async {
            for number in 0..20 {
                bed.sale(&format!("A-{number}"), 100).await;
            }
        };
        tokio::join!(applying, writing);
    })
    .await;
}
