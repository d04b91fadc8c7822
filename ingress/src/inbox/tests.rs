use domain::event::{Event, Fact, PaymentMeans};
use domain::ids::{ExternalOrderId, MerchantId, RegisterId};
use ledger::OpenOptions;
use ledger::events::Origin;
use ledger::settings::{Merchant, Settings};
use queue::{QueueConfig, QueueUrl};
use uuid::Uuid;

use super::*;

fn event(key: &str, raw: String) -> NewEvent {
    NewEvent {
        merchant: MerchantId::parse("flowers").unwrap(),
        origin: Origin::Api(RegisterId::parse("till").unwrap()),
        key: key.to_owned(),
        fingerprint: String::new(),
        event: Event {
            payer_email: None,
            order: ExternalOrderId::parse("o-1").unwrap(),
            payment_id: None,
            fact: Fact::Nothing { why: String::new() },
            means: PaymentMeans::default(),
        },
        raw,
        received_at: ledger::wall_clock(),
    }
}

#[tokio::test]
async fn an_event_the_ledger_cannot_take_does_not_fail_its_neighbours() {
    let file = std::env::temp_dir().join(format!("kasyr-inbox-{}.sqlite", Uuid::now_v7()));
    let ledger = Ledger::open(&format!("sqlite://{}", file.display()), OpenOptions::default())
        .await
        .unwrap();
    let settings = Settings {
        merchants: vec![Merchant {
            id: MerchantId::parse("flowers").unwrap(),
            name: "ФОП Приклад".to_owned(),
        }],
        ..Settings::default()
    };
    ledger.apply(&settings, "the test", ledger::wall_clock()).await.unwrap();
    let doorbell = Doorbell::connect(QueueConfig {
        url: QueueUrl::Memory,
        prefix: "test".to_owned(),
    });
    let (inbox, sender) = Inbox::new(&Parts { ledger, doorbell }, &Limits::default());
    let too_long = "x".repeat(1024 * 1024 + 1);
    let events = [("1", String::new()), ("2", too_long), ("3", String::new())].map(|(key, raw)| event(key, raw));
    let outcomes = inbox.record(&events).await;
    assert!(
        matches!(
            outcomes[..],
            [Ok(Recorded::New(_)), Err(InboxError::Refused(_)), Ok(Recorded::New(_))]
        ),
        "{outcomes:?}"
    );
    drop(sender);
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}
