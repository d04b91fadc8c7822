use std::borrow::Cow;

use crate::fields::{Fields, Value};
use crate::malformed::{Malformed, shorten};

/// Reads a form body. Values are signed after decoding, so decoding is strict: a lenient decoder
/// would turn broken bytes into other bytes and blame the signature.
pub fn read(text: &str) -> Result<Fields<'static>, Malformed> {
    if !text.contains('=') {
        return Err(Malformed::BrokenForm);
    }
    let fields: Result<Vec<_>, Malformed> = text
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((Cow::Owned(decode(name)?), Value::Text(Cow::Owned(decode(value)?))))
        })
        .collect();
    Fields::new(fields?).map_err(|name| Malformed::DuplicateField(shorten(&name)))
}

/// Undoes the percent-encoding of one name or value, strictly.
pub fn decode(text: &str) -> Result<String, Malformed> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = hex_digit(bytes.next())?;
                let low = hex_digit(bytes.next())?;
                high << 4 | low
            }
            other => other,
        });
    }
    String::from_utf8(decoded).map_err(|_| Malformed::NotUtf8)
}

fn hex_digit(byte: Option<u8>) -> Result<u8, Malformed> {
    match byte {
        Some(b @ b'0'..=b'9') => Ok(b - b'0'),
        Some(b @ b'a'..=b'f') => Ok(b - b'a' + 10),
        Some(b @ b'A'..=b'F') => Ok(b - b'A' + 10),
        Some(_) | None => Err(Malformed::BrokenForm),
    }
}
