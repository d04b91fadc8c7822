use domain::receipt::MismatchPolicy;
use ledger::alerts::AlertView;
use sandbox::cashalot::{Fault, FaultKind};
use sandbox::fondy::{self, ApiFault, Endpoint, NewOrder, SignedCallback};
use tests::bed::{PATIENCE, Placed, TestBed, on_each};
use tests::eventually;

use super::{carried, goods};

async fn alerts(bed: &TestBed) -> Vec<AlertView> {
    bed.ledger.open_alerts(None).await.unwrap()
}

async fn until_register_trouble(bed: &TestBed) -> AlertView {
    eventually(PATIENCE, async || {
        let open = alerts(bed).await;
        open.into_iter().find(|alert| alert.kind == "register_trouble")
    })
    .await
}

async fn until_no_alert(bed: &TestBed) {
    eventually(PATIENCE, async || {
        let open = alerts(bed).await;
        if open.is_empty() { Ok(()) } else { Err(open) }
    })
    .await;
}

#[tokio::test]
async fn a_receipt_made_offline_is_stored_as_such_and_never_sent_again() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        bed.sell(&shop, "A-0", 100).await;
        bed.cashalot.set_fsko(false);
        let order = bed.sell(&shop, "A-1", 10_000).await;
        let document = &bed.documents(&order).await[0];
        assert_eq!(document.presence.as_deref(), Some("offline"));
        assert!(document.fiscal_number.as_ref().unwrap().contains('.'), "{document:?}");
        bed.cashalot.set_fsko(true);
        bed.cashalot.tick();
        bed.sell(&shop, "A-2", 20_000).await;
        bed.at_rest().await;
        assert_eq!(bed.tape(&shop).await, ["sale 1.00", "sale 100.00", "sale 200.00"]);
    })
    .await;
}

#[tokio::test]
async fn receipts_wait_for_a_provider_that_cannot_be_reached() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let nowhere = format!("http://127.0.0.1:{}/", tests::free_port());
        let shop = bed
            .open_shop("flowers", 4_000_999_001, |settings| {
                settings.registers[0].base_url = nowhere.clone();
            })
            .await;
        let order = bed.pay(&shop, "A-1", 10_000);
        let alert = until_register_trouble(&bed).await;
        assert_eq!(alert.severity, "warning", "{alert:?}");
        assert!(
            alert.text.uk.ends_with(": не вдалося з’єднатися з Cashälot."),
            "{alert:?}"
        );
        assert_eq!(bed.states(&order).await, ["sale ready"]);
        bed.apply(&bed.settings_of(&shop)).await;
        bed.until(&order, &["sale registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 100.00"]);
        until_no_alert(&bed).await;
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_is_asked_about_not_sent_again() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let mut expected = Vec::new();
        for (number, kind) in [
            FaultKind::RegisterThenClose,
            FaultKind::TruncatedJson,
            FaultKind::Http {
                status: 502,
                registers: true,
            },
            FaultKind::RegisterThenErrorCode {
                code: "SomethingNew".to_owned(),
            },
            FaultKind::CloseBefore,
        ]
        .into_iter()
        .enumerate()
        {
            bed.cashalot.inject(Fault::once(kind).on_command("RegisterCheck"));
            bed.sell(&shop, &format!("A-{number}"), 10_000).await;
            expected.push("sale 100.00");
            assert_eq!(bed.tape(&shop).await, expected);
        }
        until_no_alert(&bed).await;
    })
    .await;
}

#[tokio::test]
async fn a_payment_is_believed_when_the_payment_system_confirms_it() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed
            .open_shop("flowers", 4_000_999_001, |settings| {
                settings.sources[0].confirm = true;
            })
            .await;
        // It cannot be asked for a while.
        for fault in [
            ApiFault::ServerError,
            ApiFault::ResponseLost,
            ApiFault::ServerErrorAfter,
        ] {
            bed.fondy.fault_next_call(Endpoint::Status, fault);
        }
        bed.sell(&shop, "A-1", 10_000).await;
        // It says otherwise, and later agrees.
        let order = bed.place(&shop, "A-2", 20_000);
        let fake = paid_elsewhere(&bed, &order);
        assert_eq!(bed.post_callback(&shop, fake).await.verdict(), "200");
        eventually(PATIENCE, async || {
            let waiting = bed.ledger.stats().await.unwrap().events_waiting;
            (waiting == 1).then_some(())
        })
        .await;
        assert_eq!(bed.tape(&shop).await, ["sale 100.00"]);
        bed.fondy.pay(&order.at_gateway).unwrap();
        bed.until(&order, &["sale registered"]).await;
        bed.at_rest().await;
        assert_eq!(bed.tape(&shop).await, ["sale 100.00", "sale 200.00"]);
    })
    .await;
}

/// A callback of another gateway with the same key, where the order is paid.
fn paid_elsewhere(bed: &TestBed, order: &Placed) -> SignedCallback {
    let known = bed.fondy.order(order.shop.gateway, &order.at_gateway.order_id).unwrap();
    let twin = fondy::Simulator::new(fondy::Config::default());
    twin.add_merchant(fondy::Merchant::new(
        order.shop.gateway,
        order.shop.gateway_key.as_str(),
    ));
    let twin_order = NewOrder {
        merchant_id: order.shop.gateway,
        order_id: known.order.order_id,
        amount: known.amount,
        payment_id: Some(known.payment_id),
        ..NewOrder::default()
    };
    let twin_order = twin.create_order(twin_order).unwrap();
    twin.pay(&twin_order).unwrap();
    twin.callback_for(&twin_order).unwrap()
}

#[tokio::test]
async fn a_source_may_have_wrong_baskets_adjusted() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed
            .open_shop("flowers", 4_000_999_001, |settings| {
                settings.sources[0].on_mismatch = MismatchPolicy::Adjust;
            })
            .await;
        let order = bed.place_with(
            &shop,
            NewOrder {
                order_id: "A-1".to_owned(),
                amount: 26_750,
                reservation_data: carried(&[("Троянда", "100.00", "1", "100.00")]),
                ..NewOrder::default()
            },
        );
        bed.fondy.pay(&order.at_gateway).unwrap();
        bed.until(&order, &["sale registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 267.50"]);
        assert_eq!(goods(&bed.receipts(&shop)[0]).len(), 2, "a line for the rest");
    })
    .await;
}
