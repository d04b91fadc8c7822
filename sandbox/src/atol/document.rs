//! What was accepted and what the registers printed.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::answer::{ErrorType, Status};
use super::config::Version;
use super::operation::Operation;
use super::state::{perhaps_timed, timed};

/// A fiscal document, as a register printed it.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedDocument {
    /// The group it was registered with.
    pub group: String,
    /// The register, as `device_code` names it.
    pub register: String,
    /// What it is.
    pub operation: Operation,
    /// The client's own number.
    pub external_id: String,
    /// The service's number.
    pub uuid: String,
    /// `total` in kopecks; of a v4 correction, the sum of its payments.
    pub total: u64,
    /// How it was paid.
    pub payments: Vec<Payment>,
    /// Its lines; a v4 correction has none.
    pub items: Vec<Item>,
    /// Its numbers.
    pub fiscal: FiscalNumbers,
    /// When it was printed, on the simulator's clock.
    #[serde(serialize_with = "timed")]
    pub at: Timestamp,
    /// `receipt` or `correction`, as it was sent.
    pub body: ReceiptBody,
}

/// What identifies a fiscal document for ever, and where in its shift it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FiscalNumbers {
    /// Number of the fiscal storage.
    pub fn_number: String,
    /// Number in the storage; opening and closing a shift take numbers too.
    pub fiscal_document_number: u64,
    /// ФПД; may exceed 2^31.
    pub fiscal_document_attribute: u64,
    /// The register's registration number.
    pub ecr_registration_number: String,
    /// The shift, from 1.
    pub shift_number: u64,
    /// Number in the shift, from 1.
    pub fiscal_receipt_number: u64,
}

/// One of `payments`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Payment {
    /// 0 cash, 1 cashless, 2 prepayment, 3 credit, 4 other, 5–9 extended.
    #[serde(rename = "type")]
    pub kind: u8,
    /// Kopecks.
    pub sum: u64,
}

/// One of `items`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What was sold.
    pub name: String,
    /// Kopecks.
    pub price: u64,
    /// Thousandths.
    pub quantity: u64,
    /// Kopecks.
    pub sum: u64,
    /// `vat.type`, if the line has one.
    pub vat: Option<String>,
    /// The mark (v5), if the line has one.
    pub mark: Option<Mark>,
}

/// A code of marking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// Its kind, such as `gs1m`.
    pub kind: String,
    /// The code as sent.
    pub code: String,
}

/// `receipt` or `correction`. It names the buyer, so `Debug` prints nothing of it.
#[derive(Clone, PartialEq)]
pub struct ReceiptBody(pub(super) Arc<Value>);

impl ReceiptBody {
    /// The object as it was sent.
    pub fn json(&self) -> &Value {
        &self.0
    }
}

impl Serialize for ReceiptBody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl fmt::Debug for ReceiptBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptBody(…)")
    }
}

/// A registration that was accepted, fiscal or not.
#[derive(Clone, Debug, Serialize)]
pub struct AcceptedDocument {
    /// The group.
    pub group: String,
    /// The edition by which it came.
    pub version: Version,
    /// What it is.
    pub operation: Operation,
    /// The client's own number.
    pub external_id: String,
    /// The service's number.
    pub uuid: String,
    /// Kopecks.
    pub total: u64,
    /// How it stands.
    pub status: Status,
    /// Why it failed.
    pub error: Option<RegistrationError>,
    /// When it was accepted, on the simulator's clock.
    #[serde(serialize_with = "timed")]
    pub accepted_at: Timestamp,
    /// When it became final.
    #[serde(serialize_with = "perhaps_timed")]
    pub final_at: Option<Timestamp>,
    /// Registrations with the same `external_id` since then, all answered with code 33.
    pub repeats: u64,
    /// Those of them whose body was another, byte for byte, or that named another operation.
    pub changed_repeats: u64,
    /// Where its result is posted; None when it named no address or one that does not fit the mask.
    pub callback_url: Option<String>,
}

/// `error` of a result that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RegistrationError {
    /// Codes of different types overlap.
    #[serde(rename = "type")]
    pub kind: ErrorType,
    /// The code.
    pub code: i64,
}
