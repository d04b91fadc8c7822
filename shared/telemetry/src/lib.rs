//! This crate knows how the program is seen from outside: its log lines, what is masked in them and
//! in everything else that leaves, its metrics, and whether it is alive and ready.
//!
//! ```text
//! event ──tracing──▶ formatted line ──mask::text──▶ stdout
//! attempt record ──mask::json──▶ ledger
//! counters ──metrics──▶ MetricsHandle ──health::serve──▶ /metrics  /healthz  /readyz
//! ```
#![warn(clippy::wildcard_enum_match_arm)]

mod chain;
pub mod health;
pub mod logs;
pub mod mask;
pub mod metrics;

pub use chain::chain;
pub use logs::{InitError, LogConfig, LogFormat, init, subscriber_with_writer};
