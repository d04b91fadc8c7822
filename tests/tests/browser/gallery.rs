use std::collections::BTreeSet;

use tests::browser::Browser;
use tests::gallery::{Gallery, Ways, faults};

/// Each state was waited for when the world was made; here is what all of it comes to.
#[tokio::test]
async fn the_gallery_has_something_of_everything_and_each_page_is_in_order() {
    let gallery = Gallery::open().await;
    has_everything(&gallery).await;
    let (one, other) = tokio::join!(judge(&gallery, 0), judge(&gallery, 1));
    assert!(one.0 + other.0 >= 2 * tests::gallery::PAGES.len());
    let wrong = [one.1, other.1].concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every other page in a browser of its own: how many looks, and what was wrong.
async fn judge(gallery: &Gallery, odd: usize) -> (usize, Vec<String>) {
    let browser = Browser::start().await;
    let mut wrong = Vec::new();
    let mut looks = 0;
    gallery
        .tour(
            &browser,
            |place, _| place % 2 == odd,
            Ways::Each,
            async |page, view| {
                looks += 1;
                let found = faults(page, view).await;
                wrong.extend(found.into_iter().map(|fault| format!("{}: {fault}", view.name())));
            },
        )
        .await;
    (looks, wrong)
}

async fn has_everything(gallery: &Gallery) {
    let ledger = &gallery.bed.ledger;
    let documents = ledger.recent_documents(None, 1000).await.unwrap();
    let states: BTreeSet<String> = documents
        .iter()
        .map(|one| format!("{} {}", one.kind, one.state))
        .collect();
    for state in [
        "cash_in registered",
        "closing registered",
        "return held",
        "return registered",
        "return waiting",
        "sale held",
        "sale in_doubt",
        "sale ready",
        "sale registered",
        "storno registered",
        "z_report registered",
    ] {
        assert!(states.contains(state), "no {state} in {states:?}");
    }
    assert!(documents.iter().any(|one| one.presence.as_deref() == Some("offline")));
    let alerts = ledger.open_alerts(None).await.unwrap();
    let alerts: BTreeSet<String> = alerts.into_iter().map(|alert| alert.kind).collect();
    for alert in [
        "certificate_expiry",
        "deliveries_held",
        "delivery_trouble",
        "document_held",
        "event_conflict",
        "register_trouble",
        "z_difference",
    ] {
        assert!(alerts.contains(alert), "no {alert} in {alerts:?}");
    }
    assert!(ledger.registers(Some(&gallery.empty)).await.unwrap().is_empty());
}
