//! What an exchange leaves for the caller's attempt log: everything worth knowing and nothing secret.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::answer::Answer as _;
use crate::auth::{Mask, SECRET_FIELDS};
use crate::commands::AutoDocument;
use crate::error::Error;

/// One command's outcome together with its record.
#[derive(Debug)]
pub struct Exchange<T> {
    /// The typed answer, or why there is none.
    pub result: Result<T, Error>,
    /// For the attempt log, whatever the outcome.
    pub record: Record,
}

/// One request and its answer without secrets. Decimals are as `serde_json` prints them (`250.0`): this is for
/// reading, not for sending again.
#[derive(Clone, Debug)]
pub struct Record {
    /// The command's name on the wire.
    pub command: &'static str,
    /// What was sent, without any key field and with the phone number masked.
    pub request: Value,
    /// The JSON that came, without `OfflineSeed` and with pictures and renderings replaced by their length. None if
    /// nothing came or it was not JSON.
    pub response: Option<Value>,
    /// The HTTP status, if a head of an answer came.
    pub http_status: Option<u16>,
    /// The `ErrorCode` as it was written, `Ok` included.
    pub error_code: Option<String>,
    /// When the request began.
    pub started: SystemTime,
    /// Until the answer was read or the attempt failed.
    pub duration: Duration,
}

impl Record {
    /// The Z-report the provider made on its own in this exchange. Worth asking even when the command was refused:
    /// `CloseShift` may register the Z-report and then fail to close (sheet §4.8).
    pub fn z_rep_auto_info(&self) -> Option<AutoDocument> {
        self.auto_document("ZRepAutoInfo")
    }

    /// The closing document the provider made on its own in this exchange (`Cleanup`, sheet §4.11).
    pub fn close_shift_auto_info(&self) -> Option<AutoDocument> {
        self.auto_document("CloseShiftAutoInfo")
    }

    fn auto_document(&self, field: &str) -> Option<AutoDocument> {
        let mut info = self.response.as_ref()?.get(field)?.clone();
        // Here the rendering is only its length.
        info.as_object_mut()?.remove("Visualization");
        AutoDocument::read(&info.to_string()).ok()
    }
}

/// The request as it may be kept.
pub(crate) fn keep_request(mut request: Value) -> Value {
    scrub(&mut request, &Mask::default());
    request
}

/// The answer as it may be kept.
pub(crate) fn keep_response(mut response: Value, mask: &Mask<'_>) -> Value {
    scrub(&mut response, mask);
    response
}

fn scrub(value: &mut Value, mask: &Mask<'_>) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !is_secret(name));
            for (name, field) in fields.iter_mut() {
                scrub_field(name, field, mask);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| scrub(item, mask)),
        Value::String(text) => *text = mask.apply_long(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_secret(name: &str) -> bool {
    SECRET_FIELDS
        .iter()
        .chain(&["OfflineSeed"])
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

fn scrub_field(name: &str, field: &mut Value, mask: &Mask<'_>) {
    match (name, field) {
        ("QrCode" | "Visualization" | "Data", Value::String(text)) => *text = format!("[{} characters]", text.len()),
        ("PhoneNumber", Value::String(phone)) => *phone = mask_phone(phone),
        ("ErrorMessage" | "ResultText", Value::String(text)) => *text = mask.apply(text),
        (_, other) => scrub(other, mask),
    }
}

/// Keeps the last two digits, enough to tell two buyers apart.
fn mask_phone(phone: &str) -> String {
    let tail: String = phone.chars().skip(phone.chars().count().saturating_sub(2)).collect();
    format!("***{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Key;
    use serde_json::json;

    #[test]
    fn an_answer_is_kept_without_seed_keys_and_pictures_at_any_depth() {
        let kept = keep_response(
            json!({
                "OfflineSeed": 123, "offlineseed": "123", "QrCode": "AAAA", "Visualization": true, "Password": "p",
                "ErrorMessage": "wrong pin 4711", "NextLocalNum": 4711,
                "ZRepAutoInfo": { "Visualization": "AAAAAAAA", "KeyPin": "x", "NumLocal": 7 },
                "List": [ { "Data": "AA", "OfflineSeed": 1 } ],
            }),
            &Mask::new(&Key::Auth(&crate::Auth::KeyPin("4711".into())), None),
        );
        assert_eq!(
            kept,
            json!({
                "QrCode": "[4 characters]", "Visualization": true, "ErrorMessage": "wrong pin ***", "NextLocalNum": 4711,
                "ZRepAutoInfo": { "Visualization": "[8 characters]", "NumLocal": 7 },
                "List": [ { "Data": "[2 characters]" } ],
            })
        );
    }

    #[test]
    fn a_phone_number_is_kept_as_its_last_two_digits() {
        let kept = keep_request(json!({ "PhoneNumber": "+380501234567" }));
        assert_eq!(kept, json!({ "PhoneNumber": "***67" }));
    }
}
