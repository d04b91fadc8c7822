//! The `ingress` program: reads its environment, binds, runs until told to stop.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use ingress::config::ProgramConfig;
use ingress::{IngressConfig, Parts};
use ledger::{Ledger, OpenOptions};
use queue::{Doorbell, QueueUrl};
use secrecy::ExposeSecret;
use telemetry::health::{self, Readiness, ReadyState};
use telemetry::metrics::MetricsHandle;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A database that is still starting is waited for, a little longer each time.
const OPEN_PAUSES: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
];

fn main() -> anyhow::Result<()> {
    let config = read_config()?;
    telemetry::init(&config.log)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(serve(config))
}

fn read_config() -> anyhow::Result<ProgramConfig> {
    let file: BTreeMap<String, String> = match dotenvy::dotenv_iter() {
        Ok(lines) => lines.collect::<Result<_, _>>().context(".env cannot be read")?,
        Err(error) if error.not_found() => BTreeMap::new(),
        Err(error) => return Err(error).context(".env cannot be read"),
    };
    // The environment wins over the file.
    let env = |name: &str| std::env::var(name).ok().or_else(|| file.get(name).cloned());
    ProgramConfig::from_env(env).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(|problem| format!("  {problem}")).collect();
        anyhow::anyhow!("the environment has problems:\n{}", lines.join("\n"))
    })
}

async fn serve(config: ProgramConfig) -> anyhow::Result<()> {
    let metrics = telemetry::metrics::install()?;
    let stop = stop_on_signals()?;
    let IngressConfig { public_addr, .. } = config.ingress;
    let listener = bind(public_addr, "KASYR_PUBLIC_ADDR").await?;
    let watched = match config.metrics.addr {
        Some(addr) => Some(bind(addr, "KASYR_METRICS_ADDR").await?),
        None => None,
    };
    if let QueueUrl::Memory = config.queue.url {
        tracing::warn!("The queue is this process's memory: workers elsewhere find events by their sweep only");
    }
    let parts = Parts {
        ledger: open_ledger(&config).await?,
        doorbell: Doorbell::connect(config.queue),
    };
    let watching = tokio::spawn(watch(watched, metrics, parts.clone(), stop.clone()));
    tracing::info!(address = %listener.local_addr()?, "Ingress takes callbacks and API requests");
    let ended = ingress::run(config.ingress, parts, listener, stop.clone().cancelled_owned()).await;
    stop.cancel();
    watching.await.context("the metrics server panicked")??;
    ended?;
    tracing::info!("Ingress stopped");
    Ok(())
}

async fn bind(addr: SocketAddr, variable: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr)
        .await
        .with_context(|| format!("cannot listen on {addr} ({variable})"))
}

async fn open_ledger(config: &ProgramConfig) -> anyhow::Result<Ledger> {
    let url = config.ledger.url.expose_secret();
    for pause in OPEN_PAUSES {
        match Ledger::open(url, OpenOptions::default()).await {
            Ok(ledger) => return Ok(ledger),
            Err(error) if error.is_outage() => {
                tracing::warn!(error = %error, "The ledger cannot be opened yet; trying again");
                tokio::time::sleep(pause).await;
            }
            Err(error) => return Err(error).context("the ledger cannot be opened"),
        }
    }
    Ledger::open(url, OpenOptions::default())
        .await
        .context("the ledger cannot be opened")
}

/// Serves metrics and health until stopped; without an address it only keeps the metrics up.
async fn watch(
    listener: Option<TcpListener>,
    metrics: MetricsHandle,
    parts: Parts,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let Some(listener) = listener else {
        stop.run_until_cancelled(metrics.keep_up()).await;
        return Ok(());
    };
    let readiness = Readiness::new(move || ready(parts.clone()));
    health::serve(listener, metrics, readiness, stop.cancelled_owned()).await
}

/// Ready means that events can be committed. A Redis that is down only delays them.
async fn ready(parts: Parts) -> ReadyState {
    if parts.ledger.ping().await.is_err() {
        return ReadyState::NotReady {
            reasons: vec!["the ledger does not answer".to_owned()],
        };
    }
    let degraded = if parts.doorbell.is_up() {
        Vec::new()
    } else {
        vec!["Redis does not answer; workers find events by their sweep".to_owned()]
    };
    ReadyState::Ready { degraded }
}

fn stop_on_signals() -> anyhow::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        asked.cancel();
    });
    Ok(stop)
}
