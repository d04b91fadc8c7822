//! A signed request.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::Refusal;
use crate::acquirer::{Books, Call, Form, Illegal, Payment, minor};
use crate::liqpay::{LiqPay, signature};

/// `data` and `signature` of a form or, for the buyer's link, of a query.
pub(super) struct Request {
    data: String,
    signature: String,
    fields: Map<String, Value>,
}

impl Request {
    pub(super) fn read(call: &Call) -> Result<Self, Refusal> {
        let form = match call.method {
            Method::GET => Form::read(call.query.as_bytes()),
            _ => Form::read(&call.body),
        };
        let unsigned = || Refusal::new("invalid_signature", "Wrong payment signature");
        let (Some(data), Some(signature)) = (form.get("data"), form.get("signature")) else {
            return Err(unsigned());
        };
        // Coreutils' base64 breaks lines; the documentation's own example is signed with the break in it.
        let joined: String = data.split_whitespace().collect();
        let json = STANDARD.decode(joined).map_err(|_| unsigned())?;
        match serde_json::from_slice(&json) {
            Ok(Value::Object(fields)) => Ok(Self {
                data: data.to_owned(),
                signature: signature.to_owned(),
                fields,
            }),
            Ok(_) | Err(_) => Err(unsigned()),
        }
    }

    /// The merchant's account, if the signature is the merchant's.
    pub(super) fn verified(&self, books: &Books<LiqPay>) -> Result<String, Refusal> {
        let merchant = books.merchant(&self.text("public_key").unwrap_or_default())?;
        if signature::sign(&merchant.secret, &self.data) != self.signature {
            return Err(Refusal::new("invalid_signature", "Wrong payment signature"));
        }
        Ok(merchant.account.clone())
    }

    /// A value as text: programs send numbers as texts and the other way round.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// A sum in kopecks; an error if it is there and is none.
    pub(super) fn amount(&self) -> Result<Option<u64>, Refusal> {
        let Some(text) = self.text("amount") else {
            return Ok(None);
        };
        let amount = minor(&text).ok_or(Illegal::Sum { left: 0 })?;
        Ok(Some(amount))
    }

    pub(super) fn payment<'a>(&self, books: &'a Books<LiqPay>, account: &str) -> Result<&'a Payment, Refusal> {
        let order_id = self.text("order_id").filter(|text| !text.is_empty());
        let order_id = order_id.ok_or(Illegal::Empty("order_id"))?;
        Ok(books.find(account, &order_id)?)
    }
}
