use std::time::Duration;

use domain::document::Kind;
use domain::hold::HoldReason;
use domain::ids::DocumentId;
use ledger::deliveries::DeliveryFilter;
use ledger::fiscalization::Fiscalization;
use ledger::orders::{Buyer, OrderUpdate};
use ledger::people::Reach;
use ledger::settings::{Settings, ShopWebhook};
use ledger::shifts::NewCash;
use ledger::shifts::Opened;
use ledger::tape::{Due, Follow, Health, NewAttempt, Outcome, Settled};
use uuid::Uuid;

use super::bed::{MINUTE, NOW, basket, intent, kopecks, merchant, on_each, order, receipt, registration, till};
use super::shelf::{add_bakery, baked, flowers_only, sold_by_card, strangers};

fn attempt(number: u32) -> NewAttempt {
    NewAttempt {
        command: "RegisterCheck".to_owned(),
        request: format!("{{\"number\":{number}}}"),
        response: None,
        http_status: Some(200),
        outcome: "done",
        code: None,
        message: None,
        started_at: NOW.plus(Duration::from_secs(number.into())),
        duration: MINUTE,
    }
}

#[tokio::test]
async fn an_orders_card_has_everything_that_happened() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        let update = OrderUpdate {
            basket: Some(basket("Тюльпани", 500)),
            description: Some("Букет".to_owned()),
            buyer: Some(Buyer {
                email: Some("Buyer@shop.example".to_owned()),
                ..Buyer::default()
            }),
            ..OrderUpdate::default()
        };
        bed.ledger
            .put_order(&merchant(), &order("A-1"), &update, NOW)
            .await
            .unwrap();
        let sold = sold_by_card(&bed, "A-1", 500, "444455XXXXXX1111").await;
        let lease = bed.lease("a").await;
        let refused = Outcome::Held(HoldReason::RefusedByProvider, "ні".to_owned());
        assert!(bed.finish(&lease, sold, Due::Ready, &refused).await);
        bed.ledger.resend(sold, "petro", NOW.plus(MINUTE)).await.unwrap();
        let sale = intent(Kind::Sale, Some(receipt(500)));
        assert!(
            bed.ledger
                .begin_sending(&lease, sold, &sale, MINUTE, NOW)
                .await
                .unwrap()
        );
        let attempts: Vec<NewAttempt> = (0..120).map(attempt).collect();
        let outcome = Outcome::Registered(registration("9000000106"));
        let settled = Settled {
            document: sold,
            from: Due::Sending,
            outcome: &outcome,
            attempts: &attempts,
            health: &Health::Good,
            follow: Follow::Nothing,
        };
        assert!(
            bed.ledger
                .finish(&lease, &settled, NOW.plus(MINUTE))
                .await
                .unwrap()
                .is_some()
        );
        bed.ledger.keep_rendering(sold, false, "ЧЕК", NOW).await.unwrap();
        let back = bed.refund("A-1", 120).await;

        let internal = bed
            .ledger
            .document_card(&flowers_only(), sold)
            .await
            .unwrap()
            .and_then(|card| card.order_id)
            .unwrap();
        let card = bed
            .ledger
            .order_card(&flowers_only(), &internal)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((card.external_id.as_str(), card.merchant.as_str()), ("A-1", "flowers"));
        assert_eq!(card.description.as_deref(), Some("Букет"));
        assert_eq!(card.basket.as_ref().unwrap().lines()[0].name, "Тюльпани");
        assert_eq!(
            card.buyer.as_ref().unwrap().masked_email().as_deref(),
            Some("B***@shop.example")
        );
        assert!(!format!("{card:?}").contains("Buyer@shop"), "a card may be logged");
        assert_eq!((card.status, card.sums.sold.minor()), (Fiscalization::UnderWay, 500));
        let events: Vec<_> = card
            .events
            .iter()
            .map(|event| {
                (
                    event.kind.as_str(),
                    event.amount.unwrap().minor(),
                    event.source.as_deref(),
                )
            })
            .collect();
        assert_eq!(events, [("paid", 500, None), ("refunded", 120, Some("flowers-fondy"))]);
        assert_eq!(
            (card.events[0].state.as_str(), card.events[0].settled_at),
            ("planned", Some(NOW))
        );

        let [sale, refund] = &card.documents[..] else {
            panic!("{}", card.documents.len())
        };
        assert_eq!(
            (sale.document.id.as_str(), refund.document.id.as_str()),
            (&*sold.to_string(), &*back.to_string())
        );
        assert_eq!(sale.document.fiscal_number.as_deref(), Some("9000000106"));
        assert_eq!(
            (sale.done_at, sale.has_text, sale.has_html),
            (Some(NOW.plus(MINUTE)), true, false)
        );
        assert_eq!(sale.means.masked_card.as_deref(), Some("444455XXXXXX1111"));
        assert_eq!(sale.basket.as_ref().unwrap().total(), kopecks(500));
        assert_eq!(sale.attempts.len(), 100, "the newest");
        assert_eq!(sale.attempts[0].request, "{\"number\":20}");
        assert_eq!(sale.attempts[99].request, "{\"number\":119}");
        let hold = &sale.holds[0];
        assert_eq!((sale.holds.len(), hold.reason.as_str()), (1, "refused_by_provider"));
        assert_eq!(hold.resolved, Some((NOW.plus(MINUTE), "petro".to_owned())));
        assert_eq!(hold.resolution, None);
        assert_eq!(refund.document.parent, Some(sold.to_string()));
        assert!(refund.attempts.is_empty() && refund.holds.is_empty());

        for stranger in strangers() {
            assert!(bed.ledger.order_card(&stranger, &internal).await.unwrap().is_none());
            assert!(bed.ledger.document_card(&stranger, sold).await.unwrap().is_none());
        }
        for nobody in ["", "A-1", "a\0b"] {
            assert!(
                bed.ledger
                    .order_card(&Reach::Everything, nobody)
                    .await
                    .unwrap()
                    .is_none()
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_registers_own_document_has_a_card_and_no_order() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        let key = "key";
        let cash = bed
            .ledger
            .plan_cash(
                &NewCash {
                    merchant: &merchant(),
                    register: &till(),
                    kind: Kind::CashIn,
                    key,
                    amount: kopecks(5_000),
                },
                "the test",
                NOW,
            )
            .await
            .unwrap();
        let card = bed
            .ledger
            .document_card(&flowers_only(), cash.0)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (card.document.kind.as_str(), card.document.amount, card.order_id),
            ("cash_in", 5_000, None)
        );
        for stranger in strangers() {
            assert!(bed.ledger.document_card(&stranger, cash.0).await.unwrap().is_none());
        }
        let nobody = DocumentId::from_uuid(Uuid::nil());
        assert!(
            bed.ledger
                .document_card(&Reach::Everything, nobody)
                .await
                .unwrap()
                .is_none()
        );
        let bread = baked(&bed, "bread", 100).await;
        let card = bed
            .ledger
            .document_card(&Reach::Everything, bread)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((card.document.order.as_str(), card.order_id.is_some()), ("bread", true));
    })
    .await;
}

