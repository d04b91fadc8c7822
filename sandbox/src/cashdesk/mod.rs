//! A simulator of the CashDesk API v2 (protocol sheet, chapters 14 and 15) on real sockets.
//!
//! ```text
//! socket → server (reads the body, notes the flight) → faults → commands (plain functions under one lock) → tape
//!                                                                              tape → outbox → webhooks
//! ```
//! The lock is never held across an await, and a request runs to its end once begun, so what a client does to its
//! connection decides only whether it hears of the document, never whether there is half of one. Everything a test
//! wants to know is read from the tape: `Simulator::documents`.

mod commands;
mod config;
mod control;
mod document;
mod faults;
mod instant;
mod pdf;
mod print;
mod refusal;
mod register;
mod representation;
mod server;
mod simulator;
mod state;
mod switches;
mod tokens;
mod totals;
mod transcript;
mod validate;
mod view;
mod webhook;
mod wire;
mod world;

#[cfg(test)]
mod tests;

pub use crate::clock::Clock;
pub use config::{Config, DEFAULT_API_TOKEN, DEFAULT_EMAIL, DEFAULT_PASSWORD, Mode, RegisterSetup, TaxRate};
pub use control::serve_control;
pub use document::{DocKind, Payment, Product, RecordedDocument, TaxLine};
pub use faults::{ChaosPlan, ChaosRate, Fault, FaultKind};
pub use server::serve;
pub use simulator::Simulator;
pub use switches::{LocalNumbers, RefusalShape, Suppressed, Switches};
pub use totals::Totals;
pub use transcript::RecordedRequest;
pub use view::{RegisterView, ShiftView};
pub use webhook::{DeliveryAttempt, DeliveryState, DeliverySummary, RecordedDelivery};
