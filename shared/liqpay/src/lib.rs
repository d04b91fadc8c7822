//! This crate knows the wire of LiqPay: how its callbacks are signed and shaped, what one says about
//! an order, and how to ask for an order's status. It knows nothing of receipts.
//!
//! ```text
//! form ──data, signature──▶ signature over `data` as received ──base64, JSON──▶ Snapshot ──decide──▶ Decision
//! ```
//!
//! # Facts
//!
//! *Documented* (liqpay.ua/documentation: `data_signature`, `callback`, `information/status`, `aquiring/refund`):
//! - A callback is a POST of two form fields: `data`, base64 of a JSON object, and `signature`, base64 of
//!   the SHA-1 of private key, `data` and private key, one after another. All of the JSON is signed, names too.
//! - Amounts are JSON numbers in major units. Order ids have at most 255 characters.
//! - Final statuses: `success`, `failure`, `error`, `reversed`, `subscribed`, `unsubscribed`, `sandbox` (a
//!   payment in test mode). The payer was charged also in `wait_accept` (the shop is not verified yet),
//!   `wait_compensation` (paid out once a day), `wait_lc` (a letter of credit) and `wait_reserve` (kept for a
//!   refund). `hold_wait`: blocked, not charged. Everything in `…_verify`, `wait_…`, `…_wait`, `prepared`,
//!   `processing` is still being paid.
//! - `refund_amount` and `refund_date_last` stand in callbacks; the description of the status answer has neither.
//! - Refunds may be partial; after one LiqPay calls the shop's `server_url`.
//! - The status is asked with `action: status` at `/api/request`; its answer is JSON without a signature.
//! - `rro_info.items` (quantity, price, cost, and either a name or LiqPay's own number) goes with a payment.
//!
//! *Seen in SDKs and plugins*: current documentation calls the API's version 7 and one SDK signs that with
//! SHA3-256; another says that requests of version 7 are refused and version 3 works, while callbacks come with
//! version 7 and SHA-1. So both hashes are taken in a callback (both need the private key), and questions
//! go as version 3 with SHA-1. Dates are milliseconds. Keys of the test mode begin with `sandbox_`.
//!
//! *Unknown*, and built so that either answer works:
//! - whether `refund_amount` is a running total or the last refund, and which status a partial refund has. It is
//!   read as a running total under any charged status; `refund_date_last` is a part of what makes two callbacks
//!   different, so a second refund of the same amount is not taken for a repeat, and reconciliation sees it;
//! - whether `amount` shrinks when less than a hold is charged: [`Anomaly::CaptureUnclear`] where
//!   `amount_debit` says otherwise;
//! - whether a hold that is `reversed` was charged before: [`Decision::HoldEnded`] unless `completion_date`
//!   says so;
//! - whether `subscribed` means that money moved, and how a subscription's later payments are told from
//!   each other: both are [`Anomaly`]s for a person;
//! - whether `rro_info` comes back: it is read when it does.
#![warn(clippy::wildcard_enum_match_arm)]

mod callback;
mod client;
mod credentials;
mod decision;
mod goods;
mod signature;
mod snapshot;
mod status;

pub use callback::open_callback;
pub use client::Client;
pub use credentials::Credentials;
pub use decision::{Anomaly, Decision, Quiet};
pub use signature::{sign, sign_sha3, signature_fits};
pub use snapshot::Snapshot;
pub use status::{Action, Status};
