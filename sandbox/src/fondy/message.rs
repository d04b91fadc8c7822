//! Fields of an outgoing message and the shapes they are sent in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use url::form_urlencoded;

use super::fault::Fault;
use super::signature;
use super::{CallbackFormat, SignedCallback, Version};

const JSON: &str = "application/json; charset=UTF-8";
const FORM: &str = "application/x-www-form-urlencoded";

/// One value with its JSON type.
#[derive(Clone, Debug)]
pub(super) enum Field {
    Text(String),
    Number(u64),
    /// Ready JSON: nested arrays of protocol 2.0. Never part of a 1.0 signature.
    Json(String),
}

impl Field {
    pub(super) fn text(value: impl Into<String>) -> Self {
        Self::Text(value.into())
    }

    fn signed_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Json(_) => String::new(),
        }
    }

    fn json(&self) -> String {
        match self {
            Self::Text(text) => json_string(text),
            Self::Number(number) => number.to_string(),
            Self::Json(json) => json.clone(),
        }
    }
}

pub(super) fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Name and value, in the order they are printed.
pub(super) type Fields = Vec<(&'static str, Field)>;

/// A message ready to be signed and written, as often as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) fields: Fields,
    pub(super) key: String,
    pub(super) test_mode: bool,
    pub(super) version: Version,
    pub(super) format: CallbackFormat,
    pub(super) wrapped: bool,
}

impl Message {
    /// The true message.
    pub(super) fn clean(&self) -> SignedCallback {
        self.render(None)
    }

    /// The message as `fault` leaves it. Faults of the way (drop, reset, delay, …) do not change it.
    pub(super) fn render(&self, fault: Option<Fault>) -> SignedCallback {
        let mut fields = self.fields.clone();
        if fault == Some(Fault::UnknownField) {
            fields.push(("loyalty_points", Field::text("7")));
        }
        if fault == Some(Fault::RenamedField) {
            rename(&mut fields, "reversal_amount", "reversal_zzz");
        }
        let (content_type, body) = match self.version {
            Version::V1_0 | Version::V1_0_1 => self.write_flat(fields, fault),
            Version::V2_0 => (JSON, self.write_envelope(&fields, fault)),
        };
        let other = if content_type == JSON { FORM } else { JSON };
        let content_type = if fault == Some(Fault::WrongContentType) {
            other
        } else {
            content_type
        };
        let mut body = body.into_bytes();
        if fault == Some(Fault::TruncatedBody) {
            body.truncate(body.len() / 2);
        }
        SignedCallback {
            content_type,
            body: Bytes::from(body),
        }
    }

    fn write_flat(&self, mut fields: Fields, fault: Option<Fault>) -> (&'static str, String) {
        let signature = spoil(sign_fields(&self.key, &fields), fault);
        if self.test_mode {
            fields.push((
                "response_signature_string",
                Field::Text(masked_string(&self.key, &fields)),
            ));
        }
        fields.push(("signature", Field::Text(signature)));
        match self.format {
            CallbackFormat::Json => (JSON, self.wrap(json_object(&fields))),
            CallbackFormat::Form => (FORM, form(&fields)),
        }
    }

    fn write_envelope(&self, fields: &Fields, fault: Option<Fault>) -> String {
        let data = STANDARD.encode(format!("{{\"order\":{}}}", json_object(fields)));
        let signature = spoil(signature::sign_data(&self.key, &data), fault);
        self.wrap(json_object(&[
            ("version", Field::text("2.0")),
            ("data", Field::Text(data)),
            ("signature", Field::Text(signature)),
        ]))
    }

    fn wrap(&self, body: String) -> String {
        if self.wrapped {
            format!("{{\"response\":{body}}}")
        } else {
            body
        }
    }
}

pub(super) fn sign_fields(key: &str, fields: &[(&str, Field)]) -> String {
    let values = signed_values(fields);
    signature::sign(key, values.iter().map(|(name, value)| (*name, value.as_str())))
}

/// `response_signature_string` of these fields.
pub(super) fn masked_string(key: &str, fields: &[(&str, Field)]) -> String {
    let values = signed_values(fields);
    signature::masked(
        key,
        &signature::base_string(key, values.iter().map(|(name, value)| (*name, value.as_str()))),
    )
}

fn signed_values<'a>(fields: &[(&'a str, Field)]) -> Vec<(&'a str, String)> {
    fields
        .iter()
        .map(|(name, field)| (*name, field.signed_text()))
        .collect()
}

pub(super) fn json_object(fields: &[(&str, Field)]) -> String {
    let members: Vec<String> = fields
        .iter()
        .map(|(name, field)| format!("{}:{}", json_string(name), field.json()))
        .collect();
    format!("{{{}}}", members.join(","))
}

pub(super) fn form(fields: &[(&str, Field)]) -> String {
    let mut writer = form_urlencoded::Serializer::new(String::new());
    for (name, field) in fields {
        let value = match field {
            Field::Text(_) | Field::Number(_) => field.signed_text(),
            Field::Json(json) => json.clone(),
        };
        writer.append_pair(name, &value);
    }
    writer.finish()
}

fn rename(fields: &mut Fields, from: &str, to: &'static str) {
    for (name, _) in fields {
        if *name == from {
            *name = to;
        }
    }
}

fn spoil(signature: String, fault: Option<Fault>) -> String {
    if fault == Some(Fault::UpperCaseSignature) {
        return signature.to_uppercase();
    }
    if fault == Some(Fault::CorruptSignature) {
        let wrong = if signature.starts_with('0') { "1" } else { "0" };
        return format!("{wrong}{}", signature.get(1..).unwrap_or_default());
    }
    signature
}
