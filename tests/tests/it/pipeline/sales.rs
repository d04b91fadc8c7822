use reqwest::Method;
use sandbox::fondy::{CallbackFormat, NewOrder, Version};
use serde_json::json;
use tests::bed::{TestBed, on_each};

use super::{basket, body, carried, goods};

#[tokio::test]
async fn a_receipt_names_what_was_bought_as_well_as_is_known() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let nuts = carried(&[
            ("Мигдаль смажений", "700.00", "0.2", "140.00"),
            ("Кеш’ю очищений", "850.00", "0.15", "127.50"),
        ]);
        let order = |id: &str, reservation_data| NewOrder {
            order_id: id.to_owned(),
            amount: 26_750,
            reservation_data,
            ..NewOrder::default()
        };
        for (id, told, paid_with, expected) in [
            (
                "carried",
                None,
                nuts.clone(),
                vec!["Мигдаль смажений", "Кеш’ю очищений"],
            ),
            ("told", Some(basket("Букет 🌷", "267.50")), nuts, vec!["Букет 🌷"]),
            (
                "described",
                Some(json!({ "description": "Квіти з доставкою" })),
                None,
                vec!["Квіти з доставкою"],
            ),
            ("bare", None, None, vec!["Оплата замовлення bare"]),
        ] {
            if let Some(told) = told {
                let put = bed.api(&shop, Method::PUT, &format!("/v1/orders/{id}"), told).await;
                assert_eq!(put.verdict(), "200", "{}", put.body);
            }
            let order = bed.place_with(&shop, order(id, paid_with));
            bed.fondy.pay(&order.at_gateway).unwrap();
            bed.until(&order, &["sale registered"]).await;
            assert_eq!(bed.tape(&shop).await.last().unwrap(), "sale 267.50", "{id}");
            assert_eq!(goods(bed.receipts(&shop).last().unwrap()), expected, "{id}");
        }
        assert_eq!(bed.tape(&shop).await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_receipt_has_its_number_link_picture_and_payment() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let order = bed.sell(&shop, "A-1", 26_750).await;
        let document = &bed.documents(&order).await[0];
        let registered = &bed.receipts(&shop)[0];
        assert_eq!(document.fiscal_number.as_deref(), Some(registered.num_fiscal.as_str()));
        assert_eq!(document.local_number, i64::try_from(registered.num_local).ok());
        assert_eq!(document.url.as_deref(), Some(registered.url().as_str()));
        assert_eq!(document.presence.as_deref(), Some("online"));
        assert!(document.qr_code.as_ref().is_some_and(|picture| picture.len() > 100));
        let payment = &body(registered)["CHECKPAY"][0];
        assert_eq!(payment["PAYFORMCD"], 1);
        assert_eq!(payment["PAYSYS"][0]["EPZDETAILS"], "444455XXXXXX1111", "{payment}");
        let path = format!("/v1/documents/{}", document.id);
        let shown = bed.api(&shop, Method::GET, &path, json!(null)).await.json();
        assert_eq!(shown["fiscal_number"], registered.num_fiscal.as_str());
        assert_eq!(shown["amount"], "267.50");
    })
    .await;
}

#[tokio::test]
async fn held_money_has_no_receipt_until_it_is_captured() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let order = bed.place_with(
            &shop,
            NewOrder {
                order_id: "A-1".to_owned(),
                amount: 26_750,
                preauth: true,
                ..NewOrder::default()
            },
        );
        bed.fondy.pay(&order.at_gateway).unwrap();
        bed.at_rest().await;
        assert_eq!(bed.tape(&shop).await, [""; 0]);
        bed.fondy.capture(&order.at_gateway, 20_000).unwrap();
        bed.until(&order, &["sale registered"]).await;
        bed.at_rest().await;
        assert_eq!(bed.tape(&shop).await, ["sale 200.00"]);
    })
    .await;
}

#[tokio::test]
async fn what_moved_no_money_makes_no_receipt() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let declined = bed.place(&shop, "declined", 100);
        bed.fondy.decline(&declined.at_gateway).unwrap();
        let expired = bed.place(&shop, "expired", 100);
        bed.fondy.expire(&expired.at_gateway).unwrap();
        let checked = bed.place(&shop, "checked", 100);
        bed.fondy.verify_and_auto_reverse(&checked.at_gateway).unwrap();
        let failed_first = bed.place(&shop, "failed-first", 100);
        bed.fondy.fail_attempt(&failed_first.at_gateway).unwrap();
        bed.at_rest().await;
        assert_eq!(bed.tape(&shop).await, [""; 0]);
        for order in [&declined, &expired, &checked, &failed_first] {
            let view = bed.view(order).await.unwrap();
            assert!(!view.events.is_empty() && view.events.iter().all(|event| event.state == "ignored"));
        }
        bed.fondy.pay(&failed_first.at_gateway).unwrap();
        bed.until(&failed_first, &["sale registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 1.00"]);
    })
    .await;
}

#[tokio::test]
async fn every_protocol_and_format_of_a_callback_is_understood() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let mut expected = Vec::new();
        for version in [Version::V1_0, Version::V1_0_1, Version::V2_0] {
            for format in [CallbackFormat::Json, CallbackFormat::Form] {
                let id = format!("{version:?}-{format:?}");
                let order = bed.place_with(
                    &shop,
                    NewOrder {
                        order_id: id,
                        amount: 26_750,
                        version,
                        callback_format: Some(format),
                        ..NewOrder::default()
                    },
                );
                bed.fondy.pay(&order.at_gateway).unwrap();
                bed.until(&order, &["sale registered"]).await;
                bed.give_back(&order, 750);
                bed.until(&order, &["sale registered", "return registered"]).await;
                let place = expected.len() + 1;
                expected.push("sale 267.50".to_owned());
                expected.push(format!("return 7.50 of {place}"));
            }
        }
        assert_eq!(bed.tape(&shop).await, expected);
    })
    .await;
}
