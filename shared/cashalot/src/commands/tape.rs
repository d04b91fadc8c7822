//! What the tax service has of a register: its shifts and their documents (sheet §4.12, §4.13). Safe to repeat.

use serde::{Deserialize, Serialize};

use super::{RegistrarNumber, Request};
use crate::answer::{Answer, wire};
use crate::doc_type::{DocSubType, DocType};
use crate::error::Flaw;
use crate::lenient;

/// Lists shifts in a period, which one source limits to a month.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Shifts {
    /// Which register.
    #[serde(rename = "NumFiscal")]
    pub registrar: RegistrarNumber,
    /// ISO 8601 with offset.
    pub from: String,
    /// ISO 8601 with offset.
    pub to: String,
}

/// A shift as the tax service has it. Times are Kyiv local without offset, as they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Shift {
    /// Its id, for [`ShiftRef::Id`].
    #[serde(deserialize_with = "lenient::integer")]
    pub shift_id: Option<i64>,
    /// The opening document's fiscal number.
    #[serde(deserialize_with = "lenient::text")]
    pub open_shift_fiscal_num: Option<String>,
    /// The closing document's fiscal number; none while open.
    #[serde(deserialize_with = "lenient::text")]
    pub close_shift_fiscal_num: Option<String>,
    /// A test shift.
    #[serde(deserialize_with = "lenient::flag")]
    pub testing: Option<bool>,
    /// When it was opened.
    #[serde(deserialize_with = "lenient::date_time")]
    pub opened: Option<String>,
    /// Who opened it.
    #[serde(deserialize_with = "lenient::text")]
    pub open_name: Option<String>,
    /// With which key.
    #[serde(deserialize_with = "lenient::text")]
    pub open_subject_key_id: Option<String>,
    /// When it was closed; none while open.
    #[serde(deserialize_with = "lenient::date_time")]
    pub closed: Option<String>,
    /// Who closed it.
    #[serde(deserialize_with = "lenient::text")]
    pub close_name: Option<String>,
    /// With which key.
    #[serde(deserialize_with = "lenient::text")]
    pub close_subject_key_id: Option<String>,
    /// The Z-report's fiscal number; none before it.
    #[serde(rename = "ZRepFiscalNum", deserialize_with = "lenient::text")]
    pub z_rep_fiscal_num: Option<String>,
}

#[derive(Deserialize)]
struct ShiftsWire {
    // Required on purpose: an answer without the list proves nothing. `null` is an empty list.
    #[serde(rename = "Shifts", deserialize_with = "lenient::or_default")]
    shifts: Vec<Shift>,
}

impl Request for Shifts {
    const COMMAND: &'static str = "Shifts";
    type Answer = Vec<Shift>;
}

impl Answer for Vec<Shift> {
    fn read(json: &str) -> Result<Self, Flaw> {
        wire::<ShiftsWire>(json).map(|wire| wire.shifts)
    }
}

/// Lists the documents of a shift. Offline documents appear only once they are delivered.
#[derive(Clone, Debug, Serialize)]
pub struct Documents {
    /// Which register.
    #[serde(rename = "NumFiscal")]
    pub registrar: RegistrarNumber,
    /// Which shift.
    #[serde(flatten)]
    pub shift: ShiftRef,
}

/// Names a shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ShiftRef {
    /// By its id.
    #[serde(rename = "ShiftId")]
    Id(i64),
    /// By its opening document's fiscal number.
    #[serde(rename = "OpenShiftFiscalNum")]
    OpenedBy(String),
}

/// The class of a document on the tape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocClass {
    /// A check of any [`DocType`].
    Check,
    /// A Z-report.
    ZRep,
    /// A value this crate does not know, as it was written.
    Other(String),
}

impl From<&str> for DocClass {
    fn from(text: &str) -> Self {
        match text {
            "Check" => Self::Check,
            "ZRep" => Self::ZRep,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A document on the tape as the tax service has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TapeDocument {
    /// Its fiscal number.
    pub fiscal_number: String,
    /// Its local number.
    pub local_number: u64,
    /// Its time, Kyiv local without offset, as it was written.
    pub doc_date_time: Option<String>,
    /// Check or Z-report.
    pub class: Option<DocClass>,
    /// For a check: its type.
    pub doc_type: Option<DocType>,
    /// For a sale, return, storno or cash movement: which; meaningless for other types.
    pub doc_sub_type: Option<DocSubType>,
    /// The online twin of a document that was issued again offline (sheet §8.3): it does not count.
    pub revoked: bool,
    /// Cancelled by a storno.
    pub storned: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DocumentWire {
    #[serde(deserialize_with = "lenient::text")]
    num_fiscal: Option<String>,
    #[serde(deserialize_with = "lenient::natural")]
    num_local: Option<u64>,
    #[serde(default, deserialize_with = "lenient::date_time")]
    doc_date_time: Option<String>,
    #[serde(default, deserialize_with = "lenient::named")]
    doc_class: Option<DocClass>,
    #[serde(default, deserialize_with = "lenient::named")]
    check_doc_type: Option<DocType>,
    #[serde(default, deserialize_with = "lenient::named")]
    check_doc_sub_type: Option<DocSubType>,
    #[serde(default, deserialize_with = "lenient::flag")]
    revoked: Option<bool>,
    #[serde(default, deserialize_with = "lenient::flag")]
    storned: Option<bool>,
}

impl TryFrom<DocumentWire> for TapeDocument {
    type Error = Flaw;

    /// A document without numbers cannot be compared with anything, so it spoils the whole list.
    fn try_from(wire: DocumentWire) -> Result<Self, Flaw> {
        let (Some(fiscal_number), Some(local_number)) = (wire.num_fiscal, wire.num_local) else {
            return Err(Flaw::MissingDocument);
        };
        Ok(Self {
            fiscal_number,
            local_number,
            doc_date_time: wire.doc_date_time,
            class: wire.doc_class,
            doc_type: wire.check_doc_type,
            doc_sub_type: wire.check_doc_sub_type,
            revoked: wire.revoked.unwrap_or(false),
            storned: wire.storned.unwrap_or(false),
        })
    }
}

#[derive(Deserialize)]
struct DocumentsWire {
    // Required, and `null` is refused: every shift has at least its opening document, and taking "not told" for "none"
    // could end in a second receipt.
    #[serde(rename = "Documents")]
    documents: Vec<DocumentWire>,
}

impl Request for Documents {
    const COMMAND: &'static str = "Documents";
    type Answer = Vec<TapeDocument>;
}

impl Answer for Vec<TapeDocument> {
    fn read(json: &str) -> Result<Self, Flaw> {
        wire::<DocumentsWire>(json)?
            .documents
            .into_iter()
            .map(TapeDocument::try_from)
            .collect()
    }
}
