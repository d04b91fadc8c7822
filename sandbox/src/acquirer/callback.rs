//! What is known of callbacks: bodies, attempts and acknowledgements.

use std::time::Instant;

use bytes::Bytes;

use super::fault::CallbackFault;
use super::payment::{PaymentId, Stage};

/// Number of a callback, in the order they were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallbackId(pub usize);

/// A message ready to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The `content-type` header.
    pub content_type: &'static str,
    /// Headers beside the usual ones, such as monobank's `X-Sign`.
    pub headers: Vec<(&'static str, String)>,
    /// The body, byte for byte.
    pub body: Bytes,
}

/// One snapshot of a payment on its way to the shop.
#[derive(Clone, Debug)]
pub struct Callback {
    /// Its number.
    pub id: CallbackId,
    /// Whose snapshot.
    pub payment: PaymentId,
    /// Where it goes; `None` when the payment has no callback address.
    pub url: Option<String>,
    /// The `content-type` header.
    pub content_type: &'static str,
    /// Headers beside the usual ones, such as monobank's `X-Sign`.
    pub headers: Vec<(&'static str, String)>,
    /// The true body, without any fault, signed as it would be now.
    pub body: Bytes,
    /// How often it was tried, lost sends included.
    pub attempts: usize,
    /// Somebody took it.
    pub acknowledged: bool,
    /// Nothing more will be sent: acknowledged, taken by a test or given up.
    pub finished: bool,
    /// Where the payment was when the snapshot was made.
    pub stage: Stage,
    /// What had gone back then, kopecks.
    pub refunded: u64,
}

/// The shop took a snapshot: from here on it owes the receipt.
#[derive(Clone, Debug)]
pub struct Acknowledgement {
    /// Which snapshot.
    pub callback: CallbackId,
    /// Where the payment was in it.
    pub stage: Stage,
    /// What had gone back in it, kopecks.
    pub refunded: u64,
    /// The bytes that were taken, with the fault they carried.
    pub body: Bytes,
    /// The fault of those bytes.
    pub fault: Option<CallbackFault>,
    /// When the answer was read.
    pub at: Instant,
    /// The same moment on the machine's clock (not the simulator's), milliseconds since 1970.
    pub unix_ms: u64,
}

/// One try to deliver a callback.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Which snapshot was sent.
    pub callback: CallbackId,
    /// Whose.
    pub payment: PaymentId,
    /// 1 for the first try. Copies made by a fault carry the number of the try they belong to.
    pub number: usize,
    /// The simulator's clock, milliseconds since 1970.
    pub at_ms: u64,
    /// What was done to it.
    pub fault: Option<CallbackFault>,
    /// How it ended.
    pub outcome: AttemptOutcome,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// Answered as the system wants it.
    Acknowledged,
    /// Another status than 200, redirects included.
    Refused(u16),
    /// 200, but the answer is not the one the system wants; why.
    NotAccepted(String),
    /// No connection, or it broke.
    Broken(String),
    /// No answer in time.
    TimedOut,
    /// Lost on purpose before it left.
    Dropped,
}
