//! What an exchange leaves for the caller's log of attempts: everything worth knowing and nothing secret.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::credentials::Credentials;

/// A list longer than this is kept as its length: an X-report names every check of the day.
const ITEMS: usize = 50;
/// A message longer than this is cut.
const MESSAGE_CHARS: usize = 300;

/// What must not come back in a text that CashDesk wrote.
pub(crate) struct Mask(Vec<String>);

impl Mask {
    pub(crate) fn new(credentials: &Credentials, token: Option<&SecretString>) -> Self {
        let mut secrets = match credentials {
            Credentials::Login { email, password, .. } => vec![email.clone(), password.expose_secret().to_owned()],
            Credentials::ApiToken { token, .. } => vec![token.expose_secret().to_owned()],
        };
        secrets.extend(token.map(|token| token.expose_secret().to_owned()));
        secrets.retain(|secret| !secret.is_empty());
        Self(secrets)
    }

    /// For a text written for people; also shortened.
    pub(crate) fn message(&self, text: &str) -> String {
        let text = self
            .0
            .iter()
            .fold(text.to_owned(), |text, secret| text.replace(secret, "***"));
        text.chars().filter(|c| !c.is_control()).take(MESSAGE_CHARS).collect()
    }

    /// For any other text. A short password is left in it: it may well be part of a fiscal number.
    fn text(&self, text: &str) -> String {
        let long = self.0.iter().filter(|secret| secret.len() >= 8);
        long.fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}

/// A request or an answer as it may be kept.
pub(crate) fn keep(mut value: Value, mask: &Mask) -> Value {
    scrub(&mut value, mask);
    value
}

fn scrub(value: &mut Value, mask: &Mask) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !is_secret(name));
            for (name, field) in fields.iter_mut() {
                scrub_field(name, field, mask);
            }
        }
        Value::Array(items) if items.len() > ITEMS => *value = format!("[{} items]", items.len()).into(),
        Value::Array(items) => items.iter_mut().for_each(|item| scrub(item, mask)),
        Value::String(text) => *text = mask.text(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_secret(name: &str) -> bool {
    ["token", "api_token", "password", "authorization"]
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

fn scrub_field(name: &str, field: &mut Value, mask: &Mask) {
    match (name, field) {
        (_, Value::Null) => {}
        ("qr" | "pdf" | "png" | "text_print", Value::String(text)) => {
            *text = format!("[{} characters]", text.chars().count());
        }
        // The cashier, the merchant as a person, the buyer's card.
        ("email" | "full_name" | "drfo" | "tin" | "ipn" | "pay_terminal", field) => *field = "***".into(),
        ("message", Value::String(text)) => *text = mask.message(text),
        (_, other) => scrub(other, mask),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_secret_personal_or_heavy_is_kept_at_any_depth() {
        let credentials = Credentials::Login {
            email: "till7@shop.example".to_owned(),
            password: "4711".into(),
            developer_id: "Shop".to_owned(),
        };
        let mask = Mask::new(&credentials, Some(&"aaa.bbb.ccc".into()));
        let kept = keep(
            json!({
                "api_token": "x", "Token": "y", "password": "4711", "email": "till7@shop.example", "sum": 4711,
                "message": "till7@shop.example\nwith 4711 is unknown", "note": "aaa.bbb.ccc", "ORDERNUM": "14711",
                "qr": "AAAA", "pdf": "", "text_print": null,
                "user": { "full_name": "Test Cashier", "uuid": "u", "drfo": 1 },
                "data": [ { "tin": "1", "pdf": "AA", "payments": [ { "pay_terminal": [ { "pan": "4" } ] } ] } ],
                "checks_list": vec![json!({}); 51],
            }),
            &mask,
        );
        assert_eq!(
            kept,
            json!({
                "email": "***", "sum": 4711, "message": "***with *** is unknown", "note": "***", "ORDERNUM": "14711",
                "qr": "[4 characters]", "pdf": "[0 characters]", "text_print": null,
                "user": { "full_name": "***", "uuid": "u", "drfo": "***" },
                "data": [ { "tin": "***", "pdf": "[2 characters]", "payments": [ { "pay_terminal": "***" } ] } ],
                "checks_list": "[51 items]",
            })
        );
    }
}
