use domain::document::Kind;
use domain::hold::HoldReason;
use ledger::resend::Resent;
use ledger::tape::{Due, Outcome};
use uuid::Uuid;

use super::bed::{NOW, on_each, refund, registration, sale, till};

#[tokio::test]
async fn each_reason_has_its_answer_to_a_resend() {
    on_each(async |bed| {
        for (number, reason) in HoldReason::ALL.into_iter().enumerate() {
            let document = bed.held(&format!("A-{number}"), sale(100), reason).await;
            let (answer, state) = match reason {
                HoldReason::ForeignCurrency
                | HoldReason::StrangeEvent
                | HoldReason::SecondPayment
                | HoldReason::SaleClosed
                | HoldReason::SplitTooLate
                | HoldReason::ReceiverUnknown => (Resent::NotResendable(reason), "held"),
                HoldReason::BasketMismatch
                | HoldReason::BasketUnusable
                | HoldReason::UnknownVatLetter
                | HoldReason::NotConfirmed
                | HoldReason::RefundExceedsSale
                | HoldReason::RefundLinesMismatch
                | HoldReason::RefusedByProvider
                | HoldReason::DoubtUnresolved => (Resent::Ready(till()), "ready"),
                // One document cannot become several: its payment is planned anew.
                HoldReason::SplitMismatch => (Resent::Waiting, "closed"),
            };
            match bed.ledger.resend(document, "olena", NOW).await.unwrap() {
                Resent::Replanned(event) => {
                    assert_eq!(reason, HoldReason::SplitMismatch);
                    assert!(bed.ledger.pending_event(event).await.unwrap().is_some(), "{reason:?}");
                }
                found => assert_eq!(found, answer, "{reason:?}"),
            }
            assert_eq!(bed.state(document).await, state, "{reason:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_resent_document_is_made_anew_and_can_be_held_again() {
    on_each(async |bed| {
        let document = bed.sale("A-1", 100).await;
        let lease = bed.lease("a").await;
        assert!(bed.begin(&lease, document).await);
        for _ in 0..2 {
            let held = Outcome::Held(HoldReason::RefusedByProvider, "ні".to_owned());
            assert!(
                bed.finish(&lease, document, bed.next_due().await.unwrap().due, &held)
                    .await
            );
            assert_eq!(
                bed.ledger.resend(document, "olena", NOW).await.unwrap(),
                Resent::Ready(till())
            );
            let due = bed.next_due().await.unwrap();
            assert_eq!((due.due, due.content, due.intent), (Due::Ready, None, None));
        }
        let again = bed.ledger.resend(document, "olena", NOW).await.unwrap();
        assert_eq!(again, Resent::NotHeld("ready".to_owned()));
        bed.register(&lease, document, "1001").await;
        let late = bed.ledger.resend(document, "olena", NOW).await.unwrap();
        assert_eq!(late, Resent::NotHeld("registered".to_owned()), "never a second receipt");
    })
    .await;
}

#[tokio::test]
async fn a_held_refund_waits_for_its_sale_when_resent() {
    on_each(async |bed| {
        let early = bed.held("A-1", refund(40), HoldReason::RefundExceedsSale).await;
        assert_eq!(
            bed.ledger.resend(early, "olena", NOW).await.unwrap(),
            Resent::Waiting,
            "no sale is known"
        );
        let sale = bed.sale("A-1", 100).await;
        let held = bed.held("A-1", refund(60), HoldReason::RefundLinesMismatch).await;
        assert_eq!(
            bed.ledger.resend(held, "olena", NOW).await.unwrap(),
            Resent::Waiting,
            "the sale is not done"
        );
        let lease = bed.lease("a").await;
        bed.register(&lease, sale, "1001").await;
        assert_eq!(
            (bed.state(early).await, bed.state(held).await),
            ("ready".into(), "ready".into())
        );
        let late = bed.held("A-1", refund(1), HoldReason::RefusedByProvider).await;
        assert_eq!(
            bed.ledger.resend(late, "olena", NOW).await.unwrap(),
            Resent::Ready(till())
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_resent_while_its_sale_is_registered_does_not_wait_for_ever() {
    on_each(async |bed| {
        let lease = bed.lease("a").await;
        for number in 0..40 {
            let order = format!("A-{number}");
            let sale = bed.sale(&order, 100).await;
            let held = bed.held(&order, refund(40), HoldReason::RefundLinesMismatch).await;
            assert!(bed.begin(&lease, sale).await);
            let outcome = Outcome::Registered(registration(&number.to_string()));
            let (finished, resent) = tokio::join!(
                bed.finish(&lease, sale, Due::Sending, &outcome),
                bed.ledger.resend(held, "olena", NOW),
            );
            assert!(finished);
            resent.unwrap();
            assert_eq!(bed.state(held).await, "ready", "{order}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_clicks_one_resends() {
    on_each(async |bed| {
        let document = bed.held("A-1", sale(100), HoldReason::BasketMismatch).await;
        let clicks = super::opening::futures(6, async |_| bed.ledger.resend(document, "olena", NOW).await).await;
        let done = clicks
            .into_iter()
            .filter(|click| matches!(click, Ok(Resent::Ready(_))))
            .count();
        assert_eq!(done, 1);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_document_is_not_found() {
    on_each(async |bed| {
        let nobody = domain::ids::DocumentId::from_uuid(Uuid::nil());
        assert_eq!(bed.ledger.resend(nobody, "olena", NOW).await.unwrap(), Resent::NotFound);
        assert!(bed.ledger.document_view(None, nobody).await.unwrap().is_none());
        let storno = ledger::plan::NewDocument {
            kind: Kind::Storno,
            ..refund(100)
        };
        let held = bed.held("A-1", storno, HoldReason::RefusedByProvider).await;
        let stranger = domain::ids::MerchantId::parse("other").unwrap();
        assert!(bed.ledger.document_view(Some(&stranger), held).await.unwrap().is_none());
    })
    .await;
}
