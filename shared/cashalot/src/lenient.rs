//! Reading scalars as the provider may write them: a number where a string was promised, `null` for anything,
//! integers in quotes (sheet §1, §1.2). A value that cannot be understood is absent, except for money.

use std::str::FromStr;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::decimal::{DecimalError, Money, Percent};
use crate::image::{Image, decode_base64};

/// The text of a string, number or boolean; none for `null`, an object or an array.
fn scalar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let Some(raw) = Option::<Box<RawValue>>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let json = raw.get();
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(json).map(Some).map_err(D::Error::custom),
        None | Some(b'{' | b'[' | b'n') => Ok(None),
        Some(_) => Ok(Some(json.to_owned())),
    }
}

fn parsed<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(scalar(deserializer)?.and_then(|text| text.trim().parse().ok()))
}

/// A text that says something: empty is absent.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(scalar(deserializer)?.filter(|text| !text.trim().is_empty()))
}

/// A date-time kept as text. The year 0001 is how a .NET serializer says "none".
pub(crate) fn date_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(text(deserializer)?.filter(|text| !text.starts_with("0001-01-01")))
}

/// A whole number, quoted or not.
pub(crate) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    parsed(deserializer)
}

/// A whole number that cannot be negative, quoted or not.
pub(crate) fn natural<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    parsed(deserializer)
}

/// A boolean, also as 0/1 or in quotes.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(scalar(deserializer)?.and_then(|text| flag_of(&text)))
}

/// What a text says as a boolean: `true`, `false`, 1 or 0.
pub(crate) fn flag_of(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Money; here an unreadable value is an error, because a total that is silently missing looks like zero.
pub(crate) fn money<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Money>, D::Error> {
    decimal(deserializer, Money::parse)
}

/// A rate, as strict as [`money`].
pub(crate) fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Percent>, D::Error> {
    decimal(deserializer, Percent::parse)
}

fn decimal<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: fn(&str) -> Result<T, DecimalError>,
) -> Result<Option<T>, D::Error> {
    text(deserializer)?
        .map(|text| parse(&text).map_err(D::Error::custom))
        .transpose()
}

/// A value of an enum that can be read from any text.
pub(crate) fn named<'de, D: Deserializer<'de>, T: for<'a> From<&'a str>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(text(deserializer)?.map(|text| T::from(text.trim())))
}

/// Base64 content. Broken base64 is absent: a picture is never worth losing a registered document's answer.
pub(crate) fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
    Ok(text(deserializer)?.and_then(|text| decode_base64(&text)))
}

/// A base64 picture whose signature is known.
pub(crate) fn image<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Image>, D::Error> {
    Ok(bytes(deserializer)?.and_then(Image::from_bytes))
}

/// A base64 rendering in UTF-8, text or HTML.
pub(crate) fn rendering<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(bytes(deserializer)?.map(|bytes| {
        String::from_utf8_lossy(&bytes)
            .trim_start_matches('\u{feff}')
            .to_owned()
    }))
}

/// `null` for the default: lists and blocks the provider leaves empty.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}
