//! A little world of one's own: the payment system and the fiscal provider as simulators on real
//! sockets, a fresh ledger, own bells, and the programs under test with short times.
//!
//! Nothing outlives the bed: every task it started is ended when it is dropped.

mod acquirers;
mod admin;
mod clock;
mod http;
mod order;
mod outbox;
mod person;
mod reconcile;
mod running;
mod shop;
mod tape;
mod times;

use std::future::Future;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use ingress::{IngressConfig, Limits, Parts, Rate};
use ledger::{Clock, Ledger, OpenOptions};
use queue::{Doorbell, QueueConfig, QueueUrl};
use sandbox::{atol, cashalot, cashdesk, fondy};
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use worker::{DeliveryConfig, GatewayConfig, WorkerTimes};

pub use acquirers::Acquirer;
pub use http::Answer;
pub use order::Placed;
pub use outbox::{Endpoint, said};
pub use person::{Person, Shown};
pub use running::Running;
pub use shop::{Shop, TOLD_SECRET, listen_to, told_at};
pub use times::short_times;

use crate::db::{self, Database, TestLedger};
use crate::servers::{Redis, RedisMode};
use crate::{eventually, unique};

/// How long a test waits for what should happen, at most.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The world of one test.
pub struct TestBed {
    /// The fiscal provider and its registers.
    pub cashalot: cashalot::Simulator,
    /// The second one.
    pub cashdesk: cashdesk::Simulator,
    /// The third one, whose results come later.
    pub atol: atol::Simulator,
    /// The payment system.
    pub fondy: fondy::Simulator,
    /// The ledger, for looking; programs get their own connections.
    pub ledger: Ledger,
    /// Where the ledger is.
    pub url: String,
    /// Where the provider listens.
    pub cashalot_addr: SocketAddr,
    /// Where the second one does.
    pub cashdesk_addr: SocketAddr,
    /// Where the third one does.
    pub atol_addr: SocketAddr,
    /// Where the payment system listens.
    pub fondy_addr: SocketAddr,
    /// Where ingress listens, once it is started.
    pub ingress_addr: Option<SocketAddr>,
    /// Where the admin pages are, once ingress was started with them.
    pub admin_addr: Option<SocketAddr>,
    clock: Clock,
    queue: QueueConfig,
    /// In memory all programs share one doorbell.
    shared_doorbell: Option<Doorbell>,
    http: reqwest::Client,
    programs: Vec<Running>,
    /// How messages leave; a mailbox and a shop that are started say so themselves.
    pub delivery: DeliveryConfig,
    /// What workers know of the payment system's own register.
    pub gateway: GatewayConfig,
    peers: JoinSet<()>,
    stop: CancellationToken,
    _ledger: TestLedger,
}

/// The Redis of this test process, beside [`db::shared_postgres`]. Each bed rings under a prefix of
/// its own.
pub async fn shared_redis() -> &'static Redis {
    static SHARED: OnceCell<Redis> = OnceCell::const_new();
    SHARED.get_or_init(|| Redis::start(RedisMode::Memory)).await
}

impl TestBed {
    /// Simulators and a ledger; no program yet. Bells are in memory beside SQLite, in the shared
    /// Redis beside PostgreSQL.
    pub async fn start(database: Database) -> Self {
        let url = match database {
            Database::Sqlite => "memory:".to_owned(),
            Database::Postgres => shared_redis().await.url(),
        };
        Self::with_queue(database, &url).await
    }

    /// The same with bells at `queue_url`.
    pub async fn with_queue(database: Database, queue_url: &str) -> Self {
        program::install_tls();
        let ledger = db::fresh(database).await;
        let queue = QueueConfig {
            url: queue_url.parse().expect("a queue's address"),
            prefix: unique("bells"),
        };
        let shared_doorbell = match &queue.url {
            QueueUrl::Memory => Some(Doorbell::connect(queue.clone())),
            QueueUrl::Redis(_) => None,
        };
        let cashalot = cashalot::Simulator::new(cashalot::Config {
            // Offline documents are delivered when a test says so.
            delivery_every: None,
            ..cashalot::Config::default()
        });
        let fondy = fondy::Simulator::new(fondy::Config {
            callback_timeout: Duration::from_secs(5),
            retry_schedule: fondy::RetrySchedule::repeating(vec![Duration::from_millis(80)]),
            clock: fondy::Clock::Moved(Arc::default()),
            ..fondy::Config::default()
        });
        let stop = CancellationToken::new();
        let mut peers = JoinSet::new();
        let (listener, cashalot_addr) = listen().await;
        let served = cashalot::serve(listener, cashalot.clone(), stop.clone().cancelled_owned());
        peers.spawn(async { served.await.expect("the provider's simulator serves") });
        let cashdesk = cashdesk::Simulator::new(cashdesk::Config {
            upload_every: None,
            webhook_schedule: sandbox::fondy::RetrySchedule::repeating(vec![Duration::from_millis(80)]),
            ..cashdesk::Config::default()
        });
        let (listener, cashdesk_addr) = listen().await;
        let served = cashdesk::serve(listener, cashdesk.clone(), stop.clone().cancelled_owned());
        peers.spawn(async { served.await.expect("the second provider's simulator serves") });
        let (deliverer, until) = (cashdesk.clone(), stop.clone().cancelled_owned());
        peers.spawn(async move { deliverer.run_delivery(until).await });
        let latency = Duration::from_millis(20);
        let atol = atol::Simulator::new(atol::Config {
            latency: latency..=latency,
            ..atol::Config::default()
        });
        let (listener, atol_addr) = listen().await;
        let served = atol::serve(listener, atol.clone(), stop.clone().cancelled_owned());
        peers.spawn(async { served.await.expect("the third provider's simulator serves") });
        let (worker, until) = (atol.clone(), stop.clone().cancelled_owned());
        peers.spawn(async move { worker.run(until).await });
        let (listener, fondy_addr) = listen().await;
        let served = fondy::serve(listener, fondy.clone(), stop.clone().cancelled_owned());
        peers.spawn(async { served.await.expect("the payment system's simulator serves") });
        let (deliverer, until) = (fondy.clone(), stop.clone().cancelled_owned());
        peers.spawn(async move { deliverer.run_delivery(until).await });
        Self {
            cashalot,
            cashdesk,
            atol,
            fondy,
            ledger: ledger.ledger.clone(),
            url: ledger.url.clone(),
            cashalot_addr,
            cashdesk_addr,
            atol_addr,
            fondy_addr,
            ingress_addr: None,
            admin_addr: None,
            clock: Clock::Machine,
            queue,
            shared_doorbell,
            http: reqwest::Client::builder().no_proxy().build().expect("an HTTP client"),
            programs: Vec::new(),
            delivery: DeliveryConfig::default(),
            gateway: GatewayConfig::default(),
            peers,
            stop,
            _ledger: ledger,
        }
    }

