//! What a report says of its document. Pure.

use std::time::Duration;

use ::atol_online::{FailClass, FiscalSign, Money, MoscowTime, Payload, Report, State, Trouble};
use domain::document::{Presence, Registration};
use domain::ids::FiscalNumber;
use domain::time::UnixMillis;
use jiff::Timestamp;
use jiff::tz::{self, TimeZone};
use ledger::tape::DueDocument;

use super::told;
use crate::providers::Finding;

/// So often a document is sent by itself before a person must see to it; again so often after each resend.
const TRIES: u32 = 5;

/// What a report is judged by.
pub(super) struct Last<'a> {
    pub document: &'a DueDocument,
    /// Under which it was asked for.
    pub uuid: &'a str,
    pub now: UnixMillis,
    /// Ask again after so long while it waits.
    pub ask_in: Duration,
    /// Send it anew after so long if nothing came of it.
    pub again_in: Duration,
}

/// What it means.
pub(super) fn finding(report: &Report, last: &Last<'_>) -> Finding {
    match &report.state {
        State::Wait => Finding::Accepted {
            provider_id: Some(last.uuid.to_owned()),
            ask_in: last.ask_in,
        },
        State::Done(payload) => done(report, payload, last),
        State::Fail(trouble) => failed(trouble, last),
        State::Other(_) => Finding::Unclear("ATOL Online told a state that is not known".to_owned()),
    }
}

fn done(report: &Report, payload: &Payload, last: &Last<'_>) -> Finding {
    let ours = Money::from_kopecks(last.document.amount.minor());
    // Contents under a known id are not compared by the service: they may be those of another document of ours, from
    // before a ledger was restored.
    if let Some(total) = payload.total.filter(|total| *total != ours) {
        return Finding::Doubtful(format!(
            "ATOL Online has registered something else under this document's id: {total} instead of {ours}; compare \
             the two receipts"
        ));
    }
    let number = payload.fiscal_sign().and_then(|sign| Some((number(&sign)?, sign)));
    let Some((fiscal_number, sign)) = number else {
        return Finding::Unclear("ATOL Online told a result without its fiscal numbers".to_owned());
    };
    let told = payload.receipt_datetime.as_deref().and_then(MoscowTime::parse);
    let told = told.or_else(|| report.timestamp.as_deref().and_then(MoscowTime::parse));
    let seconds = told.and_then(MoscowTime::unix);
    Finding::Found(Registration {
        fiscal_number,
        local_number: i64::try_from(sign.fiscal_document_number).unwrap_or(i64::MAX),
        registered_at: moment(seconds.unwrap_or(last.now.0.div_euclid(1000))),
        presence: Presence::Online,
        url: payload.ofd_receipt_url.clone(),
        qr_code: None,
        rendering: None,
        provider_id: Some(last.uuid.to_owned()),
    })
}

/// All three numbers: only together they name a document for ever (a group has many registers, and each fiscal storage
/// counts from one), and they are what a buyer types in to check a receipt.
fn number(sign: &FiscalSign) -> Option<FiscalNumber> {
    let FiscalSign {
        fn_number,
        fiscal_document_number,
        fiscal_document_attribute,
    } = sign;
    FiscalNumber::parse(&format!(
        "{fn_number}-{fiscal_document_number}-{fiscal_document_attribute}"
    ))
    .ok()
}

/// As the register wrote it, with Moscow's offset.
fn moment(seconds: i64) -> String {
    let at = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    let at = at.to_zoned(TimeZone::fixed(tz::offset(3)));
    at.strftime("%Y-%m-%dT%H:%M:%S+03:00").to_string()
}

/// Final: this sending will never be on a tape, unless its class leaves a doubt.
fn failed(trouble: &Trouble, last: &Last<'_>) -> Finding {
    let text = told::trouble(trouble);
    match trouble.fail_class() {
        FailClass::QueueTimeout | FailClass::Transient => {
            let sent = last.document.attempts;
            if sent.is_multiple_of(TRIES) && sent > 0 {
                return Finding::Refused(format!("it was tried {TRIES} times; the last time: {text}"));
            }
            Finding::Dropped {
                why: text,
                again_in: last.again_in,
            }
        }
        FailClass::Data => Finding::Refused(text),
        FailClass::RegisterState => Finding::Refused(format!(
            "the register could not make it ({text}): have the register looked at first, then resend the document"
        )),
        FailClass::Doubt => Finding::Doubtful(format!(
            "it broke while the register was at it ({text}): look at the register's documents first, and resend only \
             if it is not among them"
        )),
    }
}

#[cfg(test)]
mod tests;
