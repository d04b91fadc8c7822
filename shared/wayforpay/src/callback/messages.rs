//! Callbacks made here.

use serde_json::{Value, json};

use crate::credentials::Credentials;
use crate::signature::sign;

pub const ACCOUNT: &str = "flowers_com_ua";

pub fn credentials() -> Credentials {
    Credentials {
        account: ACCOUNT.to_owned(),
        key: "key-canary".into(),
    }
}

/// A paid order of 267.50, with what else such a callback has.
#[derive(Clone)]
pub struct Message(pub Value);

impl Message {
    pub fn paid() -> Self {
        Self(json!({
            "merchantAccount": ACCOUNT, "orderReference": "shop-1001", "amount": 267.5, "currency": "UAH",
            "authCode": "541963", "email": "buyer@shop.example", "phone": "380000000000", "clientName": "canary",
            "createdDate": 1_740_000_000_u64, "processingDate": 1_740_000_005_u64, "cardPan": "42****4242",
            "cardType": "Visa", "issuerBankCountry": "980", "issuerBankName": "Test", "recToken": "canary",
            "transactionStatus": "Approved", "reason": "Ok", "reasonCode": 1100, "fee": 5.35,
            "paymentSystem": "card",
            "products": [{"name": "Мигдаль", "price": 267.5, "count": 1}]
        }))
    }

    /// The same with another value, or one field more; `null` takes the field away.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        if value.is_null() {
            self.0.as_object_mut().unwrap().remove(name);
        } else {
            self.0[name] = value;
        }
        self
    }

    fn text(&self, name: &str) -> String {
        let value = self.0.get(name).filter(|value| !value.is_null());
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        value.map(text).unwrap_or_default()
    }

    pub fn signature_over(&self, amount: &str) -> String {
        let values = [
            self.text("merchantAccount"),
            self.text("orderReference"),
            amount.to_owned(),
            self.text("currency"),
            self.text("authCode"),
            self.text("cardPan"),
            self.text("transactionStatus"),
            self.text("reasonCode"),
        ];
        sign(&credentials().key, &values.each_ref().map(String::as_str))
    }

    pub fn signed(self) -> Self {
        let signature = self.signature_over(&self.text("amount"));
        self.with("merchantSignature", signature)
    }

    /// Signed, as JSON.
    pub fn json(&self) -> String {
        self.clone().signed().0.to_string()
    }
}
