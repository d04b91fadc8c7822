//! A day of many payments is reconciled in the memory of a small one. A program of its own, for it looks at its own
//! memory. `KASYR_TEST_PAYMENTS` makes the day larger.

#![expect(clippy::unwrap_used, reason = "tests and their helpers")]

use std::time::{Duration, Instant};

use ledger::people::Reach;
use sea_orm::{ConnectionTrait, Database as Connection};
use tests::bed::{Shop, TestBed, short_times};
use tests::db::Database;
use tokio_util::sync::CancellationToken;
use worker::reconcile::Day;
use worker::{WorkerConfig, WorkerState, WorkerTimes};

/// What a page and its questions may need, whatever the day.
const MOST_MIB: u64 = 48;

#[tokio::test]
async fn a_large_day_needs_no_more_memory_than_a_small_one() {
    let large = std::env::var("KASYR_TEST_PAYMENTS")
        .ok()
        .and_then(|text| text.parse().ok());
    for payments in [2_000, large.unwrap_or(40_000)] {
        let bed = TestBed::start(Database::Sqlite).await;
        let shop = bed.shop().await;
        let day = bed.today();
        fill(&bed, &shop, &day, payments).await;
        let state = state(&bed);
        let asked = bed.ask_reconciliation(&shop, &day, true).await;
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        let (before, began) = (memory("VmRSS"), Instant::now());
        assert!(worker::reconcile::work_run(&state, &asked.id).await.unwrap());
        let grown = memory("VmHWM").saturating_sub(before) / 1024;
        let run = bed.ledger.reconciliation(&Reach::Everything, &asked.id).await.unwrap();
        let counts = run.unwrap().counts;
        println!("{payments} payments: {grown} MiB more, {:?}", began.elapsed());
        assert_eq!(
            (counts.orders, counts.payments, counts.receipts),
            (payments, payments, payments)
        );
        assert_eq!(counts.asked, 0, "nobody is asked about what agrees");
        assert_eq!(bed.found(&shop).await, Vec::<String>::new());
        assert!(grown < MOST_MIB, "{payments} payments needed {grown} MiB");
    }
}

/// A worker that nobody runs: the tape is not read.
fn state(bed: &TestBed) -> WorkerState {
    let times = WorkerTimes {
        tape_patience: Duration::ZERO,
        lease: Duration::from_secs(60),
        ..short_times()
    };
    let config = WorkerConfig::new(times);
    WorkerState::new(&config, bed.ledger.clone(), bed.doorbell(), CancellationToken::new()).unwrap()
}

/// Kibibytes.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let found = status.lines().find(|text| text.starts_with(line)).unwrap();
    found.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Orders with their event and their receipt, as the programs would have left them.
async fn fill(bed: &TestBed, shop: &Shop, day: &Day, payments: u64) {
    let db = Connection::connect(&bed.url).await.unwrap();
    let numbers = format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {payments}) ");
    let at = day.from.0 + 1_000;
    let id = format!("printf('%08x-%04x-7000-8000-%012x', ({at} + i) >> 16, ({at} + i) & 65535, i)");
    let (merchant, register, source) = (&shop.merchant, &shop.register, &shop.source);
    let event = "'{\"order\":\"o-' || i || '\",\"payment_id\":\"' || i || '\",\"fact\":{\"kind\":\"money\",\"paid\":' \
                 || (100 + i) || ',\"refunded_total\":0,\"basket\":null,\"broken\":null},\"means\":{}}'";
    for statement in [
        format!(
            "INSERT INTO orders (id, merchant_id, external_key, external_id, version, created_at, updated_at)
             {numbers} SELECT {id}, '{merchant}', 'key-' || i, 'o-' || i, 1, {at}, {at} FROM n"
        ),
        format!(
            "INSERT INTO events (id, merchant_id, origin, source_id, dedup_key, fingerprint, external_id, kind, event,
                 raw, state, order_id, received_at)
             {numbers} SELECT {id}, '{merchant}', 'callbacks/{source}', '{source}', 'key-' || i, '', 'o-' || i, 'paid',
                 {event}, '', 'planned', {id}, {at} FROM n"
        ),
        format!(
            "INSERT INTO documents (id, merchant_id, register_id, order_id, event_id, slot, token, kind, state, amount,
                 means, fiscal_number, local_number, registered_at, presence, created_at, updated_at, done_at)
             {numbers} SELECT {id}, '{merchant}', '{register}', {id}, {id}, 'sale', 'token-' || i, 'sale', 'registered',
                 100 + i, '{{}}', CAST(i AS TEXT), i, '', 'online', {at}, {at}, {at} FROM n"
        ),
    ] {
        db.execute_unprepared(&statement).await.unwrap();
    }
    db.close().await.unwrap();
}
