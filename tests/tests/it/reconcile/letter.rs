//! The morning letter to the merchant.

use std::time::Duration;

use ledger::settings::Settings;
use ledger::sheet::MailSettings;
use sandbox::mailbox::{Mailbox, Message};
use tests::bed::{PATIENCE, TestBed, short_times};
use tests::db::Database;
use tests::eventually;
use worker::WorkerTimes;

use super::silent;

fn reported(settings: &mut Settings) {
    let mail = MailSettings {
        report_to: Some("olena@flowers.example".to_owned()),
        report_locale: Some("en".to_owned()),
        ..MailSettings::default()
    };
    settings.mail = vec![(settings.merchants[0].id.clone(), mail)];
}

async fn letters(mailbox: &Mailbox, count: usize) -> Vec<Message> {
    eventually(PATIENCE, async || {
        let messages = mailbox.messages();
        if messages.len() == count {
            Ok(messages)
        } else {
            Err(format!("{} letters", messages.len()))
        }
    })
    .await
}

#[tokio::test]
async fn the_merchant_is_told_every_morning_once() {
    let mut bed = TestBed::start_at(Database::Sqlite, "2026-03-05T10:00:00+02:00").await;
    let mailbox = bed.start_mailbox().await;
    bed.start_ingress().await;
    let times = WorkerTimes {
        reconcile_at: Duration::from_secs(4 * 3600 + 1800),
        ..short_times()
    };
    for _ in 0..2 {
        let worker = bed.start_worker(times).await;
        bed.keep(worker);
    }
    let shop = bed.open_shop("flowers", 4_000_999_001, reported).await;
    for (id, amount) in [("1", 1_000), ("2", 2_000)] {
        bed.sell(&shop, id, amount).await;
    }
    // The nights before there was nothing; their letters wait some minutes as any does.
    for day in ["2026-03-02", "2026-03-03", "2026-03-04"] {
        bed.reconciled(&format!("night-{day}-{}", shop.source)).await;
    }
    bed.later(Duration::from_secs(18 * 3600 + 40 * 60));
    bed.reconciled(&format!("night-2026-03-05-{}", shop.source)).await;
    bed.later(Duration::from_secs(700));
    let all = letters(&mailbox, 4).await;
    let subjects: Vec<String> = all
        .iter()
        .map(|message| message.decoded().unwrap().subject.unwrap_or_default())
        .collect();
    let wanted = "ФОП Приклад: 2026-03-05, all receipts are there";
    assert!(subjects.iter().any(|subject| subject == wanted), "{subjects:?}");
    // Paid, and the receipt cannot be made: the next morning says so.
    let stuck = silent(&bed, &shop, "3", 3_000);
    let told = serde_json::json!({ "basket": [{ "name": "Троянда", "price": "1.00", "quantity": 1 }] });
    let put = bed.api(&shop, reqwest::Method::PUT, "/v1/orders/3", told).await;
    assert_eq!(put.verdict(), "200");
    bed.later(Duration::from_secs(24 * 3600));
    bed.reconciled(&format!("night-2026-03-06-{}", shop.source)).await;
    bed.until(&stuck, &["sale held basket_mismatch"]).await;
    bed.until_found(&shop, &["paid_without_receipt 3"]).await;
    bed.later(Duration::from_secs(700));
    let last = letters(&mailbox, 5).await.pop().unwrap().decoded().unwrap();
    assert_eq!(last.subject.as_deref(), Some("ФОП Приклад: 2026-03-06, 1 findings"));
}
