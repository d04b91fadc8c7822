//! The central question: what state a register is in (sheet §4.4). Safe to repeat.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{BusinessUnit, RegistrarNumber, Request, is_false, uid};
use crate::answer::{Answer, wire};
use crate::error::Flaw;
use crate::lenient;

/// Asks for a register's state.
#[derive(Clone, Debug, Serialize)]
pub struct TransactionsRegistrarState {
    /// Which register.
    #[serde(rename = "NumFiscal")]
    pub registrar: RegistrarNumber,
    /// Also return the business unit.
    #[serde(rename = "IncludeTaxObject", skip_serializing_if = "is_false")]
    pub include_tax_object: bool,
    /// A correlation id only.
    #[serde(rename = "UID", serialize_with = "uid", skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uuid>,
}

/// Whether a shift is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShiftState {
    /// 0
    Closed,
    /// 1
    Open,
    /// A value this crate does not know, as it was written.
    Other(String),
}

impl From<&str> for ShiftState {
    fn from(text: &str) -> Self {
        match text {
            "0" => Self::Closed,
            "1" => Self::Open,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A register's state. `None` means "not told" (or, for the fields that say so, "there is none"): two answers in which
/// `next_local_num` is not told do **not** prove that nothing was registered in between.
///
/// `OfflineSeed` is a secret of the provider and deliberately has no field here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct RegistrarState {
    /// Whether a shift is open.
    #[serde(deserialize_with = "lenient::named")]
    pub shift_state: Option<ShiftState>,
    /// The shift's id; with a closed shift 0 or the last one.
    #[serde(deserialize_with = "lenient::integer")]
    pub shift_id: Option<i64>,
    /// The fiscal number of the document that opened the shift; none when closed.
    #[serde(deserialize_with = "lenient::text")]
    pub open_shift_fiscal_num: Option<String>,
    /// The open shift already has its Z-report.
    #[serde(rename = "ZRepPresent", deserialize_with = "lenient::flag")]
    pub z_rep_present: Option<bool>,
    /// The open shift is a test one.
    #[serde(deserialize_with = "lenient::flag")]
    pub testing: Option<bool>,
    /// Who opened the shift.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// The key id of who opened the shift, 64 hex digits.
    #[serde(deserialize_with = "lenient::text")]
    pub subject_key_id: Option<String>,
    /// The local number of the shift's first document; 0 when closed.
    #[serde(deserialize_with = "lenient::natural")]
    pub first_local_num: Option<u64>,
    /// The local number the next document will get. Kept while the shift is closed.
    #[serde(deserialize_with = "lenient::natural")]
    pub next_local_num: Option<u64>,
    /// The fiscal number of the open shift's last document; none when closed.
    #[serde(deserialize_with = "lenient::text")]
    pub last_fiscal_num: Option<String>,
    /// This register may work offline.
    #[serde(deserialize_with = "lenient::flag")]
    pub offline_supported: Option<bool>,
    /// Our key is a senior cashier's.
    #[serde(deserialize_with = "lenient::flag")]
    pub chief_cashier: Option<bool>,
    /// The current or next offline session.
    #[serde(deserialize_with = "lenient::integer")]
    pub offline_session_id: Option<i64>,
    /// The next number inside the offline session; 1 = none used.
    #[serde(deserialize_with = "lenient::natural")]
    pub offline_next_local_num: Option<u64>,
    /// Minutes of the offline session; the law stops at 2160.
    #[serde(deserialize_with = "lenient::natural")]
    pub offline_session_duration: Option<u64>,
    /// Offline minutes of the calendar month; the law stops at 10080.
    #[serde(deserialize_with = "lenient::natural")]
    pub offline_sessions_monthly_duration: Option<u64>,
    /// The registration is cancelled while a shift is still open.
    #[serde(deserialize_with = "lenient::flag")]
    pub closed: Option<bool>,
    /// The provider holds documents the tax service does not have yet.
    #[serde(deserialize_with = "lenient::flag")]
    pub offline_documents_present: Option<bool>,
    /// The state of the automatic delivery. Its type and values are unknown: a scalar is kept as text, any other shape
    /// is only in the record.
    #[serde(deserialize_with = "lenient::text")]
    pub offline_documents_auto_reg_state: Option<String>,
    /// When the provider's licence ends, as it was written.
    #[serde(deserialize_with = "lenient::date_time")]
    pub license_expiration: Option<String>,
    /// The business unit, where asked for.
    pub tax_object: Option<BusinessUnit>,
}

impl Request for TransactionsRegistrarState {
    const COMMAND: &'static str = "TransactionsRegistrarState";
    type Answer = RegistrarState;
}

impl Answer for RegistrarState {
    fn read(json: &str) -> Result<Self, Flaw> {
        wire(json)
    }
}
