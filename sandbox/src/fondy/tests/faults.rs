use super::receiver::Shop;
use super::*;

async fn bed(answers: &[u16]) -> (Simulator, Shop, OrderRef) {
    let sim = simulator();
    let shop = Shop::start(answers).await;
    let terms = NewOrder {
        callback_url: Some(shop.url.clone()),
        ..sheet_order("shop-1001", 26750, 805_243_692)
    };
    let order = sim.create_order(terms).unwrap();
    (sim, shop, order)
}

/// Injects `fault` into the payment's callback, delivers at once and again after the first retry delay.
async fn after(fault: Fault, answers: &[u16]) -> (Simulator, Vec<receiver::Got>) {
    let (sim, shop, order) = bed(answers).await;
    sim.inject(&order, fault).unwrap();
    sim.pay(&order).unwrap();
    sim.deliver_pending().await;
    sim.advance(Duration::from_secs(2));
    sim.deliver_pending().await;
    (sim, shop.got())
}

#[tokio::test]
async fn a_duplicate_is_the_same_body_again() {
    let (sim, got) = after(Fault::Duplicate(2), &[]).await;
    assert_eq!(got.len(), 3);
    assert!(got.iter().all(|one| one.body == got[0].body));
    assert_eq!(sim.orders()[0].acknowledgements.len(), 3);
}

#[tokio::test]
async fn a_dropped_callback_comes_with_the_retry() {
    let (sim, got) = after(Fault::Drop, &[]).await;
    assert_eq!(got.len(), 1);
    let outcomes: Vec<AttemptOutcome> = sim.attempts().into_iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(outcomes, [AttemptOutcome::Dropped, AttemptOutcome::Acknowledged]);
}

#[tokio::test]
async fn a_delayed_callback_waits_its_time() {
    let (sim, shop, order) = bed(&[]).await;
    sim.inject(&order, Fault::Delay(Duration::from_secs(86_400))).unwrap();
    sim.pay(&order).unwrap();
    assert_eq!(sim.deliver_pending().await.next_in, Some(Duration::from_secs(86_400)));
    sim.advance(Duration::from_secs(86_400));
    sim.deliver_pending().await;
    assert_eq!(shop.bodies().len(), 1);
}

#[tokio::test]
async fn a_reordered_callback_is_overtaken_by_the_next() {
    let (sim, shop, order) = bed(&[]).await;
    sim.inject(&order, Fault::Reorder).unwrap();
    sim.pay(&order).unwrap();
    assert_eq!(sim.deliver_pending().await.tried, 0);
    sim.reverse(&order, 12750).unwrap();
    assert_eq!(sim.deliver_pending().await.acknowledged, 2);
    let reversed: Vec<Value> = shop
        .bodies()
        .iter()
        .map(|body| json(body)["reversal_amount"].clone())
        .collect();
    assert_eq!(reversed, ["12750", "0"]);
}

#[tokio::test]
async fn a_reordered_callback_without_a_next_comes_after_the_first_delay() {
    let (_, got) = after(Fault::Reorder, &[]).await;
    assert_eq!(got.len(), 1);
}

#[tokio::test]
async fn an_old_snapshot_is_replayed_after_a_new_one() {
    let (sim, shop, order) = bed(&[]).await;
    sim.pay(&order).unwrap();
    sim.deliver_pending().await;
    sim.inject(&order, Fault::ReplayOld).unwrap();
    sim.reverse(&order, 12750).unwrap();
    sim.deliver_pending().await;
    let bodies = shop.bodies();
    assert_eq!(bodies.len(), 3);
    assert_eq!(bodies[0], bodies[2]);
    assert!(verifies(&bodies[2]));
    let acknowledged: Vec<u64> = sim.orders()[0]
        .acknowledgements
        .iter()
        .map(|one| one.reversed)
        .collect();
    assert_eq!(acknowledged, [0, 12750, 0]);
}

