//! What the program is told by its environment: one struct per concern, each read by itself, all
//! problems reported at once. Nothing else reads environment variables.

mod admin;
mod ingress;

use program::{LedgerConfig, MetricsConfig, Problem, VaultConfig, keep, log_from_env, queue_from_env};
use telemetry::LogConfig;

pub use admin::AdminConfig;
pub use ingress::{IngressConfig, Limits, Rate};

/// Everything the `ingress` program reads.
#[derive(Clone, Debug)]
pub struct ProgramConfig {
    /// The ledger.
    pub ledger: LedgerConfig,
    /// The master key of the ledger's secrets.
    pub vault: VaultConfig,
    /// The doorbell.
    pub queue: queue::QueueConfig,
    /// The server.
    pub ingress: IngressConfig,
    /// Metrics and health.
    pub metrics: MetricsConfig,
    /// Logging.
    pub log: LogConfig,
}

impl ProgramConfig {
    /// Reads all of it, or says everything that is wrong.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let ledger = keep(LedgerConfig::from_env(&env), &mut problems);
        let vault = keep(VaultConfig::from_env(&env), &mut problems);
        let queue = keep(queue_from_env(&env), &mut problems);
        let ingress = keep(IngressConfig::from_env(&env), &mut problems);
        let metrics = keep(MetricsConfig::from_env(&env), &mut problems);
        let log = keep(log_from_env(&env), &mut problems);
        match (ledger, vault, queue, ingress, metrics, log) {
            (Some(ledger), Some(vault), Some(queue), Some(ingress), Some(metrics), Some(log)) => Ok(Self {
                ledger,
                vault,
                queue,
                ingress,
                metrics,
                log,
            }),
            _ => Err(problems),
        }
    }
}

#[cfg(test)]
mod tests;
