//! This crate knows the wire of ATOL Online, protocols v4 (FFD 1.05) and v5 (FFD 1.2): JSON over HTTPS to a cloud of
//! cash registers. It knows nothing of orders, payments or when to repeat.
//!
//! ```text
//! Document ──check──▶ body, kept by the caller ──register──▶ uuid ──report, or a callback──▶ Wait · Done · Fail
//!                                │ └──error 33──▶ the uuid of the first one
//!                                └──silence──▶ the same body again: the service sees the same external_id
//! ```
//!
//! Every call answers with a [`wire::Exchange`]: the typed result and a record without tokens and contacts. What may
//! be done after a failure is one question: [`Error::class`] for a call, [`Trouble::fail_class`] for a document that
//! was accepted and failed later.
//!
//! # Facts
//!
//! *Documented* (the vendor's protocol, v4 document 5.15 and v5 document 3.5):
//! - A token lives 24 hours from its issue. Asking again may bring a new one or the old one with what is left of it;
//!   no answer says which. Header `Token`.
//! - `external_id` is unique among all documents of a group of registers: sent again, it brings the uuid of the first
//!   document and makes no second one (error 33). It is the only tool against duplicates, and a good one: after
//!   silence the same body is sent again without a limit.
//! - Error codes mean nothing without their type: 1 is "not processed" as `system` and "waited too long" as `timeout`.
//! - What is refused at the door leaves `external_id` free; what was accepted and failed later keeps it.
//! - A callback is sent once a document is `done` or `fail`. Without one for 300 s the client asks: at most one
//!   question a second for each register. Results are kept for 32 days (v4) or 30 days (v5).
//! - A document that waits longer than 300 s for a register fails with type `timeout`: it was not processed.
//! - VAT sums are the tax contained in the price, for plain rates too.
//!
//! *Seen in clients and public logs*: error 33 comes as HTTP 400 with `status` = `wait` and the first `uuid`; that
//! `wait` is not the state of the first document. Times are Moscow's. `error_id` is missing in errors of registers.
//! VAT at 5, 7 and 22 %.
//!
//! *Unknown*, and built so that either answer works:
//! - whether error 33 always carries the uuid: without it, [`Error::DuplicateWithoutUuid`];
//! - whether a known `external_id` with another basket is refused: the caller compares [`Payload::total`];
//! - whether a callback is repeated, when, and from where: nothing of it is signed, so it is a hint to ask
//!   [`Client::report`]; it may come before the registration's answer, and is found by `external_id`;
//! - whether a fresh token follows on code 11 at once: the token is renewed once, then it is [`Class::Auth`];
//! - whether an id is free again after its retention: it is taken as used for ever;
//! - v5's largest number of lines and its limit on questions: v4's are taken;
//! - which VAT types a merchant's service takes today: the table is data, [`VatTable::with`];
//! - refund corrections on v4: newer documents have them, so they are not forbidden; error 31 refuses them;
//! - HTTP 429, 502, 503, 504 and answers of proxies: the same body again, later.
//!
//! v4's words for payment objects are those of FFD 1.05 and the clients in use; check them against the vendor's page
//! before going live.
#![warn(clippy::wildcard_enum_match_arm)]
#![warn(missing_docs)]

mod answer;
mod body;
mod check;
mod client;
mod credentials;
mod decimal;
mod document;
mod error;
mod item;
pub mod limits;
mod operation;
mod record;
mod report;
mod time;
mod trouble;
mod vat;

pub use answer::Registered;
pub use check::Problem;
pub use client::Client;
pub use credentials::Credentials;
pub use decimal::{Money, Quantity};
pub use document::{
    Buyer, Company, CorrectionInfo, CorrectionKind, Document, Payment, PaymentType, Receipt, Sno, UserProps,
};
pub use error::{Class, Error, Flaw};
pub use item::{Item, Measure, PaymentMethod, PaymentObject};
pub use operation::{Operation, Version};
pub use report::{FiscalSign, MarkResult, Payload, Report, ReportError, State, Warning, read_callback};
pub use time::{BaseDate, MoscowTime};
pub use trouble::{ErrorType, FailClass, Trouble};
pub use vat::{Vat, VatTable, VatType, VatWordError};

#[cfg(test)]
mod fake;
