use serde_json::json;

use super::*;

struct Bed {
    sim: liqpay::Simulator,
    api: Door,
    id: PaymentId,
}

impl Bed {
    async fn new() -> Self {
        let sim = simulator();
        let id = sim.paid(NewPayment::new("a", 26_750)).unwrap();
        let api = Door::api(&sim).await;
        Self { sim, api, id }
    }

    async fn request(&self, fields: Value) -> Option<Reply> {
        let form = liqpay_form(&fields);
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.api.call("POST /api/request", &headers, &form).await
    }

    async fn under(&self, fault: ApiFault, fields: Value) -> Option<Reply> {
        self.sim.inject_api(Fault::once(fault));
        self.request(fields).await
    }
}

fn status() -> Value {
    json!({ "action": "status", "order_id": "a" })
}

fn refund() -> Value {
    json!({ "action": "refund", "order_id": "a", "amount": "100.00" })
}

#[tokio::test]
async fn answers_fail_as_meant_and_the_next_is_clean() {
    let bed = Bed::new().await;
    let table: [(ApiFault, u16, &str); 5] = [
        (ApiFault::ServerError, 502, "502"),
        (ApiFault::NotFound, 200, "payment_not_found"),
        (ApiFault::TooManyRequests, 429, ""),
        (ApiFault::NotJson, 200, "<html>"),
        (
            ApiFault::Slow {
                by: Duration::from_millis(1),
            },
            200,
            "success",
        ),
    ];
    for (fault, status_code, text) in table {
        let reply = bed.under(fault.clone(), status()).await.unwrap();
        assert_eq!(reply.status, status_code, "{fault:?}");
        assert!(reply.body.contains(text), "{fault:?}: {}", reply.body);
    }
    assert_eq!(bed.request(status()).await.unwrap().json()["status"], "success");
    assert_eq!(bed.sim.calls_of("status"), 6);
    assert_eq!(bed.sim.calls()[0].fault, Some(ApiFault::ServerError));
}

#[tokio::test]
async fn a_lost_answer_is_a_deed_done() {
    for fault in [ApiFault::AnswerLost, ApiFault::ServerErrorAfter] {
        let bed = Bed::new().await;
        let reply = bed.under(fault.clone(), refund()).await;
        match fault {
            ApiFault::AnswerLost => assert!(reply.is_none()),
            _ => assert_eq!(reply.unwrap().status, 502),
        }
        assert_eq!(bed.sim.payment(bed.id).unwrap().refunded(), 10_000);
    }
    let bed = Bed::new().await;
    bed.under(ApiFault::ServerError, refund()).await;
    assert_eq!(bed.sim.payment(bed.id).unwrap().refunded(), 0);
}

#[tokio::test]
async fn a_refund_may_wait_or_fail() {
    let bed = Bed::new().await;
    let reply = bed.under(ApiFault::RefundFailed, refund()).await.unwrap().json();
    assert_eq!(reply["err_code"], "payment_err_status");
    let reply = bed.under(ApiFault::RefundPending, refund()).await.unwrap().json();
    assert_eq!((&reply["wait_amount"], &reply["result"]), (&json!(true), &json!("ok")));
    assert_eq!(
        bed.request(status()).await.unwrap().json()["wait_reserve_status"],
        "true"
    );
    assert_eq!(bed.sim.finish_refunds(RefundState::Done), 1);
    let told = bed.request(status()).await.unwrap().json();
    assert_eq!(told["refund_amount"], json!(100.0));
    assert!(told.get("wait_reserve_status").is_none());
}

#[tokio::test]
async fn a_fault_meets_the_operation_it_is_meant_for() {
    let bed = Bed::new().await;
    bed.sim.inject_api(Fault::lasting(ApiFault::ServerError).only("refund"));
    assert_eq!(bed.request(status()).await.unwrap().status, 200);
    assert_eq!(bed.request(refund()).await.unwrap().status, 502);
    bed.sim.clear_faults();
    assert_eq!(bed.request(refund()).await.unwrap().status, 200);
}
