use domain::document::Kind;
use domain::hold::HoldReason;
use domain::ids::DocumentId;
use ledger::plan::{NewDocument, Plan, Standing, Start};
use ledger::tape::{Due, Outcome};

use super::bed::{Bed, NOW, incoming, kopecks, on_each, only, paid, refund, refunded, registration, sale, till};
use super::opening::futures;

/// One sale per order, as the worker decides it.
fn sale_once(standing: &Standing) -> Plan {
    if standing.documents.is_empty() {
        only(vec![sale(100)])
    } else {
        Plan::Ignore("it has a sale".to_owned())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_events_of_one_order_planned_at_once_make_one_sale() {
    on_each(async |bed| {
        let mut pending = Vec::new();
        for number in 0..8 {
            pending.push(bed.pending(&format!("k{number}"), paid("A-1", 100)).await);
        }
        let planned = futures(pending.len(), async |number| {
            let pending = &pending[number];
            bed.ledger.plan(pending, &pending.event, NOW, sale_once).await
        })
        .await;
        let made: usize = planned
            .into_iter()
            .map(|result| result.unwrap().unwrap().documents)
            .sum();
        assert_eq!((made, bed.documents("A-1").await.len()), (1, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_planned_once_however_many_plan_it() {
    on_each(async |bed| {
        let pending = bed.pending("k", paid("A-1", 100)).await;
        let planned = futures(8, async |_| {
            bed.ledger
                .plan(&pending, &pending.event, NOW, |_| only(vec![sale(100)]))
                .await
        })
        .await;
        let done: Vec<_> = planned.into_iter().filter_map(Result::unwrap).collect();
        let [result] = &done[..] else { panic!("{done:?}") };
        assert_eq!((result.documents, result.held), (1, 0));
        assert_eq!(result.bells, [(till(), true)], "the register had nothing else due");
        assert_eq!(bed.documents("A-1").await.len(), 1);
        assert!(bed.waiting(pending.id).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_bell_tells_whether_the_register_had_other_work() {
    on_each(async |bed| {
        bed.sale("A-1", 100).await;
        let pending = bed.pending("k", paid("A-2", 100)).await;
        let result = bed.plan(&pending, only(vec![sale(100)])).await;
        assert_eq!(result.bells, [(till(), false)]);
    })
    .await;
}

#[tokio::test]
async fn one_slot_has_one_document_whatever_the_plan_says() {
    on_each(async |bed| {
        bed.sale("A-1", 100).await;
        let again = bed.pending("k", paid("A-1", 100)).await;
        let refused = bed
            .ledger
            .plan(&again, &again.event, NOW, |_| only(vec![sale(100)]))
            .await;
        assert!(refused.is_err());
        assert_eq!(bed.documents("A-1").await.len(), 1);
        assert!(bed.waiting(again.id).await.is_some(), "all of a plan or none of it");
    })
    .await;
}

#[tokio::test]
async fn a_refund_that_came_first_waits_for_its_sale_and_is_adopted() {
    on_each(async |bed| {
        let refund = bed.refund("A-1", 40).await;
        let found = bed.document(refund).await;
        assert_eq!((found.state.as_str(), found.parent), ("waiting", None));
        assert!(bed.next_due().await.is_none());
        let sale = bed.sale("A-1", 100).await;
        let found = bed.document(refund).await;
        assert_eq!(
            (found.state.as_str(), found.parent),
            ("waiting", Some(sale.to_string()))
        );
        let lease = bed.lease("a").await;
        bed.register(&lease, sale, "1001").await;
        assert_eq!(bed.state(refund).await, "ready");
    })
    .await;
}

#[tokio::test]
async fn a_refund_of_a_registered_sale_is_ready_at_once() {
    on_each(async |bed| {
        let sale = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        bed.register(&lease, sale, "1001").await;
        let pending = bed.pending("k", refunded("A-1", 40)).await;
        let result = bed.plan(&pending, only(vec![refund(40)])).await;
        assert_eq!(result.bells, [(till(), true)]);
        let due = bed.next_due().await.unwrap();
        let parent = due.parent.unwrap();
        assert_eq!((due.kind, due.due, due.amount), (Kind::Return, Due::Ready, kopecks(40)));
        assert_eq!((parent.fiscal_number.as_str(), parent.amount), ("1001", kopecks(100)));
        assert_eq!((parent.sent.as_deref(), parent.returned.len()), (Some("<CHECK/>"), 0));
    })
    .await;
}

/// The narrow moment: the refund is planned while its sale's registration is being committed.
#[tokio::test(flavor = "multi_thread")]
async fn no_refund_is_left_waiting_beside_a_registered_sale() {
    on_each(async |bed| {
        let lease = bed.lease("a").await;
        for number in 0..40 {
            let order = format!("A-{number}");
            let sale = bed.sale(&order, 100).await;
            let pending = bed.pending(&format!("refund {number}"), refunded(&order, 40)).await;
            assert!(bed.begin(&lease, sale).await);
            let outcome = Outcome::Registered(registration(&format!("{number}")));
            let (finished, planned) = tokio::join!(
                bed.finish(&lease, sale, Due::Sending, &outcome),
                bed.plan(&pending, only(vec![refund(40)])),
            );
            assert!(finished && planned.documents == 1);
            let states: Vec<String> = bed
                .documents(&order)
                .await
                .into_iter()
                .map(|found| found.state)
                .collect();
            assert_eq!(states, ["registered", "ready"], "{order}");
        }
    })
    .await;
}

/// As above, with the sale's registration held open by hand until planning has had its chance.
#[tokio::test(flavor = "multi_thread")]
async fn planning_a_refund_waits_for_its_sale_when_that_is_being_registered() {
    use sea_orm::{ConnectionTrait, Database, TransactionTrait};
    on_each(async |bed: Bed| {
        let sale = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        assert!(bed.begin(&lease, sale).await);
        let pending = bed.pending("refund", refunded("A-1", 40)).await;
        let db = Database::connect(&bed.url).await.unwrap();
        let tx = db.begin().await.unwrap();
        for statement in [
            format!("UPDATE documents SET state = 'registered', fiscal_number = '1' WHERE id = '{sale}'"),
            format!("UPDATE documents SET state = 'ready' WHERE parent_id = '{sale}' AND state = 'waiting'"),
        ] {
            tx.execute_unprepared(&statement).await.unwrap();
        }
        let planning = async { bed.plan(&pending, only(vec![refund(40)])).await };
        let committing = async {
            // Long enough for a plan that does not wait to be finished.
            let patience = std::time::Duration::from_millis(300);
            let early = tests::eventually_or_not(patience, async || bed.documents("A-1").await.len() == 2).await;
            assert!(early.is_none(), "planned on what is about to change");
            tx.commit().await.unwrap();
        };
        tokio::join!(planning, committing);
        let states: Vec<String> = bed
            .documents("A-1")
            .await
            .into_iter()
            .map(|found| found.state)
            .collect();
        assert_eq!(states, ["registered", "ready"]);
    })
    .await;
}

#[tokio::test]
async fn refunds_that_turn_out_to_exceed_the_sale_are_held() {
    on_each(async |bed| {
        let small = bed.refund("A-1", 40).await;
        let large = bed.refund("A-1", 500).await;
        let pending = bed.pending("k", paid("A-1", 100)).await;
        let planned = bed.ledger.plan(&pending, &pending.event, NOW, |standing| {
            let orphans: Vec<_> = standing.documents.iter().filter(|found| !found.has_parent).collect();
            assert_eq!(orphans.len(), 2);
            let exceeding = orphans.iter().filter(|found| found.amount > kopecks(100));
            Plan::Documents {
                documents: vec![sale(100)],
                split: None,
                exceeding: exceeding.map(|found| (found.id, "500 з 100".to_owned())).collect(),
            }
        });
        planned.await.unwrap().unwrap();
        assert_eq!(bed.state(small).await, "waiting");
        let hold = Some(("refund_exceeds_sale".to_owned(), "500 з 100".to_owned()));
        let found = bed.document(large).await;
        assert_eq!((found.state.as_str(), found.hold), ("held", hold));
        assert!(found.parent.is_some(), "a held one belongs to the sale too");
    })
    .await;
}

#[tokio::test]
async fn a_document_may_be_held_from_the_start() {
    on_each(async |bed| {
        let start = Start::Held(HoldReason::BasketMismatch, "кошик 90, сплачено 100".to_owned());
        let pending = bed.pending("k", paid("A-1", 100)).await;
        let plan = only(vec![NewDocument { start, ..sale(100) }]);
        let result = bed.plan(&pending, plan).await;
        assert_eq!((result.documents, result.held, result.bells.len()), (1, 1, 0));
        let [found] = &bed.documents("A-1").await[..] else {
            panic!()
        };
        assert_eq!(found.hold.as_ref().unwrap().0, "basket_mismatch");
        assert!(bed.next_due().await.is_none());
    })
    .await;
}

#[tokio::test]
async fn an_ignored_event_says_why_and_is_done() {
    on_each(async |bed| {
        let pending = bed.pending("k", paid("A-1", 100)).await;
        bed.plan(&pending, Plan::Ignore("ще платять".to_owned())).await;
        assert!(bed.waiting(pending.id).await.is_none());
        let view = bed
            .ledger
            .order_view(&super::bed::merchant(), &super::bed::order("A-1"))
            .await;
        let [event] = &view.unwrap().unwrap().events[..] else {
            panic!()
        };
        assert_eq!(
            (event.state.as_str(), event.note.as_deref()),
            ("ignored", Some("ще платять"))
        );
        let again = bed
            .ledger
            .record_events(&[incoming("k", paid("A-1", 100))])
            .await
            .unwrap();
        assert_eq!(again, [ledger::events::Recorded::Repeated(pending.id)]);
    })
    .await;
}

#[tokio::test]
async fn the_shops_basket_is_seen_when_planning_and_a_later_update_changes_no_document() {
    use ledger::orders::OrderUpdate;
    on_each(async |bed| {
        let update = |name: &str, amount| OrderUpdate {
            basket: Some(super::bed::basket(name, amount)),
            description: Some(name.to_owned()),
            buyer: None,
            ..OrderUpdate::default()
        };
        let (shop, order) = (super::bed::merchant(), super::bed::order("A-1"));
        bed.ledger
            .put_order(&shop, &order, &update("Троянди", 100), NOW)
            .await
            .unwrap();
        let nothing = OrderUpdate {
            basket: None,
            description: None,
            buyer: None,
            ..OrderUpdate::default()
        };
        bed.ledger.put_order(&shop, &order, &nothing, NOW).await.unwrap();
        let pending = bed.pending("k", paid("A-1", 100)).await;
        let planned = bed.ledger.plan(&pending, &pending.event, NOW, |standing| {
            assert_eq!(standing.basket, Some(super::bed::basket("Троянди", 100)));
            assert_eq!(standing.description.as_deref(), Some("Троянди"));
            only(vec![sale(100)])
        });
        planned.await.unwrap().unwrap();
        bed.ledger
            .put_order(&shop, &order, &update("Півонії", 90), NOW)
            .await
            .unwrap();
        let due = bed.next_due().await.unwrap();
        assert_eq!(due.content, Some(super::bed::receipt(100)), "frozen");
        let facts = bed.ledger.sale_facts(&due).await.unwrap();
        assert_eq!(facts.basket, Some(super::bed::basket("Півонії", 90)));
        assert_eq!(DocumentId::parse(&bed.documents("A-1").await[0].id).unwrap(), due.id);
    })
    .await;
}
