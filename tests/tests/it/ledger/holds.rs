use domain::document::Kind;
use domain::hold::HoldReason;
use domain::ids::DocumentId;
use ledger::audit::Actor;
use ledger::close_hold::Closed;
use ledger::people::Reach;
use ledger::resend::Resent;
use ledger::shifts::NewCash;
use ledger::tape::Due;
use uuid::Uuid;

use super::bed::{Bed, MINUTE, NOW, doubt, merchant, on_each, refund, refunded, sale, till};
use super::shelf::{add_bakery, baked, bakery_only, count, flowers_only, planned, strangers, wide};

async fn close(bed: &Bed, id: DocumentId) -> Closed {
    bed.ledger
        .close_hold(&flowers_only(), id, "пробито вручну", "olena", NOW)
        .await
        .unwrap()
}

async fn open_alerts(bed: &Bed) -> usize {
    bed.ledger.open_alerts(None).await.unwrap().len()
}

#[tokio::test]
async fn a_closed_hold_needs_nobody_any_more() {
    on_each(async |bed| {
        let document = bed.held("A-1", sale(100), HoldReason::ForeignCurrency).await;
        assert_eq!((open_alerts(&bed).await, bed.ledger.attention(&Reach::Everything, NOW).await.unwrap().holds), (1, 1));
        let by = Actor {
            name: "olena".to_owned(),
            address: Some("192.0.2.7".to_owned()),
        };
        let done = bed.ledger.close_hold(&flowers_only(), document, " чек №7 \n", &by, NOW.plus(MINUTE)).await;
        assert_eq!(done.unwrap(), Closed::Done { refunds: 0 });
        assert_eq!(bed.state(document).await, "closed");
        assert_eq!(open_alerts(&bed).await, 0);
        assert_eq!(bed.ledger.attention(&Reach::Everything, NOW).await.unwrap(), Default::default());
        assert!(bed.ledger.held_documents(&Reach::Everything, None, 10).await.unwrap().rows.is_empty());
        assert_eq!(bed.ledger.stats().await.unwrap().documents, []);
        assert!(bed.next_due().await.is_none());
        let card = bed.ledger.document_card(&Reach::Everything, document).await.unwrap().unwrap();
        let hold = &card.holds[0];
        assert_eq!((card.holds.len(), hold.reason.as_str(), hold.detail.as_str()), (1, "foreign_currency", "чому"));
        assert_eq!(hold.resolved, Some((NOW.plus(MINUTE), "olena".to_owned())));
        assert_eq!(hold.resolution.as_deref(), Some("чек №7"));
        let told = format!(
            "audit WHERE actor = 'olena' AND address = '192.0.2.7' AND merchant_id = 'flowers' AND subject = '{document}'
               AND action = 'close_hold' AND before = 'held: foreign_currency' AND after = 'closed: чек №7'"
        );
        assert_eq!(count(&bed, &told).await, 1);
    })
    .await;
}

#[tokio::test]
async fn only_a_held_document_within_reach_closes_and_only_with_a_reason() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        let held = bed.held("A-1", sale(100), HoldReason::BasketMismatch).await;
        let ready = bed.sale("A-2", 100).await;
        for stranger in strangers() {
            let answer = bed
                .ledger
                .close_hold(&stranger, held, "так", "olena", NOW)
                .await
                .unwrap();
            assert_eq!(answer, Closed::NotFound);
        }
        let blank = bed
            .ledger
            .close_hold(&flowers_only(), held, " \n", "olena", NOW)
            .await
            .unwrap();
        assert_eq!(blank, Closed::NoReason);
        assert_eq!(close(&bed, DocumentId::from_uuid(Uuid::nil())).await, Closed::NotFound);
        assert_eq!(close(&bed, ready).await, Closed::NotHeld("ready".to_owned()));
        assert_eq!(close(&bed, held).await, Closed::Done { refunds: 0 });
        assert_eq!(close(&bed, held).await, Closed::NotHeld("closed".to_owned()));
        let resent = bed.ledger.resend(held, "olena", NOW).await.unwrap();
        assert_eq!(resent, Resent::NotHeld("closed".to_owned()), "closed is closed");
        assert_eq!(
            count(&bed, "audit WHERE action = 'close_hold'").await,
            1,
            "what was refused did not happen"
        );
    })
    .await;
}

