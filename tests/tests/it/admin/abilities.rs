//! Providers are not able to do the same: nothing is offered that a document's own could not do.

use domain::ids::DocumentId;
use ledger::people::{Reach, Role};
use ledger::settings::Provider;
use reqwest::Method;
use serde_json::{Value, json};
use tests::bed::{TestBed, short_times};
use tests::db::Database;

use super::world::visitor;

#[tokio::test]
async fn an_orders_card_offers_what_its_provider_can_do() {
    let mut bed = TestBed::start(Database::Sqlite).await;
    bed.start_ingress_with_admin().await;
    let worker = bed.start_worker(short_times()).await;
    bed.keep(worker);
    let (mut person, _, _) = visitor(&bed, Role::Operator, Reach::Everything).await;
    for (number, provider) in (4_000_999_001..).zip(Provider::ALL.iter().copied()) {
        let can = provider.capabilities();
        let shop = bed.open_shop_at(provider, provider.as_str(), number, |_| {}).await;
        let order = bed.place(&shop, "sold", 10_000);
        let buyer = json!({ "buyer": { "phone": "+380501234567" } });
        let told = bed.api(&shop, Method::PUT, "/v1/orders/sold", buyer).await;
        assert_eq!(told.verdict(), "200");
        bed.fondy.pay(&order.at_gateway).unwrap();
        let document = bed.until(&order, &["sale registered"]).await[0].id.clone();
        let id = DocumentId::parse(&document).unwrap();
        let card = bed.ledger.document_card(&Reach::Everything, id).await.unwrap().unwrap();

        let shown = person.get(&format!("/orders/{}", card.order_id.unwrap())).await;
        shown.is(200).says("+380");
        let offers = |what: &str| shown.body.contains(what);
        assert_eq!(offers("Fetch from the provider"), can.rendering, "{provider:?}");
        assert_eq!(offers("Send to the phone"), can.phone, "{provider:?}");

        // Nor is it done for who asks all the same.
        for (path, body, able) in [
            ("fetch", Value::Null, can.rendering),
            ("send", json!({ "channel": "phone" }), can.phone),
        ] {
            let path = format!("/v1/documents/{document}/{path}");
            let asked = bed.api(&shop, Method::POST, &path, body).await;
            let refused = asked.verdict().contains("not_at_provider");
            assert_eq!(refused, !able, "{provider:?}, {path}: {}", asked.verdict());
        }
    }
}
