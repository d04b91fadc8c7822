//! A settlement that Kasyr sends, killed at any await between "asked for" and "its receipts are on the tapes".

use std::time::Duration;

use domain::ids::{ExternalOrderId, Receiver, RegisterId};
use domain::money::Kopecks;
use futures_util::future::join;
use ledger::Ledger;
use ledger::settlements::{Asked, NewSettlement};
use ledger::splits::ToldReceiver;
use tests::bed::{PATIENCE, Placed, TestBed, short_times};
use tests::db::Database;
use tests::eventually;
use tokio_util::sync::CancellationToken;
use worker::plan_event::plan_event;
use worker::settlement::work_settlement;
use worker::work_register::work_register;
use worker::{WorkerConfig, WorkerState, WorkerTimes};

use super::{PAID, PARTS, declare};
use crate::steps::cut::KillAt;

/// A dead holder's lease should run out soon.
fn times() -> WorkerTimes {
    WorkerTimes {
        call_timeout: Duration::from_millis(400),
        lease: Duration::from_millis(650),
        settle: Duration::from_millis(300),
        look_apart: Duration::from_millis(50),
        ..short_times()
    }
}

/// A process: its own connections, ended by being dropped.
struct Life {
    ledger: Ledger,
    worker: WorkerState,
}

impl Life {
    async fn begin(bed: &TestBed) -> Self {
        let ledger = bed.open_ledger().await;
        let config = WorkerConfig::new(times());
        let worker = WorkerState::new(&config, ledger.clone(), bed.doorbell(), CancellationToken::new()).unwrap();
        Self { ledger, worker }
    }

    /// What bells and sweep would do of dividing, once.
    async fn divide(&self) -> Result<(), ledger::LedgerError> {
        let now = self.ledger.now();
        for settlement in &self.ledger.due_settlements(now, 100).await? {
            work_settlement(&self.worker, settlement).await?;
        }
        for event in &self.ledger.due_events(now, Duration::ZERO, 100).await? {
            plan_event(&self.worker, *event).await?;
        }
        Ok(())
    }

    /// Until the settlement is done and both parts are planned.
    async fn until_divided(&self, bed: &TestBed, order: &Placed) {
        eventually(PATIENCE, async || {
            let round = self.divide().await;
            let view = bed.view(order).await;
            let done = view.is_some_and(|view| {
                view.documents.len() == 2 && view.settlements.iter().all(|one| one.state == "done")
            });
            if done {
                Ok(())
            } else {
                Err(format!("{round:?} {:?}", bed.view(order).await))
            }
        })
        .await;
    }

    /// Until both parts are on their tapes.
    async fn until_registered(&self, bed: &TestBed, order: &Placed) {
        eventually(PATIENCE, async || {
            for till in ["till-1", "till-2"] {
                let register = RegisterId::parse(till).unwrap();
                work_register(&self.worker, &register).await.ok();
            }
            bed.states(order).await == ["sale registered", "sale registered"]
        })
        .await;
    }
}

fn told() -> Vec<ToldReceiver> {
    let one = |(merchant, amount): (u64, u64)| {
        let amount = Kopecks::from_minor(amount).unwrap();
        let line = domain::basket::Line::single("Товар", amount).unwrap();
        ToldReceiver {
            receiver: Receiver::parse(&merchant.to_string()).unwrap(),
            amount,
            basket: Some(domain::basket::Basket::new(vec![line]).unwrap()),
            description: None,
        }
    };
    PARTS.into_iter().map(one).collect()
}

async fn killed_everywhere(database: Database) -> usize {
    let mut bed = TestBed::start(database).await;
    let numbers = [4_000_999_011, 4_000_999_012];
    for number in numbers {
        bed.cashalot.add_register(sandbox::cashalot::RegisterSetup::new(number));
    }
    let shop = bed
        .open_shop("flowers", 4_000_999_001, |settings| {
            declare(settings, numbers);
            settings.sources[0].technical = true;
        })
        .await;
    bed.start_ingress().await;
    let mut killed = 0;
    // Each await at first; later ones are looks that come again and again.
    let awaits = (1..=24).chain((25..).step_by(6));
    for (played, number) in awaits.enumerate() {
        let name = format!("killed-{number}");
        let order = bed.pay(&shop, &name, PAID);
        let calm = Life::begin(&bed).await;
        // The payment is known and waits.
        eventually(PATIENCE, async || {
            calm.divide().await.ok();
            bed.view(&order).await.is_some()
        })
        .await;
        let new = NewSettlement {
            merchant: shop.merchant.clone(),
            order: ExternalOrderId::parse(&name).unwrap(),
            source: shop.source.clone(),
            key: name.clone(),
            fingerprint: name.clone(),
            receivers: told(),
            description: None,
            amount: Kopecks::from_minor(PAID).unwrap(),
        };
        let asked = bed
            .ledger
            .ask_settlement(&new, "the test", bed.ledger.now())
            .await
            .unwrap();
        assert!(matches!(asked, Asked::New(_)), "{asked:?}");
        let life = Life::begin(&bed).await;
        let finished = KillAt::new(number, life.until_divided(&bed, &order)).await;
        if finished.is_none() {
            killed += 1;
            calm.until_divided(&bed, &order).await;
        }
        calm.until_registered(&bed, &order).await;
        for (place, sum) in ["6000.00", "4000.00"].into_iter().enumerate() {
            let till = tests::bed::Shop {
                register: RegisterId::parse(&format!("till-{}", place + 1)).unwrap(),
                number: numbers[place],
                ..shop.clone()
            };
            let tape = bed.tape(&till).await;
            let expected = vec![format!("sale {sum}"); played + 1];
            assert_eq!(tape, expected, "killed at await {number} on {database}");
        }
        if finished.is_some() {
            break;
        }
    }
    killed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settlement_killed_at_any_await_is_sent_once_and_makes_each_receipt_once() {
    let (sqlite, postgres) = join(
        Box::pin(killed_everywhere(Database::Sqlite)),
        Box::pin(killed_everywhere(Database::Postgres)),
    )
    .await;
    println!("killed {sqlite} and {postgres} times");
    assert!(
        sqlite > 10 && postgres > 10,
        "{sqlite} {postgres}: the test lost its grip"
    );
}
