//! What the merchant is told, and how often.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Bed, DeliveryState, FaultKind, Mode, REGISTER, RegisterSetup, eventually};

/// A merchant that answers as told and remembers what it got.
#[derive(Clone)]
struct Merchant {
    got: Arc<Mutex<Vec<Value>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Merchant {
    /// Answers these statuses first, then 200. Its address is the register's from now on.
    async fn of(bed: &Bed, answers: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/callbacks/desk", listener.local_addr().unwrap());
        let merchant = Self {
            got: Arc::default(),
            answers: Arc::new(Mutex::new(answers.iter().copied().collect())),
        };
        let router = Router::new().fallback(receive).layer(DefaultBodyLimit::disable());
        let router = router.with_state(merchant.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        bed.simulator.set_webhook(REGISTER, Some(url));
        merchant
    }

    fn bodies(&self) -> Vec<Value> {
        self.got.lock().unwrap().clone()
    }

    /// Local numbers in the order in which they came.
    fn numbers(&self) -> Vec<Value> {
        self.bodies().iter().map(|body| body["local_number"].clone()).collect()
    }
}

async fn receive(State(merchant): State<Merchant>, headers: HeaderMap, body: Bytes) -> StatusCode {
    assert_eq!(headers["content-type"], "application/json");
    merchant
        .got
        .lock()
        .unwrap()
        .push(serde_json::from_slice(&body).unwrap());
    let status = merchant.answers.lock().unwrap().pop_front().unwrap_or(200);
    StatusCode::from_u16(status).unwrap()
}

#[tokio::test]
async fn a_webhook_is_the_whole_representation() {
    let bed = Bed::start().await;
    let merchant = Merchant::of(&bed, &[]).await;
    bed.switch(|switches| switches.pdf_bytes = 60_000);
    let reply = bed.sell(5, 100).await.json();
    let summary = bed.simulator.deliver_pending().await;
    assert_eq!((summary.tried, summary.taken, summary.waiting), (1, 1, 0));
    let body = &merchant.bodies()[0];
    for (name, value) in reply.as_object().unwrap() {
        if !["pdf", "qr", "text_print"].contains(&name.as_str()) {
            assert_eq!(&body[name], value, "{name}");
        }
    }
    let decoded = |name: &str| STANDARD.decode(body[name].as_str().unwrap()).unwrap();
    assert!(decoded("qr").starts_with(b"\x89PNG") && decoded("pdf").len() >= 60_000);
    assert!(
        String::from_utf8(decoded("text_print"))
            .unwrap()
            .contains("Консультація")
    );
}

#[tokio::test]
async fn sales_and_returns_are_told_and_the_rest_on_demand() {
    for (wanted, kinds) in [
        (false, vec!["Z_SALE", "Z_RETURN", "Z_SALE"]),
        (
            true,
            vec![
                "OPEN_SHIFT",
                "SERVICE_INPUT",
                "Z_SALE",
                "Z_RETURN",
                "Z_SALE",
                "Z_REPORT",
            ],
        ),
    ] {
        let bed = Bed::start().await;
        let merchant = Merchant::of(&bed, &[]).await;
        bed.switch(|switches| switches.webhook_service_documents = wanted);
        bed.open().await;
        bed.ok("check/service", json!({ "action_type": "SERVICE_INPUT", "sum": 5 }))
            .await;
        bed.sell(1, 100).await;
        let mut back = super::sale(1, 100);
        back["action_type"] = json!("Z_RETURN");
        bed.ok("check/sale", back).await;
        bed.simulator.apply(&FaultKind::ForeignCheck, Some(REGISTER));
        bed.close().await;
        bed.simulator.deliver_pending().await;
        let told: Vec<_> = merchant
            .bodies()
            .iter()
            .map(|body| body["check_type"].clone())
            .collect();
        assert_eq!(told, kinds);
        assert!(merchant.bodies().iter().any(|body| body["local_number"] == Value::Null));
    }
}

#[tokio::test]
async fn it_comes_again_on_schedule_until_it_is_taken() {
    let bed = Bed::start().await;
    let merchant = Merchant::of(&bed, &[500, 302, 404, 503, 500, 204]).await;
    bed.sell(1, 100).await;
    for minutes in [0, 1, 5, 15, 60, 60] {
        let gap = Duration::from_secs(minutes * 60);
        if let Some(nearly) = gap.checked_sub(Duration::from_secs(1)) {
            bed.simulator.advance_clock(nearly);
            assert_eq!(bed.simulator.deliver_pending().await.tried, 0, "{minutes}");
            bed.simulator.advance_clock(Duration::from_secs(1));
        }
        assert_eq!(bed.simulator.deliver_pending().await.tried, 1, "{minutes}");
    }
    let delivery = &bed.simulator.deliveries(Some(REGISTER))[0];
    let statuses: Vec<_> = delivery
        .attempts
        .iter()
        .map(|attempt| attempt.status.unwrap())
        .collect();
    assert_eq!(statuses, [500, 302, 404, 503, 500, 204]);
    assert_eq!((delivery.state, merchant.bodies().len()), (DeliveryState::Taken, 6));
}

#[tokio::test]
async fn it_is_given_up_after_a_day() {
    let bed = Bed::start().await;
    bed.simulator
        .set_webhook(REGISTER, Some("http://127.0.0.1:1/nobody".to_owned()));
    bed.sell(1, 100).await;
    let mut rounds = 0;
    let given_up = loop {
        let summary = bed.simulator.deliver_pending().await;
        rounds += summary.tried;
        match summary.next_in {
            Some(gap) => bed.simulator.advance_clock(gap),
            None => break summary.given_up,
        }
    };
    // At 0, 1, 6, 21 and 81 minutes, then hourly up to 1401 of 1440.
    assert_eq!((rounds, given_up), (27, 1));
    let delivery = &bed.simulator.deliveries(None)[0];
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::GivenUp, 27));
}

