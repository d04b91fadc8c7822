//! The same with messages: a worker is killed, or put to sleep, at every await of a mail's and of a webhook's way, and
//! each is sent by two at once. Every message arrives. There is one window that cannot be closed: between a letter's
//! last dot (or a webhook's last byte) and the commit of its outcome nobody knows whether it was taken. There, and
//! nowhere else, a second copy leaves, and the row counts it as `unclear`.

use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::ids::ExternalOrderId;
use ingress::Parts;
use ledger::deliveries::{DeliveryView, LaneId};
use ledger::orders::{Buyer, OrderUpdate};
use ledger::settings::ShopWebhook;
use sandbox::mailbox::Mailbox;
use tests::bed::{Endpoint, Shop, TestBed};
use tokio_util::sync::CancellationToken;
use worker::WorkerState;
use worker::deliver::work_lane;

use super::*;

/// Shops that are played side by side in one world; each has lanes of its own.
const SHOPS: u64 = 8;
/// A sleeper keeps its locks and others wait for them, each on a connection.
const SLEEPERS: u64 = 3;
/// Fewer awaits than this would mean that the test lost its grip.
const FEWEST: usize = 8;

struct World {
    bed: TestBed,
    mailbox: Mailbox,
    endpoint: Endpoint,
    parts: Parts,
    shops: Vec<Shop>,
    times: WorkerTimes,
}

/// A message that is due, and whom it is for.
struct Letter {
    channel: &'static str,
    order: String,
    lane: LaneId,
}

/// Where a worker died or fell asleep, as seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Before it was marked as being sent.
    Due,
    /// Marked, and the other side does not have it.
    Begun,
    /// The other side has it, and the ledger does not know: the window.
    Window,
    /// The outcome is committed.
    Settled,
}

/// Each must be met; after the commit there is little to die at.
const EACH: [Place; 3] = [Place::Due, Place::Begun, Place::Window];

/// A dead holder's lane should be free soon.
fn short() -> WorkerTimes {
    WorkerTimes {
        lease: Duration::from_millis(400),
        deliver_timeout: Duration::from_millis(4_000),
        ..times()
    }
}

impl World {
    async fn new(database: Database, times: WorkerTimes, shop_count: u64) -> Self {
        let mut bed = TestBed::start(database).await;
        let (mailbox, endpoint) = (bed.start_mailbox().await, bed.start_shop().await);
        let mut shops = Vec::new();
        for number in 0..shop_count {
            let url = endpoint.url.clone();
            let name = format!("shop-{number}");
            let open = bed.open_shop(&name, 4_000_999_001 + number, |settings| {
                let merchant = settings.merchants[0].id.clone();
                let hook = ShopWebhook::new(merchant, url, "a secret of the shop");
                settings.shop_webhooks.push(hook);
            });
            shops.push(open.await);
        }
        let parts = Parts {
            ledger: bed.ledger.clone(),
            doorbell: bed.doorbell(),
        };
        Self {
            bed,
            mailbox,
            endpoint,
            parts,
            shops,
            times,
        }
    }

    /// A worker that nobody will kill.
    fn calm(&self) -> WorkerState {
        self.worker(self.parts.clone())
    }

    /// One with connections of its own, as each process has.
    async fn mortal(&self) -> WorkerState {
        self.worker(self.bed.parts().await)
    }

    fn worker(&self, parts: Parts) -> WorkerState {
        let config = self.bed.worker_config(self.times);
        WorkerState::new(&config, parts.ledger, parts.doorbell, CancellationToken::new()).unwrap()
    }

