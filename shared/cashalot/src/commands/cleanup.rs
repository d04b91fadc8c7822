//! Bringing the provider's view of a register in line with the tax service's (sheet §4.11).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::document::auto_document;
use super::{AutoDocument, RegistrarNumber, Request, is_false, uid};
use crate::answer::{Answer, wire};
use crate::error::Flaw;

/// The cure for `InconsistentRegistrarState`. It may close the shift and make a Z-report on its own.
#[derive(Clone, Debug, Serialize)]
pub struct Cleanup {
    /// Which register.
    #[serde(rename = "NumFiscal")]
    pub registrar: RegistrarNumber,
    /// Throws away everything the provider holds of this register. Undelivered offline documents are then probably
    /// lost: only a person may decide that.
    #[serde(rename = "Remove")]
    pub remove: bool,
    /// Return printable texts of the documents made.
    #[serde(rename = "Visualization", skip_serializing_if = "is_false")]
    pub visualization: bool,
    /// A correlation id only.
    #[serde(rename = "UID", serialize_with = "uid", skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uuid>,
}

/// What the clean-up made on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CleanupDone {
    /// The Z-report, if one was made.
    pub z_rep_auto_info: Option<AutoDocument>,
    /// The closing document, if one was made.
    pub close_shift_auto_info: Option<AutoDocument>,
}

#[derive(Debug, Deserialize)]
struct Wire {
    #[serde(default, rename = "ZRepAutoInfo", deserialize_with = "auto_document")]
    z_rep_auto_info: Option<AutoDocument>,
    #[serde(default, rename = "CloseShiftAutoInfo", deserialize_with = "auto_document")]
    close_shift_auto_info: Option<AutoDocument>,
}

impl Request for Cleanup {
    const COMMAND: &'static str = "Cleanup";
    type Answer = CleanupDone;
}

impl Answer for CleanupDone {
    fn read(json: &str) -> Result<Self, Flaw> {
        let wire: Wire = wire(json)?;
        Ok(Self {
            z_rep_auto_info: wire.z_rep_auto_info,
            close_shift_auto_info: wire.close_shift_auto_info,
        })
    }
}
