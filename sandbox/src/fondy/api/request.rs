//! Reading a request: three envelopes, one set of parameters, one signature over the known ones.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::form_urlencoded;

use super::super::refusal::Refusal;
use super::super::signature;
use super::super::{Merchant, Receiver, Version};
use super::endpoint::Endpoint;

type Raw = BTreeMap<String, Box<RawValue>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Json,
    Form,
    /// JSON with `data`.
    Envelope,
}

impl Shape {
    /// The shape of an answer when the request could not be read: by its content type alone.
    pub(super) fn announced(content_type: &str) -> Self {
        if is_form(content_type) { Self::Form } else { Self::Json }
    }
}

/// A value as it enters the signature: text verbatim, numbers as their literal, `null` as nothing.
#[derive(Debug)]
enum Value {
    Text(String),
    /// A boolean, array or object.
    Other(Box<RawValue>),
}

#[derive(Debug)]
pub(super) struct Request {
    pub(super) shape: Shape,
    values: BTreeMap<String, Value>,
    /// Protocol 2.0: the signed text.
    data: Option<String>,
    signature: Option<String>,
}

impl Request {
    pub(super) fn read(content_type: &str, body: &[u8]) -> Result<Self, Refusal> {
        if is_form(content_type) {
            return Self::read_form(body);
        }
        if !content_type.starts_with("application/json") {
            return Err(Refusal::content_type());
        }
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(Refusal::empty_request());
        }
        let mut outer: Raw = parse(body, "request")?;
        let request = outer.remove("request").ok_or_else(Refusal::empty_request)?;
        let request: Raw = parse(request.get().as_bytes(), "request")?;
        if request.is_empty() {
            return Err(Refusal::empty_request());
        }
        if request.contains_key("data") {
            Self::read_envelope(&request)
        } else {
            Ok(Self::flat(Shape::Json, values(request)))
        }
    }

    fn read_form(body: &[u8]) -> Result<Self, Refusal> {
        let pairs: BTreeMap<String, Value> = form_urlencoded::parse(body)
            .map(|(name, value)| (name.into_owned(), Value::Text(value.into_owned())))
            .collect();
        if pairs.is_empty() {
            Err(Refusal::empty_request())
        } else {
            Ok(Self::flat(Shape::Form, pairs))
        }
    }

    fn flat(shape: Shape, mut values: BTreeMap<String, Value>) -> Self {
        let signature = match values.remove("signature") {
            Some(Value::Text(text)) => Some(text),
            Some(Value::Other(raw)) => Some(raw.get().to_owned()),
            None => None,
        };
        Self {
            shape,
            values,
            data: None,
            signature,
        }
    }

    fn read_envelope(request: &Raw) -> Result<Self, Refusal> {
        let text = |name: &str| {
            request
                .get(name)
                .map(|raw| scalar(raw))
                .transpose()
                .map_err(|()| Refusal::incorrect(name))
        };
        let data = text("data")?.unwrap_or_default();
        let version = text("version")?.ok_or_else(|| Refusal::missing("version"))?;
        if !["2.0", "2.00"].contains(&version.as_str()) {
            return Err(Refusal::incorrect("version"));
        }
        let decoded = STANDARD.decode(&data).map_err(|_| Refusal::incorrect("data"))?;
        let mut outer: Raw = parse(&decoded, "data")?;
        let order = outer.remove("order").ok_or_else(|| Refusal::missing("order"))?;
        let values = values(parse(order.get().as_bytes(), "order")?);
        Ok(Self {
            shape: Shape::Envelope,
            values,
            data: Some(data),
            signature: text("signature")?,
        })
    }

    /// Checks the signature over the parameters `endpoint` knows.
    pub(super) fn verify(&self, endpoint: Endpoint, merchant: &Merchant) -> Result<(), Refusal> {
        let given = self.signature.as_deref().ok_or_else(|| Refusal::missing("signature"))?;
        if given.is_empty() {
            return Err(Refusal::empty("signature"));
        }
        if given.len() != 40 || !given.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Refusal::incorrect("signature"));
        }
        let known = self.known(endpoint)?;
        let (expected, hint) = match &self.data {
            Some(data) => (
                signature::sign_data(&merchant.key, data),
                signature::masked(&merchant.key, data),
            ),
            None => {
                let base = signature::base_string(&merchant.key, known);
                (
                    signature::sign(&merchant.key, self.known(endpoint)?),
                    signature::masked(&merchant.key, &base),
                )
            }
        };
        if given == expected {
            return Ok(());
        }
        let hint = if merchant.test_mode {
            format!(" signature: {expected}; response_signature_string: {hint}")
        } else {
            String::new()
        };
        Err(Refusal::new(1014, format!("Invalid signature{hint}")))
    }

    /// The separator may not occur in any known value: it would make two requests sign alike.
    pub(super) fn refuse_separators(&self, endpoint: Endpoint) -> Result<(), Refusal> {
        match self.known(endpoint)?.into_iter().find(|(_, value)| value.contains('|')) {
            Some((name, _)) => Err(Refusal::separator(name)),
            None => Ok(()),
        }
    }

    fn known(&self, endpoint: Endpoint) -> Result<Vec<(&'static str, &str)>, Refusal> {
        let mut pairs = Vec::new();
        for name in endpoint.known() {
            match self.values.get(*name) {
                None => {}
                Some(Value::Text(text)) => pairs.push((*name, text.as_str())),
                Some(Value::Other(_)) => return Err(Refusal::incorrect(name)),
            }
        }
        Ok(pairs)
    }

    /// An optional parameter; empty and absent are the same. At most `max` characters.
    pub(super) fn optional(&self, name: &str, max: usize) -> Result<Option<String>, Refusal> {
        match self.values.get(name) {
            None => Ok(None),
            Some(Value::Text(text)) if text.is_empty() => Ok(None),
            Some(Value::Text(text)) if text.chars().count() <= max => Ok(Some(text.clone())),
            Some(Value::Text(_) | Value::Other(_)) => Err(Refusal::incorrect(name)),
        }
    }

    /// A mandatory parameter.
    pub(super) fn required(&self, name: &str, max: usize) -> Result<String, Refusal> {
        if !self.values.contains_key(name) {
            return Err(Refusal::missing(name));
        }
        self.optional(name, max)?.ok_or_else(|| Refusal::empty(name))
    }

    /// A mandatory whole number, sent as a number or as text.
    pub(super) fn number(&self, name: &str) -> Result<u64, Refusal> {
        let text = self.required(name, 20)?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|_| digits)
            .ok_or_else(|| Refusal::incorrect(name))
    }

    /// A mandatory amount in minor units; zero is 1023.
    pub(super) fn amount(&self) -> Result<u64, Refusal> {
        match self.number("amount")? {
            0 => Err(Refusal::amount()),
            amount => Ok(amount),
        }
    }

    /// A mandatory currency of three capital letters.
    pub(super) fn currency(&self) -> Result<String, Refusal> {
        let currency = self.required("currency", 3)?;
        let letters = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        if letters {
            Ok(currency)
        } else {
            Err(Refusal::incorrect("currency"))
        }
    }

    /// `Y` or `N`, with a default.
    pub(super) fn flag(&self, name: &str, default: bool) -> Result<bool, Refusal> {
        match self.optional(name, 1)?.as_deref() {
            None => Ok(default),
            Some("Y") => Ok(true),
            Some("N") => Ok(false),
            Some(_) => Err(Refusal::incorrect(name)),
        }
    }

    /// The protocol of the request.
    pub(super) fn version(&self) -> Result<Version, Refusal> {
        match (self.shape, self.optional("version", 10)?.as_deref()) {
            (Shape::Envelope, _) => Ok(Version::V2_0),
            (Shape::Json | Shape::Form, None | Some("1.0")) => Ok(Version::V1_0),
            (Shape::Json | Shape::Form, Some("1.0.1")) => Ok(Version::V1_0_1),
            (Shape::Json | Shape::Form, Some(_)) => Err(Refusal::incorrect("version")),
        }
    }

    /// `receiver[]` of protocol 2.0, empty when absent.
    pub(super) fn receivers(&self) -> Result<Vec<Receiver>, Refusal> {
        let raw = match (self.shape, self.values.get("receiver")) {
            (Shape::Envelope, Some(Value::Other(raw))) => raw,
            (Shape::Envelope, Some(Value::Text(text))) if !text.is_empty() => {
                return Err(Refusal::incorrect("receiver"));
            }
            (Shape::Envelope | Shape::Json | Shape::Form, _) => return Ok(Vec::new()),
        };
        let parts: Vec<Part> = serde_json::from_str(raw.get()).map_err(|_| Refusal::incorrect("receiver"))?;
        parts.iter().map(Part::receiver).collect()
    }
}

