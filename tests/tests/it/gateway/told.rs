//! Buyers and shops are told of the payment system's receipts as of ours.

use ledger::settings::ShopWebhook;
use ledger::sheet::MailSettings;
use reqwest::Method;
use serde_json::{Value, json};
use tests::bed::{PATIENCE, TestBed, on_each, short_times};
use tests::eventually;

use super::World;

const SECRET: &str = "whsec_ZmlzY2FsLXNlY3JldC1vZi10aGUtZmxvd2VyLXNob3A=";

#[tokio::test]
async fn the_buyer_gets_a_letter_the_shop_a_webhook_and_the_page_says_who_made_it() {
    on_each(async |database| {
        let mut bed = TestBed::start(database).await;
        let (mailbox, endpoint) = (bed.start_mailbox().await, bed.start_shop().await);
        bed.gateway.receipt_path = Some("receipt_link".to_owned());
        let url = endpoint.url.clone();
        let mut world = World::quiet(bed, |settings| {
            let merchant = settings.merchants[0].id.clone();
            let webhook = ShopWebhook::new(merchant.clone(), url, SECRET);
            settings.shop_webhooks.push(ShopWebhook {
                format: ledger::settings::WebhookFormat::Event,
                ..webhook
            });
            let mail = MailSettings {
                mail_buyers: true,
                ..MailSettings::default()
            };
            settings.mail = vec![(merchant, mail)];
        })
        .await;
        world.start(short_times()).await;
        let body = json!({ "buyer": { "email": "buyer@mail.example" } });
        let put = world.bed.api(&world.shop, Method::PUT, "/v1/orders/A-1", body).await;
        assert_eq!(put.verdict(), "200", "{}", put.body);
        let order = world.pay("A-1", 26_750);
        world.until(&order, &["sale registered"]).await;
        world.bed.until_told("A-1", "mail", &["registered done"]).await;
        world.bed.until_told("A-1", "webhook", &["registered done"]).await;
        let letters = mailbox.messages_to("buyer@mail.example");
        assert_eq!(letters.len(), 1);
        let told: Value = serde_json::from_slice(&endpoint.shop.requests()[0].body).unwrap();
        let data = &told["data"];
        assert_eq!(
            (&data["made_by"], &data["register_id"]),
            (&json!("gateway"), &Value::Null)
        );
        assert_eq!(data["receipt"]["num_fiscal"], "4000000001");
        assert_eq!(data["receipt"]["ORDERNUM"], "7000000001");

        let shown = world
            .bed
            .api(&world.shop, Method::GET, "/v1/orders/A-1", Value::Null)
            .await
            .json();
        let document = &shown["documents"][0];
        assert_eq!(
            (
                &document["made_by"],
                &document["register"],
                &document["register_number"]
            ),
            (&json!("gateway"), &Value::Null, &json!("4000000001"))
        );
        let page = document["receipt_url"].as_str().unwrap();
        let path = &page[page.find("/r/").unwrap()..];
        let receipt = world.browse(path).await;
        assert!(receipt.body.contains("платіжною системою"), "{}", receipt.body);
        assert!(receipt.body.contains("Тестовий касир") && receipt.body.contains("7000000001"));
        let pdf = world.browse(&format!("{path}/receipt.pdf")).await;
        assert!(pdf.body.starts_with("%PDF-"), "{:?}", pdf.status);
        // The payment system's own file, beside ours.
        let own = format!("{path}/gateway.pdf");
        eventually(PATIENCE, async || world.browse(&own).await.status.is_success()).await;
        assert!(world.browse(&own).await.body.starts_with("%PDF-1.4"));
        assert!(world.browse(path).await.body.contains("/gateway.pdf"));
        let id = document["id"].as_str().unwrap();
        let by_api = world.browse(&format!("/v1/documents/{id}/gateway.pdf")).await;
        assert!(by_api.body.starts_with("%PDF-1.4"), "{by_api:?}");
        let fetch = format!("/v1/documents/{id}/fetch");
        let fetch = world.bed.api(&world.shop, Method::POST, &fetch, Value::Null).await;
        assert_eq!(fetch.verdict(), "409 made_by_gateway");
        let list = world
            .bed
            .api(&world.shop, Method::GET, "/v1/orders?text=A-1", Value::Null)
            .await
            .json();
        assert_eq!(list["orders"][0]["made_by"], json!(["gateway"]));
        let csv = world
            .bed
            .api(&world.shop, Method::GET, "/v1/orders.csv", Value::Null)
            .await;
        assert!(csv.body.trim_end().ends_with(",gateway"), "{}", csv.body);
        world.check_register().await;
    })
    .await;
}
