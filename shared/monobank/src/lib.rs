//! This crate knows the wire of monobank's internet acquiring: how its webhooks are signed and
//! shaped, what one says about an invoice, and how to ask for an invoice's status. It knows nothing
//! of receipts.
//!
//! ```text
//! body, X-Sign ──ECDSA with the bank's public key──▶ JSON ──▶ Snapshot ──decide──▶ Decision
//!                        └── Keys: fetched, kept, fetched again once when a signature does not fit
//! ```
//!
//! # Facts
//!
//! *Documented* (monobank.ua/api-docs/acquiring, api.monobank.ua/docs/acquiring.html):
//! - A webhook is a POST of JSON at each change of an invoice's status but `expired`; up to three tries until 200.
//!   They may come out of order: the newer `modifiedDate` is the truth.
//! - `X-Sign` is base64 of a DER signature, ECDSA with SHA-256 over the body as sent. The public key comes
//!   from `GET /api/merchant/pubkey` (header `X-Token`): base64 of a PEM. It may be kept, and is to be asked for anew
//!   only when a signature does not fit.
//! - The body is that of `GET /api/merchant/invoice/status?invoiceId=…`: `invoiceId`, `status`, `amount` and
//!   `finalAmount` in minor units, `ccy` by number (980 is the hryvnia), `reference` (the shop's, optional),
//!   `cancelList` (each with `status` `processing`, `success` or `failure`, and `amount`), `paymentInfo`, `tipsInfo`.
//! - Statuses: `created`, `processing`, `hold`, `success`, `failure`, `reversed`, `expired`. A hold that nobody
//!   charges ends after nine days. A part of a hold may be charged.
//! - `finalAmount` changes after the payment and after refunds.
//! - Errors have HTTP status 400, 403 (wrong token), 404, 429 or 500 and `errCode`, `errText`.
//!
//! *Seen in SDKs and plugins*: the key of the documentation's example is on the curve P-256.
//!
//! *Unknown*, and built so that either answer works:
//! - **whether each merchant has a public key of its own.** Nothing in a webhook names the merchant, so one of
//!   another shop could fit: a webhook alone must never move money. [`Snapshot::needs_confirmation`] is always true
//!   for it; the status, asked with our own token, is what counts;
//! - whether `finalAmount` is less the refunds or before them: both are understood where they lead to one sum, and
//!   [`Anomaly::SumsUnclear`] where they do not (a partly charged hold with a partial refund);
//! - whether tips are a part of `finalAmount`: more than `amount` is an anomaly;
//! - which status a partial refund has: the list of refunds is looked at under `success` and `reversed`;
//! - whether an invoice that is `reversed` had been charged or was a hold: [`Decision::Voided`];
//! - how a payment of the bank's test environment looks: like any other. Only the token tells, and nothing tells
//!   the token: a shop's test token must not stay in its settings.
//!
//! The basket (`merchantPaymInfo.basketOrder`) is not in the answer.
#![warn(clippy::wildcard_enum_match_arm)]

mod client;
mod decision;
mod keys;
mod pubkey;
mod snapshot;
mod status;
mod webhook;

pub use client::Client;
pub use decision::{Anomaly, Decision, Quiet};
pub use keys::{KeyError, Keys};
pub use pubkey::{PublicKey, PublicKeyError};
pub use snapshot::Snapshot;
pub use status::{CancelStatus, Status};
pub use webhook::{fits, open_webhook};
