use crate::shop::Shop;

const BASKET: &str = r#"{"basket":[{"name":"Мигдаль жар.","price":"700.00","quantity":"0.2"},
    {"name":"Кешью очищ.","price":850,"quantity":0.15}]}"#;

#[tokio::test]
async fn a_basket_is_encoded_without_a_ledger_or_everything_wrong_with_it_is_told() {
    let shop = Shop::empty();
    std::fs::write(shop.path("basket.json"), BASKET).unwrap();
    let good = shop
        .kasyr(&["reservation-data", "basket.json", "--amount", "26750"])
        .await;
    good.expect(0, &["26750 kopecks in 2 lines", "send it with amount=26750"]);
    let value = good.said.lines().next().unwrap();
    assert!(value.starts_with("eyJwcm9kdWN0cyI6") && !value.contains(' '), "{value}");
    assert!(!shop.path("kasyr.sqlite").exists(), "nothing is kept");

    let less = shop
        .kasyr(&["reservation-data", "basket.json", "--amount", "30000"])
        .await;
    less.expect(
        1,
        &[
            "the lines are worth 267.50 and the payment is 300.00",
            "32.50 are missing",
        ],
    );
    std::fs::write(
        shop.path("wrong.json"),
        r#"{"products":[{"name":"Чай","price":"1,5"},{}]}"#,
    )
    .unwrap();
    let wrong = shop.kasyr(&["reservation-data", "wrong.json"]).await;
    wrong.expect(
        1,
        &[
            "line 1, price:",
            "line 1, quantity:",
            "line 2, name:",
            "line 2, total_amount:",
        ],
    );
    shop.kasyr(&["reservation-data", "nowhere.json"])
        .await
        .expect(1, &["cannot read nowhere.json"]);
    // What is piped in is nothing here.
    shop.kasyr(&["reservation-data", "-"])
        .await
        .expect(1, &["it is not JSON"]);
}
