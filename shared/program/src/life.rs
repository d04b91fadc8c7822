use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ledger::{Ledger, LedgerError, OpenOptions};
use queue::Doorbell;
use secrecy::ExposeSecret as _;
use telemetry::health::{self, Readiness, ReadyState};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use vault::{KeyError, Vault};

use crate::parts::{LedgerConfig, MetricsConfig};
use crate::vault_config::VaultConfig;

/// Why a program cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The ledger cannot be opened.
    #[error("the ledger (KASYR_DATABASE_URL) cannot be opened")]
    Ledger(#[source] LedgerError),
    /// The key file is not where it should be.
    #[error(
        "there is no key file {0} (KASYR_MASTER_KEY_FILE). Put it back; only for a new ledger make one with \
         kasyr create-master-key {0}",
        .path.display()
    )]
    KeyFileMissing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The master key cannot be had.
    #[error("the master key (KASYR_MASTER_KEY_FILE) cannot be used")]
    MasterKey(#[source] KeyError),
    /// The ledger does not open its secrets with this master key.
    #[error("the ledger's secrets cannot be opened")]
    Sealed(#[source] LedgerError),
    /// The metrics address is taken or not this machine's.
    #[error("cannot listen on {addr} (KASYR_METRICS_ADDR)")]
    Metrics {
        /// The address.
        addr: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Metrics cannot be gathered.
    #[error("metrics cannot be gathered")]
    Recorder(#[from] telemetry::metrics::InstallError),
    /// Signals cannot be heard.
    #[error("signals cannot be heard")]
    Signals(#[source] std::io::Error),
}

/// A database that is still starting is waited for, a little longer each time.
const OPEN_PAUSES: [Duration; 5] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
    Duration::from_secs(15),
];

/// Installs the one TLS provider; the HTTP clients need it. Safe to call twice.
pub fn install_tls() {
    // The second call finds it installed, which is just as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Opens the ledger and unlocks it; a database that is just starting gets half a minute. The master
/// key is read first: without it nothing is touched.
pub async fn open_ledger(
    config: &LedgerConfig,
    vault: &VaultConfig,
    options: OpenOptions,
) -> Result<Ledger, StartError> {
    let vault = read_keys(vault)?;
    unlock(&connect_ledger(config, options).await?, vault).await
}

/// Reads the master keys.
pub fn read_keys(config: &VaultConfig) -> Result<Vault, StartError> {
    Vault::new(&config.source).map_err(|error| match error {
        KeyError::Missing { path } => StartError::KeyFileMissing { path },
        other => StartError::MasterKey(other),
    })
}

/// Opens the ledger, locked.
pub async fn connect_ledger(config: &LedgerConfig, options: OpenOptions) -> Result<Ledger, StartError> {
    let url = config.url.expose_secret();
    patiently(async || Ledger::open(url, options).await)
        .await
        .map_err(StartError::Ledger)
}

/// Unlocks a ledger that was opened.
pub async fn unlock(ledger: &Ledger, vault: Vault) -> Result<Ledger, StartError> {
    patiently(async || ledger.unlock(vault.clone()).await)
        .await
        .map_err(StartError::Sealed)
}

async fn patiently(open: impl AsyncFn() -> Result<Ledger, LedgerError>) -> Result<Ledger, LedgerError> {
    for pause in OPEN_PAUSES {
        match open().await {
            Err(error) if error.is_outage() => {
                tracing::warn!("The ledger cannot be opened yet; trying again in {pause:?}");
                tokio::time::sleep(pause).await;
            }
            opened => return opened,
        }
    }
    open().await
}

/// Serves `/metrics`, `/healthz` and `/readyz` until `stop`; without an address only keeps the
/// metrics tidy. Ready means that the ledger answers; a queue that is away only delays. Cancels
/// `stop` when it ends by itself: a program that nobody can watch stops and says why.
pub async fn serve_metrics(
    config: MetricsConfig,
    ledger: Ledger,
    doorbell: Doorbell,
    stop: CancellationToken,
) -> Result<(), StartError> {
    let _unwatched = stop.clone().drop_guard();
    let handle = telemetry::metrics::install()?;
    let Some(addr) = config.addr else {
        tokio::select! {
            () = handle.keep_up() => {}
            () = stop.cancelled() => {}
        }
        return Ok(());
    };
    let failed = |source| StartError::Metrics { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(failed)?;
    let readiness = Readiness::new(move || ready(ledger.clone(), doorbell.clone()));
    health::serve(listener, handle, readiness, stop.cancelled_owned())
        .await
        .map_err(failed)
}

async fn ready(ledger: Ledger, doorbell: Doorbell) -> ReadyState {
    if ledger.ping().await.is_err() {
        return ReadyState::NotReady {
            reasons: vec!["the ledger does not answer".to_owned()],
        };
    }
    let degraded = if doorbell.is_up() {
        Vec::new()
    } else {
        vec!["Redis does not answer; work is found by the sweep, a little later".to_owned()]
    };
    ReadyState::Ready { degraded }
}

/// Cancelled by the first SIGTERM or SIGINT. A second one ends the process at once, as people who
/// press Ctrl-C twice expect.
pub fn stop_on_signals() -> Result<CancellationToken, StartError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(StartError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(StartError::Signals)?;
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        for times in 0.. {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if times > 0 {
                std::process::exit(130);
            }
            asked.cancel();
        }
    });
    Ok(stop)
}

/// Tells the person at the terminal why the program ends: the error and its causes, masked, without
/// a stack trace that helps nobody.
#[expect(clippy::print_stderr, reason = "the last words of a program go to the terminal")]
pub fn complain(error: &dyn std::error::Error) {
    let mut text = format!("Error: {error}");
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(&format!("\n  because: {inner}"));
        source = inner.source();
    }
    eprintln!("{}", telemetry::mask::text(&text));
}
