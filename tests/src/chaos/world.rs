//! Everything that runs: simulators in this process, private servers, Kasyr's own programs.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use ledger::{Ledger, OpenOptions, wall_clock};
use sandbox::mailbox::{self, Mailbox};
use sandbox::shop::{self, Shop};
use sandbox::{atol, cashalot, cashdesk, fondy};
use tests::servers::{Postgres, Redis, RedisMode};
use tests::{free_port, key_variable, unique};
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::cast::{self, Addresses, Till};
use super::options::Size;
use super::programs::{Process, Programs, Recipe};
use super::registers::Registers;

/// The world and the handles to shake it.
pub struct World {
    /// The registers and the tax service, at every provider.
    pub registers: Registers,
    /// The payment system.
    pub payments: fondy::Simulator,
    /// The buyers' mail server.
    pub mailbox: Mailbox,
    /// The shops' endpoints.
    pub shop: Shop,
    /// Where no webhook may ever come: redirects lead here.
    pub trap: Shop,
    /// Its address.
    pub trap_addr: SocketAddr,
    /// Who takes part.
    pub tills: Vec<Till>,
    /// Kasyr's database server.
    pub postgres: Postgres,
    /// Kasyr's queue server.
    pub redis: Redis,
    /// Our own view of Kasyr's ledger.
    pub ledger: Ledger,
    /// Where `ingress` listens.
    pub ingress_addr: SocketAddr,
    /// `ingress`, and its recipe.
    pub ingress: Actor,
    /// The workers.
    pub workers: Vec<Actor>,
    /// Where the programs log.
    pub logs: PathBuf,
    stop: CancellationToken,
    tasks: Mutex<JoinSet<anyhow::Result<()>>>,
}

/// A program that is killed and started again.
pub struct Actor {
    recipe: Recipe,
    process: Mutex<Option<Process>>,
}

/// How often a callback that was not answered comes again.
pub const RETRIES_MS: [u64; 4] = [100, 300, 1_000, 2_000];

impl World {
    /// Starts everything; nothing happens yet.
    pub async fn start(size: &Size, say: impl Fn(&str)) -> anyhow::Result<Self> {
        let programs = Programs::find(&say)?;
        let logs = std::env::temp_dir().join(unique(&format!("kasyr_chaos_{}", size.seed)));
        std::fs::create_dir_all(&logs).with_context(|| format!("cannot make {}", logs.display()))?;
        say(&format!("the programs log to {}", logs.display()));

        let tills = cast::tills(size.registers)?;
        let registers = Registers::new(size.seed);
        let payments = fondy::Simulator::new(fondy::Config {
            seed: size.seed,
            callback_timeout: Duration::from_secs(5),
            retry_schedule: fondy::RetrySchedule::repeating(RETRIES_MS.map(Duration::from_millis).to_vec()),
            ..fondy::Config::default()
        });
        cast::enrol(&tills, &registers, &payments);
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let providers = providers(&registers, &mut tasks, &stop).await?;
        let (listener, fondy_addr) = listen().await?;
        let served = fondy::serve(listener, payments.clone(), stop.clone().cancelled_owned());
        tasks.spawn(async { Ok(served.await?) });
        let (sender, until) = (payments.clone(), stop.clone().cancelled_owned());
        tasks.spawn(async move {
            sender.run_delivery(until).await;
            Ok(())
        });

        let mailbox = Mailbox::new(mailbox::Config::default());
        let (listener, smtp) = listen().await?;
        let served = mailbox::serve(listener, mailbox.clone(), stop.clone().cancelled_owned());
        tasks.spawn(async { Ok(served.await?) });
        let (shop, shop_addr) = endpoint(&mut tasks, &stop).await?;
        let (trap, trap_addr) = endpoint(&mut tasks, &stop).await?;

        say("starting a private PostgreSQL and Redis");
        let postgres = Postgres::start().await;
        let database = postgres.create_schema("kasyr").await;
        // Every other seed has a Redis that forgets everything when it is killed.
        let redis = Redis::start(match size.seed % 2 {
            0 => RedisMode::Fsync,
            _ => RedisMode::Memory,
        })
        .await;
        let options = OpenOptions {
            max_connections: 2,
            ..OpenOptions::default()
        };
        let ledger = Ledger::open(&database, options).await?.unlock(tests::vault()).await?;
        let settings = cast::settings(
            &tills,
            Addresses {
                cashalot: providers[0],
                cashdesk: providers[1],
                atol: providers[2],
                fondy: fondy_addr,
                shop: size.messages.then_some(shop_addr),
            },
        )?;
        ledger.apply(&settings, "chaos", wall_clock()).await?;

        let ingress_addr = SocketAddr::from(([127, 0, 0, 1], free_port()));
        cast::subscribe(&tills, &registers, ingress_addr)?;
        let environment = environment(&database, &redis.url(), ingress_addr, size.messages.then_some(smtp));
        let actor = |name: String, program: &PathBuf| Recipe {
            name,
            program: program.clone(),
            environment: environment.clone(),
            dir: logs.clone(),
        };
        let ingress = Actor::start(actor("ingress".to_owned(), &programs.ingress)).await?;
        let mut workers = Vec::new();
        for number in 1..=size.workers {
            workers.push(Actor::start(actor(format!("worker-{number}"), &programs.worker)).await?);
        }
        Ok(Self {
            registers,
            payments,
            mailbox,
            shop,
            trap,
            trap_addr,
            tills,
            postgres,
            redis,
            ledger,
            ingress_addr,
            ingress,
            workers,
            logs,
            stop,
            tasks: Mutex::new(tasks),
        })
    }