    /// A sale with its two messages due, and nobody at work on them.
    async fn sale(&self, shop: &Shop, number: usize) -> [Letter; 2] {
        let id = format!("{}-{number}", shop.merchant);
        let buyer = Buyer {
            email: Some(format!("{id}@mail.example")),
            ..Buyer::default()
        };
        let update = OrderUpdate {
            basket: None,
            description: None,
            buyer: Some(buyer),
            ..OrderUpdate::default()
        };
        let order = ExternalOrderId::parse(&id).unwrap();
        let (ledger, now) = (&self.bed.ledger, self.bed.ledger.now());
        ledger.put_order(&shop.merchant, &order, &update, now).await.unwrap();
        let placed = self.bed.pay(shop, &id, 10_000);
        let callback = self.bed.fondy.callback_for(&placed.at_gateway).unwrap();
        let life = Life::calm(&self.parts, shop);
        assert_eq!(life.receive(callback).await, StatusCode::OK);
        eventually(PATIENCE, async || {
            life.plan_and_work().await;
            self.bed.states(&placed).await == ["sale registered"]
        })
        .await;
        let lane = async |channel| self.bed.messages_of(&id, channel).await.remove(0).lane;
        [
            Letter {
                channel: "mail",
                lane: lane("mail").await,
                order: id.clone(),
            },
            Letter {
                channel: "webhook",
                lane: lane("webhook").await,
                order: id.clone(),
            },
        ]
    }

    async fn row(&self, letter: &Letter) -> DeliveryView {
        let mut rows = self.bed.messages_of(&letter.order, letter.channel).await;
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }

    /// How often the other side has it, all under one id.
    fn arrived(&self, letter: &Letter, id: &str) -> usize {
        match letter.channel {
            "mail" => {
                let copies = self.mailbox.messages_to(&format!("{}@mail.example", letter.order));
                let expected = Some(format!("{id}@kasyr.example"));
                assert!(copies.iter().all(|copy| copy.decoded().unwrap().message_id == expected));
                copies.len()
            }
            _ => {
                let requests = self.endpoint.shop.requests();
                let whole = requests.iter().filter(|request| request.whole);
                whole.filter(|request| request.header("webhook-id") == Some(id)).count()
            }
        }
    }

