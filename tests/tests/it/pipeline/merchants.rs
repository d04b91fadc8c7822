use reqwest::Method;
use serde_json::{Value, json};
use tests::bed::{TestBed, on_each};

use super::{basket, goods};

#[tokio::test]
async fn two_merchants_with_the_same_order_id_do_not_mix() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let flowers = bed.shop().await;
        let bakery = bed.open_shop("bakery", 4_000_999_002, |_| {}).await;
        for (shop, name, price) in [(&flowers, "Букет", "267.50"), (&bakery, "Паляниця", "45")] {
            let put = bed.api(shop, Method::PUT, "/v1/orders/1001", basket(name, price)).await;
            assert_eq!(put.verdict(), "200", "{}", put.body);
        }
        let bouquet = bed.sell(&flowers, "1001", 26_750).await;
        let bread = bed.sell(&bakery, "1001", 4_500).await;
        bed.give_back(&bread, 500);
        bed.until(&bread, &["sale registered", "return registered"]).await;
        bed.at_rest().await;
        assert_eq!(bed.tape(&flowers).await, ["sale 267.50"]);
        assert_eq!(bed.tape(&bakery).await, ["sale 45.00", "return 5.00 of 1"]);
        assert_eq!(goods(&bed.receipts(&flowers)[0]), ["Букет"]);
        assert_eq!(goods(&bed.receipts(&bakery)[0]), ["Паляниця"]);
        assert_eq!(bed.states(&bouquet).await, ["sale registered"]);
    })
    .await;
}

#[tokio::test]
async fn a_key_opens_nothing_of_another_merchant() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let flowers = bed.shop().await;
        let bakery = bed.open_shop("bakery", 4_000_999_002, |_| {}).await;
        let order = bed.sell(&flowers, "1001", 26_750).await;
        let id = bed.documents(&order).await[0].id.clone();
        let document = format!("/v1/documents/{id}");
        let resend = format!("{document}/resend");
        for (method, path) in [
            (Method::GET, "/v1/orders/1001"),
            (Method::GET, document.as_str()),
            (Method::POST, resend.as_str()),
        ] {
            let own = bed.api(&flowers, method.clone(), path, Value::Null).await;
            assert_ne!(own.status.as_u16(), 404, "{path}: {}", own.body);
            let strange = bed.api(&bakery, method, path, Value::Null).await;
            assert_eq!(strange.status.as_u16(), 404, "{path}: {}", strange.body);
            assert!(
                !strange.body.contains("267.50") && !strange.body.contains(&id),
                "{}",
                strange.body
            );
        }
        // Not even its register can be named.
        let payment = json!({
            "type": "payment", "order_id": "x", "amount": "1", "currency": "UAH", "register": "flowers-1",
        });
        let refused = bed.tell_event(&bakery, "key-1", payment).await;
        assert_eq!(refused.verdict(), "422 unknown_register", "{}", refused.body);
        // A callback signed for one source is not believed by another.
        let callback = bed.fondy.callback_for(&order.at_gateway).unwrap();
        let refused = bed.post_callback(&bakery, callback).await;
        assert!(refused.status.is_client_error(), "{}", refused.body);
        bed.at_rest().await;
        assert_eq!(bed.tape(&bakery).await, [""; 0]);
    })
    .await;
}
