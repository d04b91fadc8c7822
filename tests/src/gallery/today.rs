use std::time::Duration;

use domain::ids::ExternalOrderId;
use ledger::actions::Ask;
use reqwest::Method;
use sandbox::cashalot::{Fault, FaultKind};
use sandbox::fondy::{NewOrder, OrderRef};
use serde_json::{Value, json};

use super::goods::{TODAY, by_card, order};
use super::messages::{KATERYNA, OLESIA, TARAS, buyer};
use super::{Orders, until_alert};
use crate::bed::{PATIENCE, Placed, Shop, TestBed};
use crate::eventually;

const HOUR: Duration = Duration::from_secs(3600);
const MARKUP: &str = "<script>alert(1)</script>";

/// What became of the day's orders at the flower shop.
pub(super) struct Day {
    sold: Placed,
    cancelled: Placed,
    returned: Placed,
    mismatched: Placed,
    refused: Placed,
    strange: Placed,
    overdrawn: Placed,
    marked: Placed,
    long: Placed,
    unpaid: Placed,
    declined: Placed,
    preauthorised: Placed,
    offline: Placed,
}

impl Day {
    pub(super) fn with(self, waiting: Placed, doubtful: Placed) -> Orders {
        Orders {
            sold: self.sold,
            cancelled: self.cancelled,
            returned: self.returned,
            mismatched: self.mismatched,
            refused: self.refused,
            strange: self.strange,
            overdrawn: self.overdrawn,
            marked: self.marked,
            long: self.long,
            unpaid: self.unpaid,
            declined: self.declined,
            preauthorised: self.preauthorised,
            offline: self.offline,
            waiting,
            doubtful,
        }
    }
}

/// A day in the middle of which we look: sales every hour, and everything that can become of an order.
pub(super) async fn live(bed: &TestBed, flowers: &Shop, kiosk: &Shop) -> Day {
    let mut sold = None;
    for (place, sale) in TODAY.iter().enumerate() {
        let is_last = place + 1 == TODAY.len();
        buyer(bed, flowers, sale.id, if is_last { OLESIA } else { KATERYNA }).await;
        let placed = pay(
            bed,
            flowers,
            by_card(order(sale.id, sale.kopecks, sale.lines), sale.card),
        );
        bed.until(&placed, &["sale registered"]).await;
        sold = Some(placed);
        bed.later(HOUR);
    }
    let cancelled = cancelled(bed, flowers).await;
    let returned = returned(bed, flowers).await;
    let overdrawn = overdrawn(bed, flowers).await;
    let (marked, long) = (marked(bed, flowers).await, long(bed, flowers).await);
    let mismatched = mismatched(bed, flowers).await;
    let refused = refused(bed, flowers).await;
    let strange = strange(bed, flowers).await;
    let (unpaid, declined, preauthorised) = no_receipts(bed, flowers).await;
    contradict(bed, flowers).await;
    let sold = sold.expect("something is sold");
    asked(bed, flowers, &sold).await;
    bed.later(HOUR / 2);
    Day {
        sold,
        cancelled,
        returned,
        mismatched,
        refused,
        strange,
        overdrawn,
        marked,
        long,
        unpaid,
        declined,
        preauthorised,
        offline: offline(bed, kiosk).await,
    }
}

fn pay(bed: &TestBed, shop: &Shop, order: NewOrder) -> Placed {
    let placed = bed.place_with(shop, order);
    bed.fondy.pay(&placed.at_gateway).expect("the order can be paid");
    placed
}

async fn cancelled(bed: &TestBed, shop: &Shop) -> Placed {
    let bunch = [("Хризантема біла", "75.00", "5", "375.00")];
    let placed = pay(bed, shop, order("K-2010", 37_500, &bunch));
    bed.until(&placed, &["sale registered"]).await;
    bed.give_all_back(&placed);
    bed.until(&placed, &["sale registered", "storno registered"]).await;
    placed
}

