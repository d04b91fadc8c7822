//! Callbacks made here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::credentials::Credentials;
use crate::signature::{sign, sign_sha3};

pub const PUBLIC_KEY: &str = "i12345678901";
const PRIVATE_KEY: &str = "private-canary";

pub fn credentials() -> Credentials {
    Credentials {
        public_key: PUBLIC_KEY.to_owned(),
        private_key: PRIVATE_KEY.into(),
    }
}

/// A paid order of 267.50, with what else such a callback has.
#[derive(Clone)]
pub struct Message(pub Value);

impl Message {
    pub fn paid() -> Self {
        Self(json!({
            "payment_id": 165_629_000_001_u64, "action": "pay", "status": "success", "version": 7, "type": "buy",
            "paytype": "card", "public_key": PUBLIC_KEY, "acq_id": 414_963, "order_id": "shop-1001",
            "liqpay_order_id": "CANARY1641225590000001", "description": "Замовлення", "sender_phone": "380000000000",
            "sender_first_name": "canary", "sender_card_mask2": "424242*42", "sender_card_bank": "Test",
            "sender_card_type": "visa", "sender_card_country": 804, "ip": "192.0.2.1", "amount": 267.5,
            "currency": "UAH", "sender_commission": 0.0, "receiver_commission": 4.01, "agent_commission": 0.0,
            "amount_debit": 267.5, "amount_credit": 267.5, "commission_debit": 0.0, "commission_credit": 4.01,
            "currency_debit": "UAH", "currency_credit": "UAH", "sender_bonus": 0.0, "amount_bonus": 0.0,
            "authcode_debit": "388201", "rrn_debit": "001234567890", "mpi_eci": "7", "is_3ds": false,
            "language": "uk", "create_date": 1_740_000_000_000_u64, "end_date": 1_740_000_001_000_u64,
            "transaction_id": 165_629_000_001_u64, "card_token": "canary"
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

    pub fn data(&self) -> String {
        STANDARD.encode(self.0.to_string())
    }

    /// Signed as the documentation says.
    pub fn form(&self) -> String {
        let data = self.data();
        form(&data, &sign(&PRIVATE_KEY.into(), &data))
    }

    /// Signed as version 7 is said to be.
    pub fn form_sha3(&self) -> String {
        let data = self.data();
        form(&data, &sign_sha3(&PRIVATE_KEY.into(), &data))
    }
}

pub fn form(data: &str, signature: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("data", data)
        .append_pair("signature", signature)
        .finish()
}

/// Any text as signed `data`.
pub fn signed_text(text: &[u8]) -> String {
    let data = STANDARD.encode(text);
    form(&data, &sign(&PRIVATE_KEY.into(), &data))
}
