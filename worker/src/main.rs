//! The `worker` program: reads its environment, works until told to stop.

use std::process::ExitCode;

use anyhow::Context as _;
use ledger::OpenOptions;
use program::{LedgerConfig, MetricsConfig, Problem, Problems, VaultConfig, keep};
use queue::{Doorbell, QueueUrl};
use telemetry::LogConfig;
use worker::WorkerConfig;

/// Everything this program reads.
struct Config {
    ledger: LedgerConfig,
    vault: VaultConfig,
    queue: queue::QueueConfig,
    metrics: MetricsConfig,
    log: LogConfig,
    worker: WorkerConfig,
}

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
    let config = read(program::environment()?)?;
    telemetry::init(&config.log)?;
    program::install_tls();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work(config))
}

fn read(env: impl Fn(&str) -> Option<String>) -> Result<Config, Problems> {
    let mut problems: Vec<Problem> = Vec::new();
    let ledger = keep(LedgerConfig::from_env(&env), &mut problems);
    let vault = keep(VaultConfig::from_env(&env), &mut problems);
    let queue = keep(program::queue_from_env(&env), &mut problems);
    let metrics = keep(MetricsConfig::from_env(&env), &mut problems);
    let log = keep(program::log_from_env(&env), &mut problems);
    let worker = keep(WorkerConfig::from_env(&env), &mut problems);
    match (ledger, vault, queue, metrics, log, worker) {
        (Some(ledger), Some(vault), Some(queue), Some(metrics), Some(log), Some(worker)) => Ok(Config {
            ledger,
            vault,
            queue,
            metrics,
            log,
            worker,
        }),
        _ => Err(Problems(problems)),
    }
}

async fn work(config: Config) -> anyhow::Result<()> {
    if let QueueUrl::Memory = config.queue.url {
        tracing::warn!(
            "The queue is this process's memory: bells rung elsewhere are not heard, the sweep finds the work"
        );
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
    let worked = worker::run(config.worker, ledger, doorbell, stop.clone().cancelled_owned()).await;
    stop.cancel();
    metrics.await.context("the metrics server panicked")??;
    worked?;
    Ok(())
}
