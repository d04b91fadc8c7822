use sandbox::fondy::{BasketEcho, NewOrder, Switches};
use serde_json::{Value, json};
use tests::bed::{TestBed, on_each};

use super::{Market, OTHER, PAID, SOLD, STANDARD, pieces, receivers, to, told};
use base64::Engine as _;

/// The documentation's two goods, 140.00 and 127.50.
fn almonds_and_cashews() -> String {
    STANDARD.encode(
        r#"{"products":[{"id":1,"name":"Миндаль жар.","price":700.00,"total_amount":140.00,"quantity":0.2},{"id":2,"name":"Кешью очищ.","price":850.00,"total_amount":127.50,"quantity":0.15}]}"#,
    )
}

#[tokio::test]
async fn the_two_goods_of_a_purchase_are_the_lines_of_its_receipt() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let order = bed.place_with(
            &shop,
            NewOrder {
                order_id: "goods".to_owned(),
                amount: 26_750,
                reservation_data: Some(almonds_and_cashews()),
                ..NewOrder::default()
            },
        );
        bed.fondy.pay(&order.at_gateway).unwrap();
        bed.until(&order, &["sale registered"]).await;
        assert_eq!(bed.tape(&shop).await, ["sale 267.50"]);
        let receipt: Value = serde_json::from_str(bed.receipts(&shop)[0].check.as_deref().unwrap()).unwrap();
        let lines: Vec<String> = receipt["CHECKBODY"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| {
                format!(
                    "{} {} x {} = {}",
                    line["NAME"].as_str().unwrap(),
                    line["AMOUNT"],
                    line["PRICE"],
                    line["COST"]
                )
            })
            .collect();
        assert_eq!(
            lines,
            ["Миндаль жар. 0.2 x 700.0 = 140.0", "Кешью очищ. 0.15 x 850.0 = 127.5"]
        );
    })
    .await;
}

#[tokio::test]
async fn without_a_basket_a_purchase_is_one_line() {
    on_each(async |database| {
        let bed = TestBed::working(database).await;
        let shop = bed.shop().await;
        let order = bed.pay(&shop, "no-basket", 26_750);
        bed.until(&order, &["sale registered"]).await;
        let receipt: Value = serde_json::from_str(bed.receipts(&shop)[0].check.as_deref().unwrap()).unwrap();
        let lines = receipt["CHECKBODY"].as_array().unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["COST"].to_string(), "267.5");
    })
    .await;
}

fn echoing() -> Switches {
    Switches {
        echo_receivers: true,
        ..Switches::default()
    }
}