/// The first body is refused by a shop that checks; the retry is the true one.
#[tokio::test]
async fn spoilt_bodies_fail_as_meant_and_the_retry_is_clean() {
    let true_signature = "25198896733aba276e23113a9a03202aeee25209";
    type Check = fn(&receiver::Got) -> bool;
    let table: [(Fault, Check); 4] = [
        (Fault::CorruptSignature, |got| {
            !verifies(&got.body) && json(&got.body)["amount"] == "26750"
        }),
        (Fault::UpperCaseSignature, |got| {
            json(&got.body)["signature"] == "25198896733aba276e23113a9a03202aeee25209".to_uppercase().as_str()
        }),
        (Fault::TruncatedBody, |got| {
            serde_json::from_slice::<Value>(&got.body).is_err()
        }),
        (Fault::WrongContentType, |got| {
            got.headers["content-type"] == "application/x-www-form-urlencoded" && verifies(&got.body)
        }),
    ];
    for (fault, check) in table {
        let (_, got) = after(fault, &[400]).await;
        assert_eq!(got.len(), 2, "{fault:?}");
        assert!(check(&got[0]), "{fault:?}");
        assert!(verifies(&got[1].body), "{fault:?}");
        assert_eq!(json(&got[1].body)["signature"], true_signature);
    }
}

#[tokio::test]
async fn an_unknown_field_is_signed_and_a_renamed_one_keeps_the_signature() {
    let (_, got) = after(Fault::UnknownField, &[]).await;
    let body = json(&got[0].body);
    assert!(verifies(&got[0].body) && body["loyalty_points"] == "7");
    assert_ne!(body["signature"], "25198896733aba276e23113a9a03202aeee25209");
    let (_, got) = after(Fault::RenamedField, &[]).await;
    let body = json(&got[0].body);
    assert!(verifies(&got[0].body) && body.get("reversal_amount").is_none());
    assert_eq!(body["signature"], "25198896733aba276e23113a9a03202aeee25209");
}

#[tokio::test]
async fn a_reset_connection_is_tried_again() {
    let (sim, got) = after(Fault::Reset, &[]).await;
    assert_eq!(got.len(), 1);
    assert!(matches!(sim.attempts()[0].outcome, AttemptOutcome::Broken(_)));
    assert_eq!(sim.attempts()[1].outcome, AttemptOutcome::Acknowledged);
}

#[tokio::test]
async fn a_slow_body_arrives_whole() {
    let (sim, got) = after(Fault::SlowSend(Duration::from_millis(30)), &[]).await;
    assert_eq!(got.len(), 1);
    assert!(verifies(&got[0].body));
    assert_eq!(sim.attempts()[0].outcome, AttemptOutcome::Acknowledged);
}

#[test]
fn the_payment_id_may_be_too_big_for_a_float() {
    let sim = simulator();
    sim.set_fault_rates(FaultRates {
        big_payment_id: 1000,
        ..FaultRates::default()
    });
    let order = sim
        .create_order(NewOrder {
            payment_id: None,
            ..sheet_order("a", 100, 0)
        })
        .unwrap();
    sim.pay(&order).unwrap();
    let body = sim.callback_for(&order).unwrap().body;
    assert!(json(&body)["payment_id"].as_u64().unwrap() > 1 << 53);
    assert!(verifies(&body));
}

#[tokio::test]
async fn the_same_seed_gives_the_same_faults() {
    let run = |seed: u64| async move {
        let sim = Simulator::new(Config {
            seed,
            clock: Clock::virtual_time(),
            ..Config::default()
        });
        sim.set_fault_rates(FaultRates {
            drop: 500,
            ..FaultRates::default()
        });
        let shop = Shop::start(&[]).await;
        for n in 0..40 {
            let terms = NewOrder {
                callback_url: Some(shop.url.clone()),
                ..sheet_order(&format!("a-{n}"), 100, n)
            };
            sim.pay(&sim.create_order(terms).unwrap()).unwrap();
        }
        sim.deliver_pending().await;
        let dropped = sim
            .attempts()
            .into_iter()
            .filter(|attempt| attempt.outcome == AttemptOutcome::Dropped);
        let mut dropped: Vec<String> = dropped.map(|attempt| attempt.order.order_id).collect();
        dropped.sort();
        dropped
    };
    let first = run(7).await;
    assert!((5..35).contains(&first.len()));
    assert_eq!(first, run(7).await);
    assert_ne!(first, run(8).await);
}
