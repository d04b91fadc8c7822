use super::receiver::Shop;
use super::*;

fn paid_at(sim: &Simulator, order_id: &str, url: &str) -> OrderRef {
    let terms = NewOrder {
        callback_url: Some(url.to_owned()),
        ..sheet_order(order_id, 26750, 805_243_692)
    };
    let order = sim.create_order(terms).unwrap();
    sim.pay(&order).unwrap();
    order
}

#[tokio::test]
async fn a_callback_is_posted_once_and_booked() {
    let sim = simulator();
    let shop = Shop::start(&[]).await;
    let order = paid_at(&sim, "shop-1001", &shop.url);
    let summary = sim.deliver_pending().await;
    assert_eq!((summary.tried, summary.acknowledged, summary.waiting), (1, 1, 0));
    assert_eq!(sim.deliver_pending().await.tried, 0);
    let got = &shop.got()[0];
    assert_eq!(got.headers["content-type"], "application/json; charset=UTF-8");
    assert!(got.headers["user-agent"].to_str().unwrap().contains("Twisted"));
    assert!(verifies(&got.body));
    let view = sim.order(TEST_MERCHANT, &order.order_id).unwrap();
    assert_eq!(view.acknowledgements.len(), 1);
    assert_eq!(view.acknowledgements[0].body, got.body);
    assert_eq!(
        (view.acknowledgements[0].status, view.acknowledgements[0].reversed),
        (Status::Approved, 0)
    );
}

#[tokio::test]
async fn a_form_callback_carries_the_same_signature() {
    let sim = simulator();
    let shop = Shop::start(&[]).await;
    let terms = NewOrder {
        callback_url: Some(shop.url.clone()),
        callback_format: Some(CallbackFormat::Form),
        ..sheet_order("shop-1001", 26750, 805_243_692)
    };
    sim.pay(&sim.create_order(terms).unwrap()).unwrap();
    sim.deliver_pending().await;
    let got = &shop.got()[0];
    assert_eq!(got.headers["content-type"], "application/x-www-form-urlencoded");
    let body = String::from_utf8(got.body.to_vec()).unwrap();
    assert!(body.contains("signature=25198896733aba276e23113a9a03202aeee25209"));
    assert!(body.contains("sender_email=buyer%40shop.example"));
}

#[tokio::test]
async fn an_acknowledged_callback_can_be_sent_again_by_hand() {
    let sim = simulator();
    let shop = Shop::start(&[]).await;
    let order = paid_at(&sim, "a", &shop.url);
    sim.deliver_pending().await;
    sim.advance(Duration::from_secs(86_400));
    sim.resend(sim.callbacks(&order).unwrap()[0].id);
    assert_eq!(sim.deliver_pending().await.acknowledged, 1);
    assert_eq!(shop.bodies()[0], shop.bodies()[1]);
}

#[tokio::test]
async fn anything_but_200_brings_it_again_on_the_gateways_schedule() {
    let sim = simulator();
    let shop = Shop::start(&[503, 302, 201, 400, 204, 500, 503]).await;
    let order = paid_at(&sim, "a", &shop.url);
    let start = sim.clock().now_ms();
    sim.deliver_pending().await;
    for (delay, given_up) in [(2, 0), (60, 0), (300, 0), (600, 0), (3600, 0), (86400, 1)] {
        sim.advance(Duration::from_millis(delay * 1000 - 1));
        assert_eq!(sim.deliver_pending().await.tried, 0, "{delay} s are not over");
        sim.advance(Duration::from_millis(1));
        let summary = sim.deliver_pending().await;
        assert_eq!((summary.tried, summary.failed, summary.given_up), (1, 1, given_up));
    }
    let attempts = sim.attempts();
    assert_eq!(attempts.len(), 7);
    assert_eq!(attempts[1].outcome, AttemptOutcome::Refused(302));
    assert_eq!((attempts[6].number, attempts[6].at_ms - start), (7, 90_962_000));
    let callback = sim.callbacks(&order).unwrap().pop().unwrap();
    assert!(callback.finished && !callback.acknowledged);
    assert_eq!(shop.bodies().len(), 7);
    assert!(shop.bodies().iter().all(|body| *body == callback.body));
}

