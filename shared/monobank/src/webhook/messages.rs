//! Webhooks made here, signed with a key made here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

const HEADER: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A bank with a key of its own.
pub struct Bank(EcdsaKeyPair);

impl Bank {
    pub fn new() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap())
    }

    /// As `GET /api/merchant/pubkey` gives it.
    pub fn key(&self) -> String {
        let der = [&HEADER, self.0.public_key().as_ref()].concat();
        let body = STANDARD.encode(der);
        STANDARD.encode(format!(
            "-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"
        ))
    }

    pub fn sign(&self, body: &str) -> String {
        let signature = self.0.sign(&SystemRandom::new(), body.as_bytes()).unwrap();
        STANDARD.encode(signature)
    }
}

/// An invoice of 42.00 that was paid.
pub fn paid() -> Value {
    json!({
        "invoiceId": "p2_9ZgpZVsl3", "status": "success", "amount": 4200, "ccy": 980, "finalAmount": 4200,
        "createdDate": "2025-03-05T12:03:59Z", "modifiedDate": "2025-03-05T12:04:10Z", "reference": "shop-1001",
        "destination": "Покупка щастя", "cancelList": [],
        "paymentInfo": {"maskedPan": "444403******1902", "approvalCode": "662476", "rrn": "060189181768",
            "tranId": "13194036", "terminal": "MI001088", "bank": "Test", "paymentSystem": "visa",
            "paymentMethod": "monobank", "fee": 55, "country": "804"},
        "walletData": {"cardToken": "canary", "walletId": "canary", "status": "new"}
    })
}

pub fn with(mut body: Value, name: &str, value: impl Into<Value>) -> Value {
    let value = value.into();
    if value.is_null() {
        body.as_object_mut().unwrap().remove(name);
    } else {
        body[name] = value;
    }
    body
}

pub fn refund(status: &str, amount: u64) -> Value {
    json!({"status": status, "amount": amount, "ccy": 980, "createdDate": "2025-03-06T12:03:59Z",
        "modifiedDate": "2025-03-06T12:03:59Z", "approvalCode": "662477", "rrn": "060189181769", "extRef": "r1"})
}
