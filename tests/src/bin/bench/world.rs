//! The whole of Kasyr on private servers, with the simulated cash register provider in this process.

use anyhow::Context as _;
use ledger::{Ledger, OpenOptions, wall_clock};
use queue::{Doorbell, Due, Kind, QueueConfig};
use sandbox::cashalot::{self, RegisterSetup, Simulator};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tests::free_port;
use tests::servers::{Postgres, Redis, RedisMode};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::process::{self, Program};
use crate::settings;

const WORKERS: usize = 2;
/// Bells written at a time.
const AT_ONCE: usize = 50_000;
const SCHEMA: &str = "bench";

pub(crate) struct World {
    pub cashalot: Simulator,
    pub ingress_port: u16,
    db: DatabaseConnection,
    doorbell: Doorbell,
    _ingress: Program,
    workers: Vec<Program>,
    environment: Vec<(&'static str, String)>,
    _redis: Redis,
    _postgres: Postgres,
}

/// How much waits.
pub(crate) struct Backlog {
    pub bells: usize,
    pub documents: usize,
    pub registers: usize,
}

/// What still waits.
pub(crate) struct Left {
    /// `None` when Redis did not say.
    pub bells: Option<u64>,
    pub documents: u64,
}

/// When what happened to a payment's receipt: milliseconds since the callback came in.
pub(crate) struct Steps {
    pub planned: i64,
    pub request_left: i64,
    pub registered: i64,
}

/// Where one register's receipt is looked for.
pub(crate) struct Doorstep {
    pub number: usize,
    pub cashalot: Simulator,
    db: DatabaseConnection,
}

impl World {
    /// `busy` registers for the backlog and after them `idle` ones with a payment source each. No
    /// worker runs yet.
    pub async fn start(busy: usize, idle: usize) -> anyhow::Result<Self> {
        process::build(&["ingress", "worker"])?;
        let cashalot = Simulator::new(cashalot::Config::default());
        for number in 0..busy + idle {
            cashalot.add_register(RegisterSetup::new(settings::fiscal_number(number)));
        }
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let provider = format!("http://{}/", listener.local_addr()?);
        tokio::spawn(cashalot::serve(listener, cashalot.clone(), std::future::pending()));

        let postgres = Postgres::start().await;
        let redis = Redis::start(RedisMode::Fsync).await;
        let url = postgres.create_schema(SCHEMA).await;
        let ledger = Ledger::open(&url, OpenOptions::default())
            .await?
            .unlock(tests::vault())
            .await?;
        let declared = settings::settings(busy + idle, busy, &provider)?;
        ledger.apply(&declared, "bench", wall_clock()).await?;

        let ingress_port = free_port();
        let environment = settings::ingress(&url, &redis.url(), ingress_port, 0);
        let mut ingress = Program::start("ingress", &environment)?;
        ingress.listens(ingress_port).await;
        Ok(Self {
            cashalot,
            ingress_port,
            db: Database::connect(&url).await?,
            doorbell: Doorbell::connect(QueueConfig {
                url: redis.url().parse()?,
                prefix: "kasyr".to_owned(),
            }),
            _ingress: ingress,
            workers: Vec::new(),
            environment,
            _redis: redis,
            _postgres: postgres,
        })
    }

    pub fn start_workers(&mut self) -> anyhow::Result<()> {
        for _ in 0..WORKERS {
            self.workers.push(Program::start("worker", &self.environment)?);
        }
        Ok(())
    }

    /// Kills them; nothing may be under way.
    pub fn stop_workers(&mut self) {
        self.workers.clear();
    }

    pub fn doorstep(&self, number: usize) -> Doorstep {
        Doorstep {
            number,
            cashalot: self.cashalot.clone(),
            db: self.db.clone(),
        }
    }

    /// Copies the receipts made so far until enough documents wait, and rings for everything.
    pub async fn fill(&self, backlog: &Backlog) -> anyhow::Result<()> {
        for statement in copies(backlog.documents, backlog.registers) {
            self.db.execute_unprepared(&statement).await?;
        }
        let registers = (0..backlog.registers).map(settings::register_id);
        self.doorbell.ring_all(Kind::WorkRegister, registers, Due::Now);
        let mut rung = 0;
        while rung < backlog.bells {
            let some = AT_ONCE.min(backlog.bells - rung);
            let ids = (rung..rung + some).map(|place| event_id(place, backlog.documents));
            self.doorbell.ring_all(Kind::PlanEvent, ids, Due::Now);
            self.doorbell.flushed().await;
            rung += some;
        }
        Ok(())
    }

