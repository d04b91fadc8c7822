//! A document's result: the answer to a question and the body of a callback are the same.

use wire::{Fields, Malformed, Value};

use crate::decimal::Money;
use crate::record::Mask;
use crate::trouble::{ErrorType, Trouble};

/// What is told about a document. Everything is optional but the state: read as loosely as it may come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Of the registration.
    pub uuid: Option<String>,
    /// The sender's own id: a callback is found by it even if the uuid was lost.
    pub external_id: Option<String>,
    /// The group of registers.
    pub group_code: Option<String>,
    /// The service's time, as written; Moscow's.
    pub timestamp: Option<String>,
    /// The service's server.
    pub daemon_code: Option<String>,
    /// The register.
    pub device_code: Option<String>,
    /// What the service did not like and went on without.
    pub warnings: Vec<Warning>,
    /// How far it is.
    pub state: State,
}

/// How far a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Not yet; error 34 is this too.
    Wait,
    /// Fiscal.
    Done(Box<Payload>),
    /// Final, and not fiscal; [`Trouble::fail_class`] says what now.
    Fail(Trouble),
    /// A word this crate does not know, shortened.
    Other(String),
}

/// The fiscal document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// The receipt's number in its shift.
    pub fiscal_receipt_number: Option<u64>,
    /// The shift's number.
    pub shift_number: Option<u64>,
    /// From the fiscal storage, `dd.mm.yyyy HH:MM:SS`, in the register's own zone.
    pub receipt_datetime: Option<String>,
    /// The receipt's total; compare it, above all after an adopted duplicate.
    pub total: Option<Money>,
    /// The fiscal storage's number.
    pub fn_number: Option<String>,
    /// The register's number at the tax office.
    pub ecr_registration_number: Option<String>,
    /// The document's number in the fiscal storage.
    pub fiscal_document_number: Option<u64>,
    /// The document's fiscal attribute; larger than 2^31 at times.
    pub fiscal_document_attribute: Option<u64>,
    /// The tax office's site for buyers.
    pub fns_site: Option<String>,
    /// The fiscal data operator's taxpayer number.
    pub ofd_inn: Option<String>,
    /// The receipt's page at the operator, for some operators.
    pub ofd_receipt_url: Option<String>,
    /// v5: what the check of marks said.
    pub marks_result: Vec<MarkResult>,
}

/// One checked mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkResult {
    /// Which line, from 0.
    pub position: Option<u64>,
    /// The mark.
    pub mark_code: Option<String>,
    /// 0 to 19 (FFD tag 2106).
    pub result: Option<u64>,
}

/// The three numbers that identify a fiscal document for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FiscalSign {
    /// The fiscal storage's number.
    pub fn_number: String,
    /// The document's number in it.
    pub fiscal_document_number: u64,
    /// The document's fiscal attribute.
    pub fiscal_document_attribute: u64,
}

/// Something the service went on without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Which field: `callback_url` means that nothing will be posted.
    pub field: String,
    /// The text for people, masked and shortened.
    pub text: String,
}

/// Why a callback's body tells nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// Not a JSON object.
    #[error("the message is malformed")]
    Malformed(#[from] Malformed),
    /// It names neither a uuid nor an `external_id`.
    #[error("the message names no document")]
    NoDocument,
}

/// Reads a callback's body. Nothing of it is signed: believe it only as a hint to ask
/// [`Client::report`](crate::Client::report). It may come twice, and before the registration's answer.
pub fn read_callback(body: &[u8]) -> Result<Report, ReportError> {
    let text = std::str::from_utf8(body).map_err(|_| Malformed::NotUtf8)?;
    let report = Report::read(&wire::read_object(text.trim_start_matches('\u{feff}'))?);
    if report.uuid.is_none() && report.external_id.is_none() {
        return Err(ReportError::NoDocument);
    }
    Ok(report)
}

impl Report {
    /// The service does not like the callback URL and will post nothing.
    pub fn callback_url_refused(&self) -> bool {
        self.warnings.iter().any(|warning| warning.field == "callback_url")
    }