    /// The whole world at work: ingress and one worker.
    pub async fn working(database: Database) -> Self {
        let mut bed = Self::start(database).await;
        bed.start_ingress().await;
        let worker = bed.start_worker(short_times()).await;
        bed.keep(worker);
        bed
    }

    /// Starts ingress on a free port; it ends with the bed.
    pub async fn start_ingress(&mut self) {
        let (listener, addr) = listen().await;
        let running = self.ingress_on(listener).await;
        self.ingress_addr = Some(addr);
        self.programs.push(running);
    }

    /// Starts ingress where it listened before, after it was dropped.
    pub async fn ingress_again(&self) -> Running {
        let addr = self.ingress_addr.expect("ingress was started before");
        let listener = eventually(PATIENCE, async || TcpListener::bind(addr).await).await;
        self.ingress_on(listener).await
    }

    /// Starts ingress on a free port; it ends when it is dropped.
    pub async fn ingress_apart(&mut self) -> Running {
        let (listener, addr) = listen().await;
        self.ingress_addr = Some(addr);
        self.ingress_on(listener).await
    }

    async fn ingress_on(&self, listener: TcpListener) -> Running {
        let parts = self.parts().await;
        let serve = |stop: CancellationToken| ingress::run(ingress_config(), parts, listener, stop.cancelled_owned());
        Running::start("ingress", serve)
    }

    /// Starts a worker with connections of its own.
    pub async fn start_worker(&self, times: WorkerTimes) -> Running {
        let Parts { ledger, doorbell } = self.parts().await;
        let config = self.worker_config(times);
        Running::start("worker", |stop: CancellationToken| {
            worker::run(config, ledger, doorbell, stop.cancelled_owned())
        })
    }

    /// Lets a program run until the bed goes.
    pub fn keep(&mut self, program: Running) {
        self.programs.push(program);
    }

    /// What a program of its own is given: fresh connections to ledger and bells.
    pub async fn parts(&self) -> Parts {
        Parts {
            ledger: self.open_ledger().await,
            doorbell: self.doorbell(),
        }
    }

    /// A pool of its own, as another process would have.
    pub async fn open_ledger(&self) -> Ledger {
        let options = OpenOptions {
            max_connections: 6,
            ..OpenOptions::default()
        };
        let ledger = Ledger::open(&self.url, options).await.expect("the ledger opens");
        let ledger = ledger.unlock(crate::vault()).await.expect("the ledger is unlocked");
        ledger.by_clock(self.clock.clone())
    }

    /// Bells: in memory the one doorbell there is, else a connection of one's own.
    pub fn doorbell(&self) -> Doorbell {
        match &self.shared_doorbell {
            Some(doorbell) => doorbell.clone(),
            None => Doorbell::connect(self.queue.clone()),
        }
    }
}

impl Drop for TestBed {
    fn drop(&mut self) {
        // The programs and the peers abort their tasks when they are dropped themselves.
        self.stop.cancel();
    }
}

/// Runs a test on SQLite with bells in memory and on PostgreSQL with Redis, side by side. A panic
/// names the database.
pub async fn on_each<F: Future<Output = ()>>(test: impl Fn(Database) -> F) {
    let test = &test;
    let named = async |database: Database| {
        if let Err(panic) = AssertUnwindSafe(test(database)).catch_unwind().await {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            panic!("on {database}: {}", text.unwrap_or("a panic without words"));
        }
    };
    let [sqlite, postgres] = Database::each();
    tokio::join!(named(sqlite), named(postgres));
}

/// No rates: a test's requests all come from one address and as fast as they can.
pub fn ingress_config() -> IngressConfig {
    let off = Rate {
        per_second: 0,
        burst: 0,
    };
    IngressConfig {
        public_addr: (std::net::Ipv4Addr::LOCALHOST, 0).into(),
        limits: Limits {
            per_source: off,
            per_address: off,
            ..Limits::default()
        },
        ..IngressConfig::default()
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a free port on loopback");
    let addr = listener.local_addr().expect("a bound listener has an address");
    (listener, addr)
}
