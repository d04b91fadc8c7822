//! The payment systems beside Fondy, in a bed.

use sandbox::acquirer::{NewPayment, Stage, System};
use tests::bed::{Acquirer, Endpoint, PATIENCE, TestBed};
use tests::db::Database;
use tests::eventually;

/// The shop answers 200 without a word, so what is paid is told once, or again and again where that is not enough.
async fn told<S: System>(acquirer: &Acquirer<S>, shop: &Endpoint, taken: bool) {
    let new = NewPayment::new("a-1", 26_750).callback_url(&format!("{}/{}", shop.url, S::NAME));
    let id = acquirer.sim.paid(new).unwrap();
    eventually(PATIENCE, async || {
        let payment = acquirer.sim.payment(id).map_err(|illegal| illegal.to_string())?;
        let tries = acquirer.sim.attempts().len();
        let told = if taken {
            !payment.acknowledgements.is_empty()
        } else {
            tries > 2
        };
        told.then_some(()).ok_or(format!("{}: {tries} tries", S::NAME))
    })
    .await;
    assert_eq!(acquirer.sim.count(Stage::Paid), 1);
}

#[tokio::test]
async fn they_listen_and_tell_a_shop_what_was_paid() {
    let mut bed = TestBed::start(Database::Sqlite).await;
    let shop = bed.start_shop().await;
    let (liqpay, wayforpay, monobank) = (
        bed.start_liqpay().await,
        bed.start_wayforpay().await,
        bed.start_monobank().await,
    );
    told(&liqpay, &shop, true).await;
    told(&monobank, &shop, true).await;
    told(&wayforpay, &shop, false).await;
    let asked = reqwest::Client::builder().no_proxy().build().unwrap();
    let asked = asked
        .get(format!("{}/api/merchant/pubkey", monobank.url))
        .header("X-Token", &monobank.merchant.secret);
    let answer = asked.send().await.unwrap().text().await.unwrap();
    assert!(answer.contains(&monobank.sim.public_key()), "{answer}");
}
