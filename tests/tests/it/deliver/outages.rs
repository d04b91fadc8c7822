//! Long outages, on a clock that is moved.

use std::collections::BTreeMap;

use domain::ids::DocumentId;
use ledger::deliveries::{DeliveryView, LaneId, Which};
use ledger::people::Reach;
use serde_json::Value;
use tests::bed::{PATIENCE, TestBed, said};
use tests::db::Database;
use tests::eventually;

use super::{HOUR, World, to};

const EVENING: &str = "2026-03-03T18:00:00+02:00";

impl World {
    async fn at(database: Database) -> Self {
        Self::with(TestBed::start_at(database, EVENING).await, |_| {}).await
    }

    /// The webhooks, in words by order: `{"A-1": ["registered done"]}`.
    async fn webhooks(&self) -> BTreeMap<String, Vec<String>> {
        let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for message in self.of("webhook").await {
            told.entry(message.order.clone()).or_default().push(said(&message));
        }
        told
    }

    async fn of(&self, channel: &str) -> Vec<DeliveryView> {
        let mut messages = self.bed.messages().await;
        messages.retain(|message| message.channel == channel);
        messages
    }

    async fn hook_lane(&self) -> LaneId {
        self.of("webhook").await.remove(0).lane
    }

    /// Waits until one more try of the oldest webhook was made that nobody took.
    async fn until_tried(&self) {
        let open = self
            .of("webhook")
            .await
            .into_iter()
            .find(|message| message.state != "done");
        let oldest = open.unwrap();
        let before = self.bed.tries(&oldest).await.len();
        eventually(PATIENCE, async || self.bed.tries(&oldest).await.len() > before).await;
    }

    /// Waits until the webhooks are as wished.
    async fn until_webhooks(&self, wished: impl Fn(&DeliveryView) -> bool) {
        eventually(PATIENCE, async || {
            let open: Vec<String> = self
                .of("webhook")
                .await
                .iter()
                .filter(|one| !wished(one))
                .map(said)
                .collect();
            if open.is_empty() { Ok(()) } else { Err(open) }
        })
        .await;
    }

    /// The ids of what the shop acknowledged, in the order of their coming.
    fn acknowledged(&self) -> Vec<String> {
        let requests = self.endpoint.shop.acknowledged();
        requests
            .iter()
            .map(|request| request.header("webhook-id").unwrap().to_owned())
            .collect()
    }

    /// Each message once, and a document's in order.
    async fn check_told(&self) {
        let acknowledged = self.acknowledged();
        let mut places: BTreeMap<DocumentId, Vec<usize>> = BTreeMap::new();
        for message in self.of("webhook").await {
            let found: Vec<usize> = (0..acknowledged.len())
                .filter(|place| acknowledged[*place] == message.id)
                .collect();
            assert_eq!(found.len(), 1, "{message:?}");
            places
                .entry(DocumentId::parse(&message.document).unwrap())
                .or_default()
                .push(found[0]);
        }
        for (document, places) in places {
            assert!(places.is_sorted(), "{document}: {places:?}");
        }
    }

    async fn mailed(&self, order: &str) {
        self.bed.until_told(order, "mail", &["registered done"]).await;
        assert_eq!(self.mailbox.messages_to(&to(order)).len(), 1);
    }
}

async fn a_night_away(database: Database) {
    let world = World::at(database).await;
    world.sell("before").await;
    world.until_webhooks(|message| message.state == "done").await;
    world.endpoint.shop.shut().await;
    world.bed.cashalot.set_fsko(false);
    for hour in 0..20 {
        if hour == 3 {
            world.bed.cashalot.set_fsko(true);
        }
        if hour % 4 == 0 || hour == 1 {
            let order = format!("A-{hour}");
            world.sell(&order).await;
            // Mail goes on as if nothing were.
            world.mailed(&order).await;
        }
        world.bed.later(HOUR);
    }
    eventually(PATIENCE, async || world.webhooks().await["A-0"].len() == 2).await;
    assert_eq!(
        world.webhooks().await["A-1"].len(),
        2,
        "registered offline, then delivered"
    );
    world.until_tried().await;
    let lane = world.hook_lane().await;
    assert_eq!(world.bed.lane_alerts(&lane).await, ["delivery_trouble"]);
    assert!(
        world.of("webhook").await.iter().all(|message| message.state != "held"),
        "nothing is given up in a day"
    );

    world.endpoint.shop.open().await;
    world.bed.later(HOUR / 4);
    world.until_webhooks(|message| message.state == "done").await;
    world.check_told().await;
    assert_eq!(world.webhooks().await.len(), 7);
    assert_eq!(world.bed.lane_alerts(&lane).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_was_away_for_20_hours_gets_everything_in_order() {
    a_night_away(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_was_away_for_20_hours_gets_everything_in_order_on_postgresql() {
    a_night_away(Database::Postgres).await;
}

async fn a_day_and_a_night_away(database: Database) {
    let world = World::at(database).await;
    world.sell("before").await;
    world.until_webhooks(|message| message.state == "done").await;
    world.endpoint.shop.shut().await;
    world.bed.cashalot.set_fsko(false);
    for hour in 0..30 {
        if hour == 2 {
            world.bed.cashalot.set_fsko(true);
        }
        if [0, 1, 3, 10].contains(&hour) {
            let order = format!("A-{hour}");
            world.sell(&order).await;
            world.mailed(&order).await;
        }
        world.bed.later(HOUR);
    }
    let lane = world.hook_lane().await;
    let is_old = |message: &DeliveryView| ["A-0", "A-1", "A-3"].contains(&message.order.as_str());
    world
        .until_webhooks(|message| match message.order.as_str() {
            "before" => message.state == "done",
            _ if is_old(message) => message.state == "held",
            _ => message.state == "due",
        })
        .await;
    assert_eq!(world.webhooks().await["A-0"].len(), 2);
    assert_eq!(
        world.bed.lane_alerts(&lane).await.len(),
        2,
        "one says it is down, one that a person is needed"
    );
    let taken = world.acknowledged().len();

    world.endpoint.shop.open().await;
    world.bed.later(HOUR / 4);
    world
        .until_webhooks(|message| is_old(message) || message.state == "done")
        .await;
    assert_eq!(
        world.acknowledged().len(),
        taken + 1,
        "what is held is not sent by itself"
    );
    assert_eq!(world.bed.lane_alerts(&lane).await, ["deliveries_held"]);
    let ledger = &world.bed.ledger;
    let again = ledger
        .send_lane_again(&Reach::Everything, &lane, Which::Held, "olena", ledger.now())
        .await;
    assert_eq!(again.unwrap(), Some(5));
    world.until_webhooks(|message| message.state == "done").await;
    assert_eq!(world.bed.lane_alerts(&lane).await, [""; 0]);
    world.check_told().await;
    let said: Value = serde_json::from_slice(&world.endpoint.shop.acknowledged().last().unwrap().body).unwrap();
    assert!(said["ORDERNUM"].is_string(), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_was_away_for_30_hours_gets_the_rest_at_one_click() {
    a_day_and_a_night_away(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_was_away_for_30_hours_gets_the_rest_at_one_click_on_postgresql() {
    a_day_and_a_night_away(Database::Postgres).await;
}
