//! Receipts sent to buyers' phones.

use jiff::Timestamp;

/// A receipt that `SendCheckToConsumer` sent; sent twice, it is here twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentReceipt {
    /// When, on the simulator's clock.
    pub at: Timestamp,
    /// The registrar it belongs to.
    pub register: u64,
    /// Its fiscal number.
    pub num_fiscal: String,
    /// `CHECKTOTAL.SUM` in kopecks.
    pub sum_kopecks: i64,
    /// The buyer's phone, `+380` and nine digits.
    pub phone: String,
    /// `ServiceType` as sent, 0 when left out; which others there are is not known.
    pub service_type: i64,
}
