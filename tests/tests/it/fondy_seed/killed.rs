//! A settlement that Kasyr sends, killed at any await between "asked for" and "its receipts are on the tapes".

use domain::ids::{EventId, ExternalOrderId, Receiver, RegisterId};
use domain::money::Kopecks;
use futures_util::future::join;
use ledger::Ledger;
use ledger::settlements::{Asked, NewSettlement};
use ledger::splits::ToldReceiver;
use tests::bed::{PATIENCE, TestBed, short_times};
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
        call_timeout: std::time::Duration::from_millis(400),
        lease: std::time::Duration::from_millis(650),
        settle: std::time::Duration::from_millis(300),
        look_apart: std::time::Duration::from_millis(50),
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

    /// What bells and sweep would do, once; how things stand then.
    async fn round(&self) -> Result<(), String> {
        let now = self.ledger.now();
        let text = |error: ledger::LedgerError| error.to_string();
        let due = self.ledger.due_settlements(now, 100).await.map_err(text)?;
        for settlement in &due {
            work_settlement(&self.worker, settlement).await.map_err(text)?;
        }
        let events: Vec<EventId> = self
            .ledger
            .due_events(now, std::time::Duration::ZERO, 100)
            .await
            .map_err(text)?;
        for event in &events {
            plan_event(&self.worker, *event).await.map_err(text)?;
        }
        for till in ["till-1", "till-2"] {
            let register = RegisterId::parse(till).unwrap();
            work_register(&self.worker, &register).await.map_err(text)?;
        }
        Ok(())
    }

    /// Until the order has what is expected.
    async fn until_done(&self, bed: &TestBed, order: &tests::bed::Placed) {
        eventually(PATIENCE, async || {
            let round = self.round().await;
            let states = bed.states(order).await;
            let shown = bed.view(order).await;
            let settled = shown.is_some_and(|view| view.settlements.iter().all(|one| one.state == "done"));
            match settled && states == ["sale registered", "sale registered"] {
                true => Ok(()),
                false => Err(format!("{states:?} {round:?}")),
            }
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
    for number in 1.. {
        let name = format!("killed-{number}");
        let order = bed.pay(&shop, &name, PAID);
        let calm = Life::begin(&bed).await;
        // The payment is known and waits.
        eventually(PATIENCE, async || {
            calm.round().await.ok();
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
        let finished = KillAt::new(number, async {
            life.until_done(&bed, &order).await;
        })
        .await;
        if finished.is_none() {
            killed += 1;
            Life::begin(&bed).await.until_done(&bed, &order).await;
        }
        for (place, sum) in ["6000.00", "4000.00"].into_iter().enumerate() {
            let till = tests::bed::Shop {
                register: RegisterId::parse(&format!("till-{}", place + 1)).unwrap(),
                number: numbers[place],
                ..shop.clone()
            };
            let tape = bed.tape(&till).await;
            let expected = vec![format!("sale {sum}"); number];
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