    pub(crate) fn read(fields: &Fields<'_>) -> Self {
        Self {
            uuid: word(fields, "uuid", 128),
            external_id: word(fields, "external_id", 128),
            group_code: word(fields, "group_code", 128),
            timestamp: word(fields, "timestamp", 32),
            daemon_code: word(fields, "daemon_code", 128),
            device_code: word(fields, "device_code", 128),
            warnings: warnings(fields),
            state: state(fields),
        }
    }
}

impl Payload {
    /// The three numbers, if all of them are there.
    pub fn fiscal_sign(&self) -> Option<FiscalSign> {
        Some(FiscalSign {
            fn_number: self.fn_number.clone()?,
            fiscal_document_number: self.fiscal_document_number?,
            fiscal_document_attribute: self.fiscal_document_attribute?,
        })
    }

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            fiscal_receipt_number: number(fields, "fiscal_receipt_number"),
            shift_number: number(fields, "shift_number"),
            receipt_datetime: word(fields, "receipt_datetime", 32),
            total: fields.text("total").and_then(Money::parse),
            fn_number: word(fields, "fn_number", 32),
            ecr_registration_number: word(fields, "ecr_registration_number", 32),
            fiscal_document_number: number(fields, "fiscal_document_number"),
            fiscal_document_attribute: number(fields, "fiscal_document_attribute"),
            fns_site: word(fields, "fns_site", 256),
            ofd_inn: word(fields, "ofd_inn", 12),
            ofd_receipt_url: word(fields, "ofd_receipt_url", 1024),
            marks_result: marks(fields),
        }
    }
}

fn state(fields: &Fields<'_>) -> State {
    let trouble = Trouble::read(fields, &Mask::default());
    if trouble.as_ref().is_some_and(Trouble::is_pending) {
        return State::Wait;
    }
    match fields.text("status").unwrap_or_default() {
        "wait" => State::Wait,
        "done" => State::Done(Box::new(payload(fields))),
        "fail" => State::Fail(trouble.unwrap_or_else(|| Trouble::new(ErrorType::None, 0, ""))),
        other => State::Other(wire::shorten(other)),
    }
}

fn payload(fields: &Fields<'_>) -> Payload {
    let raw = fields.get("payload").and_then(Value::nested);
    let payload = raw.and_then(|raw| wire::read_object(raw).ok());
    payload.map(|payload| Payload::read(&payload)).unwrap_or_default()
}

/// A text that fits, or none.
fn word(fields: &Fields<'_>, name: &str, most: usize) -> Option<String> {
    let text = fields.text(name)?.trim();
    let fits = !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

fn number(fields: &Fields<'_>, name: &str) -> Option<u64> {
    wire::decimal::amount(fields.text(name)?.trim(), 0)
}

fn marks(fields: &Fields<'_>) -> Vec<MarkResult> {
    let raw = fields.get("marks_result").and_then(Value::nested);
    let marks = raw.and_then(|raw| wire::read_list(raw).ok()).unwrap_or_default();
    let mark = |mark: &Fields<'_>| MarkResult {
        position: number(mark, "position"),
        mark_code: word(mark, "mark_code", 512),
        result: number(mark, "result"),
    };
    marks.iter().map(mark).collect()
}

fn warnings(fields: &Fields<'_>) -> Vec<Warning> {
    let warning = |field: &str, text: &str| Warning {
        field: wire::shorten(field),
        text: Mask::default().text(text).chars().take(500).collect(),
    };
    let Some(value) = fields.get("warnings") else {
        return Vec::new();
    };
    if let Some(object) = value.nested().and_then(|raw| wire::read_object(raw).ok()) {
        return object
            .names()
            .filter_map(|name| Some(warning(name, object.text(name)?)))
            .collect();
    }
    let text = value.scalar().filter(|text| !text.is_empty());
    text.map(|text| warning("", text)).into_iter().collect()
}

#[cfg(test)]
pub(crate) mod tests;