async fn returned(bed: &TestBed, shop: &Shop) -> Placed {
    let bunch = [
        ("Лілія рожева", "120.00", "7", "840.00"),
        ("Стрічка", "15.00", "2", "30.00"),
    ];
    buyer(bed, shop, "K-2011", TARAS).await;
    let placed = pay(bed, shop, by_card(order("K-2011", 87_000, &bunch), "4417"));
    let mut expected = vec!["sale registered"];
    bed.until(&placed, &expected).await;
    for amount in [12_000, 24_000] {
        bed.give_back(&placed, amount);
        expected.push("return registered");
        bed.until(&placed, &expected).await;
    }
    placed
}

async fn overdrawn(bed: &TestBed, shop: &Shop) -> Placed {
    let placed = pay(
        bed,
        shop,
        order("K-2012", 10_000, &[("Гвоздика", "50.00", "2", "100.00")]),
    );
    bed.until(&placed, &["sale registered"]).await;
    let register = shop.register.as_str();
    let refund = json!({
        "type": "refund", "order_id": "K-2012", "amount": "60", "currency": "UAH", "register": register,
    });
    for (key, expected) in [
        ("refund-1", &["sale registered", "return registered"][..]),
        (
            "refund-2",
            &[
                "sale registered",
                "return registered",
                "return held refund_exceeds_sale",
            ],
        ),
    ] {
        assert_eq!(bed.tell_event(shop, key, refund.clone()).await.verdict(), "202");
        bed.until(&placed, expected).await;
    }
    placed
}

async fn marked(bed: &TestBed, shop: &Shop) -> Placed {
    let id = format!("K-2013 {MARKUP}");
    let lines = [
        (MARKUP, "10.00", "1", "10.00"),
        ("\"><img src=x onerror=alert(2)>", "5.00", "2", "10.00"),
    ];
    let order = NewOrder {
        order_desc: MARKUP.to_owned(),
        merchant_data: MARKUP.to_owned(),
        ..order(&id, 2_000, &lines)
    };
    let placed = pay(bed, shop, order);
    bed.until(&placed, &["sale registered"]).await;
    placed
}

async fn long(bed: &TestBed, shop: &Shop) -> Placed {
    let id = format!("K-2014-{}", "довге-замовлення-".repeat(6));
    let words = "Композиція з п’ятдесяти трьох троянд сорту «Принцеса Анна» у капелюшній коробці з атласною стрічкою";
    let unbroken = "Надзвичайнодовгоназванакомпозиціябезжодногопробілу".repeat(2);
    let lines = [
        (words, "12345678.90", "1", "12345678.90"),
        (&unbroken, "0.50", "0.5", "0.25"),
    ];
    let placed = pay(bed, shop, order(&id, 1_234_567_915, &lines));
    bed.until(&placed, &["sale registered"]).await;
    placed
}

async fn mismatched(bed: &TestBed, shop: &Shop) -> Placed {
    let placed = pay(
        bed,
        shop,
        order("K-2015", 26_750, &[("Троянда", "100.00", "1", "100.00")]),
    );
    bed.until(&placed, &["sale held basket_mismatch"]).await;
    placed
}

async fn refused(bed: &TestBed, shop: &Shop) -> Placed {
    let code = "DocumentValidationError".to_owned();
    let fault = Fault::once(FaultKind::ErrorCode { code }).on_command("RegisterCheck");
    bed.cashalot.inject(fault.on_register(shop.number));
    let placed = pay(
        bed,
        shop,
        order("K-2016", 52_000, &[("Орхідея", "520.00", "1", "520.00")]),
    );
    bed.until(&placed, &["sale held refused_by_provider"]).await;
    bed.give_back(&placed, 2_000);
    bed.until(&placed, &["sale held refused_by_provider", "return waiting"])
        .await;
    placed
}