#[tokio::test]
async fn a_compressed_schedule_repeats_until_acknowledged() {
    let clock = Clock::virtual_time();
    let retry_schedule = RetrySchedule::repeating([50, 200, 1000].map(Duration::from_millis).to_vec());
    let sim = Simulator::new(Config {
        clock,
        retry_schedule,
        ..Config::default()
    });
    let shop = Shop::start(&[503; 20]).await;
    paid_at(&sim, "a", &shop.url);
    while sim.deliver_pending().await.waiting > 0 {
        sim.advance(Duration::from_secs(1));
    }
    assert_eq!(shop.bodies().len(), 21);
    assert_eq!(sim.order(TEST_MERCHANT, "a").unwrap().acknowledgements.len(), 1);
}

#[tokio::test]
async fn nobody_listening_and_nobody_answering_are_failures() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sim = Simulator::new(Config {
        clock: Clock::virtual_time(),
        callback_timeout: Duration::from_millis(50),
        ..Config::default()
    });
    paid_at(&sim, "gone", &gone);
    paid_at(&sim, "silent", &format!("http://{}/", silent.local_addr().unwrap()));
    paid_at(&sim, "secure", "https://127.0.0.1/");
    assert_eq!(sim.deliver_pending().await.failed, 3);
    let of = |order_id: &str| {
        sim.attempts()
            .into_iter()
            .find(|attempt| attempt.order.order_id == order_id)
            .unwrap()
            .outcome
    };
    assert!(matches!(of("gone"), AttemptOutcome::Broken(_)));
    assert!(matches!(of("secure"), AttemptOutcome::Broken(_)));
    assert_eq!(of("silent"), AttemptOutcome::TimedOut);
}

#[tokio::test]
async fn the_delivery_loop_wakes_for_each_new_callback() {
    let sim = Simulator::new(Config::default());
    let shop = Shop::start(&[]).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn({
        let sim = sim.clone();
        async move { sim.run_delivery(async { drop(stopped.await) }).await }
    });
    for n in 0..200 {
        paid_at(&sim, &format!("a-{n}"), &shop.url);
        if n % 10 == 0 {
            tokio::task::yield_now().await;
        }
    }
    let all = async {
        while sim.orders().iter().any(|order| order.acknowledgements.is_empty()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all)
        .await
        .expect("all delivered");
    stop.send(()).unwrap();
    running.await.unwrap();
    assert_eq!(shop.bodies().len(), 200);
}

#[tokio::test]
async fn a_stopped_loop_puts_back_what_was_under_way() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sim = Simulator::new(Config::default());
    paid_at(&sim, "a", &format!("http://{}/", silent.local_addr().unwrap()));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn({
        let sim = sim.clone();
        async move { sim.run_delivery(async { drop(stopped.await) }).await }
    });
    let (_open, _) = silent.accept().await.unwrap();
    assert_eq!(sim.waiting_callbacks(), 0);
    stop.send(()).unwrap();
    running.await.unwrap();
    assert_eq!(sim.waiting_callbacks(), 1);
}

#[tokio::test]
async fn taken_callbacks_are_the_tests_own() {
    let sim = simulator();
    let shop = Shop::start(&[]).await;
    let order = paid_at(&sim, "a", &shop.url);
    let taken = sim.take_callbacks();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].body, sim.callback_for(&order).unwrap().body);
    assert_eq!(sim.deliver_pending().await.tried, 0);
    sim.acknowledge(taken[0].id);
    assert_eq!(
        sim.order(TEST_MERCHANT, "a").unwrap().acknowledgements[0].body,
        taken[0].body
    );
}
