//! Durable acknowledgements beside the fair best case of the plain way: the same rows into the same
//! PostgreSQL, one commit each, from prepared statements on as many connections.

use std::collections::HashSet;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::Args;
use ledger::{Ledger, OpenOptions, wall_clock};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tests::free_port;
use tests::servers::{Postgres, Redis, RedisMode};
use uuid::Uuid;

use crate::figures::{hundredths_text, median, millis_text, per_second, print_table, quantile};
use crate::load::{self, Requests, Round};
use crate::payments::Payments;
use crate::process::{self, Program, cpu_ms, memory_mib};
use crate::wire::Wire;
use crate::{Verdict, http, postgres, settings};

#[derive(Args)]
pub(crate) struct Options {
    /// Seconds of each side, all rounds together.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Connections of each side.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Pairs of rounds: acknowledgements, then plain inserts.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
}

/// The promise: at least this share of the plain inserts' rate, in hundredths …
const RATIO_FLOOR: u64 = 75;
/// … and 99 of 100 acknowledgements within this.
const P99_LIMIT_US: u64 = 12_000;

const SCHEMA: &str = "bench";
/// A PostgreSQL as one runs it for many shops, after it has run for a while: it has memory, and writes
/// its log into files it has used before. A new one has to make each file first, 16 MiB of zeros, while
/// everybody waits; so [`LOG_FILES`] are filled beforehand. Both sides have the good of it.
const SERVER: &[&str] = &["shared_buffers=1GB", "min_wal_size=1GB", "max_wal_size=2GB"];
const LOG_FILES: usize = 64;
const FILL_LOG_FILE: &str = "SELECT pg_logical_emit_message(true, '', ''); SELECT pg_switch_wal();";
/// So many requests are made ready for each second; a round whose requests run out ends early.
const MOST_PER_SECOND: u64 = 15_000;
const WARM_UP: Duration = Duration::from_millis(1_500);
/// PostgreSQL is killed this long into the last round.
const KILL_AFTER: Duration = Duration::from_millis(400);

/// The columns of an event, in the order of the plain insert.
const COLUMNS: [&str; 18] = [
    "id",
    "merchant_id",
    "origin",
    "source_id",
    "register_id",
    "dedup_key",
    "fingerprint",
    "external_id",
    "kind",
    "event",
    "raw",
    "state",
    "note",
    "order_id",
    "not_before",
    "attempts",
    "received_at",
    "settled_at",
];

pub(crate) async fn run(options: &Options) -> anyhow::Result<Verdict> {
    ensure!(
        options.rounds > 0 && options.connections > 0,
        "one round and one connection at least"
    );
    process::build(&["ingress"])?;
    let bed = Bed::start().await?;
    let mut acks = Side::new(bed.callers(options.connections).await?);
    let mut payments = Payments::new();

    println!("warming up …");
    acks.round(&bed.requests(&mut payments, WARM_UP)?, WARM_UP).await?;
    let like = Like::row_of(&bed.db).await?;
    let mut plain = Side::new(like.inserters(&bed.server, options.connections).await?);
    plain.round(&like.requests(WARM_UP), WARM_UP).await?;
    acks.forget_figures();
    plain.forget_figures();

    let length = Duration::from_secs(options.seconds) / options.rounds;
    let mut ratios = Vec::new();
    let mut cpu = Cpu::default();
    for number in 1..=options.rounds {
        let requests = bed.requests(&mut payments, length)?;
        let before = bed.cpu();
        let acknowledged = acks.round(&requests, length).await?;
        cpu.add(&before, &bed.cpu());
        let inserted = plain.round(&like.requests(length), length).await?;
        ratios.push(acknowledged * 100 / inserted.max(1));
        println!(
            "round {number}: {acknowledged} acknowledgements/s, {inserted} one-row commits/s, ratio {}",
            hundredths_text(ratios.last().copied().unwrap_or(0))
        );
    }
    let (now, most) = memory_mib(bed.ingress.pid());
    let events = acks.done();
    let killed = bed.kill_in_full_flight(&mut acks, &mut payments).await?;

    let latencies = acks.sorted_latencies();
    let p99 = quantile(&latencies, 990);
    let ratio = median(&ratios);
    print_table(
        &format!(
            "{} connections, {} pairs of rounds, {} s each side",
            options.connections, options.rounds, options.seconds
        ),
        &[
            ("durable acknowledgements", format!("{} /s", median(&acks.rates))),
            ("one-row commits, same rows", format!("{} /s", median(&plain.rates))),
            (
                "ratio, median of the pairs",
                format!("{} (floor 0.75, goal 1.00)", hundredths_text(ratio)),
            ),
            ("acknowledged within, p50", millis_text(quantile(&latencies, 500))),
            (
                "acknowledged within, p99",
                format!("{} (limit 12 ms)", millis_text(p99)),
            ),
            ("acknowledged within, max", millis_text(quantile(&latencies, 1_000))),
            ("memory of ingress", format!("{now} MiB now, {most} MiB at most")),
            (
                "CPU of ingress per 1,000 events",
                format!("{} ms", cpu.ingress_ms * 1_000 / events.max(1)),
            ),
            (
                "CPU of PostgreSQL per 1,000 events",
                format!("{} ms", cpu.postgres_ms * 1_000 / events.max(1)),
            ),
            ("acknowledged in all", format!("{}", killed.acknowledged)),
            ("of these after kill -9 in full flight", format!("{}", killed.in_flight)),
            ("acknowledged and not in the ledger", format!("{}", killed.lost)),
        ],
    );
    let kept = ratio >= RATIO_FLOOR && p99 < P99_LIMIT_US && killed.lost == 0;
    Ok(if kept { Verdict::Kept } else { Verdict::Broken })
}

