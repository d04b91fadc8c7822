//! The three signatures, from their descriptions.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use sha1::{Digest, Sha1};

use crate::sign::percent;

/// `data` and `signature` of LiqPay.
pub fn liqpay(json: &str, key: &str) -> String {
    let data = STANDARD.encode(json);
    let signature = STANDARD.encode(Sha1::digest(format!("{key}{data}{key}")));
    format!("data={}&signature={}", percent(&data), percent(&signature))
}

/// `merchantSignature` of WayForPay.
pub fn wayforpay(values: &[&str], key: &str) -> String {
    let mut mac = Hmac::<Md5>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(values.join(";").as_bytes());
    let bytes = mac.finalize().into_bytes();
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The bank, with a key of its own.
pub struct Bank(EcdsaKeyPair);

impl Bank {
    pub fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random);
        Self(pair.unwrap())
    }

    /// `X-Sign` of a body.
    pub fn sign(&self, body: &str) -> String {
        STANDARD.encode(self.0.sign(&SystemRandom::new(), body.as_bytes()).unwrap())
    }

    /// What `GET /api/merchant/pubkey` answers.
    pub fn pubkey(&self) -> String {
        let mut der = vec![
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
            0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
        ];
        der.extend(self.0.public_key().as_ref());
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            STANDARD.encode(der)
        );
        format!(r#"{{"key":"{}"}}"#, STANDARD.encode(pem))
    }
}
