//! Callbacks: after `done` or `fail`, and what can go wrong with them (sheet §6.1, §16.7).

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::shop::{self, Shop};

/// Somebody who takes callbacks; stops when dropped.
struct Receiver {
    shop: Shop,
    url: String,
    over: CancellationToken,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.over.cancel();
    }
}

impl Receiver {
    async fn start() -> Self {
        let shop = Shop::new(shop::Config::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/atol/cb/7f3a?till=1", listener.local_addr().unwrap());
        let over = CancellationToken::new();
        tokio::spawn(shop::serve(listener, shop.clone(), over.clone().cancelled_owned()));
        Self { shop, url, over }
    }

    /// Registers a sale that is told here; its uuid.
    async fn sell(&self, bed: &Bed, external_id: &str) -> String {
        let body = with(sale(Version::V4, external_id), "/service/callback_url", json!(self.url));
        let reply = soon(bed.register(V4, "sell", &body)).await;
        reply.json()["uuid"]
            .as_str()
            .unwrap_or_else(|| panic!("{reply:?}"))
            .to_owned()
    }

    /// Waits for so many callbacks in all; their bodies.
    async fn told(&self, count: usize) -> Vec<Value> {
        let requests = soon(self.shop.wait_for(count)).await;
        requests
            .iter()
            .map(|request| serde_json::from_slice(&request.body).unwrap())
            .collect()
    }
}

/// Waits until nothing is being sent; how many callbacks there were.
async fn settled(bed: &Bed) -> usize {
    let quiet = || {
        let sent = bed.simulator.callbacks(V4);
        let under_way = sent.iter().any(|sent| sent.delivery == Delivery::Sending);
        bed.simulator.callbacks_waiting() == 0 && !under_way
    };
    eventually(quiet).await;
    bed.simulator.callbacks(V4).len()
}

fn fails() -> Fault {
    Fault::once(FaultKind::Fails {
        error_type: ErrorType::Driver,
        code: 36,
        prints: false,
    })
}

#[tokio::test]
async fn a_callback_is_the_report_posted_after_done_and_after_fail() {
    let bed = Bed::start().await;
    let receiver = Receiver::start().await;
    for (number, status) in [(1, "done"), (2, "fail")] {
        if status == "fail" {
            bed.simulator.inject(fails());
        }
        let uuid = receiver.sell(&bed, &format!("shop-{number}")).await;
        assert_eq!(settled(&bed).await, number - 1, "never for wait");
        bed.advance(SECOND);
        let told = receiver.told(number).await.pop().unwrap();
        assert_eq!(told["status"], status);
        assert_eq!(told, bed.report(V4, &uuid).await.json());
        assert_eq!(told["callback_url"], receiver.url.as_str());
    }
    let requests = receiver.shop.requests();
    let request = requests.first().unwrap();
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/atol/cb/7f3a?till=1")
    );
    let content_type = request.headers.iter().find(|(name, _)| name == "content-type").unwrap();
    assert_eq!(content_type.1, "application/json; charset=utf-8");
    assert_eq!(settled(&bed).await, 2);
    let sent = bed.simulator.callbacks(V4);
    assert!(
        sent.iter()
            .all(|sent| sent.delivery == Delivery::Answered(200) && !sent.forged),
        "{sent:?}"
    );
}

