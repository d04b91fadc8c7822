//! The decoders, one entry each: what they read when all is well, how a spoiled input is made believable, and
//! what must hold of what they make of it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use fondy::{Credentials, ReservationData, reservation_data};
use secrecy::SecretString;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::{corpus, lists, notices, systems};

/// One decoder.
pub struct Decoder {
    pub name: &'static str,
    pub corpus: fn() -> Vec<Vec<u8>>,
    /// The input in the ways it could arrive: as it is, or signed, for without that a decoder reads nothing.
    pub dress: fn(&[u8]) -> Vec<Vec<u8>>,
    /// Reads it. An error says which promise was broken; that the input is refused is none.
    pub read: fn(&[u8]) -> Result<(), String>,
}

/// Every decoder of what others send.
pub fn all() -> Vec<Decoder> {
    [fondys(), lists::all(), systems::all(), notices::all()]
        .into_iter()
        .flatten()
        .collect()
}

fn fondys() -> Vec<Decoder> {
    vec![
        Decoder {
            name: "fondy callback as it came",
            corpus: || [corpus::callbacks(), corpus::envelopes()].concat(),
            dress: as_it_is,
            read: |body| {
                for kind in [
                    None,
                    Some("application/json"),
                    Some(FORM),
                    Some("text/plain; charset=x"),
                ] {
                    callback(kind, body)?;
                }
                Ok(())
            },
        },
        Decoder {
            name: "fondy callback 1.0, signed, JSON",
            corpus: corpus::callbacks,
            dress: |body| signed_json(body).into_iter().collect(),
            read: |body| callback(Some("application/json"), body),
        },
        Decoder {
            name: "fondy callback 1.0, signed, form",
            corpus: corpus::callbacks,
            dress: |body| signed_form(body).into_iter().collect(),
            read: |body| callback(Some(FORM), body),
        },
        Decoder {
            name: "fondy callback 2.0, signed",
            corpus: corpus::orders,
            dress: |order| vec![signed_v2(&STANDARD.encode(order))],
            read: |body| callback(Some("application/json"), body),
        },
        Decoder {
            name: "fondy reservation_data",
            corpus: corpus::baskets,
            dress: |json| {
                let mut ways = vec![
                    STANDARD.encode(json).into_bytes(),
                    URL_SAFE_NO_PAD.encode(json).into_bytes(),
                ];
                ways.extend(std::str::from_utf8(json).ok().map(|text| text.as_bytes().to_vec()));
                ways
            },
            read: basket,
        },
        Decoder {
            name: "basket for reservation_data",
            corpus: corpus::baskets,
            dress: as_it_is,
            read: prepared,
        },
    ]
}

const FORM: &str = "application/x-www-form-urlencoded";

fn as_it_is(input: &[u8]) -> Vec<Vec<u8>> {
    vec![input.to_vec()]
}

fn key() -> SecretString {
    SecretString::from("test")
}

/// Everything that is done with a callback before it is committed.
fn callback(kind: Option<&str>, body: &[u8]) -> Result<(), String> {
    let credentials = Credentials {
        merchant_id: 1_396_424,
        key: key(),
    };
    if let Ok(snapshot) = fondy::open_callback(kind, body, &credentials) {
        let _ = payments::fondy::event(&snapshot);
        if payments::fondy::key(&snapshot).contains('\0') {
            return Err("a key that PostgreSQL does not take".to_owned());
        }
        let _ = payments::fondy::fingerprint(&snapshot);
    }
    Ok(())
}

fn signed_json(body: &[u8]) -> Option<Vec<u8>> {
    let Value::Object(mut fields) = serde_json::from_slice(body).ok()? else {
        return None;
    };
    let signature = signature(&fields);
    fields.insert("signature".to_owned(), signature.into());
    Some(Value::Object(fields).to_string().into_bytes())
}

fn signed_form(body: &[u8]) -> Option<Vec<u8>> {
    let Value::Object(mut fields) = serde_json::from_slice(body).ok()? else {
        return None;
    };
    let signature = signature(&fields);
    fields.insert("signature".to_owned(), signature.into());
    let pairs = fields.iter().filter_map(|(name, value)| Some((name, text(value)?)));
    let mut form = form_urlencoded::Serializer::new(String::new());
    Some(form.extend_pairs(pairs).finish().into_bytes())
}

fn signature(fields: &Map<String, Value>) -> String {
    let texts: Vec<(&str, String)> = fields
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), text(value)?)))
        .collect();
    fondy::sign_v1(&key(), texts.iter().map(|(name, text)| (*name, text.as_str())))
}

/// A value as it is signed.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn signed_v2(data: &str) -> Vec<u8> {
    let signature = fondy::sign_v2(&key(), data);
    format!(r#"{{"version":"2.0","data":"{data}","signature":"{signature}"}}"#).into_bytes()
}

/// What was read can be written, and reads back the same.
fn basket(text: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(text) else {
        return Ok(());
    };
    let ReservationData::Products(products) = reservation_data::decode(text) else {
        return Ok(());
    };
    match reservation_data::encode(&products) {
        // Longer than the gateway takes; it was read all the same.
        Err(_) => Ok(()),
        Ok(again) if reservation_data::decode(&again) == ReservationData::Products(products) => Ok(()),
        Ok(again) => Err(format!("it does not read back the same: {again}")),
    }
}

/// What is handed out as fit is fit: the gateway's alphabet and length, the lines and their sum.
fn prepared(json: &[u8]) -> Result<(), String> {
    let Ok(prepared) = payments::reservation_data::prepare(json, None) else {
        return Ok(());
    };
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    if prepared.encoded.len() > 10_000 || !prepared.encoded.bytes().all(alphabet) {
        return Err("it is not what the gateway takes".to_owned());
    }
    let ReservationData::Products(products) = reservation_data::decode(&prepared.encoded) else {
        return Err("it cannot be read back".to_owned());
    };
    let sum: u64 = products
        .iter()
        .map(|product| product.total_kopecks.unsigned_abs())
        .sum();
    if (products.len(), sum) == (prepared.lines, prepared.total.minor()) {
        Ok(())
    } else {
        Err("lines or sum are others when read back".to_owned())
    }
}
