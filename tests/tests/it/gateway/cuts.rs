//! A worker that dies at any point of a look, or wakes late: one document each, and its messages once.

use domain::ids::DocumentId;
use futures_util::future::join;
use ledger::people::Reach;
use ledger::settings::ShopWebhook;
use ledger::wall_clock;
use tests::bed::{PATIENCE, Placed, TestBed, short_times};
use tests::db::Database;
use tests::eventually;
use tokio_util::sync::CancellationToken;
use worker::WorkerState;
use worker::gateway::look;
use worker::plan_event::plan_event;

use super::World;
use crate::steps::cut::{KillAt, PauseAt};

/// Fewer awaits than this would mean that the test lost its grip on the look.
const FEWEST_AWAITS: usize = 4;

/// A process that plans and looks, with connections of its own.
async fn life(bed: &TestBed) -> WorkerState {
    let parts = bed.parts().await;
    let mut times = short_times();
    // A dead look becomes due again soon.
    times.call_timeout = std::time::Duration::from_millis(100);
    let config = bed.worker_config(times);
    WorkerState::new(&config, parts.ledger, parts.doorbell, CancellationToken::new()).unwrap()
}

/// From a stored event to a settled look, in one future.
async fn whole(bed: &TestBed, state: &WorkerState) {
    eventually(PATIENCE, async || {
        plan(bed, state).await;
        for id in bed
            .ledger
            .due_expectations(bed.ledger.now(), 100)
            .await
            .unwrap_or_default()
        {
            let _ = look(state, &id).await;
        }
        is_all_there(bed).await
    })
    .await;
}

/// No event waits, and nothing is expected that is not there.
async fn is_all_there(bed: &TestBed) -> bool {
    let waiting = bed.ledger.stats().await.map(|stats| stats.events_waiting);
    let unmet = bed.ledger.unmet_expectations(&Reach::Everything, None, 1).await;
    waiting.is_ok_and(|waiting| waiting == 0) && unmet.is_ok_and(|page| page.rows.is_empty())
}

async fn plan(bed: &TestBed, state: &WorkerState) {
    let due = bed
        .ledger
        .due_events(wall_clock(), std::time::Duration::ZERO, 100)
        .await;
    for event in due.unwrap_or_default() {
        let _ = plan_event(state, event).await;
    }
}

/// A paid order whose event is stored and not planned.
async fn stored(world: &World, number: usize) -> Placed {
    let order = world.pay(&format!("order-{number}"), 10_000);
    eventually(PATIENCE, async || {
        let due = world
            .bed
            .ledger
            .due_events(wall_clock(), std::time::Duration::ZERO, 100)
            .await;
        !due.unwrap().is_empty()
    })
    .await;
    order
}

async fn check(world: &World, order: &Placed, what: &str) {
    let documents = world.bed.documents(order).await;
    assert_eq!(documents.len(), 1, "{what}: {documents:?}");
    assert_eq!(documents[0].made_by, "gateway", "{what}");
    let messages = world.bed.messages_of(order.id.as_str(), "webhook").await;
    assert_eq!(messages.len(), 1, "{what}: {messages:?}");
    let id = DocumentId::parse(&documents[0].id).unwrap();
    assert!(world.bed.ledger.receipt_token(id).await.unwrap().is_some(), "{what}");
}

async fn prepared(database: Database) -> World {
    let mut world = World::quiet(TestBed::start(database).await, |settings| {
        let merchant = settings.merchants[0].id.clone();
        let webhook = ShopWebhook::new(merchant, "http://127.0.0.1:1/never", "whsec_ZmlzY2FsLXNlY3JldA==");
        settings.shop_webhooks.push(webhook);
    })
    .await;
    world.bed.start_ingress().await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_killed_at_any_await_is_one_document() {
    let on = async |database: Database| {
        let world = prepared(database).await;
        let calm = life(&world.bed).await;
        for number in 1.. {
            let order = stored(&world, number).await;
            let doomed = life(&world.bed).await;
            let finished = KillAt::new(number, whole(&world.bed, &doomed)).await;
            let what = format!("on {database}, killed at await {number}");
            if finished.is_none() {
                whole(&world.bed, &calm).await;
            }
            check(&world, &order, &what).await;
            if finished.is_some() {
                println!("on {database}: killed at up to {number} awaits");
                assert!(number > FEWEST_AWAITS, "{what}");
                return;
            }
        }
    };
    join(on(Database::Sqlite), on(Database::Postgres)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_wakes_late_at_any_await_doubles_nothing() {
    let on = async |database: Database| {
        let world = prepared(database).await;
        let calm = life(&world.bed).await;
        for number in 1.. {
            let order = stored(&world, number).await;
            let sleepy = life(&world.bed).await;
            let what = format!("on {database}, asleep at await {number}");
            let paused = PauseAt::new(number, whole(&world.bed, &sleepy)).await;
            let Some(sleeper) = paused else {
                check(&world, &order, &what).await;
                assert!(number > FEWEST_AWAITS, "{what}");
                return;
            };
            // A sleeper may hold a lock in the database; then both go on together.
            join(whole(&world.bed, &calm), async {
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                sleeper.await;
            })
            .await;
            check(&world, &order, &what).await;
        }
    };
    join(on(Database::Sqlite), on(Database::Postgres)).await;
}
