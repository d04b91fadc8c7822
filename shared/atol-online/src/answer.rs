//! What an answer says, for each of the three questions.

use reqwest::header::HeaderValue;
use secrecy::SecretString;
use wire::{Fields, Received};

use crate::error::{Class, Error, Flaw};
use crate::record::Mask;
use crate::report::{Report, State};
use crate::trouble::{ErrorType, Trouble};

/// A document that the service has. Nothing fiscal exists yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Under which its result is asked for.
    pub uuid: String,
    /// False for error 33: the service knew this `external_id`, the uuid is the first document's, and its contents
    /// are whatever was sent then. Compare the total of its result.
    pub first_seen: bool,
}

/// The answer to a registration.
pub(crate) fn registered(received: &Received, mask: &Mask<'_>) -> Result<Registered, Error> {
    let fields = open(received)?;
    let report = Report::read(&fields);
    if let Some(trouble) = at_door(&fields, received, mask) {
        if trouble.kind != ErrorType::System || trouble.code != 33 {
            return Err(Error::Refused(trouble));
        }
        let uuid = report.uuid.ok_or(Error::DuplicateWithoutUuid)?;
        return Ok(Registered {
            uuid,
            first_seen: false,
        });
    }
    promising(received)?;
    match (report.state, report.uuid) {
        (State::Wait | State::Done(_) | State::Other(_), Some(uuid)) => Ok(Registered { uuid, first_seen: true }),
        (State::Wait | State::Done(_) | State::Other(_), None) => Err(bad(received, Flaw::NoUuid)),
        (State::Fail(_), _) => Err(bad(received, Flaw::NoState)),
    }
}

/// The answer to a question about a uuid.
pub(crate) fn reported(received: &Received, mask: &Mask<'_>, uuid: &str) -> Result<Report, Error> {
    let fields = open(received)?;
    let report = Report::read(&fields);
    match at_door(&fields, received, mask) {
        Some(trouble) if !trouble.is_pending() && !is_result(&trouble, &report, received) => {
            return Err(Error::Refused(trouble));
        }
        Some(_) => {}
        None => promising(received)?,
    }
    if report
        .uuid
        .as_ref()
        .is_some_and(|told| !told.eq_ignore_ascii_case(uuid))
    {
        return Err(Error::OtherDocument);
    }
    match &report.state {
        State::Done(payload) if payload.fiscal_sign().is_none() => Err(bad(received, Flaw::NoFiscalSign)),
        State::Other(_) => Err(bad(received, Flaw::NoState)),
        State::Wait | State::Done(_) | State::Fail(_) => Ok(report),
    }
}

/// Is this error the end of the document, or the refusal of the question? Both say `fail`.
fn is_result(trouble: &Trouble, report: &Report, received: &Received) -> bool {
    let named = report.uuid.is_some();
    let success = is_success(received);
    match trouble.kind {
        ErrorType::Driver | ErrorType::Agent | ErrorType::Timeout => success || named,
        ErrorType::System | ErrorType::Unknown | ErrorType::None | ErrorType::Other(_) => {
            success && named && trouble.class() == Class::Unknown
        }
    }
}

/// The answer to getToken.
pub(crate) fn token(received: &Received, mask: &Mask<'_>) -> Result<SecretString, Error> {
    let fields = open(received)?;
    if let Some(trouble) = at_door(&fields, received, mask) {
        return Err(Error::Refused(trouble));
    }
    promising(received)?;
    let token = fields
        .text("token")
        .filter(|token| HeaderValue::from_str(token).is_ok());
    token.map(SecretString::from).ok_or(bad(received, Flaw::NoToken))
}

/// The error of an answer. With a failure status, one without a type is the service's own.
fn at_door(fields: &Fields<'_>, received: &Received, mask: &Mask<'_>) -> Option<Trouble> {
    let mut trouble = Trouble::read(fields, mask)?;
    if trouble.kind == ErrorType::None && !is_success(received) {
        trouble.kind = ErrorType::System;
    }
    Some(trouble)
}

fn open(received: &Received) -> Result<Fields<'_>, Error> {
    let text = std::str::from_utf8(&received.body).ok();
    let object = text.and_then(|text| wire::read_object(text.trim_start_matches('\u{feff}')).ok());
    object.ok_or_else(|| match received.http_status {
        200..=299 => bad(received, Flaw::NotAnObject),
        status => by_status(status),
    })
}

/// A failure status without the service's error says nothing about the document.
fn promising(received: &Received) -> Result<(), Error> {
    if is_success(received) {
        Ok(())
    } else {
        Err(by_status(received.http_status))
    }
}

fn is_success(received: &Received) -> bool {
    (200..=299).contains(&received.http_status)
}

fn by_status(http_status: u16) -> Error {
    match http_status {
        400..=499 => Error::HttpRefused { http_status },
        _ => Error::BadAnswer {
            http_status,
            reason: Flaw::Status,
        },
    }
}

fn bad(received: &Received, reason: Flaw) -> Error {
    Error::BadAnswer {
        http_status: received.http_status,
        reason,
    }
}
