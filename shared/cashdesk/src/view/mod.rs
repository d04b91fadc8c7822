//! The JSON representation of a check (sheet §8): the answer to a registration, an answer by id, and the body of the
//! webhook.
//!
//! ```text
//! text ──▶ read: fields borrowed, unread ──▶ CheckView, or the name of the field it means nothing without
//!                                       └──▶ Parts: base64 decoded, only where asked for
//! ```

mod data;
mod parts;
mod read;
mod webhook;

use crate::decimal::Money;
use crate::kind::CheckType;

pub use data::{CheckData, PaidBy, Sold, Taxed};
pub use parts::Parts;
pub(crate) use parts::{bytes_of, decode};
pub(crate) use read::{Expected, Keep, read};
pub use webhook::{read_webhook, read_webhook_parts};

/// A check as CashDesk tells it. At least one of `uuid`, `order_num` and `data.offline_id` is there; a sum that is not
/// there was not told, or not understood: it is not zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckView {
    /// The register's fiscal number.
    pub num_fiscal: u64,
    /// What it is.
    pub check_type: CheckType,
    /// CashDesk's id.
    pub uuid: Option<String>,
    /// `ORDERNUM`: the fiscal number. A text: the test server puts a mark before it.
    pub order_num: Option<String>,
    /// `ORDERDATE`, `YYYY-MM-DD`.
    pub order_date: Option<String>,
    /// `ORDERTIME`, `HH:MM:SS`; likely Kyiv's time, which nobody says.
    pub order_time: Option<String>,
    /// Made without a link to the tax service.
    pub is_offline: bool,
    /// The client's number, the outer one of the two places it stands in. None for a check made by hand in the cabinet.
    pub local_number: Option<u64>,
    /// 64 hexadecimal digits; the same as `mac` in `qr_data`.
    pub hash: Option<String>,
    /// What the QR code says: the tax service's address of the check.
    pub qr_data: Option<String>,
    /// The check's page for people.
    pub link: Option<String>,
    /// The cash in the box now.
    pub cash_in_box: Option<Money>,
    /// What was sold and paid.
    pub data: CheckData,
    /// The pictures and forms, where they were asked for.
    pub parts: Parts,
}

impl CheckView {
    /// What makes this check itself, for keys and digests: its `uuid`; without one the register and the fiscal number;
    /// without that the register and the offline number. Two webhooks about one check have the same, whatever else
    /// differs in them, as long as they tell the same ids.
    pub fn identity(&self) -> String {
        let (register, none) = (self.num_fiscal, String::new());
        match (&self.uuid, &self.order_num) {
            (Some(uuid), _) => format!("uuid:{}", uuid.to_ascii_lowercase()),
            (None, Some(number)) => format!("number:{register}:{number}"),
            (None, None) => format!("offline:{register}:{}", self.data.offline_id.as_ref().unwrap_or(&none)),
        }
    }
}

#[cfg(test)]
mod tests;
