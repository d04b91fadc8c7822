//! The buyer becomes known after the receipt was made.

use domain::document::{Kind, Presence};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};

use super::super::bed::on_each;
use super::super::opening::futures;
use super::*;

fn writes(email: &str) -> Buyer {
    buyer(Some(email), None)
}

#[tokio::test]
async fn a_buyer_told_after_the_receipt_gets_it_once() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        sold(&bed, "A-1", NOW).await;
        let refund = bed.refund("A-1", 40).await;
        registered(&bed, refund, Kind::Return, Presence::Online, NOW)
            .await
            .unwrap();
        sold(&bed, "other", NOW).await;
        let later = NOW.plus(HOUR);
        tell(&bed, "A-1", writes("olena@mail.example"), later).await;
        let expected = [
            "A-1 mail registered due",
            "A-1 mail registered due",
            "A-1 webhook registered due",
            "A-1 webhook registered due",
            "other webhook registered due",
        ];
        assert_eq!(
            states(&bed).await,
            expected,
            "no second webhook, and nothing of another order"
        );
        tell(&bed, "A-1", writes("olena@mail.example"), later).await;
        tell(&bed, "A-1", writes("another@mail.example"), later).await;
        assert_eq!(states(&bed).await, expected, "each receipt was announced");
        let lanes = bed.ledger.due_lanes(later, None, 10).await.unwrap();
        assert!(
            lanes.iter().any(|lane| lane.as_str() == "mail:flowers"),
            "the sweep finds it: {lanes:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_phone_told_after_the_receipt_gets_the_sale_only() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        sold(&bed, "A-1", NOW).await;
        let refund = bed.refund("A-1", 40).await;
        registered(&bed, refund, Kind::Return, Presence::Online, NOW)
            .await
            .unwrap();
        tell(&bed, "A-1", buyer(None, Some("+380501234567")), NOW).await;
        let phone: Vec<String> = states(&bed)
            .await
            .into_iter()
            .filter(|words| words.contains("phone"))
            .collect();
        assert_eq!(phone, ["A-1 phone registered due"]);
    })
    .await;
}

#[tokio::test]
async fn old_receipts_are_not_mailed_because_an_order_is_told_again() {
    on_each(async |bed| {
        endpoint_only(&bed).await;
        tell(&bed, "A-1", writes("olena@mail.example"), NOW).await;
        sold(&bed, "A-1", NOW).await;
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        tell(&bed, "A-1", writes("Olena@mail.example"), NOW.plus(HOUR)).await;
        assert_eq!(
            states(&bed).await,
            ["A-1 webhook registered due"],
            "the address is not new"
        );
    })
    .await;
}

#[tokio::test]
async fn a_receipt_not_yet_made_is_announced_when_it_is() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        let id = bed.sale("A-1", 100).await;
        tell(&bed, "A-1", writes("olena@mail.example"), NOW).await;
        assert!(messages(&bed).await.is_empty());
        registered(&bed, id, Kind::Sale, Presence::Online, NOW).await.unwrap();
        assert_eq!(
            states(&bed).await,
            ["A-1 mail registered due", "A-1 webhook registered due"]
        );
    })
    .await;
}

/// Whoever registers it has read that there is no buyer, and has not committed.
#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_told_while_the_receipt_is_made_waits_for_it() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        let id = bed.sale("A-1", 100).await;
        let lease = bed.take_over("registrar").await;
        assert!(bed.begin(&lease, id).await);
        let db = sea_orm::Database::connect(&bed.url).await.unwrap();
        let registering = db.begin().await.unwrap();
        let register = format!(
            "UPDATE documents SET state = 'registered', fiscal_number = '1', presence = 'online' WHERE id = '{id}'"
        );
        registering.execute_unprepared(&register).await.unwrap();
        let mut told = std::pin::pin!(tell(&bed, "A-1", writes("olena@mail.example"), NOW));
        let early = tokio::time::timeout(Duration::from_millis(300), &mut told).await;
        assert!(
            early.is_err(),
            "it is not known yet whether the receipt's own announcement knows the buyer"
        );
        registering.commit().await.unwrap();
        told.await;
        assert_eq!(states(&bed).await, ["A-1 mail registered due"]);
        db.close().await.unwrap();
    })
    .await;
}

/// Either the receipt's own announcement knows the buyer, or the buyer's knows the receipt.
#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_told_while_the_receipt_is_made_gets_it_once() {
    on_each(async |bed| {
        bed.ledger.apply(&telling(), "the test", NOW).await.unwrap();
        for number in 0..20 {
            let name = format!("A-{number}");
            let id = bed.sale(&name, 100).await;
            futures(2, async |hand| match hand {
                0 => drop(registered(&bed, id, Kind::Sale, Presence::Online, NOW).await),
                _ => tell(&bed, &name, writes("olena@mail.example"), NOW).await,
            })
            .await;
            let wanted = format!("{name} mail");
            let mails = states(&bed)
                .await
                .into_iter()
                .filter(|words| words.starts_with(&wanted));
            assert_eq!(mails.count(), 1, "{name}");
        }
    })
    .await;
}
