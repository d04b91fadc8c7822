//! What a call leaves for the log of attempts: everything worth knowing, nothing secret and nothing of a buyer.

use serde_json::Value;

const HIDDEN: &str = "***";

/// Values that must not be repeated by anybody's text.
#[derive(Default)]
pub(crate) struct Mask<'a> {
    secrets: Vec<&'a str>,
    personal: Vec<String>,
}

/// A shorter value would hide half of any text.
const SHORTEST: usize = 4;

impl<'a> Mask<'a> {
    /// For a body that is sent: whoever it names.
    pub(crate) fn of_body(body: &Value) -> Self {
        let mut personal = Vec::new();
        for content in [&body["receipt"], &body["correction"]] {
            texts(&content["client"], &mut personal);
            for field in PERSONAL {
                texts(&content[field], &mut personal);
            }
        }
        personal.retain(|text| text.chars().count() >= SHORTEST);
        Self {
            secrets: Vec::new(),
            personal,
        }
    }

    /// The same for a request with secrets.
    pub(crate) fn with(&self, secrets: Vec<&'a str>) -> Self {
        Self {
            secrets,
            personal: self.personal.clone(),
        }
    }

    /// A text without the values.
    fn plain(&self, text: &str) -> String {
        let secrets = self.secrets.iter().copied().filter(|secret| !secret.is_empty());
        let values = secrets.chain(self.personal.iter().map(String::as_str));
        values.fold(text.to_owned(), |text, value| text.replace(value, HIDDEN))
    }

    /// A text for people without the values, and without anything that looks like an e-mail, a phone or a
    /// taxpayer's number: whose they are is not known here.
    pub(crate) fn text(&self, text: &str) -> String {
        let text = self.plain(text);
        let words = text.split_inclusive(char::is_whitespace).map(|word| {
            let tail = word.trim_end_matches(char::is_whitespace).len();
            let (word, space) = word.split_at(tail);
            if word.contains('@') || has_long_number(word) {
                [HIDDEN, space].concat()
            } else {
                [word, space].concat()
            }
        });
        words.collect()
    }
}

/// Ten digits or more in a row.
fn has_long_number(word: &str) -> bool {
    word.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= 10)
}

/// Fields of a receipt that name a person.
const PERSONAL: [&str; 3] = ["cashier", "cashier_inn", "additional_user_props"];

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A request's body as it may be kept.
pub(crate) fn keep_request(mut body: Value) -> Value {
    for content in ["receipt", "correction"] {
        let Some(content) = body.get_mut(content) else { continue };
        for field in PERSONAL.iter().chain(&["client"]) {
            if let Some(value) = content.get_mut(*field) {
                hide(value);
            }
        }
    }
    if let Some(Value::String(url)) = body.pointer_mut("/service/callback_url") {
        *url = host_only(url);
    }
    body
}

/// An answer's body as it may be kept.
pub(crate) fn keep_response(body: &[u8], mask: &Mask<'_>) -> Option<Value> {
    let mut answer = serde_json::from_slice(body).ok()?;
    scrub(&mut answer, mask);
    Some(answer)
}

fn hide(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.values_mut().for_each(hide),
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => *value = Value::String(HIDDEN.to_owned()),
    }
}

fn scrub(value: &mut Value, mask: &Mask<'_>) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| name != "token");
            for (name, field) in fields.iter_mut() {
                match (name.as_str(), field) {
                    ("text", Value::String(text)) => *text = mask.text(text),
                    ("callback_url", Value::String(url)) if url.starts_with("http") => *url = host_only(url),
                    (_, field) => scrub(field, mask),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| scrub(item, mask)),
        Value::String(text) => *text = mask.plain(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whoever knows the path of a callback can forge one.
fn host_only(url: &str) -> String {
    let after = url.find("://").map_or(0, |at| at + 3);
    let end = url[after..]
        .find(['/', '?', '#', '@'])
        .map_or(url.len(), |at| after + at);
    [&url[..end], "/", HIDDEN].concat()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_is_kept_without_people_and_without_the_callbacks_path() {
        let kept = keep_request(json!({
            "external_id": "a-1", "service": { "callback_url": "https://gw.example/cb/7f3a" },
            "receipt": {
                "client": { "email": "buyer@mail.example", "phone": "+79000000000" },
                "company": { "inn": "0000000000" }, "cashier": "Ivanova", "total": 1,
                "additional_user_props": { "name": "passport", "value": "4500" },
            },
        }));
        assert_eq!(
            kept,
            json!({
                "external_id": "a-1", "service": { "callback_url": "https://gw.example/***" },
                "receipt": {
                    "client": { "email": "***", "phone": "***" },
                    "company": { "inn": "0000000000" }, "cashier": "***", "total": 1,
                    "additional_user_props": { "name": "***", "value": "***" },
                },
            })
        );
    }

    #[test]
    fn an_answer_is_kept_without_tokens_and_without_what_it_repeats() {
        let sent = json!({ "receipt": { "client": { "name": "Anna Example", "inn": "500100732259" } } });
        let mask = Mask::of_body(&sent);
        let body = json!({
            "token": "tok", "uuid": "u-500100732259", "callback_url": "",
            "payload": { "fn_number": "9999000000000001" },
            "warnings": { "callback_url": "does not match" },
            "error": { "code": 32, "text": "Anna Example, buyer@mail.example or +79000000000 is wrong" },
        });
        assert_eq!(
            keep_response(body.to_string().as_bytes(), &mask.with(vec!["tok"])),
            Some(json!({
                "uuid": "u-***", "callback_url": "",
                "payload": { "fn_number": "9999000000000001" },
                "warnings": { "callback_url": "does not match" },
                "error": { "code": 32, "text": "***, *** or *** is wrong" },
            }))
        );
        assert_eq!(keep_response(b"<html>", &mask), None);
    }
}
