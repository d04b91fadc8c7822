//! A JSON request; sums keep the digits that were signed.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::Refusal;
use crate::acquirer::{Books, Call, Merchant, Payment, minor};
use crate::wayforpay::{WayForPay, signature};

pub(super) struct Request(HashMap<String, Box<RawValue>>);

impl Request {
    pub(super) fn read(call: &Call) -> Result<Self, Refusal> {
        let fields = serde_json::from_slice(&call.body);
        fields.map(Self).map_err(|_| Refusal::new(1109, "Format Error"))
    }

    /// A value as signatures take it: a text without quotes, a number in its digits.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let raw = self.0.get(name)?.get();
        match raw.as_bytes().first()? {
            b'"' => serde_json::from_str(raw).ok(),
            b'-' | b'0'..=b'9' => Some(raw.to_owned()),
            _ => None,
        }
    }

    pub(super) fn needed(&self, name: &'static str) -> Result<String, Refusal> {
        let text = self.text(name).filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::missing(name))
    }

    /// A sum in kopecks.
    pub(super) fn amount(&self) -> Result<u64, Refusal> {
        minor(&self.needed("amount")?).ok_or_else(|| Refusal::new(1130, "Invalid Amount"))
    }

    /// The merchant, if the signature over these fields is the merchant's.
    pub(super) fn verified(&self, books: &Books<WayForPay>, order: &[&'static str]) -> Result<Arc<Merchant>, Refusal> {
        let merchant = books.merchant(&self.needed("merchantAccount")?)?;
        let signature = self.needed("merchantSignature")?;
        let values: Result<Vec<String>, Refusal> = order.iter().map(|name| self.needed(name)).collect();
        if signature::sign(&merchant.secret, &values?) != signature {
            return Err(Refusal::new(1113, "Invalid signature"));
        }
        Ok(merchant)
    }

    pub(super) fn payment<'a>(&self, books: &'a Books<WayForPay>, merchant: &Merchant) -> Result<&'a Payment, Refusal> {
        Ok(books.find(&merchant.account, &self.needed("orderReference")?)?)
    }
}
