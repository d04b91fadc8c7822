//! Texts as shops write them: long, Cyrillic, with emoji.

use domain::event::PaymentMeans;
use domain::receipt::{MismatchPolicy, Receipt};
use domain::tax::VatScheme;
use ledger::orders::{Buyer, OrderUpdate};
use ledger::tape::Due;

use super::bed::{MINUTE, NOW, basket, intent, kopecks, merchant, on_each, order, refund, sale};

#[tokio::test]
async fn an_order_id_of_1024_four_byte_characters_works_everywhere() {
    on_each(async |bed| {
        let id = "🌷".repeat(1024);
        let twin = format!("{}🌹", "🌷".repeat(1023));
        let update = OrderUpdate {
            basket: None,
            description: Some("букет".to_owned()),
            buyer: None,
            ..OrderUpdate::default()
        };
        bed.ledger
            .put_order(&merchant(), &order(&id), &update, NOW)
            .await
            .unwrap();
        let document = bed.sale(&id, 100).await;
        let other = bed.sale(&twin, 100).await;
        assert_ne!(document, other);
        assert_eq!(bed.refund(&id, 100).await.token().len(), 13);
        let [sale, refund] = &bed.documents(&id).await[..] else {
            panic!()
        };
        assert_eq!((&sale.order, refund.parent.as_ref()), (&id, Some(&sale.id)));
        assert_eq!(bed.documents(&twin).await.len(), 1);
        assert!(bed.documents(&id[..4]).await.is_empty());
        let recent = bed.ledger.recent_orders(10).await.unwrap();
        assert_eq!(recent.len(), 2);
        assert!(recent.contains(&(merchant(), order(&id))));
        assert_eq!(bed.ledger.recent_documents(Some("ready"), 10).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn long_cyrillic_texts_come_back_as_they_went_in() {
    on_each(async |bed| {
        let name = "Ґ'їжак “щедрий”\\ "
            .trim()
            .chars()
            .cycle()
            .take(1024)
            .collect::<String>()
            .trim()
            .to_owned();
        let long = "Подяка за квіти 🌷 ".repeat(4_000);
        let update = OrderUpdate {
            basket: Some(basket(&name, 100)),
            description: Some(long.clone()),
            buyer: Some(Buyer {
                email: Some("покупець@приклад.укр".to_owned()),
                phone: None,
                locale: Some("uk".to_owned()),
            }),
            ..OrderUpdate::default()
        };
        bed.ledger
            .put_order(&merchant(), &order("A-1"), &update, NOW)
            .await
            .unwrap();
        let document = bed.sale("A-1", 100).await;
        let due = bed.next_due().await.unwrap();
        let facts = bed.ledger.sale_facts(&due).await.unwrap();
        assert_eq!(
            (facts.basket, facts.description),
            (Some(basket(&name, 100)), Some(long.clone()))
        );
        let content = Receipt::sale(
            basket(&name, 100),
            kopecks(100),
            MismatchPolicy::Hold,
            &VatScheme::NotAPayer,
            PaymentMeans::default(),
        )
        .unwrap();
        let lease = bed.lease("a").await;
        let mut intent = intent(due.kind, Some(content.clone()));
        intent.sent = long.clone();
        intent.before = long.clone();
        assert!(
            bed.ledger
                .begin_sending(&lease, document, &intent, MINUTE, NOW)
                .await
                .unwrap()
        );
        let due = bed.next_due().await.unwrap();
        assert_eq!(
            (due.due, due.content, due.intent),
            (Due::Sending, Some(content), Some(long))
        );
    })
    .await;
}

#[tokio::test]
async fn a_long_slot_and_key_keep_their_differences() {
    on_each(async |bed| {
        let key = |end: &str| format!("{}{end}", "ключ".repeat(2_000));
        let one = bed.pending(&key("1"), super::bed::paid("A-1", 100)).await;
        let two = bed.pending(&key("2"), super::bed::paid("A-1", 100)).await;
        assert_ne!(one.id, two.id);
        bed.plan(&one, super::bed::only(vec![sale(100), refund(40), refund(60)]))
            .await;
        assert_eq!(bed.documents("A-1").await.len(), 3);
    })
    .await;
}
