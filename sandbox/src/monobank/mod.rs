//! A payment system that behaves as monobank's acquiring does, on real sockets, for the demo and the tests.
//!
//! Written from the public documentation (monobank.ua/api-docs/acquiring: invoice, webhook, statement, errors), in short:
//!
//! - JSON over HTTP below `/api/merchant`; the merchant is who has the `X-Token`. Sums are integers of the smallest unit,
//!   currencies are ISO numbers (`ccy`), times are `2019-08-24T14:15:22Z`, whole seconds.
//! - `invoice/create` → `invoiceId` and `pageUrl`; `invoice/status?invoiceId=`; `invoice/cancel` gives money back, as a
//!   whole or so much, or releases a hold; `invoice/finalize` takes a hold, and the rest is released; `invoice/remove`
//!   ends an unpaid one; `statement?from=&to=` (seconds) lists payments, the newest first; `pubkey`; `details`.
//! - States: `created`, `processing`, `hold`, `success`, `failure`, `reversed`, `expired`. `finalAmount` changes with
//!   payments and returns; `cancelList` has the accepted returns.
//! - A change of state, except to `expired`, is posted to `webHookUrl` as the status call would answer, with `X-Sign`: base64
//!   of the DER form of an ECDSA P-256 signature over SHA-256 of the raw body. `pubkey` is base64 of the key's PEM; a shop
//!   keeps it and asks anew when a signature does not fit. Webhooks come in any order; the larger `modifiedDate` is right.
//!   Three posts at most until HTTP 200.
//! - Errors are `{"errCode","errText"}`: 400 `BAD_REQUEST` and `WRONG_CANCEL_AMOUNT`, 403 `FORBIDDEN`, 404 `NOT_FOUND`, 405
//!   `METHOD_NOT_ALLOWED`, 429 `TMR`, 500 `INTERNAL_ERROR` and `CANCEL_NOT_AVAILABLE`.
//!
//! What it does not say is a switch (see [`Switches`]) or, for the pauses between the posts, ours: one and ten minutes. The
//! Ukrainian text can also be read as three repetitions; give another schedule for that.
//!
//! Operations, for narrowing API faults: `create`, `status`, `cancel`, `finalize`, `remove`, `pubkey`, `statement`,
//! `details`. Merchants' references need not be unique: `find` gives the newest invoice of one.

mod api;
mod key;
mod message;
mod switches;
#[cfg(test)]
mod tests;

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;

pub use crate::acquirer::{
    Acknowledgement, ApiCall, ApiFault, Attempt, AttemptOutcome, Callback, CallbackFault, CallbackId, Config,
    DeliverySummary, Failure, Illegal, Merchant, NewPayment, Payment, PaymentId, Posted, Refund, RefundState, Stage,
    Writing, serve, serve_control,
};
pub use crate::clock::Clock;
pub use crate::fault::{Chaos, Fault, Rate};
pub use crate::schedule::{RetryBase, RetrySchedule};
pub use key::{KeyError, Keys};
pub use switches::{PartialRefund, Switches};

use crate::acquirer::{self, Answer, Books, Call, Fields, Spoil, System};

/// monobank in memory. Clones are the same one.
pub type Simulator = acquirer::Simulator<Monobank>;

impl Simulator {
    /// monobank with one merchant, a new signing key and no payments.
    pub fn new(config: Config) -> Result<Self, KeyError> {
        Ok(Self::with(config, Keys::make()?))
    }

    /// Signs with a new key from now on, as the bank does without a word.
    pub fn rotate_key(&self) -> Result<(), KeyError> {
        self.change(|books| books.own.rotate())
    }

    /// What `pubkey` answers.
    pub fn public_key(&self) -> String {
        let books = self.lock();
        books.own.public(books.switches.stale_pubkey)
    }
}

/// monobank's own ways.
#[derive(Clone, Copy, Debug)]
pub struct Monobank;

impl System for Monobank {
    const NAME: &'static str = "monobank";
    const UNIQUE_ORDERS: bool = false;
    type Switches = Switches;
    type Own = Keys;

    fn schedule() -> RetrySchedule {
        RetrySchedule::ending([60, 600].map(Duration::from_secs).to_vec())
    }

    fn first_merchant() -> Merchant {
        Merchant::new("sandbox_merchant", "sandbox-token")
    }

    fn public_id(number: usize) -> String {
        format!("p2_{:09X}", 0x5_a000_0001_u64 + number as u64)
    }

    fn declined() -> Failure {
        Failure {
            code: "59".to_owned(),
            text: "Неправильний CVV код".to_owned(),
        }
    }

    fn snapshot(books: &Books<Self>, payment: &Payment) -> Option<Fields> {
        message::webhook(&books.switches, payment)
    }

    fn processing(books: &Books<Self>, payment: &Payment) -> Option<Fields> {
        let told = books.switches.processing_webhooks;
        told.then(|| message::processing(payment, books.now_ms()))
    }

    fn sign(books: &Books<Self>, _: &Merchant, fields: &Fields, spoil: Option<Spoil>) -> Posted {
        message::sign(&books.own, fields, spoil)
    }

    fn accepts(_: &Books<Self>, _: &Merchant, _: &Payment, _: &[u8]) -> Result<(), String> {
        Ok(())
    }

    fn operation(call: &Call) -> Option<&'static str> {
        api::operation(call)
    }

    fn answer(books: &mut Books<Self>, call: &Call, operation: &'static str, fault: Option<&ApiFault>) -> Answer {
        api::answer(books, call, operation, fault)
    }

    fn not_found(_: &Call) -> Answer {
        api::Refusal::not_found("invoiceId").answer(false)
    }

    fn too_many() -> Answer {
        api::Refusal::new(429, "TMR", "too many requests").answer(false)
    }

    /// `POST /key` rotates the signing key.
    fn controls() -> Router<Simulator> {
        Router::new().route("/key", post(rotate))
    }
}

async fn rotate(State(sim): State<Simulator>) -> Response {
    match sim.rotate_key() {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
