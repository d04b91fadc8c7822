//! This crate knows the wire of the Cashälot WEB API: JSON over HTTP to a software cash register.
//!
//! It knows nothing of orders, payments or when to repeat: every call is one request and answers with a
//! [`wire::Exchange`], which holds the typed result and a record fit for a log of attempts. What may be done after a
//! failure is one question to the error: [`Error::class`].
//!
//! ```text
//! commands::*  typed request ──▶ client: + Command, + key ──▶ one POST ──▶ answer: status, object, ErrorCode ──▶ typed answer
//!                                   └── record: the same request without the key, the answer without its secrets ──┘
//! ```
//!
//! The provider offers no idempotency key: repeating a document command makes a second fiscal document.

mod answer;
mod auth;
mod check;
mod client;
mod code;
mod commands;
mod decimal;
mod doc_type;
mod error;
mod image;
mod lenient;
mod original;
mod record;

pub use auth::Auth;
pub use check::{
    Check, CheckHead, CheckLine, CheckPay, CheckTax, CheckTotal, DiscountType, ExciseLabel, PartPayType, PaySys,
    pay_form, tax_type,
};
pub use client::Client;
pub use code::{Class, ErrorCode};
pub use commands::{
    AutoDocument, BusinessUnit, CertificateInfo, Cleanup, CleanupDone, CloseShift, DocClass, DocumentAnswer,
    DocumentView, Documents, GetCheck, GetZRep, LastShiftTotals, OpenShift, PayFormTotal, RegisterCheck, RegisterZRep,
    RegisteredCheck, RegisteredDocument, Registrar, RegistrarNumber, RegistrarState, Rendering, ResultCode,
    SendCheckToConsumer, ServerState, SetupRegistrar, Shift, ShiftClosed, ShiftRef, ShiftState, ShiftTotals, Shifts,
    TapeDocument, TaxTotal, Totals, TotalsBlock, TransactionsRegistrarState, WorkMode,
};
pub use decimal::{Amount, DecimalError, Money, Percent};
pub use doc_type::{DocSubType, DocType};
pub use error::{Error, Flaw, TransportError};
pub use image::{Image, ImageKind, image_kind};
pub use original::{OriginalCheck, OriginalError, OriginalZRep};

#[cfg(test)]
mod fake;
