//! A payment system that behaves as WayForPay does, on real sockets, for the demo and the tests.
//!
//! Written from the public documentation (wiki.wayforpay.com: Purchase, Check status, Refund, Settle, Transaction list,
//! statuses and codes), in short:
//!
//! - Signatures are lower-case hex of HMAC-MD5 under the merchant's key over values joined with `;`, UTF-8, in an order of
//!   each message's own (see `signature.rs`). Sums are hryvnias and enter a signature in the digits they are sent in.
//! - The buyer's form goes to `/pay` (with `behavior=offline` the answer is the page's address instead). Everything else
//!   is JSON to `/api`; `transactionType` is `CHECK_STATUS`, `REFUND`, `SETTLE` or `TRANSACTION_LIST` (`dateBegin`,
//!   `dateEnd`, seconds). Every answer is HTTP 200 with `reason` and `reasonCode`, 1100 being Ok.
//! - The shop is told at `serviceUrl` and must answer 200 with `{"orderReference","status":"accept","time","signature"}`;
//!   the last is over `orderReference;status;time`. Otherwise the same message comes again.
//! - States: `InProcessing`, `WaitingAuthComplete` (held), `Approved`, `Declined`, `Expired`, `Refunded`, `Voided` (a hold
//!   released), `RefundInProcessing`, `Pending`. Times are seconds since 1970.
//!
//! The documentation prints one signature (`b959…fe92`) without the key it was made with, so the vectors here are computed
//! apart, in Python. What it does not say is a switch (see [`Switches`]) or, for the callback's schedule, ours: after 1, 5
//! and 15 minutes, then hourly, four days in all.
//!
//! Operations, for narrowing API faults: `pay`, `check_status`, `refund`, `settle`, `transaction_list`, `unknown`.

mod accept;
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
pub use switches::{BodyForm, PartialRefund, RefundRows, RefundedAmount, Switches};

use crate::acquirer::{self, Answer, Books, Call, Fields, Spoil, System};

/// WayForPay in memory. Clones are the same one.
pub type Simulator = acquirer::Simulator<WayForPay>;

impl Simulator {
    /// WayForPay with one merchant and no payments.
    pub fn new(config: Config) -> Self {
        Self::with(config, ())
    }
}

/// WayForPay's own ways.
#[derive(Clone, Copy, Debug)]
pub struct WayForPay;

impl System for WayForPay {
    const NAME: &'static str = "WayForPay";
    const UNIQUE_ORDERS: bool = true;
    type Switches = Switches;
    type Own = ();

    fn schedule() -> RetrySchedule {
        let first = [60, 300, 900].map(Duration::from_secs);
        let hourly = std::iter::repeat_n(Duration::from_secs(3600), 95);
        RetrySchedule::ending(first.into_iter().chain(hourly).collect())
    }

    fn first_merchant() -> Merchant {
        Merchant::new("sandbox_merchant", "sandbox-secret-key")
    }

    /// Not shown to merchants: theirs is the only identifier.
    fn public_id(number: usize) -> String {
        format!("{:08x}", 0x5a00_0001_u64 + number as u64)
    }

    fn declined() -> Failure {
        Failure {
            code: "1101".to_owned(),
            text: "Declined To Card Issuer".to_owned(),
        }
    }

    fn snapshot(books: &Books<Self>, payment: &Payment) -> Option<Fields> {
        message::callback(&books.switches, payment)
    }

    fn sign(books: &Books<Self>, merchant: &Merchant, fields: &Fields, spoil: Option<Spoil>) -> Posted {
        message::sign(&books.switches, merchant, fields, spoil)
    }

    fn accepts(books: &Books<Self>, merchant: &Merchant, payment: &Payment, body: &[u8]) -> Result<(), String> {
        if books.switches.any_answer_accepts {
            return Ok(());
        }
        accept::check(merchant, &payment.order_id, body)
    }

    fn operation(call: &Call) -> Option<&'static str> {
        api::operation(call)
    }

    fn answer(books: &mut Books<Self>, call: &Call, operation: &'static str, fault: Option<&ApiFault>) -> Answer {
        api::answer(books, call, operation, fault)
    }

    fn not_found(call: &Call) -> Answer {
        api::not_found(call)
    }

    fn too_many() -> Answer {
        Answer::json(429, String::new())
    }
}
