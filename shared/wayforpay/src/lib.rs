//! This crate knows the wire of WayForPay: how its callbacks are signed, shaped and answered, what
//! one says about an order, and how to ask for an order's status. It knows nothing of receipts.
//!
//! ```text
//! body ──JSON, or a form around it──▶ fields ──signature over eight of them──▶ Snapshot ──decide──▶ Decision
//!                                                                 └──after the commit──▶ a signed answer
//! ```
//!
//! # Facts
//!
//! *Documented* (wiki.wayforpay.com: Purchase, Check Status, Settle, Refund, statuses and codes):
//! - A callback goes to `serviceUrl` when a payment's state changes. `merchantSignature` is HMAC-MD5, lower-case
//!   hex, over `merchantAccount;orderReference;amount;currency;authCode;cardPan;transactionStatus;reasonCode`.
//! - The shop answers JSON: `orderReference`, `status` = `accept`, `time` and `signature` = HMAC-MD5 over
//!   `orderReference;status;time`. Without it the callback comes again.
//! - Amounts are in major units.
//! - `Approved`: charged. `WaitingAuthComplete`: held. `Refunded`/`Voided`: given back, or a hold released.
//!   `RefundInProcessing`: a refund waits for money on the shop's balance. `Declined`, `Expired`, `Pending`,
//!   `InProcessing` (also written `inProcessing`), `Created`: nothing was charged.
//! - `CHECK_STATUS` is a POST of JSON to the API's `/api`, signed over `merchantAccount;orderReference`; its answer
//!   is signed like a callback. Code 1127: no such order; 1113: wrong signature.
//! - The merchant `test_merch_n1` and its key are public.
//!
//! *Seen in the official SDKs and plugins*: the body is JSON, whatever its content type says, and also a form whose
//! only name is that JSON; `CHECK_STATUS` answers `refundAmount`. `products` (name, price, count) stands in callbacks.
//!
//! **Only eight fields are signed.** E-mail, goods, dates and `refundAmount` are not, and the payer's browser gets a
//! signed copy of the eight. So goods are taken from the status answer only, which we fetched ourselves; the
//! e-mail, which the payer typed anyway, from both.
//!
//! *Unknown*, and built so that either answer works:
//! - whether the digits that were signed are those in the JSON (`100.50`) or the shortest ones (`100.5`): both fit;
//! - whose amount a refund's callback carries, the order's or the refund's, and which status a partial refund has: a
//!   callback that tells of a refund is never believed about amounts, the status API is asked; `refundAmount` counts
//!   under `Approved` too;
//! - whether `Voided` was a hold or a payment of the same day: [`Decision::Voided`], the caller's records tell;
//! - whether `amount` is what was held or what was charged of it, after a part of a hold was charged;
//! - whether the status answer carries `products`: they are read when it does.
//!
//! The example signature that the wiki prints for Purchase is not the HMAC of the text beside it under any key it
//! prints; tests use another published request of the public test merchant instead.
#![warn(clippy::wildcard_enum_match_arm)]

mod callback;
mod client;
mod credentials;
mod decision;
mod products;
mod reply;
mod signature;
mod snapshot;
mod status;

pub use callback::open_callback;
pub use client::Client;
pub use credentials::Credentials;
pub use decision::{Anomaly, Decision, Quiet};
pub use reply::accept;
pub use signature::sign;
pub use snapshot::Snapshot;
pub use status::Status;
