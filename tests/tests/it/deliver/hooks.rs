use ledger::settings::WebhookFormat;
use sandbox::shop::Received;
use serde_json::Value;
use tests::bed::{PATIENCE, TestBed, on_each};
use tests::db::Database;
use tokio::time::timeout;

use super::read::{letters, pdf_letters, qr, verifies};
use super::{SECRET, World};

const NEW_SECRET: &str = "whsec_dGhlIG5leHQgc2VjcmV0IG9mIHRoZSBmbG93ZXIgc2hvcA==";

impl World {
    /// What the shop took, oldest first, once there is so much.
    async fn told(&self, count: usize) -> Vec<Received> {
        let enough =
            |requests: &[Received]| requests.iter().filter(|request| request.is_acknowledged()).count() >= count;
        timeout(PATIENCE, self.endpoint.shop.wait_until(enough)).await.unwrap();
        self.endpoint.shop.acknowledged()
    }
}

fn body(request: &Received) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn decoded(value: &Value) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode(value.as_str().unwrap())
        .unwrap()
}

#[tokio::test]
async fn a_sale_is_told_to_the_shop_in_cashdesks_shape_and_signed() {
    on_each(async |database| {
        let world = World::new(database).await;
        let order = world.sell("A-1").await;
        let request = world.told(1).await.remove(0);
        let message = world
            .bed
            .until_told("A-1", "webhook", &["registered done"])
            .await
            .remove(0);
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/fiscal"));
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert_eq!(request.header("webhook-id"), Some(message.id.as_str()));
        assert!(verifies(&request, SECRET));
        assert!(!verifies(&request, NEW_SECRET));
        let spoiled = Received {
            body: [&request.body[..], b" "].concat().into(),
            ..request.clone()
        };
        assert!(!verifies(&spoiled, SECRET), "the body is signed");
        let receipt = world.bed.documents(&order).await.remove(0);
        let (number, link) = (receipt.fiscal_number.unwrap(), receipt.url.unwrap());
        let body = body(&request);
        assert_eq!(body["num_fiscal"], "4000999001");
        assert_eq!(body["ORDERNUM"], number.as_str());
        assert_eq!(body["uuid"], receipt.id.as_str());
        assert_eq!(body["qr_data"], link.as_str());
        assert_eq!(body["check_data"]["total_sum"], 100);
        assert_eq!(body["check_data"]["products"][0]["name"], "Тюльпани «Ґанок»");
        assert_eq!(qr(&decoded(&body["qr"])), link);
        let printed = pdf_letters(&decoded(&body["pdf"]));
        let text = String::from_utf8(decoded(&body["text_print"])).unwrap();
        for said in [number.as_str(), "Тюльпани «Ґанок»"] {
            assert!(
                printed.contains(&letters(said)) && letters(&text).contains(&letters(said)),
                "{said}"
            );
        }
        assert!(body["link"].as_str().unwrap().contains("/r/"), "{}", body["link"]);
    })
    .await;
}

#[tokio::test]
async fn events_come_in_an_envelope_with_the_shops_own_order() {
    let bed = TestBed::start(Database::Sqlite).await;
    let world = World::with(bed, |settings| settings.shop_webhooks[0].format = WebhookFormat::Event).await;
    let order = world.sell("A-1").await;
    world.told(1).await;
    world.bed.give_all_back(&order);
    let told = world.told(2).await;
    assert!(told.iter().all(|request| verifies(request, SECRET)));
    let (sale, refund) = (body(&told[0]), body(&told[1]));
    let number = world.bed.documents(&order).await[0].fiscal_number.clone().unwrap();
    assert_eq!(
        (&sale["type"], &refund["type"]),
        (&"receipt.registered".into(), &"receipt.refunded".into())
    );
    assert!(
        sale["timestamp"].as_str().unwrap().ends_with('Z'),
        "{}",
        sale["timestamp"]
    );
    for told in [&sale, &refund] {
        assert_eq!(told["data"]["order_id"], "A-1");
        assert_eq!(told["data"]["register_id"], "flowers-1");
    }
    assert_eq!(
        (&sale["data"]["kind"], &sale["data"]["sale_number"]),
        (&"sale".into(), &Value::Null)
    );
    assert_eq!(
        (&refund["data"]["kind"], &refund["data"]["sale_number"]),
        (&"storno".into(), &number.into())
    );
    assert_eq!(refund["data"]["receipt"]["check_data"]["total_sum"], 100);
}

#[tokio::test]
async fn either_secret_verifies_while_a_shop_changes_to_the_next() {
    let world = World::new(Database::Sqlite).await;
    world.sell("A-1").await;
    let first = world.told(1).await.remove(0);
    let (ledger, now) = (&world.bed.ledger, world.bed.ledger.now());
    let (merchant, url) = (&world.shop.merchant, &world.endpoint.url);
    assert!(
        ledger
            .change_webhook_secret(merchant, url, &NEW_SECRET.into(), "the test", now)
            .await
            .unwrap()
    );
    world.sell("A-2").await;
    let second = world.told(2).await.remove(1);
    assert!(verifies(&first, SECRET) && !verifies(&first, NEW_SECRET));
    assert!(verifies(&second, SECRET) && verifies(&second, NEW_SECRET));
    assert_eq!(second.header("webhook-signature").unwrap().split(' ').count(), 2);
}

#[tokio::test]
async fn a_receipt_made_offline_is_told_again_when_the_tax_service_has_it() {
    on_each(async |database| {
        let bed = TestBed::start_at(database, "2026-03-03T10:00:00+02:00").await;
        let world = World::with(bed, |settings| settings.shop_webhooks[0].format = WebhookFormat::Event).await;
        // The first receipt opens the shift, which needs the tax service.
        world.sell("A-0").await;
        world.bed.cashalot.set_fsko(false);
        world.sell("A-1").await;
        world.told(2).await;
        world.bed.until_told("A-1", "mail", &["registered done"]).await;
        world.bed.cashalot.set_fsko(true);
        world.bed.later(super::HOUR);
        let expected = ["registered done", "delivered done"];
        let messages = world.bed.until_told("A-1", "webhook", &expected).await;
        assert_ne!(messages[0].id, messages[1].id);
        let told = world.told(3).await;
        let seen = |request: &Received| {
            let body = body(request);
            let presence = body["data"]["presence"].as_str().unwrap().to_owned();
            (
                body["type"].as_str().unwrap().to_owned(),
                presence,
                body["data"]["receipt"]["is_offline"].clone(),
            )
        };
        assert_eq!(
            seen(&told[1]),
            ("receipt.registered".to_owned(), "offline".to_owned(), true.into())
        );
        assert_eq!(
            seen(&told[2]),
            ("receipt.delivered".to_owned(), "delivered".to_owned(), false.into())
        );
        let of_first = body(&told[1])["data"]["document_id"].clone();
        assert_eq!(body(&told[2])["data"]["document_id"], of_first);
        assert_eq!(
            world.mailbox.messages_to(&super::to("A-1")).len(),
            1,
            "the buyer is not told again"
        );
    })
    .await;
}
