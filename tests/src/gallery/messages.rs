//! What buyers and shops are told: a mail server that takes letters, one buyer whose address is gone, and a shop's
//! endpoint in a private network, which messages may not reach.

use ledger::deliveries::DeliveryFilter;
use ledger::people::Reach;
use ledger::settings::Settings;
use ledger::sheet::MailSettings;
use reqwest::Method;
use sandbox::mailbox::{Fault, FaultKind, Step};
use serde_json::json;
use worker::WorkerTimes;

use crate::bed::{PATIENCE, Placed, Shop, TestBed};
use crate::eventually;

/// Her mail server takes the letter and hangs up, the first time.
pub(super) const OLESIA: &str = "olesia.petrenko@mail.example";
/// All is well with hers.
pub(super) const KATERYNA: &str = "kateryna@mail.example";
/// His mailbox is gone.
pub(super) const TARAS: &str = "taras.bondar@gone.example";

/// A mail server, and a worker that sends by it.
pub(super) async fn start(bed: &mut TestBed, times: WorkerTimes) {
    let mailbox = bed.start_mailbox().await;
    mailbox.inject(Fault::once(FaultKind::KeepThenDrop).only(OLESIA));
    mailbox.inject(Fault::lasting(FaultKind::answer(Step::Rcpt, 550)).only(TARAS));
    let worker = bed.start_worker(times).await;
    bed.keep(worker);
}

/// The shop's own sender, and receipts to phones, too.
pub(super) fn settings(settings: &mut Settings) {
    let mail = MailSettings {
        mail_buyers: true,
        phone_buyers: true,
        from: Some("Квіти Олени <checks@flowers.example>".to_owned()),
        reply_to: Some("olena@flowers.example".to_owned()),
        ..MailSettings::default()
    };
    settings.mail.push((settings.merchants[0].id.clone(), mail));
}

/// The shop tells who buys, before the payment.
pub(super) async fn buyer(bed: &TestBed, shop: &Shop, order: &str, email: &str) {
    let told = json!({ "buyer": { "email": email, "phone": "+380671112233", "locale": "uk" } });
    let put = bed.api(shop, Method::PUT, &format!("/v1/orders/{order}"), told).await;
    assert_eq!(put.verdict(), "200", "{}", put.body);
}

/// Waits until the letter about an order's first document is in this state; its path.
pub(super) async fn until_mail(bed: &TestBed, placed: &Placed, state: &str) -> String {
    let document = bed.documents(placed).await[0].id.clone();
    let filter = DeliveryFilter {
        document: Some(document),
        ..DeliveryFilter::default()
    };
    eventually(PATIENCE, async || {
        let found = bed.ledger.list_deliveries(&Reach::Everything, &filter, None, 10).await;
        let rows = found.expect("the ledger answers").rows;
        let letter = rows.iter().find(|row| row.channel == "mail" && row.state == state);
        match letter {
            Some(letter) => Ok(format!("/deliveries/{}", letter.id)),
            None => Err(format!("{rows:?}")),
        }
    })
    .await
}
