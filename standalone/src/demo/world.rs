//! The demo's little world: simulators, a ledger in a temporary folder, ingress and worker.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use domain::ids::MerchantId;
use hooks::PrivateAddresses;
use ingress::config::AdminConfig;
use ingress::{IngressConfig, Listeners, Parts};
use ledger::settings::Provider;
use ledger::{Ledger, OpenOptions};
use mailer::{Address, SmtpUrl};
use queue::{Doorbell, QueueConfig, QueueUrl};
use sandbox::fondy;
use sandbox::mailbox::{self, Mailbox};
use sandbox::shop::{self, Shop};
use secrecy::ExposeSecret as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use vault::Vault;
use worker::backoff::Schedule;
use worker::{DeliveryConfig, Post, WorkerConfig, WorkerTimes};

use super::counter::Counter;
use crate::apply::{self, Places};

/// The API key of the demo's shop.
pub(super) const API_KEY: &str = "demo-shop-key";

/// The payment key of the demo's merchants at the payment system.
const GATEWAY_KEY: &str = "test";

/// What the shop's webhooks are signed with.
const WEBHOOK_SECRET: &str = "demo-webhook-secret";

pub(super) struct World {
    /// One register at each provider that is shown.
    pub counters: Vec<Counter>,
    pub fondy: fondy::Simulator,
    pub ledger: Ledger,
    pub merchant: MerchantId,
    pub ingress: SocketAddr,
    /// The one-time link to the admin pages.
    pub welcome: Option<String>,
    pub fondy_control: SocketAddr,
    /// Buyers' mail.
    pub mailbox: Mailbox,
    pub mailbox_page: SocketAddr,
    /// The shop that is told of receipts.
    pub shop: Shop,
    stop: CancellationToken,
    tasks: JoinSet<anyhow::Result<()>>,
    folder: PathBuf,
}

