//! What the provider says about a document it registered.

use serde::Deserialize;

use crate::answer::{Answer, wire};
use crate::code::{ErrorCode, Verdict};
use crate::error::Flaw;
use crate::lenient;

/// A document the register now has on its tape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredDocument {
    /// The document's fiscal number: digits online, `session.n.control` offline. It never changes afterwards.
    pub fiscal_number: String,
    /// Its number on the register's tape, without gaps.
    pub local_number: u64,
    /// The document's time as it was written, ISO 8601 with the Kyiv offset.
    pub order_date_time: String,
    /// Registered without the tax service; the provider delivers it later by itself.
    pub offline: bool,
    /// UTF-8 text or HTML, where it was asked for.
    pub visualization: Option<String>,
}

/// A document the provider made on its own within another command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutoDocument {
    /// The document, or the code it was refused with.
    pub result: Result<RegisteredDocument, ErrorCode>,
    /// The provider's text for people; empty if none.
    pub message: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct DocumentWire {
    #[serde(deserialize_with = "lenient::text")]
    num_fiscal: Option<String>,
    #[serde(deserialize_with = "lenient::natural")]
    num_local: Option<u64>,
    #[serde(deserialize_with = "lenient::date_time")]
    order_date_time: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    offline: Option<bool>,
    #[serde(deserialize_with = "lenient::rendering")]
    visualization: Option<String>,
    #[serde(deserialize_with = "lenient::named")]
    error_code: Option<VerdictText>,
    #[serde(deserialize_with = "lenient::text")]
    error_message: Option<String>,
}

/// A code field that may be missing.
#[derive(Debug)]
struct VerdictText(Verdict);

impl From<&str> for VerdictText {
    fn from(text: &str) -> Self {
        Self(Verdict::from(text))
    }
}

impl RegisteredDocument {
    fn from_wire(wire: DocumentWire) -> Result<Self, Flaw> {
        let fiscal_number = wire
            .num_fiscal
            .filter(|number| !number.bytes().all(|byte| byte == b'0'));
        let local_number = wire.num_local.filter(|number| *number > 0);
        let (Some(fiscal_number), Some(local_number), Some(order_date_time)) =
            (fiscal_number, local_number, wire.order_date_time)
        else {
            return Err(Flaw::MissingDocument);
        };
        // Only an offline number has dots (sheet §8.3), so a missing flag does not make the document an online one.
        let offline = wire.offline.unwrap_or_else(|| fiscal_number.contains('.'));
        Ok(Self {
            fiscal_number,
            local_number,
            order_date_time,
            offline,
            visualization: wire.visualization,
        })
    }
}

impl Answer for RegisteredDocument {
    fn read(json: &str) -> Result<Self, Flaw> {
        Self::from_wire(wire(json)?)
    }
}

impl Answer for AutoDocument {
    fn read(json: &str) -> Result<Self, Flaw> {
        let mut wire: DocumentWire = wire(json)?;
        let message = wire.error_message.take().unwrap_or_default();
        let result = match wire.error_code.take() {
            Some(VerdictText(Verdict::Refused(code))) => Err(code),
            Some(VerdictText(Verdict::Ok)) | None => Ok(RegisteredDocument::from_wire(wire)?),
        };
        Ok(Self { result, message })
    }
}

/// An information object about a document made on the way. It never spoils the answer it is part of: one that cannot
/// be read is absent here and still in the record.
pub(crate) fn auto_document<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<AutoDocument>, D::Error> {
    let raw = Option::<Box<serde_json::value::RawValue>>::deserialize(deserializer)?;
    Ok(raw.and_then(|raw| AutoDocument::read(raw.get()).ok()))
}