#[tokio::test]
async fn a_refund_does_not_wait_in_silence_for_a_sale_that_was_closed() {
    on_each(async |bed| {
        let sold = bed.held("A-1", sale(100), HoldReason::BasketMismatch).await;
        let before = bed.refund("A-1", 40).await;
        let held_before = bed.held("A-1", refund(30), HoldReason::RefundLinesMismatch).await;
        assert_eq!(bed.state(before).await, "waiting");
        assert_eq!(close(&bed, sold).await, Closed::Done { refunds: 1 });
        let after = bed.refund("A-1", 20).await;
        for refund in [before, after] {
            let shown = bed.document(refund).await;
            assert_eq!(
                (shown.state.as_str(), shown.hold.unwrap().0.as_str()),
                ("held", "sale_closed")
            );
        }
        let resent = bed.ledger.resend(held_before, "olena", NOW).await.unwrap();
        assert_eq!(resent, Resent::NotResendable(HoldReason::SaleClosed));
        assert_eq!(open_alerts(&bed).await, 3, "each refund is told of");
        for refund in [before, after, held_before] {
            assert_eq!(close(&bed, refund).await, Closed::Done { refunds: 0 });
        }
        assert_eq!(open_alerts(&bed).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_is_planned_while_its_sale_is_closed_is_held() {
    on_each(async |bed| {
        for number in 0..20 {
            let order = format!("A-{number}");
            let sold = bed.held(&order, sale(100), HoldReason::BasketMismatch).await;
            let event = refunded(&order, 40);
            let (refund, closed) = tokio::join!(planned(&bed, merchant(), event, refund(40), NOW), close(&bed, sold),);
            assert!(matches!(closed, Closed::Done { .. }));
            assert_eq!(bed.state(refund).await, "held", "{order}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_resend_and_a_closing_at_once_one_wins() {
    on_each(async |bed| {
        for number in 0..20 {
            let document = bed
                .held(&format!("A-{number}"), sale(100), HoldReason::BasketMismatch)
                .await;
            let (closed, resent) = tokio::join!(close(&bed, document), bed.ledger.resend(document, "petro", NOW));
            let (closed, resent) = (
                matches!(closed, Closed::Done { .. }),
                resent.unwrap() == Resent::Ready(till()),
            );
            assert!(closed != resent, "{closed} {resent}");
            assert_eq!(bed.state(document).await, if closed { "closed" } else { "ready" });
            let card = bed
                .ledger
                .document_card(&flowers_only(), document)
                .await
                .unwrap()
                .unwrap();
            let by = card.holds[0].resolved.as_ref().map(|(_, by)| by.as_str());
            assert_eq!(by, Some(if closed { "olena" } else { "petro" }));
        }
        assert_eq!(open_alerts(&bed).await, 0);
    })
    .await;
}

#[tokio::test]
async fn held_documents_are_listed_page_by_page_the_oldest_first() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        let mut expected = Vec::new();
        for number in 0..7 {
            let held = bed
                .held(&format!("A-{number}"), sale(100), HoldReason::BasketMismatch)
                .await;
            expected.push(held.to_string());
        }
        let bread = baked(&bed, "bread", 100).await;
        let lease = bed
            .ledger
            .acquire_lease(&super::shelf::bakery_till(), "b", MINUTE)
            .await
            .unwrap()
            .unwrap();
        let why = ledger::tape::Outcome::Held(HoldReason::RefusedByProvider, "ні".to_owned());
        assert!(bed.finish(&lease, bread, Due::Ready, &why).await);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = bed
                .ledger
                .held_documents(&flowers_only(), after.as_deref(), 3)
                .await
                .unwrap();
            seen.extend(page.rows.into_iter().map(|row| row.document.id));
            if page.next.is_none() {
                break;
            }
            after = page.next;
        }
        assert_eq!(seen, expected);
        for reach in wide() {
            assert_eq!(
                bed.ledger.held_documents(&reach, None, 100).await.unwrap().rows.len(),
                8
            );
            assert_eq!(bed.ledger.attention(&reach, NOW).await.unwrap().holds, 8);
        }
        let other = bed.ledger.held_documents(&bakery_only(), None, 100).await.unwrap().rows;
        let row = &other[0];
        assert_eq!(
            (
                row.document.merchant.as_str(),
                row.document.register.as_str(),
                row.reason,
                row.detail.as_str()
            ),
            ("bakery", "bakery-1", HoldReason::RefusedByProvider, "ні")
        );
        assert_eq!(
            row.document.order.as_ref().map(|(_, external)| external.as_str()),
            Some("bread")
        );
        let nobody = Reach::Merchants(Vec::new());
        assert!(
            bed.ledger
                .held_documents(&nobody, None, 100)
                .await
                .unwrap()
                .rows
                .is_empty()
        );
        assert_eq!(bed.ledger.attention(&nobody, NOW).await.unwrap(), Default::default());
    })
    .await;
}

#[tokio::test]
async fn a_doubt_is_listed_once_it_is_older_than_a_moment() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        let listed = async |reach: &Reach, now| {
            let page = bed.ledger.doubtful_documents(reach, now, None, 10).await.unwrap();
            assert_eq!(
                bed.ledger.attention(reach, now).await.unwrap().doubts,
                page.rows.len() as u64
            );
            page.rows
        };
        let later = NOW.plus(MINUTE);
        assert!(bed.begin(&lease, document).await);
        assert_eq!(listed(&flowers_only(), NOW).await, [], "a request that has just left");
        assert_eq!(listed(&flowers_only(), later).await[0].state, "sending");
        assert!(
            bed.finish(&lease, document, Due::Sending, &doubt(NOW.plus(MINUTE * 5)))
                .await
        );
        for reach in wide() {
            let row = listed(&reach, later).await.remove(0);
            assert_eq!(
                (row.document.id, row.state.as_str()),
                (document.to_string(), "in_doubt")
            );
            assert_eq!((row.sent_at, row.asks_at, row.attempts), (NOW, NOW.plus(MINUTE * 5), 1));
        }
        for stranger in strangers() {
            assert_eq!(listed(&stranger, later).await, []);
        }
        let own = bed
            .ledger
            .plan_cash(
                &NewCash {
                    merchant: &merchant(),
                    register: &till(),
                    kind: Kind::CashIn,
                    key: "key",
                    amount: super::bed::kopecks(5),
                },
                "the test",
                NOW,
            )
            .await;
        let drawer = super::bed::intent(Kind::CashIn, None);
        let begun = bed
            .ledger
            .begin_sending(&lease, own.unwrap().0, &drawer, MINUTE, NOW)
            .await;
        assert!(begun.unwrap());
        let page = bed
            .ledger
            .doubtful_documents(&flowers_only(), later, None, 1)
            .await
            .unwrap();
        let rest = bed
            .ledger
            .doubtful_documents(&flowers_only(), later, page.next.as_deref(), 1)
            .await
            .unwrap();
        assert_eq!(
            (rest.rows[0].document.kind.as_str(), &rest.rows[0].document.order),
            ("cash_in", &None)
        );
    })
    .await;
}
