//! A payment system that behaves as LiqPay does, on real sockets, for the demo and the tests.
//!
//! Written from the public documentation (liqpay.ua/documentation: checkout, callback, status, refund, two-step payment,
//! payment archive, errors), in short:
//!
//! - A request and a callback are a form of two fields: `data` is base64 of a JSON object, `signature` is
//!   `base64(sha1(private_key + data + private_key))` over `data` exactly as it is sent.
//! - The buyer's form goes to `/api/3/checkout`; everything else is `POST /api/request`, answered with plain JSON.
//!   `action` says what is meant: `status`, `refund` (`amount`), `hold_completion` (`amount`; the rest is released),
//!   `reports` (`date_from`, `date_to`, milliseconds).
//! - The shop is told at `server_url` when a payment reached a final state: `success`, `failure`, `error`, `reversed`,
//!   and `hold_wait` for blocked money. `sandbox` is a payment in test mode. Sums are JSON numbers in hryvnias, times
//!   are milliseconds since 1970.
//! - Errors are `{"result":"error","status":"error","err_code":…,"err_description":…}`, HTTP 200.
//!
//! What it does not say is a switch (see [`Switches`]) or, for the callback's schedule, ours: after 1, 5, 15 and 60
//! minutes, until HTTP 200. Whatever the answer's body says is not regarded.
//!
//! Operations, for narrowing API faults: `checkout`, `status`, `refund`, `hold_completion`, `reports`, `unknown`.

mod api;
mod message;
mod signature;
mod switches;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use crate::acquirer::{
    Acknowledgement, ApiCall, ApiFault, Attempt, AttemptOutcome, Callback, CallbackFault, CallbackId, Config,
    DeliverySummary, Failure, Illegal, Merchant, NewPayment, Payment, PaymentId, Posted, Refund, RefundState, Stage,
    Writing, serve, serve_control,
};
pub use crate::clock::Clock;
pub use crate::fault::{Chaos, Fault, Rate};
pub use crate::schedule::{RetryBase, RetrySchedule};
pub use switches::{CapturedAmount, PartialRefund, RefundAmount, ReportsBy, Switches, Unpaid};

use crate::acquirer::{self, Answer, Books, Call, Fields, Spoil, System};

/// LiqPay in memory. Clones are the same one.
pub type Simulator = acquirer::Simulator<LiqPay>;

impl Simulator {
    /// LiqPay with one merchant and no payments.
    pub fn new(config: Config) -> Self {
        Self::with(config, ())
    }
}

/// LiqPay's own ways.
#[derive(Clone, Copy, Debug)]
pub struct LiqPay;

impl System for LiqPay {
    const NAME: &'static str = "LiqPay";
    const UNIQUE_ORDERS: bool = true;
    type Switches = Switches;
    type Own = ();

    fn schedule() -> RetrySchedule {
        RetrySchedule::ending([60, 300, 900, 3600].map(Duration::from_secs).to_vec())
    }

    fn first_merchant() -> Merchant {
        Merchant::new("sandbox_i00000000001", "sandbox-private-key")
    }

    /// Above 2^31, as the real ones have long been.
    fn public_id(number: usize) -> String {
        format!("{}", 2_400_000_001 + number as u64)
    }

    fn declined() -> Failure {
        Failure {
            code: "limit".to_owned(),
            text: "The limit for the amount or number of customer payments has been exceeded".to_owned(),
        }
    }

    fn snapshot(books: &Books<Self>, payment: &Payment) -> Option<Fields> {
        message::callback(&books.switches, payment)
    }

    fn sign(_: &Books<Self>, merchant: &Merchant, fields: &Fields, spoil: Option<Spoil>) -> Posted {
        message::sign(merchant, fields, spoil)
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
        api::Refusal::payment_not_found().answer()
    }

    fn too_many() -> Answer {
        Answer::json(429, "{\"result\":\"error\"}".to_owned())
    }
}
