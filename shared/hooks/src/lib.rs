//! This crate knows how a shop's endpoint is told something: a signed POST in the convention of Standard Webhooks
//! (<https://www.standardwebhooks.com>, version 1.0.0), and two bodies for it.
//!
//! It knows nothing of receipts or of when to repeat. What may be done after an attempt is one question to its result:
//! [`Verdict::of`].
//!
//! ```text
//! receipt::Receipt or Event ──serde_json──▶ body ─┐
//! secrets, id, timestamp ──────────────────────────┴─▶ Hook::signed ──▶ Hooks::post ──▶ Verdict
//!                              Endpoint::parse ──────────────────────────┘
//!                         whose addresses are checked when they are connected to
//! ```
//!
//! An endpoint is an address that somebody typed, and the request leaves from within the operator's network. So
//! redirects are not followed, and addresses that are not public are refused unless they are allowed: those in the URL
//! and those that a name leads to. What is connected to is what was checked. A file behind an address that somebody else
//! named ([`Fetcher`]) is got under the same rules.

mod address;

mod endpoint;
mod event;
mod fetch;
mod number;
mod post;
pub mod receipt;
mod resolve;
mod secret;
mod sign;
mod verdict;

pub use address::is_public;
pub use endpoint::{Endpoint, EndpointError};
pub use event::{Event, EventKind};
pub use fetch::{FetchError, Fetched, Fetcher};
pub use number::{Amount, Money};
pub use post::{Answer, Hook, Hooks, Policy, PostError, PrivateAddresses, SetupError, TransportError};
pub use secret::{SecretError, new_secret};
pub use sign::{SignError, sign};
pub use verdict::Verdict;
