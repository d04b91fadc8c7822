//! The decoders of LiqPay, WayForPay and monobank.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use monobank::PublicKey;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use secrecy::SecretString;
use serde_json::Value;
use url::form_urlencoded;

use crate::decoders::Decoder;

const LIQPAY: &str = r#"{"public_key":"i1","order_id":"shop-1001","payment_id":1656290,"action":"hold","status":"reversed","amount":267.5,"currency":"UAH","amount_debit":267.5,"currency_debit":"UAH","refund_amount":"100.25","refund_date_last":1740000000000,"completion_date":1740000000000,"sender_card_mask2":"424242*42","sender_card_type":"visa","authcode_debit":"388201","rrn_debit":"001234567890","err_code":null,"rro_info":{"items":[{"amount":2,"price":133.75,"cost":267.5,"name":"Троянда","id":7}],"delivery_emails":["a@shop.example"]}}"#;
const WAYFORPAY: &str = r#"{"merchantAccount":"flowers","orderReference":"shop-1001","amount":267.50,"currency":"UAH","authCode":"541963","email":"buyer@shop.example","cardPan":"42****4242","cardType":"Visa","transactionStatus":"Approved","reason":"Ok","reasonCode":1100,"processingDate":1740000005,"products":[{"name":"Троянда","price":133.75,"count":2}]}"#;
const MONOBANK: &str = r#"{"invoiceId":"p2_9ZgpZVsl3","status":"success","amount":4200,"ccy":980,"finalAmount":4100,"modifiedDate":"2025-03-05T12:04:10Z","reference":"shop-1001","cancelList":[{"status":"success","amount":100,"ccy":980},{"status":"processing","amount":5,"ccy":980}],"paymentInfo":{"maskedPan":"444403******1902","approvalCode":"662476","rrn":"060189181768","paymentSystem":"visa"}}"#;

/// The bank of all inputs.
static BANK: LazyLock<EcdsaKeyPair> = LazyLock::new(|| {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap()
});

static BANK_KEY: LazyLock<PublicKey> = LazyLock::new(|| PublicKey::parse(&pubkey()).unwrap());

pub fn all() -> Vec<Decoder> {
    vec![
        Decoder {
            name: "liqpay callback as it came",
            corpus: || signed_liqpay(LIQPAY.as_bytes()),
            dress: |input| vec![input.to_vec()],
            read: liqpay,
        },
        Decoder {
            name: "liqpay callback, signed",
            corpus: || vec![LIQPAY.into()],
            dress: signed_liqpay,
            read: liqpay,
        },
        Decoder {
            name: "wayforpay callback as it came",
            corpus: || signed_wayforpay(WAYFORPAY.as_bytes()),
            dress: |input| vec![input.to_vec()],
            read: wayforpay,
        },
        Decoder {
            name: "wayforpay callback, signed",
            corpus: || vec![WAYFORPAY.into()],
            dress: signed_wayforpay,
            read: wayforpay,
        },
        Decoder {
            name: "monobank webhook, signed",
            corpus: || vec![MONOBANK.into()],
            dress: |input| vec![input.to_vec()],
            read: monobank,
        },
        Decoder {
            name: "monobank public key",
            corpus: || vec![pubkey().into_bytes()],
            dress: |input| vec![input.to_vec(), STANDARD.encode(input).into_bytes()],
            read: |text| {
                let _ = std::str::from_utf8(text).map(PublicKey::parse);
                Ok(())
            },
        },
    ]
}

fn key() -> SecretString {
    SecretString::from("test")
}

/// Everything that is done with a callback before it is committed.
fn liqpay(body: &[u8]) -> Result<(), String> {
    let credentials = liqpay::Credentials {
        public_key: "i1".to_owned(),
        private_key: key(),
    };
    let Ok(snapshot) = liqpay::open_callback(body, &credentials) else {
        return Ok(());
    };
    let _ = payments::liqpay::event(&snapshot);
    let _ = payments::liqpay::fingerprint(&snapshot);
    storable(&payments::liqpay::key(&snapshot))
}

fn wayforpay(body: &[u8]) -> Result<(), String> {
    let credentials = wayforpay::Credentials {
        account: "flowers".to_owned(),
        key: key(),
    };
    let Ok(snapshot) = wayforpay::open_callback(body, &credentials) else {
        return Ok(());
    };
    if snapshot.refund_amount.is_some() || snapshot.goods != wire::Goods::Absent {
        return Err("it believes what no signature covers".to_owned());
    }
    let _ = payments::wayforpay::event(&snapshot);
    let _ = payments::wayforpay::fingerprint(&snapshot);
    let _ = wayforpay::accept(&snapshot.order_reference, 0, &credentials);
    storable(&payments::wayforpay::key(&snapshot))
}

fn monobank(body: &[u8]) -> Result<(), String> {
    let x_sign = STANDARD.encode(BANK.sign(&SystemRandom::new(), body).unwrap());
    let Ok(snapshot) = monobank::open_webhook(body, Some(&x_sign), &BANK_KEY) else {
        return Ok(());
    };
    let _ = payments::monobank::fingerprint(&snapshot);
    if let Ok(event) = payments::monobank::event(&snapshot)
        && matches!(event.fact, domain::event::Fact::Money { .. })
    {
        return Err("a webhook moved money by itself".to_owned());
    }
    storable(&payments::monobank::key(&snapshot))
}

fn storable(key: &str) -> Result<(), String> {
    if key.contains('\0') {
        return Err("a key that PostgreSQL does not take".to_owned());
    }
    Ok(())
}

fn signed_liqpay(json: &[u8]) -> Vec<Vec<u8>> {
    let data = STANDARD.encode(json);
    let signed = |signature: String| {
        let mut form = form_urlencoded::Serializer::new(String::new());
        let form = form.append_pair("data", &data).append_pair("signature", &signature);
        form.finish().into_bytes()
    };
    vec![
        signed(liqpay::sign(&key(), &data)),
        signed(liqpay::sign_sha3(&key(), &data)),
    ]
}

fn signed_wayforpay(json: &[u8]) -> Vec<Vec<u8>> {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(json) else {
        return Vec::new();
    };
    let text = |name: &str| match fields.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => String::new(),
    };
    let names = [
        "merchantAccount",
        "orderReference",
        "amount",
        "currency",
        "authCode",
        "cardPan",
        "transactionStatus",
        "reasonCode",
    ];
    let values = names.map(text);
    let signature = wayforpay::sign(&key(), &values.each_ref().map(String::as_str));
    fields.insert("merchantSignature".to_owned(), signature.into());
    let signed = Value::Object(fields).to_string();
    let as_name: String = form_urlencoded::byte_serialize(signed.as_bytes()).collect();
    vec![signed.into_bytes(), format!("{as_name}=").into_bytes()]
}

/// As the bank's API gives it.
fn pubkey() -> String {
    let mut der = vec![
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];
    der.extend(BANK.public_key().as_ref());
    let body = STANDARD.encode(der);
    STANDARD.encode(format!(
        "-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"
    ))
}