impl World {
    pub async fn start(providers: &[Provider]) -> anyhow::Result<Self> {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let mut counters = Vec::new();
        for (place, provider) in (0..).zip(providers) {
            counters.push(Counter::open(*provider, place, &mut tasks, &stop).await?);
        }
        let fondy = fondy::Simulator::new(fondy::Config::default());
        for counter in &counters {
            fondy.add_merchant(fondy::Merchant::new(counter.gateway, GATEWAY_KEY));
        }
        let told = || stop.clone().cancelled_owned();

        let (listener, fondy_addr) = listen().await?;
        let served = fondy::serve(listener, fondy.clone(), told());
        tasks.spawn(async { Ok(served.await?) });
        let (listener, fondy_control) = listen().await?;
        let served = fondy::serve_control(listener, fondy.clone(), told());
        tasks.spawn(async { Ok(served.await?) });
        let (deliverer, until) = (fondy.clone(), told());
        tasks.spawn(async move {
            deliverer.run_delivery(until).await;
            Ok(())
        });

        let mailbox = Mailbox::new(mailbox::Config::default());
        let (listener, smtp) = listen().await?;
        let served = mailbox::serve(listener, mailbox.clone(), told());
        tasks.spawn(async { Ok(served.await?) });
        let (listener, mailbox_page) = listen().await?;
        let served = mailbox::serve_control(listener, mailbox.clone(), told());
        tasks.spawn(async { Ok(served.await?) });
        let shop = Shop::new(shop::Config::default());
        let (listener, shop_addr) = listen().await?;
        let served = shop::serve(listener, shop.clone(), told());
        tasks.spawn(async { Ok(served.await?) });

        let folder = std::env::temp_dir().join(format!("kasyr-demo-{}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let database = format!("sqlite://{}", folder.join("kasyr.sqlite").display());
        let ledger = Ledger::open(&database, OpenOptions::default()).await?;
        let ledger = ledger.unlock(Vault::in_memory()).await?;
        let settings = apply::parse(&settings(&counters, fondy_addr, shop_addr), "demo", &NO_PLACES)?;
        let merchant = settings
            .merchants
            .first()
            .context("the demo declares a merchant")?
            .id
            .clone();
        apply::apply(&ledger, &settings, "demo").await?;

        let doorbell = Doorbell::connect(QueueConfig {
            url: QueueUrl::Memory,
            prefix: "demo".to_owned(),
        });
        let (public, ingress) = listen().await?;
        let (pages, admin) = listen().await?;
        let config = IngressConfig {
            public_addr: ingress,
            admin: AdminConfig { addr: admin, url: None },
            ..IngressConfig::default()
        };
        let welcome = ledger.invite_first_administrator(ledger.now()).await?;
        let welcome = welcome.map(|token| config.admin.link(&format!("/welcome/{}", token.expose_secret())));
        let parts = Parts {
            ledger: ledger.clone(),
            doorbell: doorbell.clone(),
        };
        let served = ingress::run(
            config,
            parts,
            Listeners {
                public,
                admin: Some(pages),
            },
            told(),
        );
        tasks.spawn(async { Ok(served.await?) });
        let config = WorkerConfig {
            delivery: delivery(smtp, ingress)?,
            ..WorkerConfig::new(times())
        };
        let worked = worker::run(config, ledger.clone(), doorbell, told());
        tasks.spawn(async { Ok(worked.await?) });

        Ok(Self {
            counters,
            fondy,
            ledger,
            merchant,
            ingress,
            welcome,
            fondy_control,
            mailbox,
            mailbox_page,
            shop,
            stop,
            tasks,
            folder,
        })
    }

    /// Where the payment system sends its callbacks.
    pub fn callback_url(&self, counter: &Counter) -> String {
        format!("http://{}/callbacks/{}", self.ingress, counter.source)
    }

    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
        drop(self.ledger);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(super) async fn listen() -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .context("cannot listen on this machine")?;
    let addr = listener.local_addr()?;
    Ok((listener, addr))
}

const NO_PLACES: Places<'static> = Places {
    env: &|_| None,
    file: &|_| Err(std::io::ErrorKind::NotFound.into()),
};

/// The simulators answer at once, so nothing needs to be waited for as long as with the real ones.
fn times() -> WorkerTimes {
    let millis = Duration::from_millis;
    WorkerTimes {
        call_timeout: millis(3_000),
        slow_call_timeout: millis(3_000),
        lease: millis(6_000),
        settle: millis(600),
        first_ask: millis(150),
        look_apart: millis(200),
        register_backoff: Schedule {
            first: millis(100),
            cap: millis(1_000),
        },
        result_ask: Schedule {
            first: millis(120),
            cap: millis(1_000),
        },
        sweep: millis(500),
        delivery_backoff: Schedule {
            first: millis(200),
            cap: millis(2_000),
        },
        ..WorkerTimes::default()
    }
}

/// Mail goes to the play mail server, and the play shop is on this very machine.
fn delivery(smtp: SocketAddr, ingress: SocketAddr) -> anyhow::Result<DeliveryConfig> {
    Ok(DeliveryConfig {
        post: Some(Post {
            server: SmtpUrl::parse(&format!("smtp://{smtp}?tls=none"))?,
            from: Address::parse("Kasyr <receipts@kasyr.example>")?,
        }),
        public_url: format!("http://{ingress}"),
        private_webhooks: PrivateAddresses::Allowed,
    })
}

fn settings(counters: &[Counter], fondy: SocketAddr, shop: SocketAddr) -> String {
    let mut text = r#"
        [[merchant]]
        id = "flowers"
        name = "ФОП Приклад"
        "#
    .to_owned();
    for counter in counters {
        text.push_str(&counter.settings);
    }
    for counter in counters {
        let (source, register, gateway) = (&counter.source, &counter.register, counter.gateway);
        text.push_str(&format!(
            r#"
        [[merchant.source]]
        id = "{source}"
        kind = "fondy"
        register = "{register}"
        account = {gateway}
        secret = "{GATEWAY_KEY}"
        api_url = "http://{fondy}"
        "#
        ));
    }
    text.push_str(&format!(
        r#"
        [[merchant.api_key]]
        id = "shop"
        secret = "{API_KEY}"
        scopes = ["orders", "events", "receipts", "operator"]
        [[merchant.shop_webhook]]
        url = "http://{shop}/fiscal"
        secret = "{WEBHOOK_SECRET}"
        "#
    ));
    text
}
