//! The `ingress` program: reads its environment, binds, runs until told to stop.

use std::process::ExitCode;

use anyhow::Context as _;
use ingress::config::ProgramConfig;
use ingress::{Listeners, Parts};
use ledger::OpenOptions;
use program::Problems;
use queue::{Doorbell, QueueUrl};

/// A callback is a hundred small allocations; the system's allocator took a fifth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            program::complain(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

fn start() -> anyhow::Result<()> {
    let config = ProgramConfig::from_env(program::environment()?).map_err(Problems)?;
    telemetry::init(&config.log)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(serve(config))
}

async fn serve(config: ProgramConfig) -> anyhow::Result<()> {
    if let QueueUrl::Memory = config.queue.url {
        tracing::warn!("The queue is this process's memory: workers elsewhere find events by their sweep only");
    }
    let stop = program::stop_on_signals()?;
    let ledger = program::open_ledger(&config.ledger, &config.vault, OpenOptions::default()).await?;
    let doorbell = Doorbell::connect(config.queue);
    let metrics = tokio::spawn(program::serve_metrics(
        config.metrics,
        ledger.clone(),
        doorbell.clone(),
        stop.clone(),
    ));
    let listeners = Listeners::bind(&config.ingress).await?;
    let (public, pages) = (config.ingress.public_addr, config.ingress.admin.link("/"));
    tracing::info!(address = %public, pages, "Ingress takes callbacks and API requests on {public}; the admin pages are at {pages}");
    if !ledger.has_administrator().await? {
        tracing::warn!(
            "Nobody can sign in to the admin pages yet; make the first administrator with: kasyr admin create"
        );
    }
    let parts = Parts { ledger, doorbell };
    let ended = ingress::run(config.ingress, parts, listeners, stop.clone().cancelled_owned()).await;
    stop.cancel();
    metrics.await.context("the metrics server panicked")??;
    ended?;
    tracing::info!("Ingress stopped");
    Ok(())
}
