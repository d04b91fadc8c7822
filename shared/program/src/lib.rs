//! This crate knows how a program of ours begins and ends: what it is told by its environment, how
//! it waits for its ledger and unlocks it, what it shows of its health, and how it hears that it must stop.

mod env;
mod life;
mod parts;
mod reader;
mod vault_config;

pub use env::{EnvError, environment};
pub use life::{
    StartError, complain, connect_ledger, install_tls, open_ledger, read_keys, serve_metrics, stop_on_signals, unlock,
};
pub use parts::{LedgerConfig, MetricsConfig, log_from_env, queue_from_env, socket_addr};
pub use reader::{Problem, Problems, Reader, keep};
pub use vault_config::VaultConfig;