    async fn place(&self, letter: &Letter) -> Place {
        // The ledger first: what arrives after that look was not committed then either.
        let row = self.row(letter).await;
        match row.state.as_str() {
            "due" => Place::Due,
            "done" => Place::Settled,
            // What has left arrives a moment after its sender's death.
            _ => {
                let arrives = async {
                    while self.arrived(letter, &row.id) == 0 {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                };
                match tokio::time::timeout(Duration::from_millis(200), arrives).await {
                    Ok(()) => Place::Window,
                    Err(_) => Place::Begun,
                }
            }
        }
    }

    /// What sweep and bells do, until the message is done.
    async fn settle(&self, letter: &Letter) {
        let worker = self.calm();
        eventually(PATIENCE, async || {
            // A database that is busy with a paused neighbour is an outage like any other.
            let turn = work_lane(&worker, &letter.lane)
                .await
                .map_err(|error| error.to_string());
            let row = self.row(letter).await;
            if row.state == "done" {
                Ok(())
            } else {
                Err((turn.is_ok(), row))
            }
        })
        .await;
    }

    /// It arrived; a second copy left only where nobody could know of the first, and the row says so.
    async fn check(&self, letter: &Letter, what: &str) -> usize {
        let row = self.row(letter).await;
        assert_eq!(row.state, "done", "{what}");
        let arrived = self.arrived(letter, &row.id);
        assert!(arrived >= 1, "{what}: lost");
        assert!(arrived <= 2, "{what}: {arrived} copies");
        assert!(
            arrived == 1 || row.unclear >= 1,
            "{what}: a second copy that is not counted, {row:?}"
        );
        arrived
    }
}

#[derive(Default)]
struct Tally {
    most: usize,
    places: BTreeMap<Place, usize>,
    copies: usize,
}

/// Plays `act(world, letter, await number)` at 1, 2, … until it says that it came to its end, and all that again until
/// each place was met.
async fn at_every_await(
    database: Database,
    channel: usize,
    shop_count: u64,
    act: impl AsyncFn(&World, &Letter, usize) -> Option<(Place, usize)>,
) {
    let world = &World::new(database, short(), shop_count).await;
    let tally = &Mutex::new(Tally::default());
    let act = &act;
    let (mut round, mut from) = (0, 1);
    loop {
        let played = world.shops.iter().zip(from..).map(async |(shop, number)| {
            let letter = &world.sale(shop, number + round * 1_000).await[channel];
            let Some((place, copies)) = act(world, letter, number).await else {
                return false;
            };
            let mut tally = tally.lock().unwrap();
            tally.most = tally.most.max(number);
            *tally.places.entry(place).or_default() += 1;
            tally.copies += copies - 1;
            true
        });
        let went_on = join_all(played).await.into_iter().all(|went_on| went_on);
        from += world.shops.len();
        if !went_on {
            (round, from) = (round + 1, 1);
            let met = EACH
                .iter()
                .all(|place| tally.lock().unwrap().places.contains_key(place));
            if met || round >= 20 {
                break;
            }
        }
    }
    let tally = tally.lock().unwrap();
    println!(
        "on {database}: up to {} awaits, {:?}, {} second copies",
        tally.most, tally.places, tally.copies
    );
    assert!(tally.most >= FEWEST, "only {} awaits", tally.most);
    for place in EACH {
        assert!(
            tally.places.contains_key(&place),
            "{place:?} was not met: {:?}",
            tally.places
        );
    }
}

async fn killed_at_every_await(channel: usize) {
    let killed = async |world: &World, letter: &Letter, number: usize| {
        let worker = world.mortal().await;
        let finished = KillAt::new(number, work_lane(&worker, &letter.lane)).await;
        drop(worker);
        let place = world.place(letter).await;
        let what = format!(
            "{} of {} killed at await {number} ({place:?})",
            letter.channel, letter.order
        );
        world.settle(letter).await;
        let copies = world.check(letter, &what).await;
        // What was sent may arrive after its sender died, so a letter that was just begun is in the window, too.
        let may_be_twice = matches!(place, Place::Begun | Place::Window);
        assert!(copies == 1 || may_be_twice, "{what}: {copies} copies");
        finished.is_none().then_some((place, copies))
    };
    join(
        at_every_await(Database::Sqlite, channel, SHOPS, killed),
        at_every_await(Database::Postgres, channel, SHOPS, killed),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_killed_at_any_await_arrives_and_twice_only_between_its_last_dot_and_the_commit() {
    killed_at_every_await(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_killed_at_any_await_arrives_and_twice_only_between_its_last_byte_and_the_commit() {
    killed_at_every_await(1).await;
}

/// The lane's lease ends while its holder sleeps; another sends everything; then the sleeper goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_messenger_that_wakes_late_doubles_only_what_is_counted() {
    let asleep = async |world: &World, letter: &Letter, number: usize| {
        let worker = world.mortal().await;
        let sleeper = PauseAt::new(number, work_lane(&worker, &letter.lane)).await;
        let place = world.place(letter).await;
        let what = format!("{} asleep at await {number} ({place:?})", letter.order);
        let sleeper = sleeper?;
        {
            let mut taken_over = std::pin::pin!(world.settle(letter));
            match tokio::time::timeout(NAP, &mut taken_over).await {
                Ok(()) => drop(sleeper.await),
                // It sleeps on a lock in the database.
                Err(_) => drop(join(taken_over, sleeper).await),
            }
        }
        Some((place, world.check(letter, &what).await))
    };
    at_every_await(Database::Postgres, 0, SLEEPERS, asleep).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_messengers_at_once_send_each_message_once() {
    let on = async |database: Database| {
        // Nobody dies here, and no lease ends before its holder gives it back.
        let times = WorkerTimes {
            lease: PATIENCE,
            ..short()
        };
        let world = &World::new(database, times, SHOPS).await;
        let played = world.shops.iter().map(async |shop| {
            for number in 0..3 {
                for letter in &world.sale(shop, number).await {
                    let (one, two) = (world.mortal().await, world.mortal().await);
                    let turns = join(work_lane(&one, &letter.lane), work_lane(&two, &letter.lane)).await;
                    turns.0.unwrap();
                    turns.1.unwrap();
                    world.settle(letter).await;
                    let row = world.row(letter).await;
                    assert_eq!((row.attempts, row.unclear), (1, 0), "{row:?}");
                    assert_eq!(world.arrived(letter, &row.id), 1);
                }
            }
        });
        join_all(played).await;
    };
    join(on(Database::Sqlite), on(Database::Postgres)).await;
}
