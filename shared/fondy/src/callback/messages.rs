//! The sheet's own callbacks (fondy.md §14.3), built field by field so that tests can bend them.

use std::fmt::Write;

use secrecy::SecretString;
use serde_json::Value;

use crate::Credentials;
use crate::signature::sign_v1;

pub(crate) const C1_SIGNATURE: &str = "25198896733aba276e23113a9a03202aeee25209";

/// The basket of two goods, 140.00 + 127.50, raw UTF-8 inside.
pub(crate) const B1: &str = "eyJwcm9kdWN0cyI6W3siaWQiOjEsIm5hbWUiOiLQnNC40LPQtNCw0LvRjCDQttCw0YAuIiwicHJpY2UiOjcwMC4wLCJ0b3RhbF9hbW91bnQiOjE0MC4wLCJxdWFudGl0eSI6MC4yfSx7ImlkIjoyLCJuYW1lIjoi0JrQtdGI0YzRjiDQvtGH0LjRiS4iLCJwcmljZSI6ODUwLjAsInRvdGFsX2Ftb3VudCI6MTI3LjUsInF1YW50aXR5IjowLjE1fV19";

pub(crate) fn test_credentials() -> Credentials {
    Credentials {
        merchant_id: 1_396_424,
        key: SecretString::from("test"),
    }
}

/// A message under construction: names and JSON values in order.
#[derive(Clone)]
pub(crate) struct Message(pub Vec<(String, Value)>);

impl Message {
    /// The sale every other message is bent from, all fields of the sheet present, not signed.
    pub fn c1() -> Self {
        let mut fields: Vec<(String, Value)> = [
            "fee",
            "masked_card",
            "merchant_data",
            "parent_order_id",
            "product_id",
            "rectoken",
            "rectoken_lifetime",
            "response_code",
            "response_description",
            "sender_account",
            "sender_cell_phone",
            "settlement_currency",
            "settlement_date",
            "verification_status",
        ]
        .into_iter()
        .map(|name| (name.to_owned(), Value::from("")))
        .collect();
        for (name, value) in [
            ("order_id", Value::from("shop-1001")),
            ("merchant_id", Value::from(1_396_424)),
            ("payment_id", Value::from(805_243_692)),
            ("card_bin", Value::from(444_455)),
            ("amount", Value::from("26750")),
            ("actual_amount", Value::from("26750")),
            ("currency", Value::from("UAH")),
            ("actual_currency", Value::from("UAH")),
            ("order_status", Value::from("approved")),
            ("response_status", Value::from("success")),
            ("tran_type", Value::from("purchase")),
            ("order_time", Value::from("05.03.2025 14:03:59")),
            ("reversal_amount", Value::from("0")),
            ("settlement_amount", Value::from("0")),
            ("masked_card", Value::from("444455XXXXXX1111")),
            ("card_type", Value::from("VISA")),
            ("eci", Value::from("5")),
            ("payment_system", Value::from("card")),
            ("approval_code", Value::from("123456")),
            ("rrn", Value::from("111111111111")),
            ("sender_email", Value::from("buyer@shop.example")),
        ] {
            fields.retain(|(n, _)| n != name);
            fields.push((name.to_owned(), value));
        }
        Self(fields)
    }

    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), value.into()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(n, _)| n != name);
        self
    }

    pub fn renamed(mut self, from: &str, to: &str) -> Self {
        for (name, _) in &mut self.0 {
            if name == from {
                *name = to.to_owned();
            }
        }
        self
    }

    pub fn emptied(self, names: &[&str]) -> Self {
        names.iter().fold(self, |message, name| message.with(name, ""))
    }

    /// Signed with the public test key.
    pub fn signed(self) -> Self {
        let texts: Vec<(String, String)> = self.0.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        let signature = sign_v1(
            &SecretString::from("test"),
            texts.iter().map(|(n, v)| (n.as_str(), v.as_str())),
        );
        self.with("signature", signature)
    }

    pub fn json(&self) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())))
            .collect();
        format!("{{{}}}", pairs.join(","))
    }

    pub fn form(&self) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={}", percent(&text(value))))
            .collect();
        pairs.join("&")
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b if b.is_ascii_alphanumeric() => out.push(char::from(b)),
            b => write!(out, "%{b:02X}").unwrap(),
        }
    }
    out
}

/// C5's `additional_info`, verbatim.
pub(crate) fn c5_additional_info() -> String {
    format!(
        r#"{{"capture_status": null, "capture_amount": null, "reservation_data": "{B1}", "transaction_id": 1994930931, "client_fee": 0.0, "payment_method": "card", "is_test": true}}"#
    )
}

/// Every callback of the sheet with its printed signature.
pub(crate) fn of_the_sheet() -> Vec<(&'static str, Message, &'static str)> {
    let c1 = Message::c1;
    vec![
        ("C1", c1(), C1_SIGNATURE),
        (
            "C2",
            c1().with("reversal_amount", "12750"),
            "481631d191efec3b0d069f7a86343fe292b77f92",
        ),
        (
            "C3",
            c1().with("reversal_amount", "26750").with("order_status", "reversed"),
            "d15d28385cd884b2a4fdc86e9318c0b4f85853c4",
        ),
        (
            "C4",
            c1().emptied(&["rrn", "approval_code", "eci", "actual_amount", "actual_currency"])
                .with("order_id", "shop-1002")
                .with("payment_id", 805_243_700)
                .with("amount", "5000")
                .with("order_status", "declined")
                .with("response_code", 1000)
                .with("response_description", "General decline"),
            "87422e27a9974112b6af41fcf0e20a7b7658dabf",
        ),
        (
            "C5",
            c1().with("fee_oplata", "0")
                .with("merchant_data", r#"{"чек":"так","каса":1}"#)
                .with("additional_info", c5_additional_info()),
            "5e4bae8acf166e42aad3f9004b14034b18f7b5bc",
        ),
        (
            "C6",
            c1().emptied(&[
                "rrn",
                "approval_code",
                "eci",
                "actual_amount",
                "actual_currency",
                "card_bin",
                "card_type",
                "masked_card",
                "payment_system",
                "sender_email",
            ])
            .with("order_id", "shop-1003")
            .with("payment_id", 805_243_701)
            .with("amount", "1000")
            .with("order_status", "expired"),
            "f8bd43793b2feb6a84767c3e6cb43cd0eb8c9bb2",
        ),
        (
            "C7",
            c1().emptied(&["rrn", "approval_code", "eci", "actual_amount", "actual_currency"])
                .with("order_id", "shop-1004")
                .with("payment_id", 805_243_702)
                .with("amount", "100")
                .with("order_status", "processing")
                .with("response_code", 1051)
                .with("response_description", "Declined by antifraud"),
            "d87ee2ac5bbaab98192618a6d54404ffe164fa68",
        ),
        (
            "C8",
            c1().with("tran_type", "capture").with("fee_oplata", "0").with(
                "additional_info",
                r#"{"capture_status": "captured", "capture_amount": 200.0, "transaction_id": 1994930955}"#,
            ),
            "bb76d35c3fedcb8a6d594b084bb86e54daa5c3ae",
        ),
    ]
}