#[derive(Deserialize)]
struct Part {
    requisites: BTreeMap<String, Box<RawValue>>,
    #[serde(rename = "type", default)]
    kind: String,
}

impl Part {
    fn receiver(&self) -> Result<Receiver, Refusal> {
        let text = |name: &str| {
            self.requisites
                .get(name)
                .map(|raw| scalar(raw).map_err(|()| Refusal::incorrect(name)))
                .transpose()
        };
        let number = |name: &str| {
            text(name)?
                .map(|text| text.parse::<u64>().map_err(|_| Refusal::incorrect(name)))
                .transpose()
        };
        let merchant_id = number("merchant_id")?;
        if self.kind == "merchant" && merchant_id.is_none() {
            return Err(Refusal::missing("merchant_id"));
        }
        Ok(Receiver {
            merchant_id: merchant_id.filter(|_| self.kind == "merchant"),
            amount: number("amount")?.ok_or_else(|| Refusal::missing("amount"))?,
            reservation_data: text("reservation_data")?.filter(|text| !text.is_empty()),
            description: text("settlement_description")?.unwrap_or_default(),
        })
    }
}

fn is_form(content_type: &str) -> bool {
    content_type.starts_with("application/x-www-form-urlencoded")
}

fn parse(json: &[u8], name: &str) -> Result<Raw, Refusal> {
    serde_json::from_slice(json).map_err(|_| Refusal::incorrect(name))
}

fn values(raw: Raw) -> BTreeMap<String, Value> {
    raw.into_iter()
        .map(|(name, raw)| {
            let value = match scalar(&raw) {
                Ok(text) => Value::Text(text),
                Err(()) => Value::Other(raw),
            };
            (name, value)
        })
        .collect()
}

/// The text of a string, number or null; numbers keep their literal.
fn scalar(raw: &RawValue) -> Result<String, ()> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).map_err(|_| ()),
        Some(b'n') => Ok(String::new()),
        Some(b'-' | b'0'..=b'9') => Ok(text.to_owned()),
        _ => Err(()),
    }
}
