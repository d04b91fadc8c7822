//! A payment gateway that behaves as Fondy does, on real sockets, for the demo and the tests.
//!
//! ```text
//! test controls ─┐                            ┌─▶ answers of the API (`serve`)
//! control HTTP ──┼─▶ Simulator: orders, money ┤
//! gateway API ───┘                            └─▶ outbox ─▶ signed callbacks, resent until a 200
//! ```
//! Everything on the wire is written here from the protocol's description, signatures included, and shares
//! nothing with the `fondy` client crate: a mistake made on one side must show on the other.

mod amounts;
mod api;
mod basket;
mod callback;
mod config;
mod control;
mod delivery;
mod fault;
mod fiscal;
mod hand;
mod inspect;
mod merchant;
mod message;
mod new_order;
mod order;
mod outbox;
mod post;
mod refusal;
mod signature;
mod simulator;
mod snapshot;
mod split;
mod switches;
#[cfg(test)]
mod tests;
mod transaction;

pub use crate::clock::Clock;
pub use crate::schedule::{RetryBase, RetrySchedule};
pub use api::{Endpoint, serve};
pub use callback::{Acknowledgement, Attempt, AttemptOutcome, Callback, CallbackId, SignedCallback};
pub use config::Config;
pub use delivery::DeliverySummary;
pub use fault::{ApiFault, Fault, FaultRates};
pub use fiscal::KktMode;
pub use hand::serve_control;
pub use inspect::OrderView;
pub use merchant::{CallbackFormat, Merchant, TEST_MERCHANT};
pub use new_order::{Card, NewOrder, OrderRef, Version};
pub use order::{Hold, Money, Status};
pub use refusal::Refusal;
pub use simulator::Simulator;
pub use split::Receiver;
pub use switches::{BasketEcho, ReversalAmount, Switches};