async fn strange(bed: &TestBed, shop: &Shop) -> Placed {
    let order = NewOrder {
        currency: "EUR".to_owned(),
        reservation_data: None,
        ..order("K-2017", 4_500, &[])
    };
    let placed = pay(bed, shop, order);
    bed.until(&placed, &["sale held strange_event"]).await;
    placed
}

/// Told by the shop and never paid; declined by the bank; held at the payment system.
async fn no_receipts(bed: &TestBed, shop: &Shop) -> (Placed, Placed, Placed) {
    let told = json!({
        "description": "Самовивіз о 18:00",
        "basket": [{ "name": "Вінок різдвяний", "price": "450.00", "quantity": 1 }],
        "buyer": { "email": "taras.bondar@mail.example", "phone": "+380501234567", "locale": "uk" },
    });
    let put = bed.api(shop, Method::PUT, "/v1/orders/K-2018", told).await;
    assert_eq!(put.verdict(), "200", "{}", put.body);
    let unpaid = Placed {
        shop: shop.clone(),
        at_gateway: OrderRef::new(shop.gateway, "K-2018"),
        id: ExternalOrderId::parse("K-2018").expect("an order's id"),
    };
    let declined = bed.place_with(shop, order("K-2019", 15_000, &[("Мімоза", "150.00", "1", "150.00")]));
    bed.fondy
        .decline(&declined.at_gateway)
        .expect("the order can be declined");
    let held = NewOrder {
        preauth: true,
        ..order("K-2020", 99_000, &[("Оренда арки", "990.00", "1", "990.00")])
    };
    let preauthorised = pay(bed, shop, held);
    for placed in [&declined, &preauthorised] {
        eventually(PATIENCE, async || {
            let view = bed.view(placed).await?;
            let ignored = !view.events.is_empty() && view.events.iter().all(|event| event.state == "ignored");
            ignored.then_some(())
        })
        .await;
    }
    (unpaid, declined, preauthorised)
}

/// The same message with another content.
async fn contradict(bed: &TestBed, shop: &Shop) {
    for (amount, verdict) in [("310", "202"), ("320", "422 repeated_key_different_body")] {
        let register = shop.register.as_str();
        let payment = json!({
            "type": "payment", "order_id": "K-2021", "amount": amount, "currency": "UAH", "register": register,
        });
        assert_eq!(bed.tell_event(shop, "payment-2021", payment).await.verdict(), verdict);
    }
    until_alert(bed, shop, "event_conflict").await;
}

/// What people asked of the register: done, and refused.
async fn asked(bed: &TestBed, shop: &Shop, sold: &Placed) {
    let receipt = bed.documents(sold).await[0].id.clone();
    for (ask, subject, actor) in [
        (Ask::Totals, "", "olena"),
        (Ask::Sync, "", "support"),
        (Ask::Fetch, receipt.as_str(), "olena"),
        (Ask::Fetch, "no such document", "olena"),
    ] {
        let action = bed.ledger.ask(&shop.register, ask, subject, actor, bed.now()).await;
        let action = action.expect("the ledger takes it");
        eventually(PATIENCE, async || {
            bed.ledger.action(&action.id).await.expect("the ledger answers")?.end
        })
        .await;
    }
    let path = format!("/v1/registers/{}/cash-out", shop.register);
    let refused = bed.api(shop, Method::POST, &path, Value::Null).await;
    assert!(refused.status.is_client_error(), "{}", refused.body);
}

/// The tax service goes away and does not come back while we look.
async fn offline(bed: &TestBed, kiosk: &Shop) -> Placed {
    let online = pay(bed, kiosk, order("N-301", 3_500, &[("Тюльпан", "35.00", "1", "35.00")]));
    bed.until(&online, &["sale registered"]).await;
    bed.cashalot.set_fsko(false);
    let placed = pay(bed, kiosk, order("N-302", 7_000, &[("Тюльпан", "35.00", "2", "70.00")]));
    let documents = bed.until(&placed, &["sale registered"]).await;
    assert_eq!(documents[0].presence.as_deref(), Some("offline"));
    placed
}
