//! HMAC-MD5 over values joined with `;`, and the order of the values in each message.

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;

/// Answer of CHECK_STATUS and the message to `serviceUrl`.
pub(super) const PAYMENT: [&str; 8] = [
    "merchantAccount",
    "orderReference",
    "amount",
    "currency",
    "authCode",
    "cardPan",
    "transactionStatus",
    "reasonCode",
];

/// Request REFUND and request SETTLE.
pub(super) const MOVEMENT: [&str; 4] = ["merchantAccount", "orderReference", "amount", "currency"];

/// Answers of REFUND and SETTLE.
pub(super) const MOVED: [&str; 4] = ["merchantAccount", "orderReference", "transactionStatus", "reasonCode"];

/// Request CHECK_STATUS.
pub(super) const ORDER: [&str; 2] = ["merchantAccount", "orderReference"];

/// Request TRANSACTION_LIST.
pub(super) const PERIOD: [&str; 3] = ["merchantAccount", "dateBegin", "dateEnd"];

/// Before the products of a purchase, of which come all names, then all counts, then all prices.
pub(super) const PURCHASE: [&str; 6] = [
    "merchantAccount",
    "merchantDomainName",
    "orderReference",
    "orderDate",
    "amount",
    "currency",
];

pub(super) fn sign(key: &str, values: &[String]) -> String {
    use std::fmt::Write as _;
    let mut hex = String::with_capacity(32);
    // A key of any length will do; were one refused, the empty signature fits nothing.
    let Ok(mut mac) = Hmac::<Md5>::new_from_slice(key.as_bytes()) else {
        return hex;
    };
    mac.update(values.join(";").as_bytes());
    for byte in mac.finalize().into_bytes() {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
