use super::*;

fn paid_at(sim: &liqpay::Simulator, order_id: &str, url: &str) -> PaymentId {
    sim.paid(NewPayment::new(order_id, 26_750).callback_url(url)).unwrap()
}

#[tokio::test]
async fn a_callback_is_posted_once_and_booked() {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    let id = paid_at(&sim, "shop-1001", &shop.url);
    let summary = sim.deliver_pending().await;
    assert_eq!((summary.tried, summary.acknowledged, summary.waiting), (1, 1, 0));
    assert_eq!(sim.deliver_pending().await.tried, 0);
    let got = &shop.got()[0];
    assert!(liqpay_verifies(got));
    let booked = sim.payment(id).unwrap().acknowledgements;
    assert_eq!((booked.len(), booked[0].stage, booked[0].refunded), (1, Stage::Paid, 0));
    assert_eq!(booked[0].body, got.body);
    assert_eq!(sim.attempts()[0].outcome, AttemptOutcome::Acknowledged);
}

#[tokio::test]
async fn anything_but_200_brings_it_again_until_the_system_gives_up() {
    let (sim, shop) = (simulator(), Shop::start(&[503, 302, 201, 400, 500]).await);
    let id = paid_at(&sim, "a", &shop.url);
    sim.deliver_pending().await;
    for (delay, given_up) in [(60, 0), (300, 0), (900, 0), (3600, 1)] {
        sim.advance(Duration::from_millis(delay * 1000 - 1));
        assert_eq!(sim.deliver_pending().await.tried, 0, "{delay} s are not over");
        sim.advance(Duration::from_millis(1));
        let summary = sim.deliver_pending().await;
        assert_eq!((summary.failed, summary.given_up), (1, given_up));
    }
    let attempts = sim.attempts();
    assert_eq!((attempts.len(), attempts[4].number), (5, 5));
    assert_eq!(attempts[1].outcome, AttemptOutcome::Refused(302));
    let callback = sim.callbacks(id).unwrap().pop().unwrap();
    assert!(callback.finished && !callback.acknowledged);
    assert!(shop.got().iter().all(|got| got.body == callback.body));
}

#[tokio::test]
async fn nobody_listening_and_nobody_answering_are_failures() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sim = liqpay::Simulator::new(Config {
        callback_timeout: Duration::from_millis(50),
        ..config()
    });
    let gone = paid_at(&sim, "gone", &gone);
    let silent = paid_at(&sim, "silent", &format!("http://{}/", silent.local_addr().unwrap()));
    let secure = paid_at(&sim, "secure", "https://127.0.0.1/");
    assert_eq!(sim.deliver_pending().await.failed, 3);
    let of = |id: PaymentId| {
        let attempts = sim.attempts().into_iter();
        attempts
            .filter(|attempt| attempt.payment == id)
            .map(|attempt| attempt.outcome)
            .next()
    };
    assert!(matches!(of(gone), Some(AttemptOutcome::Broken(_))));
    assert!(matches!(of(secure), Some(AttemptOutcome::Broken(_))));
    assert_eq!(of(silent), Some(AttemptOutcome::TimedOut));
}

#[tokio::test]
async fn the_delivery_loop_wakes_for_each_new_callback_and_puts_back_what_it_cannot_finish() {
    let sim = liqpay::Simulator::new(Config::default());
    let shop = Shop::start(&[]).await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn({
        let sim = sim.clone();
        async move { sim.run_delivery(async { drop(stopped.await) }).await }
    });
    for n in 0..50 {
        paid_at(&sim, &format!("a-{n}"), &shop.url);
        tokio::task::yield_now().await;
    }
    let all = async {
        while sim.payments().iter().any(|payment| payment.acknowledgements.is_empty()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all).await.unwrap();
    paid_at(&sim, "late", &format!("http://{}/", silent.local_addr().unwrap()));
    let (_open, _) = silent.accept().await.unwrap();
    assert_eq!((sim.waiting_callbacks(), sim.open_callbacks()), (0, 1));
    stop.send(()).unwrap();
    running.await.unwrap();
    assert_eq!((sim.waiting_callbacks(), sim.open_callbacks()), (1, 1));
}

#[tokio::test]
async fn taken_callbacks_are_the_tests_own_and_sent_ones_can_be_sent_again() {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    let id = paid_at(&sim, "a", &shop.url);
    let taken = sim.take_callbacks();
    assert_eq!(taken.len(), 1);
    let now = sim.callback_for(id, None).unwrap().unwrap();
    assert_eq!(
        (taken[0].body.clone(), taken[0].content_type),
        (now.body, now.content_type)
    );
    assert_eq!(sim.deliver_pending().await.tried, 0);
    sim.acknowledge(taken[0].id);
    assert_eq!(sim.payment(id).unwrap().acknowledgements.len(), 1);
    sim.resend(taken[0].id);
    assert_eq!(sim.deliver_pending().await.acknowledged, 1);
    sim.announce(id).unwrap();
    assert_eq!(sim.deliver_pending().await.acknowledged, 1);
    assert_eq!(shop.got()[0].body, shop.got()[1].body);
}

#[tokio::test]
async fn without_an_address_nothing_is_sent() {
    let sim = simulator();
    let id = sim.paid(NewPayment::new("a", 1)).unwrap();
    assert_eq!(sim.deliver_pending().await.tried, 0);
    assert_eq!(sim.callbacks(id).unwrap().len(), 1);
}