#[tokio::test]
async fn shifts_are_listed_page_by_page_with_their_documents() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        let lease = bed.lease("a").await;
        for number in 0..7 {
            let at = NOW.plus(MINUTE * number);
            let opened = Opened {
                reference: format!("shift-{number}"),
                provider_id: None,
                operator: None,
                opened_at: Some(at),
                first_local: None,
                close_due: at.plus(MINUTE),
            };
            let facts = ledger::day::Facts {
                shift_open: Some(true),
                ..ledger::day::Facts::default()
            };
            assert!(
                bed.ledger
                    .note_look(&lease, &facts, Some(&opened), at, MINUTE, at)
                    .await
                    .unwrap()
            );
        }
        let (mut names, mut after) = (Vec::new(), None);
        loop {
            let page = bed
                .ledger
                .shifts_of(&flowers_only(), &till(), after.as_deref(), 3)
                .await
                .unwrap();
            names.extend(page.rows.into_iter().map(|row| row.shift.reference));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let expected: Vec<String> = (0..7).rev().map(|number| format!("shift-{number}")).collect();
        assert_eq!(names, expected);
        for stranger in strangers() {
            assert!(
                bed.ledger
                    .shifts_of(&stranger, &till(), None, 9)
                    .await
                    .unwrap()
                    .rows
                    .is_empty()
            );
        }

        let newest = async || {
            bed.ledger
                .shifts_of(&Reach::Everything, &till(), None, 1)
                .await
                .unwrap()
                .rows
                .remove(0)
        };
        let shift = newest().await;
        assert_eq!((shift.z_report, shift.closing), (None, None));
        for kind in [Kind::ZReport, Kind::Closing] {
            bed.ledger
                .plan_for_shift(&merchant(), &till(), &shift.shift, kind, NOW)
                .await
                .unwrap();
        }
        let shift = newest().await;
        for (document, kind) in [(shift.z_report, "z_report"), (shift.closing, "closing")] {
            let card = bed.ledger.document_card(&flowers_only(), document.unwrap()).await;
            assert_eq!(card.unwrap().unwrap().document.kind, kind);
        }
    })
    .await;
}

#[tokio::test]
async fn a_receipt_has_one_address_and_its_messages_are_their_merchants() {
    on_each(async |bed| {
        add_bakery(&bed).await;
        let settings = Settings {
            shop_webhooks: vec![ShopWebhook::new(
                merchant(),
                "https://shop.example/",
                "sixteen bytes or more",
            )],
            ..Settings::default()
        };
        bed.ledger.apply(&settings, "test", NOW).await.unwrap();
        let sold = sold_by_card(&bed, "A-1", 500, "444455XXXXXX1111").await;
        assert_eq!(bed.ledger.receipt_token(sold).await.unwrap(), None, "not on the tape");
        let lease = bed.lease("a").await;
        bed.register(&lease, sold, "4000000001").await;
        let token = bed.ledger.receipt_token(sold).await.unwrap().unwrap();
        let at = bed.ledger.sheet_at(&token).await.unwrap().unwrap();
        assert_eq!((at.document, at.token), (sold, token.clone()));
        assert_eq!(bed.ledger.receipt_token(sold).await.unwrap().unwrap(), token);

        let all = DeliveryFilter::default();
        let listed = bed
            .ledger
            .list_deliveries(&Reach::Everything, &all, None, 10)
            .await
            .unwrap();
        let id = &listed.rows[0].id;
        let shown = bed.ledger.delivery(&flowers_only(), id).await.unwrap().unwrap();
        assert_eq!(
            (shown.document, shown.url.as_str()),
            (sold.to_string(), "https://shop.example/")
        );
        for reach in strangers() {
            assert!(bed.ledger.delivery(&reach, id).await.unwrap().is_none());
        }
        for id in ["nothing", "\0"] {
            assert!(bed.ledger.delivery(&flowers_only(), id).await.unwrap().is_none());
        }
    })
    .await;
}