#[tokio::test]
async fn a_purchase_that_names_its_receivers_is_two_receipts_on_two_registers_and_two_letters() {
    on_each(async |database| {
        let market = Market::new(database).await;
        market.bed.fondy.set_switches(echoing());
        let order = market.place_divided("market-1", receivers());
        market.pay(&order);
        market.bed.until(&order, &["sale registered", "sale registered"]).await;
        market.check_tapes(&[SOLD[0]], &[SOLD[1]]).await;
        market
            .bed
            .until_told("market-1", "mail", &["registered done", "registered done"])
            .await;
        assert_eq!(market.mailbox.messages_to(&to("market-1")).len(), 2);
        let shown = market.shown(&order).await;
        assert_eq!(shown["parts"][0]["receiver"], "500001");
        assert_eq!(shown["parts"][0]["register"], "till-1");
        assert_eq!(shown["parts"][1]["amount"], "4000.00");
        assert_eq!(shown["parts"][1]["document"], shown["documents"][1]["id"]);
        assert_eq!(shown["documents"][1]["receiver"], "600001");
        // Each snapshot once more changes nothing.
        for callback in market.bed.fondy.callbacks(&order.at_gateway).unwrap() {
            market.bed.fondy.resend(callback.id);
        }
        market.bed.at_rest().await;
        market.check_tapes(&[SOLD[0]], &[SOLD[1]]).await;
        assert_eq!(market.mailbox.messages().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_receiver_without_a_basket_and_one_without_a_register_get_no_receipt() {
    on_each(async |database| {
        let market = Market::new(database).await;
        market.bed.fondy.set_switches(echoing());
        let mut parts = receivers();
        parts[1].reservation_data = None;
        let order = market.place_divided("no-basket", parts);
        market.pay(&order);
        market.bed.until(&order, &["sale registered"]).await;
        let shown = market.shown(&order).await;
        assert_eq!(
            (&shown["parts"][0]["no_receipt"], &shown["parts"][1]["no_receipt"]),
            (&Value::Null, &json!("no_basket"))
        );
        let mut parts = receivers();
        parts[0].merchant_id = Some(700_001);
        let order = market.place_divided("no-register", parts);
        market.pay(&order);
        market.bed.until(&order, &["sale registered"]).await;
        let shown = market.shown(&order).await;
        assert_eq!(shown["parts"][1]["no_receipt"], "no_register");
        let mut parts = receivers();
        parts[0].merchant_id = None;
        let order = market.place_divided("to-a-bank", parts);
        market.pay(&order);
        market.bed.until(&order, &["sale registered"]).await;
        assert_eq!(market.shown(&order).await["parts"][1]["receiver"], "bank_account");
        market.check_tapes(&[SOLD[0]], &[SOLD[1], SOLD[1]]).await;
    })
    .await;
}

#[tokio::test]
async fn the_shops_receivers_divide_a_plain_purchase_and_say_what_a_split_purchase_sold() {
    on_each(async |database| {
        let market = Market::new(database).await;
        market.put("plain", json!({ "receivers": told() })).await;
        let plain = market.place_plain("plain");
        market.pay(&plain);
        market.bed.until(&plain, &["sale registered", "sale registered"]).await;
        market.check_tapes(&[SOLD[0]], &[SOLD[1]]).await;
        // The gateway shows the parts and not what was sold.
        let divided = market.place_divided("divided", receivers());
        market.pay(&divided);
        market.bed.at_rest().await;
        assert_eq!(market.shown(&divided).await["parts"][0]["no_receipt"], "no_basket");
        // Told afterwards, it is not too late.
        market.put("divided", json!({ "receivers": told() })).await;
        market
            .bed
            .until(&divided, &["sale registered", "sale registered"])
            .await;
        market.check_tapes(&[SOLD[0], SOLD[0]], &[SOLD[1], SOLD[1]]).await;
        market.put("divided", json!({ "receivers": told() })).await;
        market.bed.at_rest().await;
        assert_eq!(market.bed.documents(&divided).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn parts_that_are_not_what_was_paid_wait_for_a_person_and_are_divided_anew() {
    on_each(async |database| {
        let market = Market::new(database).await;
        let mut wrong = told();
        wrong[0]["amount"] = json!("5999.99");
        market.put("wrong", json!({ "receivers": wrong })).await;
        let order = market.place_plain("wrong");
        market.pay(&order);
        let held = market.bed.until(&order, &["sale held split_mismatch"]).await;
        assert_eq!(
            held[0].hold.as_ref().unwrap().1,
            "the receivers' parts add up to 9999.99 and 10000.00 was paid"
        );
        market.put("wrong", json!({ "receivers": told() })).await;
        let path = format!("/v1/documents/{}/resend", held[0].id);
        let answer = market
            .bed
            .api(&market.shop, reqwest::Method::POST, &path, Value::Null)
            .await;
        assert_eq!(answer.json()["state"], "closed");
        let done = ["sale closed split_mismatch", "sale registered", "sale registered"];
        market.bed.until(&order, &done).await;
        market.check_tapes(&[SOLD[0]], &[SOLD[1]]).await;
    })
    .await;
}

#[tokio::test]
async fn a_receivers_basket_that_is_not_worth_its_part_holds_that_part_alone() {
    on_each(async |database| {
        let market = Market::new(database).await;
        market.bed.fondy.set_switches(echoing());
        let mut parts = receivers();
        parts[1].reservation_data = Some(pieces(3));
        let order = market.place_divided("cheap", parts);
        market.pay(&order);
        let documents = market
            .bed
            .until(&order, &["sale registered", "sale held basket_mismatch"])
            .await;
        market.put("cheap", json!({ "receivers": told() })).await;
        let path = format!("/v1/documents/{}/resend", documents[1].id);
        market
            .bed
            .api(&market.shop, reqwest::Method::POST, &path, Value::Null)
            .await;
        market.bed.until(&order, &["sale registered", "sale registered"]).await;
        market.check_tapes(&[SOLD[0]], &[SOLD[1]]).await;
    })
    .await;
}

#[tokio::test]
async fn a_shop_that_declared_no_receivers_sells_the_whole() {
    on_each(async |database| {
        let market = Market::with(database, |settings| settings.sources[0].receivers.clear()).await;
        market.bed.fondy.set_switches(Switches {
            basket: BasketEcho::Null,
            ..echoing()
        });
        let order = market.place_divided("whole", receivers());
        market.pay(&order);
        market.bed.until(&order, &["sale registered"]).await;
        assert_eq!(market.bed.tape(&market.shop).await, ["sale 10000.00"]);
        assert_eq!((PAID, OTHER), (1_000_000, 600_001));
    })
    .await;
}
