//! Opening a shift, its Z-report, closing it (sheet §4.5, §4.7, §4.8). Each makes fiscal documents; repeating one whose
//! outcome is unknown may make a second.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::document::auto_document;
use super::{AutoDocument, RegisteredDocument, RegistrarNumber, Request, is_false, uid};
use crate::answer::{Answer, wire};
use crate::error::Flaw;

/// Opens a shift. `ShiftAlreadyOpened` if one is open.
#[derive(Clone, Debug, Serialize)]
pub struct OpenShift {
    /// Which register.
    #[serde(rename = "NumFiscal")]
    pub registrar: RegistrarNumber,
    /// Makes a test shift; test and real documents never mix in one shift.
    #[serde(rename = "Testing", skip_serializing_if = "is_false")]
    pub testing: bool,
    /// A correlation id; the provider does not use it against repeats (sheet §2.1).
    #[serde(rename = "UID", serialize_with = "uid", skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uuid>,
}

impl Request for OpenShift {
    const COMMAND: &'static str = "OpenShift";
    type Answer = RegisteredDocument;
}

/// Registers the Z-report, built by the provider from its totals. The shift stays open until [`CloseShift`].
#[derive(Clone, Debug, Serialize)]
pub struct RegisterZRep {
    /// Which register.
    #[serde(rename = "NumFiscal")]
    pub registrar: RegistrarNumber,
    /// Return a printable text.
    #[serde(rename = "Visualization", skip_serializing_if = "is_false")]
    pub visualization: bool,
    /// A correlation id only.
    #[serde(rename = "UID", serialize_with = "uid", skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uuid>,
}

impl Request for RegisterZRep {
    const COMMAND: &'static str = "RegisterZRep";
    type Answer = RegisteredDocument;
}

/// Closes the shift. Refused, it may still have made the Z-report (sheet §4.8).
#[derive(Clone, Debug, Serialize)]
pub struct CloseShift {
    /// Which register.
    #[serde(rename = "NumFiscal")]
    pub registrar: RegistrarNumber,
    /// Register the Z-report first if it is missing.
    #[serde(rename = "ZRepAuto")]
    pub z_rep_auto: bool,
    /// Return a printable text.
    #[serde(rename = "Visualization", skip_serializing_if = "is_false")]
    pub visualization: bool,
    /// A correlation id only.
    #[serde(rename = "UID", serialize_with = "uid", skip_serializing_if = "Option::is_none")]
    pub uid: Option<Uuid>,
}

/// A shift that is closed now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftClosed {
    /// The closing document.
    pub document: RegisteredDocument,
    /// The Z-report, if this call made it.
    pub z_rep_auto_info: Option<AutoDocument>,
}

#[derive(Debug, Deserialize)]
struct AutoWire {
    #[serde(default, rename = "ZRepAutoInfo", deserialize_with = "auto_document")]
    z_rep_auto_info: Option<AutoDocument>,
}

impl Request for CloseShift {
    const COMMAND: &'static str = "CloseShift";
    type Answer = ShiftClosed;
}

impl Answer for ShiftClosed {
    fn read(json: &str) -> Result<Self, Flaw> {
        let document = RegisteredDocument::read(json)?;
        let auto: AutoWire = wire(json)?;
        Ok(Self {
            document,
            z_rep_auto_info: auto.z_rep_auto_info,
        })
    }
}
