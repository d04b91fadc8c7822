//! Good callbacks, and what is stored of them.

use axum::body::Body;
use axum::http::Request;
use domain::basket::Basket;
use domain::event::{CarriedBasket, Event, Fact};
use domain::money::Kopecks;
use domain::quantity::Quantity;

use crate::bed::{Bed, config};
use crate::sign::{Message, sale, v2};

/// The two goods of the sheet (fondy.md §14.2, B1): 140.00 and 127.50.
const BASKET: &str = "eyJwcm9kdWN0cyI6W3siaWQiOjEsIm5hbWUiOiLQnNC40LPQtNCw0LvRjCDQttCw0YAuIiwicHJpY2UiOjcwMC4wLCJ0b3RhbF9hbW91bnQiOjE0MC4wLCJxdWFudGl0eSI6MC4yfSx7ImlkIjoyLCJuYW1lIjoi0JrQtdGI0YzRjiDQvtGH0LjRiS4iLCJwcmljZSI6ODUwLjAsInRvdGFsX2Ftb3VudCI6MTI3LjUsInF1YW50aXR5IjowLjE1fV19";

fn info(text: &str) -> Message {
    sale().with("additional_info", text)
}

/// Sends one callback to a fresh bed and gives back what was stored.
async fn stored(message: &Message) -> Event {
    let bed = Bed::start().await;
    assert_eq!(bed.callback(message.json()).await.verdict(), "200");
    let mut events = bed.stored().await;
    assert_eq!((events.len(), bed.bells().await), (1, 1));
    events.remove(0)
}

