use serde_json::Value;

use super::{MASK, name, personal, text};

/// Masks a JSON value: by name where a name tells, by shape everywhere else. A text that is itself
/// JSON is masked inside. Applying it again changes nothing more.
pub fn json(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(number) => {
            let digits = number.to_string();
            let masked = text(&digits);
            if masked == digits {
                value.clone()
            } else {
                Value::from(masked)
            }
        }
        Value::String(string) => Value::String(string_by_shape(string)),
        Value::Array(items) => items.iter().map(json).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), field(name, value)))
            .collect(),
    }
}

fn field(name: &str, value: &Value) -> Value {
    if name::is_secret(name) {
        secret(value)
    } else if name::is_personal(name) {
        about_a_person(value)
    } else {
        json(value)
    }
}

/// `null` and an empty text stay: that a secret is missing is no secret, and worth seeing.
fn secret(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::String(string) if string.is_empty() => value.clone(),
        Value::String(_) | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Value::from(MASK),
    }
}

fn about_a_person(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(number) => Value::from(personal::mask(&number.to_string())),
        Value::String(string) => Value::from(personal::mask(string)),
        Value::Array(items) => items.iter().map(about_a_person).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let masked = if name::is_secret(name) {
                    secret(value)
                } else {
                    about_a_person(value)
                };
                (name.clone(), masked)
            })
            .collect(),
    }
}

fn string_by_shape(string: &str) -> String {
    if string.trim_start().starts_with(['{', '['])
        && let Ok(inner) = serde_json::from_str::<Value>(string)
    {
        let masked = json(&inner);
        // The original spacing is kept where nothing was masked.
        return if masked == inner {
            string.to_owned()
        } else {
            masked.to_string()
        };
    }
    text(string).into_owned()
}
