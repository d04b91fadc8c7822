use reqwest::Method;
use sandbox::cashalot::{Fault, FaultKind};
use sandbox::fondy::NewOrder;
use serde_json::{Value, json};
use tests::bed::{Placed, TestBed, on_each};

use super::{basket, carried, goods};

async fn resend(bed: &TestBed, order: &Placed) -> String {
    let documents = bed.documents(order).await;
    let held = documents.iter().find(|document| document.state == "held").unwrap();
    let path = format!("/v1/documents/{}/resend", held.id);
    let answer = bed.api(&order.shop, Method::POST, &path, Value::Null).await;
    answer.verdict()
}

fn refused_for_good() -> Fault {
    Fault::once(FaultKind::ErrorCode {
        code: "DocumentValidationError".to_owned(),
    })
    .on_command("RegisterCheck")
}

#[tokio::test]
async fn a_basket_that_is_not_worth_the_payment_waits_for_the_right_one() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
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
        bed.until(&order, &["sale held basket_mismatch"]).await;
        assert_eq!(bed.tape(&shop).await, [""; 0]);
        assert_eq!(resend(&bed, &order).await, "200");
        bed.until(&order, &["sale held basket_mismatch"]).await;
        let put = bed
            .api(&shop, Method::PUT, "/v1/orders/A-1", basket("Букет", "267.50"))
            .await;
        assert_eq!(put.verdict(), "200", "{}", put.body);
        // The first resend may still be on its way to the same hold.
        bed.at_rest().await;
        assert_eq!(resend(&bed, &order).await, "200");
        bed.until(&order, &["sale registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 267.50"]);
        assert_eq!(goods(&bed.receipts(&shop)[0]), ["Букет"]);
    })
    .await;
}

#[tokio::test]
async fn a_document_refused_for_good_waits_for_a_person_and_holds_up_nobody() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        bed.cashalot.inject(refused_for_good());
        let order = bed.pay(&shop, "A-1", 26_750);
        bed.until(&order, &["sale held refused_by_provider"]).await;
        bed.sell(&shop, "A-2", 100).await;
        assert_eq!(bed.tape(&shop).await, ["sale 1.00"]);
        assert_eq!(resend(&bed, &order).await, "200");
        bed.until(&order, &["sale registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 1.00", "sale 267.50"]);
        let path = format!("/v1/documents/{}/resend", bed.documents(&order).await[0].id);
        let late = bed.api(&shop, Method::POST, &path, json!(null)).await;
        assert_eq!(late.status.as_u16(), 409, "never a second receipt: {}", late.body);
    })
    .await;
}

#[tokio::test]
async fn a_refund_waits_while_its_sale_is_held() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        bed.cashalot.inject(refused_for_good());
        let order = bed.pay(&shop, "A-1", 26_750);
        bed.until(&order, &["sale held refused_by_provider"]).await;
        bed.give_back(&order, 750);
        bed.until(&order, &["sale held refused_by_provider", "return waiting"])
            .await;
        assert_eq!(resend(&bed, &order).await, "200");
        bed.until(&order, &["sale registered", "return registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 267.50", "return 7.50 of 1"]);
    })
    .await;
}

#[tokio::test]
async fn a_refused_storno_becomes_a_return() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let order = bed.sell(&shop, "A-1", 26_750).await;
        bed.cashalot.inject(refused_for_good());
        bed.give_all_back(&order);
        bed.until(&order, &["sale registered", "return registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 267.50", "return 267.50 of 1"]);
        assert_eq!(bed.cashalot.faults_waiting(), 0, "the storno was tried");
    })
    .await;
}
