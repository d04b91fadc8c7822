//! A receipt as it is told to people.

use domain::document::{Kind, Presence};

use super::super::bed::{kopecks, on_each};
use super::super::shelf::{flowers_only, strangers};
use super::*;

#[tokio::test]
async fn a_receipt_is_read_by_its_id_or_by_its_unguessable_address() {
    on_each(async |bed| {
        tell(&bed, "A-1", olena(), NOW).await;
        let id = bed.sale("A-1", 100).await;
        assert!(
            bed.ledger.sheet(&Reach::Everything, id).await.unwrap().is_none(),
            "it is not on the tape"
        );
        registered(&bed, id, Kind::Sale, Presence::Online, NOW).await.unwrap();
        let sheet = bed.ledger.sheet(&flowers_only(), id).await.unwrap().unwrap();
        assert!(
            sheet.token.len() == 32 && sheet.token.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{}",
            sheet.token
        );
        let other = sold(&bed, "A-2", NOW).await;
        let other = bed.ledger.sheet(&flowers_only(), other).await.unwrap().unwrap();
        assert_ne!(sheet.token, other.token);
        assert_eq!(sheet.paper.fiscal_number, id.token());
        assert_eq!((sheet.paper.order.as_str(), sheet.done_at), ("A-1", NOW));
        assert_eq!(sheet.paper.content.total(), kopecks(100));
        assert_eq!(sheet.buyer.email, olena().email);
        let at = bed.ledger.sheet_at(&sheet.token).await.unwrap().unwrap();
        assert_eq!((at.document, at.token.as_str()), (id, sheet.token.as_str()));
        for stranger in strangers() {
            assert!(bed.ledger.sheet(&stranger, id).await.unwrap().is_none());
        }
        for token in [
            "",
            "0",
            "\0",
            &"0".repeat(32),
            &"\0".repeat(32),
            &"я".repeat(16),
            &id.to_string(),
            "' OR 1=1 --",
        ] {
            assert!(bed.ledger.sheet_at(token).await.unwrap().is_none(), "{token:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_storno_shows_what_its_sale_sold_and_names_it() {
    on_each(async |bed| {
        let sold = sold(&bed, "A-1", NOW).await;
        let storno = bed.refund("A-1", 100).await;
        let lease = bed.take_over("registrar").await;
        // A storno has no lines of its own.
        let storno_intent = intent(Kind::Storno, None);
        assert!(
            bed.ledger
                .begin_sending(&lease, storno, &storno_intent, MINUTE, NOW)
                .await
                .unwrap()
        );
        let outcome = Outcome::Registered(registration("storno-1"));
        assert!(bed.finish(&lease, storno, Due::Sending, &outcome).await);
        let sheet = bed.ledger.sheet(&Reach::Everything, storno).await.unwrap().unwrap();
        assert_eq!(sheet.kind, Kind::Storno);
        assert_eq!(sheet.paper.sale, Some(sold.token()));
        assert_eq!(sheet.paper.content.total(), kopecks(100));
        assert_eq!(sheet.paper.content.basket.lines()[0].name, "Тюльпани");
        let of_sale = bed.ledger.sheet(&Reach::Everything, sold).await.unwrap().unwrap();
        assert_eq!(of_sale.paper.sale, None);
    })
    .await;
}