#[tokio::test]
async fn it_can_come_twice() {
    let bed = Bed::start().await;
    let merchant = Merchant::of(&bed, &[]).await;
    bed.switch(|switches| switches.webhook_duplicates = 2);
    bed.sell(1, 100).await;
    bed.simulator.deliver_pending().await;
    assert_eq!(merchant.numbers(), [1, 1, 1]);
    assert_eq!(bed.simulator.deliveries(None)[0].attempts.len(), 3);
}

#[tokio::test]
async fn it_can_be_overtaken() {
    let bed = Bed::start().await;
    let merchant = Merchant::of(&bed, &[]).await;
    bed.switch(|switches| switches.webhook_reordered = true);
    bed.sell(1, 100).await;
    assert_eq!(bed.simulator.deliver_pending().await.tried, 0);
    bed.sell(2, 100).await;
    assert_eq!(bed.simulator.deliver_pending().await.tried, 2);
    bed.sell(3, 100).await;
    assert_eq!(bed.simulator.deliver_pending().await.tried, 0);
    bed.simulator.advance_clock(Duration::from_secs(60));
    bed.simulator.deliver_pending().await;
    assert_eq!(merchant.numbers(), [2, 1, 3]);
}

#[tokio::test]
async fn it_can_be_held_back_and_hurried() {
    let bed = Bed::start().await;
    let merchant = Merchant::of(&bed, &[]).await;
    bed.switch(|switches| switches.webhook_delay = Duration::from_secs(90));
    bed.sell(1, 100).await;
    let waiting = bed.simulator.deliver_pending().await;
    assert_eq!((waiting.tried, waiting.next_in), (0, Some(Duration::from_secs(90))));
    bed.simulator.hurry_deliveries();
    bed.simulator.deliver_pending().await;
    assert_eq!(merchant.numbers(), [1]);
}

#[tokio::test]
async fn it_can_come_before_the_reply() {
    let bed = Bed::start().await;
    let merchant = Merchant::of(&bed, &[]).await;
    bed.switch(|switches| switches.webhook_before_reply = true);
    bed.simulator.inject(super::Fault::once(FaultKind::RegisterThenClose));
    assert!(bed.sell(1, 100).await.is_nothing());
    assert_eq!(merchant.numbers(), [1]);
    let simulator = bed.simulator.clone();
    let task = tokio::spawn(async move { simulator.run_delivery(std::future::pending()).await });
    for number in 2..12_u64 {
        assert_eq!(bed.sell(number, 100).await.status(), 200);
        assert_eq!(merchant.numbers().last(), Some(&json!(number)));
    }
    task.abort();
}

#[tokio::test]
async fn a_second_one_follows_an_upload_on_demand() {
    for (wanted, told) in [(false, 1), (true, 2)] {
        let setup = RegisterSetup {
            mode: Mode::SmartConnect,
            ..RegisterSetup::new(REGISTER)
        };
        let bed = Bed::with(setup).await;
        let merchant = Merchant::of(&bed, &[]).await;
        bed.switch(|switches| switches.webhook_after_upload = wanted);
        bed.simulator.set_tax_service(false);
        bed.sell(1, 100).await;
        bed.simulator.deliver_pending().await;
        bed.simulator.set_tax_service(true);
        bed.simulator.deliver_offline();
        bed.simulator.deliver_pending().await;
        let bodies = merchant.bodies();
        assert_eq!(bodies.len(), told);
        assert!(
            bodies
                .iter()
                .all(|body| body["uuid"] == bodies[0]["uuid"] && body["is_offline"] == true)
        );
    }
}

#[tokio::test]
async fn they_are_posted_as_they_fall_due_while_the_task_runs() {
    let bed = Bed::start().await;
    let merchant = Merchant::of(&bed, &[500]).await;
    let (over, simulator) = (CancellationToken::new(), bed.simulator.clone());
    let stop = over.clone().cancelled_owned();
    let task = tokio::spawn(async move { simulator.run_delivery(stop).await });
    bed.sell(1, 100).await;
    let attempts = || bed.simulator.deliveries(None)[0].attempts.len();
    eventually(|| attempts() == 1).await;
    eventually(|| bed.simulator.deliveries(None)[0].state == DeliveryState::Waiting).await;
    bed.simulator.advance_clock(Duration::from_secs(60));
    eventually(|| bed.simulator.deliveries(None)[0].state == DeliveryState::Taken).await;
    assert_eq!(merchant.numbers(), [1, 1]);
    over.cancel();
    super::soon(task).await.unwrap();
}

#[tokio::test]
async fn a_register_without_an_address_tells_nobody() {
    let bed = Bed::start().await;
    bed.sell(1, 100).await;
    assert_eq!(bed.simulator.deliveries(None).len(), 0);
    let merchant = Merchant::of(&bed, &[]).await;
    bed.sell(2, 100).await;
    bed.simulator.set_webhook(REGISTER, None);
    bed.simulator.deliver_pending().await;
    assert_eq!(
        (merchant.bodies().len(), bed.simulator.deliveries(None)[0].state),
        (0, DeliveryState::GivenUp)
    );
}
