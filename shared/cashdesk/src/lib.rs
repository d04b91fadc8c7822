//! This crate knows the wire of the CashDesk API v2, a software cash register (ПРРО), and of its webhook.
//!
//! It knows nothing of orders, payments or when to repeat: every call is one request and answers with a
//! [`wire::Exchange`], which holds the typed result and a record fit for a log of attempts. What may be done after a
//! failure is one question to the error: [`Error::class`].
//!
//! ```text
//! Client::x(request) ──▶ call: address, body, key ──▶ token ──▶ one request ──▶ answer: status, words, Shift-state
//!                         └── record: the same without secrets ──┘  └─ 401: one login, once more    └▶ Answer<T> | Error
//! webhook's body ──────────────────────────────▶ read_webhook ──▶ CheckView: the same as the answer to a registration
//! ```
//!
//! # Facts
//!
//! *Documented* (the vendor's pages that could be read):
//! - JSON over HTTP(S), nearly all of it `POST`; a registration's answer already holds the fiscal number. `Accept`,
//!   `Content-Type` and `developer-id` are on every request.
//! - A temporary token of `/authenticate` goes into `Authorization`; a permanent key instead of it goes into the body of
//!   the shift methods, and into the address of `/check/sale` and `/tax_objects`.
//! - Answers about a register carry `Shift-state`.
//! - Cash is rounded to 10 kopecks by the client; `round_sum` is the signed difference.
//! - The webhook carries a check's JSON representation and is repeated for 24 hours. Nothing signs it.
//! - The sample and the table of that representation disagree: `num_fiscal` is a string in one, an integer in the other.
//!   `tax[].turnover` is the exact sum where `total_sum` is the rounded one.
//!
//! *Seen in working clients*:
//! - A token lives for about a year; `/authenticate` is slow on SmartConnect, so a token is kept and shared.
//! - `developer-id` in the body as well is refused.
//! - Refusals are words in Ukrainian with a `type`; there are no codes. Words are hints here, see [`Class`].
//! - An X-report's checks have their kind in `type_` and `local_number` as text. A return may carry its sale's number.
//! - A registration may take 27 s.
//!
//! *Unknown*, and built so that either answer works:
//! - whether a repeated `local_number` is refused or makes a second check: nothing is ever repeated here;
//! - the status of a refusal: any 4xx with words is one, a 4xx without words is doubt, and so is every 5xx;
//! - whether `token` begins with `Bearer`: the word is added where it is missing;
//! - the zone of `token_expires_at`: the earliest that it may be is taken, and a 401 is answered by a login anyway;
//! - what is in the answers to `/shift`, `/shift/lastCheck`, `/shift/ping`, `/tax_objects`, `/key-heartbeat`: only what
//!   an answer means nothing without is insisted on, `null` is told apart from silence where that proves something;
//! - whether an error may come under 200: an answer to a question with `message` and `type` is a refusal, never an
//!   empty report;
//! - whether a check's text and QR come bare or in JSON: both are read;
//! - the path of the JSON representation: `/checks/{uuid}/json` is a guess;
//! - what is in `pay_terminal`: not sent, not read, and hidden in records.
#![warn(clippy::wildcard_enum_match_arm)]

mod answer;
mod call;
mod check;
mod client;
mod credentials;
mod decimal;
mod error;
mod kind;
mod last_check;
mod lenient;
mod letters;
mod login;
mod printed;
mod record;
mod refusal;
mod report;
mod rounding;
mod search;
mod shift;
mod tax_object;
mod view;

pub use answer::Answer;
pub use check::{CARD, CASH, Check, Payment, Product, ServiceDocument};
pub use client::Client;
pub use credentials::Credentials;
pub use decimal::{Amount, Money, Rate};
pub use error::{Error, Flaw, Level, TransportError};
pub use kind::{ActionType, CashMove, CheckType};
pub use last_check::LastCheck;
pub use letters::Letters;
pub use login::Login;
pub use refusal::Class;
pub use report::{AskPeriod, AskXReport, Report, ReportCheck};
pub use rounding::{Rounded, round_cash};
pub use search::{Search, search};
pub use shift::{OpenShift, Ping, ShiftDocument, ZReport};
pub use tax_object::{ShiftOfRegister, TaxObject};
pub use view::{CheckData, CheckView, PaidBy, Parts, Sold, Taxed, read_webhook, read_webhook_parts};

#[cfg(test)]
mod fake;