    /// The programs that ended although nobody killed them.
    pub async fn ended_by_themselves(&self) -> Vec<String> {
        let mut ended = Vec::new();
        for actor in self.workers.iter().chain([&self.ingress]) {
            let process = actor.process.lock().await;
            if process.as_ref().is_some_and(Process::has_ended) {
                ended.push(actor.recipe.name.clone());
            }
        }
        ended
    }

    /// Ends everything that was started.
    pub async fn end(&self) -> anyhow::Result<()> {
        for actor in self.workers.iter().chain([&self.ingress]) {
            actor.strike().await?;
        }
        self.stop.cancel();
        let mut tasks = self.tasks.lock().await;
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok(())
    }
}

impl Actor {
    async fn start(recipe: Recipe) -> anyhow::Result<Self> {
        let process = Mutex::new(Some(recipe.start().await?));
        Ok(Self { recipe, process })
    }

    /// `kill -9`, if it runs. False: it had ended by itself.
    pub async fn strike(&self) -> anyhow::Result<bool> {
        let Some(process) = self.process.lock().await.take() else {
            return Ok(true);
        };
        let ran = !process.has_ended();
        process.kill9().await?;
        Ok(ran)
    }

    /// Starts it again after [`Actor::strike`].
    pub async fn revive(&self) -> anyhow::Result<()> {
        *self.process.lock().await = Some(self.recipe.start().await?);
        Ok(())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.recipe.name
    }
}

/// Short times, so that minutes are enough; their order is that of the defaults. What the caller's
/// environment says goes first: `KASYR_SETTLE_MS=50`, say, and receipts are doubled.
fn environment(
    database: &str,
    redis: &str,
    ingress: SocketAddr,
    smtp: Option<SocketAddr>,
) -> Vec<(&'static str, String)> {
    let own = [
        ("KASYR_DATABASE_URL", database.to_owned()),
        ("KASYR_QUEUE_URL", redis.to_owned()),
        ("KASYR_PUBLIC_ADDR", ingress.to_string()),
        ("KASYR_ADMIN_ADDR", "127.0.0.1:0".to_owned()),
        ("KASYR_PUBLIC_URL", format!("http://{ingress}")),
        key_variable(),
    ];
    let fixed = [
        ("KASYR_QUEUE_PREFIX", "chaos"),
        ("KASYR_RATE_PER_SOURCE", "0"),
        ("KASYR_RATE_PER_ADDRESS", "0"),
        ("KASYR_COMMIT_TIMEOUT_MS", "3000"),
        ("KASYR_CALL_TIMEOUT_MS", "1500"),
        ("KASYR_SLOW_CALL_TIMEOUT_MS", "1500"),
        ("KASYR_RESULT_ASK_MS", "300"),
        ("KASYR_RESULT_PACE_MS", "250"),
        ("KASYR_LEASE_MS", "3000"),
        ("KASYR_SETTLE_MS", "2500"),
        ("KASYR_LOOK_APART_MS", "300"),
        ("KASYR_FIRST_ASK_MS", "150"),
        ("KASYR_BACKOFF_CAP_MS", "1500"),
        ("KASYR_SWEEP_MS", "1000"),
        ("KASYR_WATCH_MS", "4000"),
        ("KASYR_WATCH_SOON_MS", "500"),
        ("KASYR_DELIVER_TIMEOUT_MS", "1500"),
        ("KASYR_DELIVERY_BACKOFF_CAP_MS", "1500"),
        ("KASYR_PRIVATE_WEBHOOKS", "allowed"),
        ("KASYR_LOG", "info"),
    ];
    let mail = smtp.into_iter().flat_map(|smtp| {
        [
            ("KASYR_SMTP_URL", format!("smtp://{smtp}?tls=none")),
            ("KASYR_MAIL_FROM", "receipts@kasyr.example".to_owned()),
        ]
    });
    let fixed = fixed.map(|(name, value)| (name, std::env::var(name).unwrap_or_else(|_| value.to_owned())));
    own.into_iter().chain(fixed).chain(mail).collect()
}

/// Serves Cashälot, CashDesk and ATOL Online, in this order.
async fn providers(
    registers: &Registers,
    tasks: &mut JoinSet<anyhow::Result<()>>,
    stop: &CancellationToken,
) -> anyhow::Result<[SocketAddr; 3]> {
    let until = || stop.clone().cancelled_owned();
    let (listener, cashalot_addr) = listen().await?;
    let served = cashalot::serve(listener, registers.cashalot.clone(), until());
    tasks.spawn(async { Ok(served.await?) });
    let (listener, cashdesk_addr) = listen().await?;
    let served = cashdesk::serve(listener, registers.cashdesk.clone(), until());
    tasks.spawn(async { Ok(served.await?) });
    let (listener, atol_addr) = listen().await?;
    let served = atol::serve(listener, registers.atol.clone(), until());
    tasks.spawn(async { Ok(served.await?) });
    let (cashdesk, ended) = (registers.cashdesk.clone(), until());
    tasks.spawn(async move {
        cashdesk.run_delivery(ended).await;
        Ok(())
    });
    let (atol, ended) = (registers.atol.clone(), until());
    tasks.spawn(async move {
        atol.run(ended).await;
        Ok(())
    });
    Ok([cashalot_addr, cashdesk_addr, atol_addr])
}

async fn endpoint(
    tasks: &mut JoinSet<anyhow::Result<()>>,
    stop: &CancellationToken,
) -> anyhow::Result<(Shop, SocketAddr)> {
    let shop = Shop::new(shop::Config::default());
    let (listener, addr) = listen().await?;
    let served = shop::serve(listener, shop.clone(), stop.clone().cancelled_owned());
    tasks.spawn(async { Ok(served.await?) });
    Ok((shop, addr))
}

async fn listen() -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("a port on loopback")?;
    let addr = listener.local_addr()?;
    Ok((listener, addr))
}
