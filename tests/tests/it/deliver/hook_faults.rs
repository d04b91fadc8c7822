//! Everything that goes wrong between us and a shop's endpoint, on its way to the right end.

use std::time::Duration;

use domain::ids::DocumentId;
use hooks::PrivateAddresses;
use ledger::deliveries::Which;
use ledger::people::Reach;
use sandbox::shop::{Fault, FaultKind};
use tests::bed::{TestBed, short_times};
use tests::db::Database;
use tests::eventually;
use worker::WorkerTimes;
use worker::backoff::Schedule;

use super::World;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_shop_does_it_is_told_under_one_id_and_a_doubt_is_counted() {
    let mut world = World::new(Database::Sqlite).await;
    // Somebody in the operator's network whom no redirect may reach.
    let neighbour = world.bed.start_shop().await;
    let to_neighbour = |status| FaultKind::Redirect {
        status,
        to: neighbour.url.clone(),
    };
    let huge = FaultKind::HugeAnswer {
        status: None,
        bytes: u64::MAX,
    };
    for (name, fault, outcomes, unclear) in [
        ("e500", FaultKind::status(500), &["endpoint_trouble", "taken"][..], 0),
        ("e503", FaultKind::status(503), &["endpoint_trouble", "taken"], 0),
        ("e429", FaultKind::status(429), &["endpoint_trouble", "taken"], 0),
        ("e404", FaultKind::status(404), &["refused", "taken"], 0),
        ("e400", FaultKind::status(400), &["refused", "taken"], 0),
        ("r302", to_neighbour(302), &["redirected", "taken"], 0),
        ("r308", to_neighbour(308), &["redirected", "taken"], 0),
        ("before", FaultKind::DropBefore, &["no_answer", "taken"], 1),
        ("after", FaultKind::DropAfter, &["no_answer", "taken"], 1),
        ("hang", FaultKind::Hang, &["no_answer", "taken"], 1),
        ("huge", huge, &["taken"], 0),
    ] {
        world.endpoint.shop.inject(Fault::once(fault));
        world.sell(name).await;
        let message = world
            .bed
            .until_told(name, "webhook", &["registered done"])
            .await
            .remove(0);
        assert_eq!(world.outcomes(name, "webhook").await, outcomes, "{name}");
        assert_eq!(message.unclear, unclear, "{name}");
        let mut requests = world.endpoint.shop.requests();
        requests.retain(|request| request.header("webhook-id") == Some(&message.id));
        assert_eq!(requests.len(), outcomes.len(), "{name}");
        assert_eq!(world.bed.lane_alerts(&message.lane).await, [""; 0], "{name}");
    }
    assert_eq!(neighbour.shop.connections(), 0, "no redirect was followed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_away_makes_webhooks_wait() {
    let world = World::new(Database::Sqlite).await;
    world.endpoint.shop.shut().await;
    world.sell("A-1").await;
    world
        .bed
        .until_told("A-1", "webhook", &["registered due not_reached"])
        .await;
    world.bed.until_told("A-1", "mail", &["registered done"]).await;
    world.endpoint.shop.open().await;
    let message = world
        .bed
        .until_told("A-1", "webhook", &["registered done"])
        .await
        .remove(0);
    assert_eq!(message.unclear, 0, "nothing was sent");
    assert_eq!(world.endpoint.shop.acknowledged().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_gone_is_asked_once_and_waits_for_a_person() {
    let world = World::new(Database::Sqlite).await;
    world.endpoint.shop.inject(Fault::once(FaultKind::status(410)));
    world.sell("A-1").await;
    let held = world
        .bed
        .until_told("A-1", "webhook", &["registered held gone"])
        .await
        .remove(0);
    assert_eq!(world.bed.lane_alerts(&held.lane).await, ["deliveries_held"]);
    let ledger = &world.bed.ledger;
    let again = ledger.send_lane_again(&Reach::Everything, &held.lane, Which::Held, "the test", ledger.now());
    assert_eq!(again.await.unwrap(), Some(1));
    let done = world
        .bed
        .until_told("A-1", "webhook", &["registered done"])
        .await
        .remove(0);
    assert_eq!((done.id, done.attempts), (held.id, 2));
    assert_eq!(world.bed.lane_alerts(&held.lane).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_asks_for_time_gets_it() {
    let mut bed = TestBed::start(Database::Sqlite).await;
    let endpoint = bed.start_shop().await;
    let asked = FaultKind::Status {
        status: 429,
        retry_after: Some(2),
    };
    endpoint.shop.inject(Fault::once(asked));
    let times = WorkerTimes {
        delivery_backoff: Schedule {
            first: Duration::from_millis(10),
            cap: Duration::from_secs(60),
        },
        ..short_times()
    };
    let worker = bed.start_worker(times).await;
    bed.keep(worker);
    bed.start_ingress().await;
    let url = endpoint.url.clone();
    let shop = bed
        .open_shop("flowers", 4_000_999_001, |settings| {
            let merchant = settings.merchants[0].id.clone();
            let hook = ledger::settings::ShopWebhook::new(merchant, url, super::SECRET);
            settings.shop_webhooks.push(hook);
        })
        .await;
    bed.sell(&shop, "A-1", 10_000).await;
    bed.until_told("A-1", "webhook", &["registered done"]).await;
    let requests = endpoint.shop.requests();
    let waited = requests[1].at.duration_since(requests[0].at);
    // `Retry-After` counts from the second in which the answer was made.
    assert!(waited.as_millis() >= 1_000, "{waited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_own_network_is_out_of_reach_unless_it_is_allowed() {
    let mut bed = TestBed::start(Database::Sqlite).await;
    let endpoint = bed.start_shop().await;
    bed.delivery.private_webhooks = PrivateAddresses::Refused;
    let worker = bed.start_worker(short_times()).await;
    bed.start_ingress().await;
    let port = endpoint.url.rsplit_once(':').unwrap().1.to_owned();
    let shop = bed
        .open_shop("flowers", 4_000_999_001, |settings| {
            let merchant = settings.merchants[0].id.clone();
            for host in ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"] {
                let url = format!("http://{host}:{port}");
                let hook = ledger::settings::ShopWebhook::new(merchant.clone(), url, super::SECRET);
                settings.shop_webhooks.push(hook);
            }
        })
        .await;
    bed.sell(&shop, "A-1", 10_000).await;
    bed.until_told("A-1", "webhook", &["registered due private_address"; 4])
        .await;
    assert_eq!(endpoint.shop.connections(), 0);
    worker.stop().await;
    bed.delivery.private_webhooks = PrivateAddresses::Allowed;
    let worker = bed.start_worker(short_times()).await;
    bed.keep(worker);
    eventually(tests::bed::PATIENCE, async || {
        let acknowledged = endpoint.shop.acknowledged().len();
        if acknowledged >= 3 { Ok(()) } else { Err(acknowledged) }
    })
    .await;
}

/// What one message or one endpoint has wrong stands in nobody else's way.
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_cannot_be_read_is_held_and_the_others_go() {
    let world = World::new(Database::Sqlite).await;
    world.endpoint.shop.shut().await;
    let spoiled = world.sell("A-1").await;
    world
        .bed
        .until_told("A-1", "webhook", &["registered due not_reached"])
        .await;
    let id: DocumentId = DocumentId::parse(&world.bed.documents(&spoiled).await[0].id).unwrap();
    let db = sea_orm::Database::connect(&world.bed.url).await.unwrap();
    let spoil = format!("UPDATE documents SET content = '?' WHERE id = '{id}'");
    sea_orm::ConnectionTrait::execute_unprepared(&db, &spoil).await.unwrap();
    db.close().await.unwrap();
    world.sell("A-2").await;
    world.endpoint.shop.open().await;
    world.bed.until_told("A-2", "webhook", &["registered done"]).await;
    let held = world
        .bed
        .until_told("A-1", "webhook", &["registered held unreadable"])
        .await
        .remove(0);
    assert_eq!(world.bed.lane_alerts(&held.lane).await, ["deliveries_held"]);
}
