//! A simulator of the Cashälot WEB API (protocol sheet, chapter 11) on real sockets.
//!
//! ```text
//! socket → server (reads the body, notes the flight) → faults → commands (plain functions under one lock) → tape
//! ```
//! The lock is never held across an await, and a command runs to its end once begun, so what a client does to its
//! connection decides only whether it hears of the document, never whether there is half of one. Everything a test
//! wants to know is read from the tape: `Simulator::documents`.

mod auth;
mod clock;
mod commands;
mod config;
mod control;
mod control_number;
mod document;
mod faults;
mod offline;
mod register;
mod render;
mod sent;
mod server;
mod simulator;
mod state;
mod totals;
mod transcript;
mod validate;
mod wire;
mod world;
mod xml;

#[cfg(test)]
mod tests;

pub use clock::Clock;
pub use config::{Config, Credentials, DEFAULT_KEY_PIN, OperatorSetup, RegisterSetup, XmlEncoding};
pub use control::serve_control;
pub use document::RecordedDocument;
pub use faults::{ChaosPlan, ChaosRate, Fault, FaultKind, ForeignEffect};
pub use sent::SentReceipt;
pub use server::serve;
pub use simulator::{RegisterView, Simulator};
pub use transcript::RecordedRequest;
pub use wire::{DocClass, DocSubType, DocType};
