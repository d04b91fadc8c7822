//! What an exchange leaves for the caller's attempt log: everything worth knowing and nothing secret.

use serde_json::Value;

use crate::auth::{Mask, SECRET_FIELDS};

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
