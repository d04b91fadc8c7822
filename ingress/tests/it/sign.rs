//! Signatures made here, by hand, so that a mistake of the client crate cannot hide itself.

use std::fmt::Write;

use sha1::{Digest, Sha1};

pub const MERCHANT: u64 = 1_396_424;
pub const KEY: &str = "test";

/// A callback's fields, in any order.
#[derive(Clone)]
pub struct Message(Vec<(String, String)>);

/// The sale of the sheet's vector C1 (fondy.md §14.3).
pub fn sale() -> Message {
    let fields = [
        ("order_id", "shop-1001"),
        ("merchant_id", "1396424"),
        ("payment_id", "805243692"),
        ("card_bin", "444455"),
        ("amount", "26750"),
        ("actual_amount", "26750"),
        ("currency", "UAH"),
        ("actual_currency", "UAH"),
        ("order_status", "approved"),
        ("response_status", "success"),
        ("tran_type", "purchase"),
        ("order_time", "05.03.2025 14:03:59"),
        ("reversal_amount", "0"),
        ("settlement_amount", "0"),
        ("masked_card", "444455XXXXXX1111"),
        ("card_type", "VISA"),
        ("eci", "5"),
        ("payment_system", "card"),
        ("approval_code", "123456"),
        ("rrn", "111111111111"),
        ("sender_email", "buyer@shop.example"),
        ("response_code", ""),
    ];
    Message(
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
}

impl Message {
    /// The same with another value or one field more.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value.to_owned(),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    pub fn signature(&self) -> String {
        self.signature_by(KEY)
    }

    pub fn signature_by(&self, key: &str) -> String {
        let mut fields = self.0.clone();
        fields.sort();
        let values = fields.iter().filter(|(_, value)| !value.is_empty());
        sha1(&values.fold(key.to_owned(), |text, (_, value)| text + "|" + value))
    }

    /// Signed, as JSON with every value a string.
    pub fn json(&self) -> String {
        self.json_signed(&self.signature())
    }

    pub fn json_signed(&self, signature: &str) -> String {
        let mut object: serde_json::Map<String, serde_json::Value> = self
            .0
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().into()))
            .collect();
        object.insert("signature".to_owned(), signature.into());
        serde_json::Value::Object(object).to_string()
    }

    /// The fields alone, as the order of a 2.0 message.
    pub fn fields_as_json(&self) -> String {
        let fields = self.0.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
        serde_json::Value::Object(fields.collect()).to_string()
    }

    /// Signed, form-encoded.
    pub fn form(&self) -> String {
        let mut form = format!("signature={}", self.signature());
        for (name, value) in &self.0 {
            let _ = write!(form, "&{name}={}", percent(value));
        }
        form
    }
}

/// Signed, in the 2.0 envelope around `order`.
pub fn v2(order: &str) -> String {
    use base64::Engine;
    let data = base64::engine::general_purpose::STANDARD.encode(format!(r#"{{"order":{order}}}"#));
    let signature = sha1(&format!("{KEY}|{data}"));
    format!(r#"{{"version":"2.0","data":"{data}","signature":"{signature}"}}"#)
}

pub fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "%{byte:02X}");
        out
    })
}

fn sha1(text: &str) -> String {
    Sha1::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}

#[test]
fn it_signs_as_the_sheet_says() {
    assert_eq!(sale().signature(), "25198896733aba276e23113a9a03202aeee25209");
    let refund = sale().with("reversal_amount", "12750");
    assert_eq!(refund.signature(), "481631d191efec3b0d069f7a86343fe292b77f92");
}