#[tokio::test]
async fn the_switches_decide_how_often_and_when_it_is_posted() {
    let every = SECOND * 60;
    for (kind, at_once, an_hour_later) in [
        (FaultKind::NoCallback, 0, 0),
        (FaultKind::LateCallback { by: SECOND * 301 }, 0, 1),
        (
            FaultKind::RepeatedCallback {
                copies: 2,
                every: Duration::ZERO,
            },
            2,
            2,
        ),
        (FaultKind::RepeatedCallback { copies: 5, every }, 1, 5),
        (FaultKind::RepeatedCallback { copies: 9, every }, 1, 5),
    ] {
        let bed = Bed::start().await;
        let receiver = Receiver::start().await;
        bed.simulator.inject(Fault::once(kind.clone()));
        let uuid = receiver.sell(&bed, "shop-1").await;
        bed.advance(SECOND);
        receiver.told(at_once).await;
        eventually(|| bed.simulator.callbacks(V4).len() == at_once).await;
        assert_eq!(bed.simulator.printed(V4, "shop-1"), 1, "{kind:?}");
        bed.advance(SECOND * 3600);
        let told = receiver.told(an_hour_later).await;
        assert_eq!(settled(&bed).await, an_hour_later, "{kind:?}");
        assert!(told.iter().all(|told| told["uuid"] == uuid.as_str()), "{kind:?}");
        assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{kind:?}");
        assert_eq!(bed.simulator.printed(V4, "shop-1"), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_url_outside_the_mask_is_accepted_warned_of_and_never_posted_to() {
    let bed = Bed::start().await;
    let body = with(
        sale(Version::V4, "shop-1"),
        "/service/callback_url",
        json!("http://u:p@gw.example/cb"),
    );
    let reply = bed.register(V4, "sell", &body).await;
    assert_eq!(reply.status(), 200);
    bed.advance(SECOND);
    let result = bed.report(V4, reply.json()["uuid"].as_str().unwrap()).await.json();
    assert_eq!(
        (&result["status"], result["warnings"]["callback_url"].is_string()),
        (&json!("done"), true)
    );
    assert_eq!(settled(&bed).await, 0);
    assert_eq!(bed.simulator.accepted(V4)[0].callback_url, None);
}

#[tokio::test]
async fn a_refusing_receiver_is_not_asked_again() {
    let bed = Bed::start().await;
    let receiver = Receiver::start().await;
    receiver.shop.inject(shop::Fault::once(shop::FaultKind::status(500)));
    receiver.sell(&bed, "shop-1").await;
    bed.advance(SECOND);
    receiver.told(1).await;
    settled(&bed).await;
    receiver.shop.shut().await;
    receiver.sell(&bed, "shop-2").await;
    bed.advance(SECOND);
    settled(&bed).await;
    bed.advance(SECOND * 3600);
    assert_eq!(settled(&bed).await, 2);
    let deliveries: Vec<_> = bed
        .simulator
        .callbacks(V4)
        .into_iter()
        .map(|sent| sent.delivery)
        .collect();
    assert_eq!(deliveries, [Delivery::Answered(500), Delivery::Failed]);
    assert_eq!(bed.simulator.documents(V4).len(), 2);
}

#[tokio::test]
async fn a_slow_receiver_holds_nobody_up() {
    let bed = Bed::start().await;
    let receiver = Receiver::start().await;
    receiver.shop.inject(shop::Fault::once(shop::FaultKind::Hang));
    receiver.sell(&bed, "slow").await;
    bed.advance(SECOND);
    receiver.told(1).await;
    receiver.sell(&bed, "quick").await;
    bed.advance(SECOND);
    receiver.told(2).await;
    eventually(|| {
        bed.simulator
            .callbacks(V4)
            .iter()
            .any(|sent| sent.delivery == Delivery::Answered(200))
    })
    .await;
    let sent = bed.simulator.callbacks(V4);
    assert_eq!(
        (sent[0].external_id.as_str(), sent[0].delivery),
        ("slow", Delivery::Sending)
    );
}

#[tokio::test]
async fn a_silent_receiver_is_given_up() {
    let bed = Bed::with(Config {
        callback_timeout: Duration::from_millis(30),
        ..Config::default()
    })
    .await;
    let receiver = Receiver::start().await;
    receiver.shop.inject(shop::Fault::once(shop::FaultKind::Hang));
    receiver.sell(&bed, "shop-1").await;
    bed.advance(SECOND);
    receiver.told(1).await;
    settled(&bed).await;
    assert_eq!(bed.simulator.callbacks(V4)[0].delivery, Delivery::Failed);
}

#[tokio::test]
async fn a_callback_can_come_before_the_registrations_answer() {
    let bed = Bed::start().await;
    let receiver = Receiver::start().await;
    bed.simulator.inject(Fault::once(FaultKind::CallbackFirst));
    let uuid = receiver.sell(&bed, "shop-1").await;
    // The clock has not moved, and the answer came only now.
    let told = receiver.told(1).await.pop().unwrap();
    assert_eq!((&told["uuid"], &told["status"]), (&json!(uuid), &json!("done")));
    assert_eq!(bed.simulator.callbacks(V4)[0].delivery, Delivery::Answered(200));
    bed.simulator.inject(Fault::once(FaultKind::CallbackFirst));
    bed.sell(V4, "nobody-is-told").await;
    bed.simulator.set_registers_on(V4, 0);
    bed.simulator.inject(Fault::once(FaultKind::CallbackFirst));
    receiver.sell(&bed, "nobody-prints").await;
    assert_eq!(bed.simulator.callbacks(V4).len(), 1);
}

#[tokio::test]
async fn a_forged_callback_lies_and_the_report_does_not() {
    let lies = [
        (json!({ "kind": "forged-callback", "total": 100 }), "done", json!(1.0)),
        (
            json!({ "kind": "forged-callback", "status": "fail" }),
            "fail",
            Value::Null,
        ),
    ];
    for (fault, status, total) in lies {
        let bed = Bed::start().await;
        let receiver = Receiver::start().await;
        bed.simulator.inject(serde_json::from_value(fault).unwrap());
        let uuid = receiver.sell(&bed, "shop-1").await;
        bed.advance(SECOND);
        let told = receiver.told(1).await.pop().unwrap();
        assert_eq!((&told["status"], &told["payload"]["total"]), (&json!(status), &total));
        assert_eq!(told["error"].is_object(), status == "fail");
        let report = bed.report(V4, &uuid).await.json();
        assert_eq!(
            (&report["status"], &report["payload"]["total"]),
            (&json!("done"), &json!(300.0))
        );
        assert!(bed.simulator.callbacks(V4)[0].forged);
    }
}

#[tokio::test]
async fn a_stranger_can_tell_of_a_document_that_still_waits() {
    let bed = Bed::start().await;
    let receiver = Receiver::start().await;
    let uuid = receiver.sell(&bed, "shop-1").await;
    let done = Forgery {
        status: Some(Status::Done),
        total: None,
    };
    assert!(
        !bed.simulator.forge_callback(V4, &uuid, Forgery::default()),
        "wait is never posted"
    );
    assert!(!bed.simulator.forge_callback(V4, "unheard", done));
    assert!(bed.simulator.forge_callback(V4, &uuid, done));
    let told = receiver.told(1).await.pop().unwrap();
    assert_eq!((&told["uuid"], &told["status"]), (&json!(uuid), &json!("done")));
    assert!(told["payload"]["fiscal_document_number"].is_u64());
    assert_eq!(bed.report(V4, &uuid).await.refusal(), (200, 34));
    assert_eq!(bed.simulator.documents(V4).len(), 0);
}
