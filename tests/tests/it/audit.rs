//! What comes in over HTTP is kept with who asked and from where.

use ledger::audit::AuditFilter;
use ledger::people::Reach;
use reqwest::Method;
use serde_json::{Value, json};
use tests::bed::{TestBed, on_each};

#[tokio::test]
async fn what_an_api_key_does_is_kept_with_its_name_and_address() {
    on_each(async |database| {
        let mut bed = TestBed::start(database).await;
        bed.start_ingress().await;
        let shop = bed.shop().await;
        let register = format!("/v1/registers/{}", shop.register);
        for (method, path, body, status) in [
            (Method::POST, format!("{register}/sync"), Value::Null, 202),
            (Method::GET, register.clone(), Value::Null, 200),
            (Method::POST, "/v1/registers/nobodys/sync".to_owned(), Value::Null, 404),
            (
                Method::POST,
                format!("{register}/cleanup"),
                json!({ "surprise": 1 }),
                422,
            ),
        ] {
            let answer = bed.api(&shop, method, &path, body).await;
            assert_eq!(answer.status, status, "{path}: {answer:?}");
        }
        let own = Reach::Merchants(vec![shop.merchant.clone()]);
        let mut kept = bed
            .ledger
            .audit_log(&own, &AuditFilter::default(), None, 10)
            .await
            .unwrap();
        // The bed applied the shop's settings before.
        kept.retain(|entry| entry.actor != "the test");
        let [entry] = &kept[..] else { panic!("{kept:?}") };
        assert!(entry.actor.starts_with("API key "), "{entry:?}");
        assert!(entry.actor.ends_with(&format!(" of {}", shop.merchant)), "{entry:?}");
        assert_eq!(
            (entry.address.as_deref(), entry.action.as_str(), &entry.subject),
            (Some("127.0.0.1"), "asked_sync", &format!("register {}", shop.register))
        );
    })
    .await;
}
