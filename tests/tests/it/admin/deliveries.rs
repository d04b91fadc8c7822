//! What the pages tell of messages, and sending them again.

use std::time::Duration;

use domain::time::UnixMillis;
use ledger::deliveries::{Batch, Delivered, DeliveryFilter, DeliveryView, LaneHealth, LaneId, NewTry, SettledDelivery};
use ledger::people::Role;
use reqwest::Method;
use serde_json::json;
use tests::bed::on_each;
use tests::db::Database;

use super::world::World;

const LEASE: Duration = Duration::from_secs(30);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What a worker does on the flower shop's way, as if an hour had gone: all that is due ends so.
async fn work(world: &World, lane: &str, ends: impl Fn() -> (Delivered, &'static str)) -> usize {
    let ledger = &world.bed.ledger;
    let lane = LaneId::from_bell(lane.to_owned());
    let mut lease = ledger.take_lane(&lane, "the test", LEASE).await.unwrap().unwrap();
    let now = world.bed.now();
    lease.not_before = UnixMillis::EPOCH;
    let batch = ledger.begin_deliveries(&lease, 20, LEASE, now.plus(DAY)).await.unwrap();
    let Batch::Send(due) = batch else {
        panic!("{batch:?}");
    };
    let settled: Vec<SettledDelivery> = due
        .iter()
        .map(|delivery| {
            let (delivered, outcome) = ends();
            let made = NewTry {
                outcome,
                status: Some(410),
                detail: Some("in its own words".to_owned()),
                started_at: now,
                duration: Duration::from_millis(17),
            };
            SettledDelivery {
                id: delivery.id.clone(),
                delivered,
                made: Some(made),
            }
        })
        .collect();
    let health = LaneHealth::Good;
    assert!(ledger.settle_deliveries(&lease, &settled, &health, now).await.unwrap());
    ledger.release_lane(&lease).await.unwrap();
    due.len()
}

/// The flower shop's messages, newest first.
async fn messages(world: &World) -> Vec<DeliveryView> {
    let filter = DeliveryFilter::default();
    let reach = world.flowers.reach();
    let page = world.bed.ledger.list_deliveries(&reach, &filter, None, 100).await;
    page.unwrap().rows
}

async fn states(world: &World) -> Vec<String> {
    let all = messages(world).await;
    all.iter()
        .map(|one| format!("{} {} {}", one.channel, one.state, one.copy))
        .collect()
}

#[tokio::test]
async fn what_waits_for_a_person_goes_out_again_with_one_press() {
    on_each(async |database| {
        let world = World::open(database).await;
        let lane = world.flowers.lane.clone();
        let quiet = world.bed.ledger.pulse().await.unwrap();
        work(&world, &lane, || (Delivered::Held("gone".to_owned()), "gone")).await;
        assert_ne!(world.bed.ledger.pulse().await.unwrap(), quiet, "open pages look again");
        let mut operator = world.visitor(Role::Operator, world.flowers.reach()).await;
        let mut accountant = world.visitor(Role::Accountant, world.flowers.reach()).await;
        let order = format!("/orders/{}", world.flowers.order);
        let message = format!("/deliveries/{}", messages(&world).await[0].id);
        for path in ["/deliveries", "/deliveries?state=held", &order, &message] {
            let shown = operator.get(path).await;
            shown.is(200).says("on hold").says("this address is gone");
            // Of the endpoint only its host: the rest may be what keeps strangers out.
            shown.says(&format!("{}.example", world.flowers.canary));
            assert!(!shown.body.contains("/hook"), "{path}: {}", shown.body);
        }
        operator
            .get(&message)
            .await
            .is(200)
            .says("in its own words")
            .says("410");
        operator.get("/deliveries?state=done").await.says("no such messages");
        let alert = operator.get("/attention/alerts").await;
        let encoded: String = url::form_urlencoded::byte_serialize(lane.as_bytes()).collect();
        alert
            .is(200)
            .says(&format!("/deliveries?lane={encoded}&amp;state=held"));
        let read = accountant.get("/deliveries").await;
        assert!(!read.is(200).body.contains("/deliveries/send-again"), "{}", read.body);

        let sent = operator.post("/deliveries/send-again", &[("lane", &lane)]).await;
        assert_eq!(sent.is(303).location(), "/deliveries?done=sent-again");
        assert_eq!(states(&world).await, ["webhook due 0"]);
        let alerts = operator.get("/attention/alerts").await;
        assert!(!alerts.is(200).body.contains("/deliveries?lane"), "{}", alerts.body);
        let again = operator.post("/deliveries/send-again", &[("lane", &lane)]).await;
        assert_eq!(again.is(303).location(), "/deliveries?done=nothing-to-send");
        operator.get("/audit").await.is(200).says("sent messages again");
    })
    .await;
}

#[tokio::test]
async fn everything_of_a_time_goes_once_more() {
    let world = World::open(Database::Sqlite).await;
    let lane = world.flowers.lane.clone();
    work(&world, &lane, || (Delivered::Done, "taken")).await;
    let mut person = world.visitor(Role::Operator, world.flowers.reach()).await;
    person
        .get("/deliveries")
        .await
        .is(200)
        .says("Send everything of a time");
    let path = "/deliveries/send-made";
    for wrong in [
        &[("lane", lane.as_str())][..],
        &[("lane", &lane), ("from", "2026-11-19T11:00"), ("to", "yesterday")],
        &[
            ("lane", &lane),
            ("from", "2026-11-20T11:00"),
            ("to", "2026-11-19T11:00"),
        ],
    ] {
        person.post(path, wrong).await.is(409).says("Nothing was done");
    }
    // The clock stood at noon in Kyiv when it began.
    let span = |from, to| [("lane", lane.as_str()), ("from", from), ("to", to)];
    let before = person.post(path, &span("2026-11-19T00:00", "2026-11-19T11:58")).await;
    assert_eq!(before.is(303).location(), "/deliveries?done=nothing-to-send");
    assert_eq!(states(&world).await, ["webhook done 0"]);
    let sent = person.post(path, &span("2026-11-19T11:59", "2026-11-19T13:00")).await;
    assert_eq!(sent.is(303).location(), "/deliveries?done=sent-again");
    assert_eq!(states(&world).await, ["webhook due 1", "webhook done 0"]);
}

#[tokio::test]
async fn the_buyer_and_the_shop_are_told_again_from_the_order_s_card() {
    let world = World::open(Database::Sqlite).await;
    let (bed, own) = (&world.bed, &world.flowers);
    let mut person = world.visitor(Role::Operator, own.reach()).await;
    let path = format!("/documents/{}/send", own.document);
    let card = format!("/orders/{}", own.order);
    let shown = person.get(&card).await;
    shown.is(200).says("Tell the shop again").says("/r/");
    assert!(!shown.body.contains("Send the e-mail again"), "{}", shown.body);
    for (channel, why) in [("mail", "address is not known"), ("phone", "number is known")] {
        person.post(&path, &[("channel", channel)]).await.is(409).says(why);
    }
    person.post(&path, &[("channel", "pigeon")]).await.is(400);

    let buyer = json!({ "buyer": { "email": "olena@canary.example", "phone": "+380671234567" } });
    let order = format!("/v1/orders/{}-sold", own.canary);
    assert_eq!(bed.api(&own.shop, Method::PUT, &order, buyer).await.verdict(), "200");
    let shown = person.get(&card).await;
    shown.is(200).says("Send the e-mail again").says("may cost money");
    for channel in ["mail", "webhook", "phone"] {
        let sent = person.post(&path, &[("channel", channel)]).await;
        assert_eq!(
            sent.is(303).location(),
            format!("{card}?done=sent-again#document-{}", own.document)
        );
    }
    let all = states(&world).await;
    for expected in ["mail due 1", "webhook due 1", "phone due 1"] {
        assert!(all.iter().any(|state| state == expected), "{expected} in {all:?}");
    }
    let shown = person.get(&card).await;
    shown.says("o***@canary.example").says("+380*******67");
    for personal in ["olena@canary.example", "+380671234567"] {
        assert!(!shown.body.contains(personal), "{}", shown.body);
    }
}

#[tokio::test]
async fn what_may_have_arrived_twice_says_so() {
    let world = World::open(Database::Sqlite).await;
    let lane = world.flowers.lane.clone();
    let again = || {
        let delivered = Delivered::Again {
            at: UnixMillis::EPOCH,
            unclear: true,
            trouble: "no_answer".to_owned(),
        };
        (delivered, "no_answer")
    };
    assert_eq!(work(&world, &lane, again).await, 1);
    assert_eq!(work(&world, &lane, || (Delivered::Done, "taken")).await, 1);
    let mut person = world.visitor(Role::Accountant, world.flowers.reach()).await;
    let message = format!("/deliveries/{}", messages(&world).await[0].id);
    for path in [format!("/orders/{}", world.flowers.order), message.clone()] {
        person.get(&path).await.is(200).says("may have arrived twice");
    }
    person.get(&message).await.says("did not answer in time").says("taken");
    let card = person.get(&format!("/orders/{}", world.flowers.order)).await;
    card.says("the shop was told");
}
