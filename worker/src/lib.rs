//! The worker: plans events, works the registers, sweeps for what has no bell.
//!
//! ```text
//! bell PlanEvent ──▶ plan_event: confirm ─ decide ─ write documents ──▶ bell WorkRegister
//! bell WorkRegister ──▶ work_register: lease ─ [ settle a doubt | send: look ─ compose ─ intent ─ request ─ outcome ]*
//! bell Expect ──▶ gateway: claim ─ ask the payment system's register ─ take in what it made
//! sweep: whatever is due and has no bell
//! ```
//!
//! A handler loads, decides with pure functions, acts, stores. Running one twice is normal.

pub mod backoff;
mod breaker;
mod compose;
pub mod config;
mod confirm;
mod day;
mod decide;
pub mod deliver;
mod divide;
pub mod gateway;
mod gateways;
mod gauges;
mod grip;
mod kyiv;
pub mod metrics;
mod pace;
pub mod plan_event;
pub mod providers;
pub mod reconcile;
mod refund;
mod run;
mod send;
mod settle;
pub mod settlement;
mod state;
pub mod sweep;
mod trouble;
pub mod work_register;

pub use config::{DeliveryConfig, GatewayConfig, Post, WorkerConfig, WorkerTimes};
pub use run::{WorkerError, run};
pub use state::{SetupError, WorkerState};