    /// The steps of the first receipt of each of these registers, as the ledger noted them.
    pub async fn steps(&self, registers: std::ops::Range<usize>) -> anyhow::Result<Vec<Steps>> {
        let query = "SELECT settled_at - received_at AS planned, sent_at - received_at AS request_left,
                documents.updated_at - received_at AS registered
            FROM documents JOIN events ON events.id = documents.event_id
            WHERE documents.register_id >= $1 AND documents.register_id < $2 AND documents.state = 'registered'";
        let values = [registers.start, registers.end].map(|number| settings::register_id(number).into());
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), query, values);
        let rows = self.db.query_all_raw(statement).await?;
        rows.iter()
            .map(|row| {
                Ok(Steps {
                    planned: row.try_get("", "planned")?,
                    request_left: row.try_get("", "request_left")?,
                    registered: row.try_get("", "registered")?,
                })
            })
            .collect()
    }

    pub async fn left(&self) -> anyhow::Result<Left> {
        let count = "SELECT count(*) AS left FROM documents WHERE state = 'ready'";
        let row = self.db.query_one_raw(statement(&self.db, count)).await?;
        let documents: i64 = row.context("a count")?.try_get("", "left")?;
        Ok(Left {
            bells: self.doorbell.depth(Kind::PlanEvent).await,
            documents: u64::try_from(documents)?,
        })
    }
}

impl Doorstep {
    /// Is the register's first receipt in the ledger?
    pub async fn is_registered(&self, register: &str) -> anyhow::Result<bool> {
        let query = "SELECT 1 FROM documents WHERE register_id = $1 AND state = 'registered'";
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), query, [register.into()]);
        Ok(self.db.query_one_raw(statement).await?.is_some())
    }
}

/// The first ids are those of planned events, the others were never heard of.
fn event_id(place: usize, planned: usize) -> String {
    if place < planned {
        format!("01900000-0000-7000-8001-{:012x}", place + 1)
    } else {
        Uuid::now_v7().to_string()
    }
}

fn statement(db: &DatabaseConnection, sql: &str) -> Statement {
    Statement::from_string(db.get_database_backend(), sql)
}

/// Each document has an order and a planned event of its own; all are copies of one receipt that was
/// registered before.
fn copies(documents: usize, registers: usize) -> [String; 3] {
    let places = format!(
        "(SELECT lpad(to_hex(place), 12, '0') AS hex, 'bench-' || lpad((place % {registers})::text, 5, '0') AS register_id
          FROM generate_series(1, {documents}) AS place ORDER BY place) AS places"
    );
    let like = "(SELECT * FROM documents WHERE state = 'registered' ORDER BY id LIMIT 1) AS one";
    [
        format!(
            "INSERT INTO orders (id, merchant_id, external_key, external_id, version, created_at, updated_at)
             SELECT '01900000-0000-7000-8000-' || hex, one.merchant_id, md5(hex) || md5('-' || hex), 'old-' || hex, 1,
                 one.created_at, one.created_at
             FROM {places}, {like}"
        ),
        format!(
            "INSERT INTO events (id, merchant_id, origin, source_id, dedup_key, fingerprint, external_id, kind, event,
                 raw, state, order_id, received_at, settled_at)
             SELECT '01900000-0000-7000-8001-' || hex, like_it.merchant_id, like_it.origin, like_it.source_id,
                 md5(hex) || md5('+' || hex), like_it.fingerprint, 'old-' || hex, like_it.kind, like_it.event,
                 like_it.raw, 'planned', '01900000-0000-7000-8000-' || hex, like_it.received_at, like_it.settled_at
             FROM {places}, {like} JOIN events AS like_it ON like_it.id = one.event_id"
        ),
        format!(
            "INSERT INTO documents (id, merchant_id, register_id, order_id, event_id, slot, token, kind, state, amount,
                 payment_id, means, content, created_at, updated_at)
             SELECT '01900000-0000-7000-8002-' || hex, one.merchant_id, places.register_id,
                 '01900000-0000-7000-8000-' || hex, '01900000-0000-7000-8001-' || hex, 'sale', 'T' || upper(hex), 'sale',
                 'ready', one.amount, one.payment_id, one.means, one.content, one.created_at, one.updated_at
             FROM {places}, {like}"
        ),
    ]
}
