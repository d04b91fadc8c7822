use domain::event::Event;
use ledger::events::{NewEvent, Origin, Recorded};

use super::bed::{Bed, NOW, incoming, on_each, paid, refunded, till};
use super::opening::futures;

/// What happened to each of a batch, and which of the batch's new events it was, as text:
/// `new`, `again 0` (the first one's id again), `conflict 0`.
fn told(batch: &[Recorded], ids: &mut Vec<domain::ids::EventId>) -> Vec<String> {
    let place = |ids: &[_], id| ids.iter().position(|known| *known == id).unwrap();
    batch
        .iter()
        .map(|recorded| match *recorded {
            Recorded::New(id) => {
                assert!(!ids.contains(&id));
                ids.push(id);
                "new".to_owned()
            }
            Recorded::Repeated(id) => format!("again {}", place(ids, id)),
            Recorded::Conflict(id) => format!("conflict {}", place(ids, id)),
        })
        .collect()
}

async fn check(bed: &Bed, ids: &mut Vec<domain::ids::EventId>, batch: &[NewEvent], expected: &[&str]) {
    let recorded = bed.ledger.record_events(batch).await.unwrap();
    assert_eq!(told(&recorded, ids), expected);
}

#[tokio::test]
async fn each_event_of_a_batch_is_answered_in_order() {
    on_each(async |bed| {
        let mut ids = Vec::new();
        let one = incoming("k1", paid("A-1", 100));
        let other = incoming("k1", paid("A-1", 200));
        let two = incoming("k2", paid("A-2", 100));
        let three = incoming("k3", paid("A-3", 100));
        check(&bed, &mut ids, &[], &[]).await;
        check(&bed, &mut ids, std::slice::from_ref(&one), &["new"]).await;
        check(&bed, &mut ids, std::slice::from_ref(&one), &["again 0"]).await;
        check(
            &bed,
            &mut ids,
            &[two.clone(), other, one, three.clone(), two, three],
            &["new", "conflict 0", "again 0", "new", "again 1", "again 2"],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_key_twice_in_one_batch_is_one_event() {
    on_each(async |bed| {
        let mut ids = Vec::new();
        let batch = [
            incoming("k", paid("A-1", 100)),
            incoming("k", paid("A-1", 100)),
            incoming("k", paid("A-1", 999)),
        ];
        check(&bed, &mut ids, &batch, &["new", "again 0", "conflict 0"]).await;
        let stored = bed.waiting(ids[0]).await.unwrap();
        assert_eq!(stored.event, paid("A-1", 100), "the first one counts");
    })
    .await;
}

#[tokio::test]
async fn a_conflict_is_an_alert_however_often_it_comes() {
    on_each(async |bed| {
        let first = bed.pending("k", paid("A-1", 100)).await;
        for _ in 0..3 {
            let again = bed
                .ledger
                .record_events(&[incoming("k", paid("A-1", 200))])
                .await
                .unwrap();
            assert_eq!(again, [Recorded::Conflict(first.id)]);
        }
        let alerts = bed.ledger.open_alerts(None).await.unwrap();
        let [alert] = &alerts[..] else { panic!("{alerts:?}") };
        assert_eq!(
            (alert.kind.as_str(), alert.subject.clone(), alert.seen),
            ("event_conflict", first.id.to_string(), 3)
        );
        assert_eq!(bed.waiting(first.id).await.unwrap().event, paid("A-1", 100));
    })
    .await;
}

#[tokio::test]
async fn keys_of_different_origins_are_different() {
    on_each(async |bed| {
        let callback = incoming("k", paid("A-1", 100));
        let api = NewEvent {
            origin: Origin::Api(till()),
            ..callback.clone()
        };
        let mut ids = Vec::new();
        check(&bed, &mut ids, &[callback.clone(), api.clone()], &["new", "new"]).await;
        let origins = [callback.origin, api.origin];
        for (id, origin) in ids.iter().zip(origins) {
            assert_eq!(bed.waiting(*id).await.unwrap().origin, origin);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_events_from_many_hands_are_committed_once() {
    on_each(async |bed| {
        let batch: Vec<NewEvent> = (0..20)
            .map(|number| incoming(&format!("k{number}"), paid(&format!("A-{number}"), 100)))
            .collect();
        let answers = futures(8, async |hand| {
            // Each hand has the same events in another order.
            let mut batch = batch.clone();
            batch.rotate_left(hand * 2);
            bed.ledger.record_events(&batch).await
        })
        .await;
        let mut new = 0;
        for answer in answers {
            for recorded in answer.unwrap() {
                match recorded {
                    Recorded::New(_) => new += 1,
                    Recorded::Repeated(_) => {}
                    Recorded::Conflict(id) => panic!("{id}"),
                }
            }
        }
        assert_eq!(new, 20);
        assert_eq!(bed.ledger.stats().await.unwrap().events_waiting, 20);
    })
    .await;
}

#[tokio::test]
async fn a_batch_of_five_hundred_fits() {
    on_each(async |bed| {
        let batch: Vec<NewEvent> = (0..500)
            .map(|number| incoming(&format!("k{number}"), paid(&format!("A-{number}"), 100)))
            .collect();
        let recorded = bed.ledger.record_events(&batch).await.unwrap();
        for (new, recorded) in batch.iter().zip(recorded) {
            let Recorded::New(id) = recorded else {
                panic!("{recorded:?}")
            };
            assert_eq!(bed.waiting(id).await.unwrap().event.order, new.event.order, "in order");
        }
    })
    .await;
}

#[tokio::test]
async fn a_typed_event_comes_back_as_it_was() {
    use domain::event::{CarriedBasket, Fact, Part, PaymentMeans};
    use domain::ids::Receiver;
    let money = |basket| Fact::Money {
        paid: super::bed::kopecks(12_750),
        refunded_total: super::bed::kopecks(50),
        basket,
        parts: vec![Part {
            receiver: Receiver::parse("500001").unwrap(),
            amount: super::bed::kopecks(50),
            refunded: Some(super::bed::kopecks(1)),
            basket: CarriedBasket::Broken("рядок 1".to_owned()),
        }],
    };
    let why = || "чому — бо “так” 🌷".to_owned();
    let facts = [
        money(CarriedBasket::Absent),
        money(CarriedBasket::Lines(super::bed::basket("Кеш’ю 🌰", 12_750))),
        money(CarriedBasket::Broken(why())),
        Fact::Refund {
            amount: super::bed::kopecks(1),
            lines: Some(super::bed::basket("Чай", 1)),
            receiver: Some(Receiver::parse("500001").unwrap()),
        },
        Fact::Settlement {
            of: Some(domain::ids::ExternalOrderId::parse("замовлення 1").unwrap()),
            parts: vec![Part {
                receiver: Receiver::parse("bank_account").unwrap(),
                amount: super::bed::kopecks(50),
                refunded: None,
                basket: CarriedBasket::Lines(super::bed::basket("Чай", 50)),
            }],
        },
        Fact::Ask { why: why() },
        Fact::Nothing { why: why() },
        Fact::Strange {
            why: why(),
            money_moved: true,
        },
    ];
    on_each(async |bed| {
        for (number, fact) in facts.iter().enumerate() {
            let event = Event {
                fact: fact.clone(),
                payment_id: None,
                means: PaymentMeans {
                    system: Some("Fondy VISA".to_owned()),
                    masked_card: Some("444455XXXXXX1111".to_owned()),
                    auth_code: None,
                    transaction_id: Some("804876543".to_owned()),
                },
                ..refunded("A-1", 100)
            };
            let pending = bed.pending(&format!("k{number}"), event.clone()).await;
            assert_eq!((pending.event, pending.received_at), (event, NOW));
        }
    })
    .await;
}
