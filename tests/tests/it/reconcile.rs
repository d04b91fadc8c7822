//! Money against receipts: what was missed is found, explained, taken in or repaired, and nothing is found twice.

use ledger::people::Reach;
use ledger::reconcile::{Closing, Linked, Linking, Repair, Repaired};
use sandbox::fondy::{NewOrder, Switches};
use tests::bed::{Placed, Shop, TestBed, on_each};
use tests::db::Database;

mod letter;
mod night;
mod page;

/// An order whose messages never come.
fn silent(bed: &TestBed, shop: &Shop, id: &str, amount: u64) -> Placed {
    let order = NewOrder {
        order_id: id.to_owned(),
        merchant_id: shop.gateway,
        amount,
        ..NewOrder::default()
    };
    let at_gateway = bed.fondy.create_order(order).unwrap();
    bed.fondy.pay(&at_gateway).unwrap();
    Placed {
        shop: shop.clone(),
        at_gateway,
        id: domain::ids::ExternalOrderId::parse(id).unwrap(),
    }
}

/// The current message of an order, posted by hand: 200 is expected.
async fn deliver_late(bed: &TestBed, order: &Placed) {
    let message = bed.fondy.callback_for(&order.at_gateway).unwrap();
    let url = format!("http://{}/callbacks/{}", bed.ingress_addr.unwrap(), order.shop.source);
    let answer = reqwest::Client::new()
        .post(url)
        .header("content-type", message.content_type)
        .body(message.body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_missed_payment_is_found_taken_in_and_gone_with_its_receipt() {
    on_each(async |database: Database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "heard", 10_000).await;
        let missed = silent(&bed, &shop, "missed", 5_000);
        // Looked at only: nothing is taken in.
        let run = bed.reconcile(&shop, false).await;
        assert_eq!((run.counts.listed, run.counts.taken_in), (Some(2), 0), "{run:?}");
        assert_eq!(bed.found(&shop).await, ["missed_payment missed"]);
        assert_eq!(bed.states(&missed).await, Vec::<String>::new());
        // Again: it is the same finding.
        bed.reconcile(&shop, false).await;
        assert_eq!(bed.findings(&shop).await.len(), 1);
        let alerts = bed.ledger.open_alerts(None).await.unwrap();
        assert!(alerts.iter().any(|alert| alert.kind == "reconciliation"), "{alerts:?}");
        // The night takes it in.
        let run = bed.reconcile(&shop, true).await;
        assert_eq!(run.counts.taken_in, 1);
        bed.until(&missed, &["sale registered"]).await;
        bed.until_found(&shop, &[]).await;
        // Its own message, a day late, is a repeat.
        deliver_late(&bed, &missed).await;
        bed.at_rest().await;
        assert_eq!(bed.states(&missed).await, ["sale registered"]);
        // A look that began before the receipt was there may have opened it once more; the next one ends it.
        tests::eventually(tests::bed::PATIENCE, async || {
            let (found, alerts) = (bed.found(&shop).await, bed.ledger.open_alerts(None).await.unwrap());
            if found.is_empty() && alerts.is_empty() {
                Ok(())
            } else {
                Err(format!("{found:?} {alerts:?}"))
            }
        })
        .await;
        assert_eq!(bed.tape(&shop).await, ["sale 100.00", "sale 50.00"]);
    })
    .await;
}

#[tokio::test]
async fn without_a_list_the_orders_the_shop_told_of_are_asked_about() {
    let bed = TestBed::working(Database::Sqlite).await;
    let shop = bed.shop().await;
    bed.fondy.set_switches(Switches {
        no_reports: true,
        ..Switches::default()
    });
    let missed = silent(&bed, &shop, "told", 5_000);
    let unheard = silent(&bed, &shop, "unheard", 5_000);
    let update = ledger::orders::OrderUpdate {
        description: Some("Тюльпани".to_owned()),
        ..ledger::orders::OrderUpdate::default()
    };
    bed.ledger
        .put_order(&shop.merchant, &missed.id, &update, bed.ledger.now())
        .await
        .unwrap();
    let run = bed.reconcile(&shop, true).await;
    // While its receipt is being made the order may be asked about once more.
    assert_eq!((run.counts.listed, run.counts.taken_in), (None, 1));
    assert!((1..=2).contains(&run.counts.asked), "{run:?}");
    bed.until(&missed, &["sale registered"]).await;
    assert_eq!(bed.states(&unheard).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_refund_nobody_told_of_is_taken_in_too() {
    let bed = TestBed::working(Database::Sqlite).await;
    let shop = bed.shop().await;
    let order = silent(&bed, &shop, "1", 10_000);
    deliver_late(&bed, &order).await;
    bed.until(&order, &["sale registered"]).await;
    bed.give_back(&order, 4_000);
    bed.reconcile(&shop, false).await;
    assert_eq!(bed.found(&shop).await, ["refunded_without_return 1"]);
    let finding = bed.findings(&shop).await.remove(0);
    assert_eq!(finding.repair, Repair::TakeIn);
    let asked = bed
        .ledger
        .repair_finding(
            &Reach::Everything,
            &finding.id,
            Repair::TakeIn,
            "the test",
            bed.ledger.now(),
        )
        .await
        .unwrap();
    assert_eq!(asked, Repaired::Asked);
    bed.until(&order, &["sale registered", "return registered"]).await;
    bed.until_found(&shop, &[]).await;
}

#[tokio::test]
async fn a_closed_finding_stays_closed_until_its_figures_change() {
    let bed = TestBed::working(Database::Sqlite).await;
    let shop = bed.shop().await;
    let order = silent(&bed, &shop, "1", 10_000);
    bed.reconcile(&shop, false).await;
    let finding = bed.findings(&shop).await.remove(0);
    let close = async |reason: &str| {
        bed.ledger
            .close_finding(&Reach::Everything, &finding.id, reason, "the test", bed.ledger.now())
            .await
            .unwrap()
    };
    assert_eq!(close(" ").await, Closing::NoReason);
    assert_eq!(close("made by hand").await, Closing::Done);
    assert_eq!(close("made by hand").await, Closing::NotOpen);
    bed.reconcile(&shop, false).await;
    assert_eq!(bed.found(&shop).await, Vec::<String>::new());
    bed.give_back(&order, 1_000);
    bed.reconcile(&shop, false).await;
    assert_eq!(bed.found(&shop).await, ["missed_payment 1"]);
    let elsewhere = Reach::Merchants(Vec::new());
    let linking = Linking {
        finding: &finding.id,
        order: &order.id,
    };
    let linked = bed
        .ledger
        .link_document(&elsewhere, linking, "the test", bed.ledger.now())
        .await
        .unwrap();
    assert_eq!(linked, Linked::NotFound);
}
