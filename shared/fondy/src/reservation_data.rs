//! The basket: base64 of a JSON object with `products` (fondy.md §9). Read liberally, written
//! strictly. The same object may carry personal data for anti-fraud checks; that is not kept.

mod encode;
mod line;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::value::RawValue;

pub use encode::{EncodeError, encode, encode_beside};
pub use line::Product;

const LIBERAL_BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A basket as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReservationData {
    /// No basket: nothing sent, `{}`, or an object without products (anti-fraud data only).
    Absent,
    /// No basket either, but the shop meant to send one: its settings deserve a look.
    Warned(Warning),
    /// At least one line. Zero lines are dropped; negative ones (discounts) are here, see
    /// [`Product::is_discount`]. The lines need not add up to the payment.
    Products(Vec<Product>),
    /// Not understood. Nothing of it can be used; a person should know.
    Broken(Fault),
}

/// Why a basket is missing although something was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    /// `products` is an object: a shop plugin reports its own failure that way.
    #[error("`products` is an object, not a list")]
    ProductsIsAnObject,
    /// Every line is worth zero.
    #[error("every line is worth zero")]
    OnlyZeroLines,
}

/// Why a basket cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Neither base64 nor JSON.
    #[error("not base64")]
    NotBase64,
    /// The decoded bytes are not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// The decoded text is not a JSON object.
    #[error("not a JSON object")]
    NotJson,
    /// `products` is neither a list nor an object.
    #[error("`products` is not a list")]
    NotAList,
    /// A line is not an object.
    #[error("line {line} is not an object")]
    NotALine {
        /// Counted from 1.
        line: usize,
    },
    /// A line lacks a field, or holds a value that cannot be kept exactly: prices and totals have
    /// two decimals, quantities three.
    #[error("line {line}: field {field:?} is missing or cannot be kept exactly")]
    BadField {
        /// Counted from 1.
        line: usize,
        /// The wire name.
        field: &'static str,
    },
}

/// Reads a basket as sent: base64 with or without padding, in the standard or the URL-safe
/// alphabet, broken into lines or not; the bare JSON is understood too. Decimals may be numbers or
/// strings and are read exactly.
pub fn decode(text: &str) -> ReservationData {
    let text = text.trim();
    if text.is_empty() {
        return ReservationData::Absent;
    }
    if text.starts_with('{') || text == "null" {
        return read_json(text);
    }
    let compact: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    match LIBERAL_BASE64.decode(compact.trim_end_matches('=')) {
        Err(_) => ReservationData::Broken(Fault::NotBase64),
        Ok(bytes) => match std::str::from_utf8(&bytes) {
            Err(_) => ReservationData::Broken(Fault::NotUtf8),
            Ok(json) => read_json(json),
        },
    }
}

#[derive(Deserialize)]
struct Basket<'a> {
    #[serde(default, borrow)]
    products: Option<&'a RawValue>,
}

/// Reads the decoded JSON.
pub(crate) fn read_json(json: &str) -> ReservationData {
    let json = json.trim_start_matches('\u{feff}').trim();
    if json.is_empty() || json == "null" {
        return ReservationData::Absent;
    }
    // Serde would also read a struct from an array.
    if !json.starts_with('{') {
        return ReservationData::Broken(Fault::NotJson);
    }
    let Ok(basket) = serde_json::from_str::<Basket<'_>>(json) else {
        return ReservationData::Broken(Fault::NotJson);
    };
    let Some(products) = basket.products.map(RawValue::get) else {
        return ReservationData::Absent;
    };
    if products.starts_with('{') {
        return ReservationData::Warned(Warning::ProductsIsAnObject);
    }
    match serde_json::from_str::<Vec<&RawValue>>(products) {
        Err(_) => ReservationData::Broken(Fault::NotAList),
        Ok(lines) if lines.is_empty() => ReservationData::Absent,
        Ok(lines) => read_lines(&lines),
    }
}

fn read_lines(lines: &[&RawValue]) -> ReservationData {
    let mut products = Vec::with_capacity(lines.len());
    for (index, raw) in lines.iter().enumerate() {
        match line::read(index + 1, raw.get()) {
            Err(fault) => return ReservationData::Broken(fault),
            Ok(product) if product.total_kopecks == 0 => {}
            Ok(product) => products.push(product),
        }
    }
    if products.is_empty() {
        ReservationData::Warned(Warning::OnlyZeroLines)
    } else {
        ReservationData::Products(products)
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tolerances;