/// The servers and the real ingress.
struct Bed {
    server: Postgres,
    _redis: Redis,
    ingress: Program,
    ingress_port: u16,
    db: DatabaseConnection,
    url: String,
}

impl Bed {
    async fn start() -> anyhow::Result<Self> {
        let server = Postgres::start_with(SERVER).await;
        let redis = Redis::start(RedisMode::Fsync).await;
        let url = server.create_schema(SCHEMA).await;
        let log = FILL_LOG_FILE.repeat(LOG_FILES);
        server.execute(SCHEMA, &log).await;
        server.execute(SCHEMA, "CHECKPOINT").await;
        let ledger = Ledger::open(&url, OpenOptions::default())
            .await?
            .unlock(tests::vault())
            .await?;
        ledger
            .apply(&settings::settings(1, 0, "http://127.0.0.1:9/")?, "bench", wall_clock())
            .await?;
        let ingress_port = free_port();
        let mut ingress = Program::start("ingress", &settings::ingress(&url, &redis.url(), ingress_port, 0))?;
        ingress.listens(ingress_port).await;
        Ok(Self {
            db: Database::connect(&url).await?,
            server,
            _redis: redis,
            ingress,
            ingress_port,
            url,
        })
    }

    async fn callers(&self, count: usize) -> anyhow::Result<Vec<Wire>> {
        let mut wires = Vec::with_capacity(count);
        for _ in 0..count {
            wires.push(Wire::connect(self.ingress_port, http::whole).await?);
        }
        Ok(wires)
    }

    fn requests(&self, payments: &mut Payments, length: Duration) -> anyhow::Result<Rc<Requests>> {
        let path = format!("/callbacks/{}", settings::source_id(0));
        let made = payments.make(enough(length))?;
        let (orders, ready) = made
            .into_iter()
            .map(|(order, callback)| {
                let request = http::post(&path, callback.content_type, &callback.body);
                (order, request)
            })
            .unzip();
        Ok(Requests::new(orders, ready))
    }

    fn cpu(&self) -> Cpu {
        Cpu {
            ingress_ms: cpu_ms(self.ingress.pid()),
            postgres_ms: cpu_ms(self.server.pid()),
        }
    }

    /// Kills PostgreSQL while acknowledgements are going out, starts it again and looks for every
    /// one of them.
    async fn kill_in_full_flight(&self, acks: &mut Side, payments: &mut Payments) -> anyhow::Result<Killed> {
        let length = KILL_AFTER * 2;
        let requests = self.requests(payments, length)?;
        let before = acks.acknowledged.len();
        let killing = async {
            tokio::time::sleep(KILL_AFTER).await;
            self.server.kill9().await;
        };
        let (round, ()) = tokio::join!(load::run(&mut acks.wires, &requests, length), killing);
        acks.note(&requests, &round);
        self.server.restart().await;
        let db = Database::connect(&self.url).await?;
        let rows = db
            .query_all_raw(statement(&db, "SELECT external_id FROM events"))
            .await?;
        let kept: HashSet<String> = rows
            .iter()
            .map(|row| row.try_get("", "external_id"))
            .collect::<Result<_, _>>()?;
        Ok(Killed {
            acknowledged: acks.acknowledged.len(),
            in_flight: acks.acknowledged.len() - before,
            lost: acks.acknowledged.iter().filter(|order| !kept.contains(*order)).count(),
        })
    }
}

