//! The payment system's own files: receipts and Z-reports, behind links that are kept from everybody.

use std::time::Duration;

use base64::Engine as _;
use domain::ids::DocumentId;
use ledger::gateway::Progress;
use ledger::people::Reach;
use sandbox::fondy::{ApiFault, Endpoint};
use tests::bed::{PATIENCE, TestBed, on_each, short_times};
use tests::eventually;

use super::World;

async fn with_files(database: tests::db::Database) -> World {
    // The payment system goes by the machine's clock, so this world begins now.
    let now = jiff::Timestamp::now().to_string();
    let mut bed = TestBed::start_at(database, &now).await;
    bed.delivery.private_webhooks = hooks::PrivateAddresses::Allowed;
    bed.gateway.receipt_path = Some("/api/receipt_link".to_owned());
    let mut world = World::quiet(bed, |_| {}).await;
    world.start(short_times()).await;
    world
}

fn is_pdf(base64: &str) -> bool {
    let bytes = base64::engine::general_purpose::STANDARD.decode(base64).unwrap();
    bytes.starts_with(b"%PDF-")
}

#[tokio::test]
async fn a_receipts_file_is_kept_once_it_comes_and_then_nothing_is_looked_for() {
    on_each(async |database| {
        let world = with_files(database).await;
        for fault in [ApiFault::ServerError, ApiFault::ResponseLost] {
            world.bed.fondy.fault_next_call(Endpoint::ReceiptLink, fault);
        }
        let order = world.pay("A-1", 10_000);
        let documents = world.until(&order, &["sale registered"]).await;
        let id = DocumentId::parse(&documents[0].id).unwrap();
        let file = eventually(PATIENCE, async || {
            world.bed.later(Duration::from_secs(60));
            world.bed.ledger.file(id).await.unwrap().ok_or("no file")
        })
        .await;
        assert!(is_pdf(&file.body));
        eventually(PATIENCE, async || {
            let view = world.expectation(&order).await.unwrap();
            (view.progress, view.look_at) == (Progress::Met, None)
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_days_z_report_is_got_after_the_day() {
    on_each(async |database| {
        let world = with_files(database).await;
        let order = world.pay("A-1", 10_000);
        world.until(&order, &["sale registered"]).await;
        let days = world
            .bed
            .ledger
            .gateway_days(&Reach::Everything, None, 9)
            .await
            .unwrap()
            .rows;
        assert_eq!(days.len(), 1, "{days:?}");
        assert_eq!(
            (days[0].register_number.as_str(), days[0].fetched_at),
            ("4000000001", None)
        );
        world.bed.later(Duration::from_secs(72 * 3_600));
        let body = eventually(PATIENCE, async || {
            let kept = world.bed.ledger.gateway_day_file(&Reach::Everything, &days[0].id).await;
            kept.unwrap().ok_or("no report")
        })
        .await;
        assert!(is_pdf(&body));
    })
    .await;
}
