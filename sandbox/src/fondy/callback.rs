//! What is known of callbacks: bodies, attempts and acknowledgements.

use std::time::Instant;

use bytes::Bytes;

use super::fault::Fault;
use super::{Hold, OrderRef, Status};

/// Number of a callback, in the order they were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallbackId(pub usize);

/// A body ready to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCallback {
    /// The `content-type` header.
    pub content_type: &'static str,
    /// The body, byte for byte.
    pub body: Bytes,
}

/// One snapshot of an order on its way to the shop.
#[derive(Clone, Debug)]
pub struct Callback {
    /// Its number.
    pub id: CallbackId,
    /// Whose snapshot.
    pub order: OrderRef,
    /// Where it goes; `None` when the order has no callback URL.
    pub url: Option<String>,
    /// The `content-type` header.
    pub content_type: &'static str,
    /// The true body, without any fault.
    pub body: Bytes,
    /// How often it was tried, lost sends included.
    pub attempts: usize,
    /// Somebody answered 200.
    pub acknowledged: bool,
    /// Nothing more will be sent: acknowledged, taken or given up.
    pub finished: bool,
    /// The order when the snapshot was taken.
    pub status: Status,
    /// Its preauthorisation then: a hold is approved and yet no sale.
    pub hold: Hold,
    /// Running total of reversals when the snapshot was taken, minor units.
    pub reversed: u64,
}

/// An answer 200: from here on the receiver owes the receipt.
#[derive(Clone, Debug)]
pub struct Acknowledgement {
    /// Which snapshot.
    pub callback: CallbackId,
    /// What the order was in it.
    pub status: Status,
    /// Its preauthorisation in it: a hold is approved and yet no sale.
    pub hold: Hold,
    /// Running total of reversals in it, minor units.
    pub reversed: u64,
    /// The bytes that were answered, with the fault they carried.
    pub body: Bytes,
    /// The fault of those bytes.
    pub fault: Option<Fault>,
    /// When the status line was read.
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
    pub order: OrderRef,
    /// 1 for the first try. Copies made by a fault carry the number of the try they belong to.
    pub number: usize,
    /// The simulator's clock, milliseconds since 1970.
    pub at_ms: u64,
    /// What was done to it.
    pub fault: Option<Fault>,
    /// How it ended.
    pub outcome: AttemptOutcome,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// HTTP 200.
    Acknowledged,
    /// Any other status, redirects included.
    Refused(u16),
    /// No connection, or it broke.
    Broken(String),
    /// No answer in time.
    TimedOut,
    /// Lost on purpose before it left.
    Dropped,
}
