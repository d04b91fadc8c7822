use super::*;
use crate::fault::{Chaos, Rate};

/// A payment whose callback meets `fault`, delivered at once and again after the first retry delay.
async fn after(fault: CallbackFault, answers: &[u16]) -> (liqpay::Simulator, Vec<Got>) {
    let (sim, shop) = (simulator(), Shop::start(answers).await);
    sim.inject(Fault::once(fault));
    sim.paid(NewPayment::new("a", 26_750).callback_url(&shop.url)).unwrap();
    sim.deliver_pending().await;
    sim.advance(Duration::from_secs(60));
    sim.deliver_pending().await;
    let got = shop.got();
    (sim, got)
}

#[tokio::test]
async fn a_dropped_callback_comes_with_the_retry_and_a_lost_one_never() {
    let (sim, got) = after(CallbackFault::Drop, &[]).await;
    assert_eq!(got.len(), 1);
    let outcomes: Vec<AttemptOutcome> = sim.attempts().into_iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(outcomes, [AttemptOutcome::Dropped, AttemptOutcome::Acknowledged]);
    let (sim, got) = after(CallbackFault::Lose, &[]).await;
    for _ in 0..6 {
        sim.advance(Duration::from_secs(86_400));
        sim.deliver_pending().await;
    }
    assert_eq!((got.len(), sim.waiting_callbacks()), (0, 0));
    assert!(
        sim.attempts()
            .iter()
            .all(|attempt| attempt.outcome == AttemptOutcome::Dropped)
    );
}

#[tokio::test]
async fn a_duplicate_is_the_same_body_again() {
    let (sim, got) = after(CallbackFault::Duplicate { copies: 2 }, &[]).await;
    assert_eq!(got.len(), 3);
    assert!(got.iter().all(|one| one.body == got[0].body));
    assert_eq!(sim.payments()[0].acknowledgements.len(), 3);
}

#[tokio::test]
async fn a_delayed_callback_waits_its_time() {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    let day = Duration::from_secs(86_400);
    sim.inject(Fault::once(CallbackFault::Delay { by: day }));
    sim.paid(NewPayment::new("a", 1).callback_url(&shop.url)).unwrap();
    assert_eq!(sim.deliver_pending().await.next_in, Some(day));
    sim.advance(day);
    assert_eq!(sim.deliver_pending().await.acknowledged, 1);
}

#[tokio::test]
async fn a_reordered_callback_is_overtaken_by_the_next_or_comes_late() {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    sim.inject(Fault::once(CallbackFault::Reorder));
    let id = sim.paid(NewPayment::new("a", 26_750).callback_url(&shop.url)).unwrap();
    assert_eq!(sim.deliver_pending().await.tried, 0);
    sim.refund_all(id).unwrap();
    assert_eq!(sim.deliver_pending().await.acknowledged, 2);
    let states: Vec<Value> = shop.got().iter().map(|got| got.data()["status"].clone()).collect();
    assert_eq!(states, ["reversed", "success"]);
    assert_eq!(after(CallbackFault::Reorder, &[]).await.1.len(), 1);
}

#[tokio::test]
async fn an_old_snapshot_is_replayed_after_a_new_one() {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    let id = sim.paid(NewPayment::new("a", 26_750).callback_url(&shop.url)).unwrap();
    sim.deliver_pending().await;
    sim.inject(Fault::once(CallbackFault::ReplayOld).only("a"));
    sim.refund(id, 12_750).unwrap();
    sim.deliver_pending().await;
    let got = shop.got();
    assert_eq!(got.len(), 3);
    assert_eq!(got[0].body, got[2].body);
    let refunded: Vec<u64> = sim.payments()[0]
        .acknowledgements
        .iter()
        .map(|one| one.refunded)
        .collect();
    assert_eq!(refunded, [0, 12_750, 0]);
}

#[tokio::test]
async fn spoilt_bodies_fail_as_meant_and_the_retry_is_clean() {
    type Check = fn(&Got) -> bool;
    let table: [(CallbackFault, Check); 3] = [
        (CallbackFault::WrongSignature, |got| {
            !liqpay_verifies(got) && got.data()["status"] == "success"
        }),
        (CallbackFault::TruncatedBody, |got| !liqpay_verifies(got)),
        (CallbackFault::WrongContentType, |got| {
            liqpay_verifies(got) && got.header("content-type") == "application/json"
        }),
    ];
    for (fault, check) in table {
        let (_, got) = after(fault.clone(), &[400]).await;
        assert_eq!(got.len(), 2, "{fault:?}");
        assert!(check(&got[0]), "{fault:?}");
        assert!(liqpay_verifies(&got[1]), "{fault:?}");
    }
    let (_, got) = after(CallbackFault::UnknownField, &[]).await;
    assert!(liqpay_verifies(&got[0]) && got[0].data()["loyalty_points"] == 7);
}

#[tokio::test]
async fn a_reset_connection_is_tried_again_and_a_slow_body_arrives_whole() {
    let (sim, got) = after(CallbackFault::Reset, &[]).await;
    assert_eq!(got.len(), 1);
    assert!(matches!(sim.attempts()[0].outcome, AttemptOutcome::Broken(_)));
    let over = Duration::from_millis(30);
    let (sim, got) = after(CallbackFault::SlowSend { over }, &[]).await;
    assert!(got.len() == 1 && liqpay_verifies(&got[0]));
    assert_eq!(sim.attempts()[0].outcome, AttemptOutcome::Acknowledged);
}

#[tokio::test]
async fn faults_meet_the_orders_they_are_meant_for_and_the_same_seed_the_same_ones() {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    sim.inject(Fault::lasting(CallbackFault::Drop).only("bad-*"));
    for order in ["bad-1", "good", "bad-2"] {
        sim.paid(NewPayment::new(order, 1).callback_url(&shop.url)).unwrap();
    }
    assert_eq!(sim.deliver_pending().await.acknowledged, 1);
    let run = |seed: u64| {
        let sim = simulator();
        let rates = vec![Rate {
            kind: CallbackFault::Drop,
            per_mille: 500,
        }];
        sim.set_chaos(Some(Chaos { seed, rates }));
        for n in 0..40 {
            sim.paid(NewPayment::new(&n.to_string(), 1)).unwrap();
        }
        let books = sim.lock();
        let faulty = |n: usize| books.outbox.get(n).unwrap().fault.is_some();
        (0..40).map(faulty).collect::<Vec<bool>>()
    };
    let first = run(7);
    assert!((5..35).contains(&first.iter().filter(|dropped| **dropped).count()));
    assert_eq!(first, run(7));
    assert_ne!(first, run(8));
}
