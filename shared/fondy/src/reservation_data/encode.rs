use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::Product;

/// The gateway's stated limit for the base64 text.
const MAX_CHARS: usize = 10_000;

/// Why a basket cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// The gateway takes at most 10 000 characters. Shorter names or fewer lines help.
    #[error("the basket takes {chars} characters, more than the gateway's 10000")]
    TooLong {
        /// The length it would have.
        chars: usize,
    },
}

/// Writes a basket the way the gateway documents it: compact UTF-8 JSON in padded base64 without
/// line breaks. Pure; what it writes, [`super::decode`] reads back (zero lines excepted).
pub fn encode(products: &[Product]) -> Result<String, EncodeError> {
    encode_beside(products, &[])
}

/// The same, with other keys after `products`: the gateway takes anti-fraud data there. Their values are
/// JSON as it stands.
pub fn encode_beside(products: &[Product], others: &[(&str, &str)]) -> Result<String, EncodeError> {
    let mut json = String::from(r#"{"products":["#);
    for (index, product) in products.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        write_line(&mut json, product);
    }
    json.push(']');
    for (name, value) in others {
        // Writing to a String cannot fail.
        let _ = write!(json, ",{}:{value}", Value::from(*name));
    }
    json.push('}');

    let text = STANDARD.encode(json);
    if text.len() > MAX_CHARS {
        return Err(EncodeError::TooLong { chars: text.len() });
    }
    Ok(text)
}

fn write_line(json: &mut String, product: &Product) {
    let sign = if product.is_discount() { "-" } else { "" };
    let total = product.total_kopecks.unsigned_abs();
    // Writing to a String cannot fail.
    let _ = write!(
        json,
        r#"{{"id":{},"name":{},"price":{sign}{},"total_amount":{sign}{},"quantity":{}}}"#,
        id(&product.id),
        Value::from(product.name.as_str()),
        hryvnias(product.price_kopecks),
        hryvnias(total),
        quantity(product.quantity_thousandths),
    );
}

/// Documented as integer(12); other ids travel as strings, as shop plugins send them.
fn id(id: &str) -> String {
    let number = id.len() <= 12
        && id.bytes().all(|b| b.is_ascii_digit())
        && (id == "0" || !id.starts_with('0'))
        && !id.is_empty();
    if number {
        id.to_owned()
    } else {
        Value::from(id).to_string()
    }
}

fn hryvnias(kopecks: u64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

fn quantity(thousandths: u64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
