//! What the simulators of LiqPay, WayForPay and monobank have in common.
//!
//! ```text
//! test controls ─┐                                ┌─▶ answers of the API and payment pages (`serve`)
//! control HTTP ──┼─▶ Simulator<S>: payments, money ┤
//! acquirer's API ┘                                └─▶ outbox ─▶ signed callbacks, resent on the system's schedule
//! ```
//! A payment's life is the same everywhere and lives here: made, held or paid, declined, expired, captured, refunded in
//! parts. What a system says of it on the wire, what it signs and how, what counts as taken and what its API refuses is
//! the [`System`]'s own, each in a module of its own. What the public documentation leaves open is a switch there.

mod acknowledge;
mod amount;
mod api;
mod books;
mod callback;
mod config;
mod control;
mod delivery;
mod emit;
mod fault;
mod fields;
mod form;
mod hand;
mod inspect;
mod outbox;
mod page;
mod payment;
mod shipment;
mod simulator;
mod steps;
mod system;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use amount::{minor, written};
pub(crate) use api::{Answer, Call};
pub(crate) use books::Books;
pub(crate) use fields::Fields;
pub(crate) use form::Form;
pub(crate) use system::{Spoil, with_unknown_field};

pub use amount::Writing;
pub use api::{ApiCall, serve};
pub use callback::{Acknowledgement, Attempt, AttemptOutcome, Callback, CallbackId, Posted};
pub use config::{Config, Merchant, NewPayment};
pub use control::serve_control;
pub use delivery::DeliverySummary;
pub use fault::{ApiFault, CallbackFault};
pub use payment::{Failure, Illegal, Payment, PaymentId, Refund, RefundState, Stage};
pub use simulator::Simulator;
pub use system::System;