struct Killed {
    acknowledged: usize,
    in_flight: usize,
    lost: usize,
}

#[derive(Default)]
struct Cpu {
    ingress_ms: u64,
    postgres_ms: u64,
}

impl Cpu {
    fn add(&mut self, before: &Self, after: &Self) {
        self.ingress_ms += after.ingress_ms.saturating_sub(before.ingress_ms);
        self.postgres_ms += after.postgres_ms.saturating_sub(before.postgres_ms);
    }
}

/// One of the two that are compared.
struct Side {
    wires: Vec<Wire>,
    rates: Vec<u64>,
    latencies_us: Vec<u64>,
    acknowledged: Vec<String>,
}

impl Side {
    fn new(wires: Vec<Wire>) -> Self {
        Self {
            wires,
            rates: Vec::new(),
            latencies_us: Vec::new(),
            acknowledged: Vec::new(),
        }
    }

    /// One round; its rate.
    async fn round(&mut self, requests: &Rc<Requests>, length: Duration) -> anyhow::Result<u64> {
        let began = Instant::now();
        let round = load::run(&mut self.wires, requests, length).await;
        ensure!(round.failed == 0, "{} requests of a round failed", round.failed);
        let took = if round.ran_out { began.elapsed() } else { length };
        let rate = per_second(round.in_time, took);
        self.note(requests, &round);
        self.rates.push(rate);
        self.latencies_us.extend(&round.latencies_us);
        Ok(rate)
    }

    fn note(&mut self, requests: &Requests, round: &Round) {
        self.acknowledged.extend(
            round
                .done
                .iter()
                .filter_map(|index| requests.name(*index))
                .map(str::to_owned),
        );
    }

    fn forget_figures(&mut self) {
        self.rates.clear();
        self.latencies_us.clear();
    }

    fn done(&self) -> u64 {
        u64::try_from(self.latencies_us.len()).unwrap_or(u64::MAX)
    }

    fn sorted_latencies(&self) -> Vec<u64> {
        let mut sorted = self.latencies_us.clone();
        sorted.sort_unstable();
        sorted
    }
}

/// Rows like those ingress wrote, for a table like the one it wrote to.
struct Like(Vec<Option<String>>);

impl Like {
    async fn row_of(db: &DatabaseConnection) -> anyhow::Result<Self> {
        db.execute_unprepared("CREATE TABLE plain_events (LIKE events INCLUDING ALL)")
            .await?;
        let columns = COLUMNS.map(|column| format!("{column}::text")).join(", ");
        let row = db
            .query_one_raw(statement(db, &format!("SELECT {columns} FROM events LIMIT 1")))
            .await?
            .context("the warm-up recorded nothing")?;
        let values = (0..COLUMNS.len())
            .map(|place| row.try_get_by_index(place))
            .collect::<Result<_, _>>()?;
        Ok(Self(values))
    }

    async fn inserters(&self, server: &Postgres, count: usize) -> anyhow::Result<Vec<Wire>> {
        let places: Vec<String> = (1..=COLUMNS.len()).map(|place| format!("${place}")).collect();
        let insert = format!(
            "INSERT INTO plain_events ({}) VALUES ({})",
            COLUMNS.join(", "),
            places.join(", ")
        );
        let mut wires = Vec::with_capacity(count);
        for _ in 0..count {
            wires.push(postgres::prepared(server.port(), SCHEMA, &insert).await?);
        }
        Ok(wires)
    }

    fn requests(&self, length: Duration) -> Rc<Requests> {
        let ready = (0..enough(length)).map(|_| self.insert()).collect();
        Requests::new(Vec::new(), ready)
    }

    fn insert(&self) -> Vec<u8> {
        let id = Uuid::now_v7().to_string();
        // As long and as random as a digest.
        let key = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let values: Vec<Option<&str>> = COLUMNS
            .iter()
            .zip(&self.0)
            .map(|(column, value)| match *column {
                "id" => Some(id.as_str()),
                "dedup_key" => Some(key.as_str()),
                _ => value.as_deref(),
            })
            .collect();
        postgres::execute(&values)
    }
}

/// So many requests that a round cannot use them up.
fn enough(length: Duration) -> usize {
    let most = u128::from(MOST_PER_SECOND) * length.as_millis() / 1_000;
    usize::try_from(most).unwrap_or(usize::MAX)
}

fn statement(db: &DatabaseConnection, sql: &str) -> sea_orm::Statement {
    sea_orm::Statement::from_string(db.get_database_backend(), sql)
}