fn paid_and_refunded(fact: &Fact) -> (u64, u64) {
    match fact {
        Fact::Money {
            paid, refunded_total, ..
        } => (paid.minor(), refunded_total.minor()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_sale_is_stored_whole() {
    let event = stored(&sale()).await;
    assert_eq!(event.order.as_str(), "shop-1001");
    assert_eq!(event.payment_id.as_deref(), Some("805243692"));
    assert_eq!(paid_and_refunded(&event.fact), (26_750, 0));
    assert_eq!(event.means.system.as_deref(), Some("Fondy VISA"));
    assert_eq!(event.means.masked_card.as_deref(), Some("444455XXXXXX1111"));
    assert_eq!(event.means.auth_code.as_deref(), Some("123456"));
    assert_eq!(event.means.transaction_id.as_deref(), Some("111111111111"));
}

#[tokio::test]
async fn each_state_of_a_payment_becomes_its_fact() {
    let declined = sale().with("order_status", "declined").with("actual_amount", "");
    let held = r#"{"capture_status": "hold", "capture_amount": null}"#;
    let captured = r#"{"capture_status": "captured", "capture_amount": 200.0}"#;
    for (message, kind, why) in [
        (sale().with("reversal_amount", "12750"), "refunded", ""),
        (declined, "nothing", "declined"),
        (sale().with("order_status", "expired"), "nothing", "expired"),
        (sale().with("tran_type", "verification"), "nothing", "card check"),
        (info(held), "nothing", "held"),
        (info(captured).with("tran_type", "capture"), "paid", ""),
        (sale().with("order_status", "reversed"), "ask", "how much"),
        (sale().with("brand_new_field", "1"), "ask", "not known"),
        (sale().with("order_status", "dancing"), "strange", "dancing"),
        (sale().with("actual_currency", "USD"), "strange", "USD"),
        (sale().with("reversal_amount", "26751"), "strange", "26751"),
        (
            sale().with("amount", "0").with("actual_amount", "0"),
            "strange",
            "nothing was charged",
        ),
        (
            sale().with("actual_amount", "9999999999999999"),
            "strange",
            "more than a receipt",
        ),
    ] {
        let event = stored(&message).await;
        assert_eq!(event.fact.kind(), kind, "{}", message.json());
        let told = format!("{:?}", event.fact);
        assert!(told.contains(why), "{told} should say {why}");
    }
}

#[tokio::test]
async fn strange_money_is_marked_when_it_moved() {
    for (message, moved) in [
        (sale().with("actual_currency", "USD"), true),
        (sale().with("reversal_amount", "26751"), true),
        (sale().with("order_status", "dancing"), false),
    ] {
        match stored(&message).await.fact {
            Fact::Strange { money_moved, .. } => assert_eq!(money_moved, moved, "{}", message.json()),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn the_carried_basket_is_read() {
    let event = stored(&info(&format!(r#"{{"reservation_data": "{BASKET}"}}"#))).await;
    let Fact::Money {
        basket: CarriedBasket::Lines(basket),
        ..
    } = event.fact
    else {
        panic!("{:?}", event.fact);
    };
    assert_eq!(basket.total().minor(), 26_750);
    let line = &basket.lines()[1];
    assert_eq!((line.code.as_deref(), line.name.as_str()), (Some("2"), "Кешью очищ."));
    assert_eq!(line.quantity, Quantity::parse("0.15").unwrap());
    assert_eq!(line.price, Kopecks::from_minor(85_000).unwrap());
}

#[tokio::test]
async fn a_basket_that_cannot_be_used_says_why() {
    let lines = |json: &str| {
        use base64::Engine;
        let text = base64::engine::general_purpose::STANDARD.encode(format!(r#"{{"products":{json}}}"#));
        info(&format!(r#"{{"reservation_data": "{text}"}}"#))
    };
    let tea = r#"{"id":1,"name":"Чай","price":300,"total_amount":300,"quantity":1}"#;
    let discount = r#"{"id":2,"name":"Знижка","price":-32.5,"total_amount":-32.5,"quantity":1}"#;
    let control = r#"{"id":1,"name":"a\u0007b","price":1,"total_amount":1,"quantity":1}"#;
    for (message, expected) in [
        (info(r#"{"reservation_data": "%%%"}"#), "base64"),
        (lines(&format!("[{tea},{discount}]")), "line 2: it takes money off"),
        (
            lines(&format!("[{control}]")),
            "line 1: a line's name has a control character",
        ),
    ] {
        match stored(&message).await.fact {
            Fact::Money {
                basket: CarriedBasket::Broken(why),
                ..
            } => assert!(why.contains(expected), "{why}"),
            other => panic!("{other:?}"),
        }
    }
    for (message, expected) in [
        (info("{}"), CarriedBasket::Absent),
        (info(r#"{"reservation_data": null}"#), CarriedBasket::Absent),
        (lines(r#"{"error":"x"}"#), CarriedBasket::Absent),
    ] {
        match stored(&message).await.fact {
            Fact::Money { basket, .. } => assert_eq!(basket, expected),
            other => panic!("{other:?}"),
        }
    }
    let names: Vec<String> = match stored(&lines(&format!("[{}]", tea.replace("Чай", "Чай 🍵"))))
        .await
        .fact
    {
        Fact::Money {
            basket: CarriedBasket::Lines(basket),
            ..
        } => Basket::lines(&basket).iter().map(|line| line.name.clone()).collect(),
        other => panic!("{other:?}"),
    };
    assert_eq!(names, ["Чай 🍵"]);
}

#[tokio::test]
async fn every_shape_of_the_same_sale_is_the_same_event() {
    let bed = Bed::start().await;
    let numbers = sale()
        .json()
        .replace(r#""merchant_id":"1396424""#, r#""merchant_id":1396424"#)
        .replace(r#""payment_id":"805243692""#, r#""payment_id":805243692"#);
    let wrapped = format!(r#"{{"response":{}}}"#, sale().json());
    for body in [sale().json(), numbers, wrapped] {
        assert_eq!(bed.callback(body).await.verdict(), "200");
    }
    let form = Request::post("/callbacks/flowers-fondy")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(sale().form()))
        .unwrap();
    assert_eq!(bed.send(form).await.verdict(), "200");
    let order = r#"{"order_id":"shop-1001","merchant_id":1396424,"order_status":"approved","amount":"26750",
        "currency":"UAH","actual_amount":"26750","actual_currency":"UAH","reversal_amount":"0",
        "tran_type":"purchase","payment_id":805243692}"#;
    assert_eq!(bed.callback(v2(order)).await.verdict(), "200");
    assert_eq!((bed.stored().await.len(), bed.bells().await), (1, 1));
}

#[tokio::test]
async fn a_repeated_callback_is_answered_the_same_and_stored_once() {
    let bed = Bed::start().await;
    for _ in 0..3 {
        let answer = bed.callback(sale().json()).await;
        assert_eq!((answer.verdict().as_str(), answer.body.as_str()), ("200", ""));
    }
    assert_eq!((bed.stored().await.len(), bed.bells().await), (1, 1));
    assert_eq!(bed.alerts().await, 0);
}

#[tokio::test]
async fn a_repeated_key_with_another_amount_is_refused_and_alerted_once() {
    let bed = Bed::start().await;
    assert_eq!(bed.callback(sale().json()).await.verdict(), "200");
    let other = sale().with("amount", "100").with("actual_amount", "100");
    for _ in 0..2 {
        let verdict = bed.callback(other.json()).await.verdict();
        assert_eq!(verdict, "422 repeated_key_different_body");
    }
    let stored = bed.stored().await;
    assert_eq!(stored.len(), 1);
    assert_eq!(paid_and_refunded(&stored[0].fact), (26_750, 0));
    assert_eq!(bed.alerts().await, 1);
}

#[tokio::test]
async fn a_disguised_copy_cannot_take_the_place_of_the_genuine_message() {
    let bed = Bed::start().await;
    // Names are not signed: the payer holds this copy and may send it first (fondy.md §2).
    let disguised = sale().without("actual_amount").with("actual_amounu", "26750");
    assert_eq!(disguised.signature(), sale().signature());
    assert_eq!(bed.callback(disguised.json()).await.verdict(), "200");
    assert_eq!(bed.callback(sale().json()).await.verdict(), "200");
    let kinds: Vec<&str> = bed.stored().await.iter().map(|event| event.fact.kind()).collect();
    assert_eq!(kinds, ["ask", "paid"]);
}

#[tokio::test]
async fn production_refuses_public_test_merchants_and_keys() {
    let mut config = config();
    config.production = true;
    let bed = Bed::start_with(config).await;
    assert_eq!(bed.callback(sale().json()).await.verdict(), "403 test_source_refused");
    let live = bed.callback_to("flowers-live", sale().json()).await;
    assert_eq!(live.verdict(), "400 wrong_signature");
    assert_eq!(bed.stored().await.len(), 0);
}

#[tokio::test]
async fn long_and_unusual_order_ids_are_kept() {
    for id in ["замовлення 🌷 №1", "14#1500639628", "a/b|c", &"ї".repeat(1024)] {
        let event = stored(&sale().with("order_id", id)).await;
        assert_eq!(event.order.as_str(), id);
    }
}
