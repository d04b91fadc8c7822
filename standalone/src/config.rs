//! What the standalone edition reads from its environment. A small shop sets nothing: the ledger and
//! its key are files in the working directory and the bells ring in this process.

use ingress::IngressConfig;
use program::{LedgerConfig, MetricsConfig, Problem, Problems, VaultConfig, keep};
use queue::{Doorbell, QueueConfig};
use telemetry::LogConfig;
use worker::WorkerConfig;

/// Where the ledger is when `KASYR_DATABASE_URL` is not set.
const DEFAULT_DATABASE: &str = "sqlite://kasyr.sqlite";
/// The queue when `KASYR_QUEUE_URL` is not set.
const DEFAULT_QUEUE: &str = "memory:";

/// What every command needs.
#[derive(Clone, Debug)]
pub struct Base {
    /// The ledger; `KASYR_DATABASE_URL`, default `sqlite://kasyr.sqlite`.
    pub ledger: LedgerConfig,
    /// The master key; `KASYR_MASTER_KEY_FILE` or `KASYR_MASTER_KEY`. See [`crate::key`] for neither.
    pub vault: Option<VaultConfig>,
    /// The queue; `KASYR_QUEUE_URL`, default `memory:`.
    pub queue: QueueConfig,
    /// Logging.
    pub log: LogConfig,
}

/// What `kasyr run` needs beside that.
#[derive(Clone, Debug)]
pub struct Run {
    /// The server.
    pub ingress: IngressConfig,
    /// The work.
    pub worker: WorkerConfig,
    /// Metrics and health.
    pub metrics: MetricsConfig,
}

impl Base {
    /// Reads them, or says everything that is wrong.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Problems> {
        let env = |name: &str| {
            env(name).or_else(|| match name {
                "KASYR_DATABASE_URL" => Some(DEFAULT_DATABASE.to_owned()),
                "KASYR_QUEUE_URL" => Some(DEFAULT_QUEUE.to_owned()),
                _ => None,
            })
        };
        let mut problems: Vec<Problem> = Vec::new();
        let ledger = keep(LedgerConfig::from_env(env), &mut problems);
        let vault = keep(VaultConfig::if_set(env), &mut problems);
        let queue = keep(program::queue_from_env(env), &mut problems);
        let log = keep(program::log_from_env(env), &mut problems);
        match (ledger, vault, queue, log) {
            (Some(ledger), Some(vault), Some(queue), Some(log)) => Ok(Self {
                ledger,
                vault,
                queue,
                log,
            }),
            _ => Err(Problems(problems)),
        }
    }

    /// A doorbell to the workers, wherever they are.
    pub fn doorbell(&self) -> Doorbell {
        Doorbell::connect(self.queue.clone())
    }
}

impl Run {
    /// Reads them, or says everything that is wrong.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Problems> {
        let mut problems: Vec<Problem> = Vec::new();
        let ingress = keep(IngressConfig::from_env(&env), &mut problems);
        let worker = keep(WorkerConfig::from_env(&env), &mut problems);
        let metrics = keep(MetricsConfig::from_env(&env), &mut problems);
        match (ingress, worker, metrics) {
            (Some(ingress), Some(worker), Some(metrics)) => Ok(Self {
                ingress,
                worker,
                metrics,
            }),
            _ => Err(Problems(problems)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_shop_sets_nothing() {
        let base = Base::from_env(|_| None);
        assert!(base.is_ok(), "{base:?}");
        assert!(Run::from_env(|_| None).is_ok());
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let env = |name: &str| match name {
            "KASYR_DATABASE_URL" => Some("mysql://nowhere".to_owned()),
            "KASYR_QUEUE_URL" => Some("amqp://nowhere".to_owned()),
            "KASYR_LOG_FORMAT" => Some("xml".to_owned()),
            _ => None,
        };
        let Problems(problems) = Base::from_env(env).unwrap_err();
        let names: Vec<_> = problems.iter().map(|problem| problem.variable).collect();
        assert_eq!(names, ["KASYR_DATABASE_URL", "KASYR_QUEUE_URL", "KASYR_LOG_FORMAT"]);
    }
}
