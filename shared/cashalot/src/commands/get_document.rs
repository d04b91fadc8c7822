//! Fetching one registered document by its fiscal number (sheet §4.10). Needs no key; safe to repeat.

use serde::{Deserialize, Serialize};

use super::{RegistrarNumber, Request, is_false};
use crate::answer::{Answer, wire};
use crate::auth::{Auth, Key};
use crate::doc_type::wire_names;
use crate::error::Flaw;
use crate::image::Image;
use crate::lenient;

/// Fetches a check.
#[derive(Clone, Debug, Serialize)]
pub struct GetCheck {
    /// Which register.
    #[serde(rename = "RegistrarNumFiscal")]
    pub registrar: RegistrarNumber,
    /// The document's fiscal number.
    #[serde(rename = "NumFiscal")]
    pub fiscal_number: String,
    /// In which form.
    #[serde(rename = "Type")]
    pub view: DocumentView,
    /// Also return the QR picture.
    #[serde(rename = "GetQrCode", skip_serializing_if = "is_false")]
    pub qr_code: bool,
    /// With [`DocumentView::Visualization`]: HTML instead of text.
    #[serde(rename = "VisAsHtml", skip_serializing_if = "is_false")]
    pub as_html: bool,
}

/// Fetches a Z-report.
#[derive(Clone, Debug, Serialize)]
pub struct GetZRep {
    /// Which register.
    #[serde(rename = "RegistrarNumFiscal")]
    pub registrar: RegistrarNumber,
    /// The report's fiscal number.
    #[serde(rename = "NumFiscal")]
    pub fiscal_number: String,
    /// In which form.
    #[serde(rename = "Type")]
    pub view: DocumentView,
    /// With [`DocumentView::Visualization`]: HTML instead of text.
    #[serde(rename = "VisAsHtml", skip_serializing_if = "is_false")]
    pub as_html: bool,
}

/// In which form a document is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum DocumentView {
    /// Only whether it is there.
    Availability,
    /// The XML that was registered: [`OriginalCheck::parse`](crate::OriginalCheck::parse) and
    /// [`OriginalZRep::parse`](crate::OriginalZRep::parse) read it.
    OriginalXml,
    /// The XML signed by the tax service.
    SignedByServerXml,
    /// Printable text or HTML, UTF-8.
    Visualization,
    /// The XML signed by the merchant.
    SignedBySenderXml,
    /// The XML signed by both.
    SignedBySenderAndServerXml,
}

/// The tax service's answer about a number. Look at it even when the command succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResultCode {
    /// 0: here it is.
    Ok,
    /// 1: a number of the online kind, not registered on this register.
    OnlineDocumentAbsent,
    /// 2: an offline number of this register whose document has not been delivered yet.
    OfflineNumberReserved,
    /// 3: an offline number nobody gave to this register.
    OfflineNumberNotReserved,
    /// 4: no such register.
    TransactionsRegistrarNotRegistered,
    /// 5: no such document.
    DocumentAbsent,
    /// A value this crate does not know, as it was written.
    Other(String),
}

wire_names!(ResultCode {
    Ok = "0",
    OnlineDocumentAbsent = "1",
    OfflineNumberReserved = "2",
    OfflineNumberNotReserved = "3",
    TransactionsRegistrarNotRegistered = "4",
    DocumentAbsent = "5",
});

/// A document, or why there is none.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DocumentAnswer {
    /// None if the provider did not say; then only `data` proves that the document is there.
    #[serde(deserialize_with = "lenient::named")]
    pub result_code: Option<ResultCode>,
    /// The tax service's text for people.
    #[serde(deserialize_with = "lenient::text")]
    pub result_text: Option<String>,
    /// The document in the wanted form, decoded from base64.
    #[serde(deserialize_with = "lenient::bytes")]
    pub data: Option<Vec<u8>>,
    /// The receipt's page at the tax service.
    #[serde(deserialize_with = "lenient::text")]
    pub url: Option<String>,
    /// The QR picture, where asked for.
    #[serde(deserialize_with = "lenient::image")]
    pub qr_code: Option<Image>,
}

impl std::fmt::Debug for DocumentAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DocumentAnswer")
            .field("result_code", &self.result_code)
            .field("data_bytes", &self.data.as_ref().map(Vec::len))
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Request for GetCheck {
    const COMMAND: &'static str = "GetCheck";
    type Answer = DocumentAnswer;

    fn key<'a>(&'a self, _: &'a Auth) -> Key<'a> {
        Key::None
    }
}

impl Request for GetZRep {
    const COMMAND: &'static str = "GetZRep";
    type Answer = DocumentAnswer;

    fn key<'a>(&'a self, _: &'a Auth) -> Key<'a> {
        Key::None
    }
}

impl Answer for DocumentAnswer {
    fn read(json: &str) -> Result<Self, Flaw> {
        wire(json)
    }
}
