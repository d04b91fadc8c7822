//! Refunds that we ask the payment system for: once, whatever happens to the answer; the receipt follows from the
//! reversal.

use std::time::Duration;

use ledger::people::Reach;
use ledger::refunds::{Refund, RefundState};
use reqwest::Method;
use sandbox::fondy::{ApiFault, Endpoint};
use serde_json::{Value, json};
use tests::bed::{PATIENCE, Placed, Shop, TestBed, on_each, short_times};
use tests::db::Database;
use tests::eventually;

async fn ask(bed: &TestBed, shop: &Shop, order: &str, key: &str, amount: &str) -> (String, Value) {
    let url = format!("http://{}/v1/orders/{order}/refund", bed.ingress_addr.unwrap());
    let answer = reqwest::Client::new()
        .post(url)
        .bearer_auth(&shop.api_key)
        .header("idempotency-key", key)
        .json(&json!({ "amount": amount, "comment": "Повернення: кеш\u{2019}ю" }))
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    let code = body["code"].as_str().map(|code| format!(" {code}")).unwrap_or_default();
    (format!("{status}{code}"), body)
}

async fn until(bed: &TestBed, id: &str, state: RefundState) -> Refund {
    eventually(PATIENCE, async || {
        let refund = bed.ledger.refund(&Reach::Everything, id).await.unwrap().unwrap();
        if refund.state == state {
            Ok(refund)
        } else {
            Err(format!("{refund:?}"))
        }
    })
    .await
}

fn reversed(bed: &TestBed, order: &Placed) -> u64 {
    let key = &order.at_gateway;
    bed.fondy.order(key.merchant_id, &key.order_id).unwrap().refunded
}

#[tokio::test]
async fn money_goes_back_once_and_its_receipt_follows() {
    on_each(async |database: Database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let order = bed.sell(&shop, "1", 10_000).await;
        let (status, body) = ask(&bed, &shop, "1", "k-1", "40.00").await;
        assert_eq!((status.as_str(), &body["status"]), ("202", &json!("accepted")));
        let (status, again) = ask(&bed, &shop, "1", "k-1", "40.00").await;
        assert_eq!((status.as_str(), &again["status"]), ("202", &json!("already_accepted")));
        let id = body["refund_id"].as_str().unwrap();
        until(&bed, id, RefundState::Done).await;
        bed.until(&order, &["sale registered", "return registered"]).await;
        assert_eq!(reversed(&bed, &order), 4_000);
        let shown = bed
            .api(&shop, Method::GET, &format!("/v1/refunds/{id}"), Value::Null)
            .await;
        assert_eq!(shown.json()["state"], "done");
        // The key is taken, and more than is left does not go.
        assert_eq!(
            ask(&bed, &shop, "1", "k-1", "41.00").await.0,
            "422 repeated_key_different_body"
        );
        assert_eq!(ask(&bed, &shop, "1", "k-2", "60.01").await.0, "409 refund_too_much");
        assert_eq!(ask(&bed, &shop, "2", "k-3", "1.00").await.0, "404 order_not_found");
        assert_eq!(bed.tape(&shop).await, ["sale 100.00", "return 40.00 of 1"]);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_is_lost_is_asked_about() {
    for fault in [
        ApiFault::ResponseLost,
        ApiFault::ServerErrorAfter,
        ApiFault::ServerError,
    ] {
        let bed = TestBed::working(Database::Sqlite).await;
        let shop = bed.shop().await;
        let order = bed.sell(&shop, "1", 10_000).await;
        bed.fondy.fault_next_call(Endpoint::Reverse, fault);
        let (_, body) = ask(&bed, &shop, "1", "k-1", "40.00").await;
        until(&bed, body["refund_id"].as_str().unwrap(), RefundState::Done).await;
        bed.until(&order, &["sale registered", "return registered"]).await;
        assert_eq!(reversed(&bed, &order), 4_000, "{fault:?}");
    }
}

#[tokio::test]
async fn both_kinds_of_refusal_are_told_and_an_acceptance_waits() {
    let bed = TestBed::working(Database::Sqlite).await;
    let shop = bed.shop().await;
    let order = bed.sell(&shop, "1", 10_000).await;
    bed.fondy
        .fault_next_call(Endpoint::Reverse, ApiFault::ReverseDeclined(1069));
    let (_, body) = ask(&bed, &shop, "1", "k-1", "40.00").await;
    let refused = until(&bed, body["refund_id"].as_str().unwrap(), RefundState::Declined).await;
    assert_eq!(refused.code, Some(1069));
    // Somebody gives most of it back at the portal: our next one is refused there, in so many words.
    bed.give_back(&order, 7_000);
    bed.until(&order, &["sale registered", "return registered"]).await;
    assert_eq!(ask(&bed, &shop, "1", "k-2", "40.00").await.0, "409 refund_too_much");
    bed.fondy.fault_next_call(Endpoint::Reverse, ApiFault::ReverseCreated);
    let (_, body) = ask(&bed, &shop, "1", "k-3", "30.00").await;
    let id = body["refund_id"].as_str().unwrap();
    until(&bed, id, RefundState::Accepted).await;
    assert_eq!(reversed(&bed, &order), 7_000);
    assert_eq!(bed.fondy.finish_reversals(), 1);
    until(&bed, id, RefundState::Done).await;
    bed.until(&order, &["sale registered", "return registered", "return registered"])
        .await;
    assert_eq!(reversed(&bed, &order), 10_000);
}

#[tokio::test]
async fn workers_that_die_on_the_way_leave_one_reversal() {
    on_each(async |database: Database| {
        let mut bed = TestBed::start(database).await;
        bed.start_ingress().await;
        let shop = bed.shop().await;
        let worker = bed.start_worker(short_times()).await;
        let order = bed.sell(&shop, "1", 10_000).await;
        drop(worker);
        let (_, body) = ask(&bed, &shop, "1", "k-1", "40.00").await;
        let id = body["refund_id"].as_str().unwrap();
        // Each dies a little later, at whatever await it is; the slow answers make the request one of them.
        for life in [20_u64, 60, 120, 200, 300, 420] {
            bed.fondy
                .fault_next_call(Endpoint::Reverse, ApiFault::Delay(Duration::from_millis(80)));
            let worker = bed.start_worker(short_times()).await;
            let other = bed.start_worker(short_times()).await;
            tokio::time::sleep(Duration::from_millis(life)).await;
            drop((worker, other));
        }
        let worker = bed.start_worker(short_times()).await;
        until(&bed, id, RefundState::Done).await;
        bed.until(&order, &["sale registered", "return registered"]).await;
        assert_eq!(reversed(&bed, &order), 4_000);
        drop(worker);
    })
    .await;
}
