//! A simulator of ATOL Online, protocol v4 and v5 (protocol sheet, chapters 16 and 17), on real sockets.
//!
//! ```text
//! socket → server (reads the body) → faults → service (plain functions under one lock) → queue of the group
//!                                                    registers work it off → documents → callbacks
//! ```
//! The lock is never held across an await, and what is due by the simulator's clock is worked off before anything is
//! answered or shown: a report, a test and the worker always see the same state. [`Simulator::run`] is only needed to
//! send callbacks. Everything a test wants to know is read from what the registers printed: [`Simulator::documents`].

mod answer;
mod callback;
mod config;
mod control;
mod document;
mod fault;
mod group;
mod lists;
mod mask;
mod operation;
mod register;
mod result;
mod route;
mod sender;
mod server;
mod service;
mod simulator;
mod state;
mod token;
mod transcript;
mod validate;
mod work;

#[cfg(test)]
mod tests;

pub use answer::{ErrorType, Status};
pub use callback::{Delivery, Forgery, RecordedCallback};
pub use config::{Config, DEFAULT_INN, DEFAULT_PASS, GroupSetup, Password, TokenPolicy, Version};
pub use control::serve_control;
pub use document::{
    AcceptedDocument, FiscalNumbers, Item, Mark, Payment, ReceiptBody, RecordedDocument, RegistrationError,
};
pub use fault::{FaultKind, TokenRefusal};
pub use operation::Operation;
pub use server::serve;
pub use simulator::{GroupView, Simulator};
pub use transcript::RecordedRequest;

pub use crate::clock::Clock;

/// A fault of this simulator. It is narrowed to a pattern that fits one of these: the operation (`getToken`, `report`,
/// `sell`, …), the path, the group, the `external_id` or the uuid, as far as the occasion has them.
pub type Fault = crate::fault::Fault<FaultKind>;
/// Random faults of this simulator; requests, registers and callbacks each draw from dice of their own.
pub type ChaosPlan = crate::fault::Chaos<FaultKind>;
/// A chance of one of them.
pub type ChaosRate = crate::fault::Rate<FaultKind>;
