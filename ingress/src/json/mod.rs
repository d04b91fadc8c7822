//! Reading JSON bodies exactly: numbers keep their digits, and an error names the field it is about.
//!
//! Why not derive it: serde would read `12.30` through a float, cannot tell a caller "line 3, field
//! price", and quotes the caller's own values in its messages.

mod basket;
mod text;

use std::fmt;

use domain::money::{Kopecks, MoneyError};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::ApiError;

pub(crate) use text::order_id;

/// One JSON object and where it stands in the body (`basket[2]`; empty for the body itself).
pub(crate) struct Object<'a> {
    path: String,
    fields: Vec<(String, &'a RawValue)>,
}

/// Reads a body.
pub(crate) fn body(bytes: &[u8]) -> Result<Object<'_>, ApiError> {
    let fields = fields(bytes).ok_or(ApiError::BrokenJson)?;
    Ok(Object {
        path: String::new(),
        fields,
    })
}

impl<'a> Object<'a> {
    /// Refuses fields that are not in the list: a misspelled `basket` must not pass as "no basket".
    pub fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        let unknown = self.fields.iter().find(|(name, _)| !known.contains(&name.as_str()));
        match unknown {
            None => Ok(()),
            Some((name, _)) => Err(ApiError::field(
                "unknown_field",
                self.place(&shown(name)),
                format!("the fields here are {}", known.join(", ")),
            )),
        }
    }

    /// Where a field stands, for errors.
    pub fn place(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// A string, or a number's digits as written. `null` and an absent field are `None`; a control
    /// character or more than `max` characters are refused.
    pub fn text(&self, name: &str, max: usize) -> Result<Option<String>, ApiError> {
        let Some(raw) = self.get(name) else {
            return Ok(None);
        };
        let text = scalar(raw).ok_or_else(|| self.wrong(name, "it should be a text"))?;
        if text.chars().any(char::is_control) {
            return Err(ApiError::field(
                "control_character",
                self.place(name),
                "it has a control character",
            ));
        }
        if text.chars().count() > max {
            return Err(ApiError::field(
                "too_long",
                self.place(name),
                format!("it has more than {max} characters"),
            ));
        }
        Ok(Some(text))
    }

    /// As [`Object::text`], and an empty text is `None` as well.
    pub fn filled(&self, name: &str, max: usize) -> Result<Option<String>, ApiError> {
        Ok(self.text(name, max)?.filter(|text| !text.trim().is_empty()))
    }

    /// Hryvnias, as a string or a number.
    pub fn amount(&self, name: &str) -> Result<Option<Kopecks>, ApiError> {
        let Some(text) = self.text(name, 64)? else {
            return Ok(None);
        };
        if text.starts_with('-') {
            return Err(ApiError::field(
                "negative_amount",
                self.place(name),
                "an amount is not below zero",
            ));
        }
        Kopecks::parse_major(&text).map(Some).map_err(|error| {
            let code = match error {
                MoneyError::NotANumber | MoneyError::TooManyDecimals => "bad_amount",
                MoneyError::TooLarge => "amount_too_large",
            };
            ApiError::field(code, self.place(name), error.to_string())
        })
    }

    /// `true` or `false`.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.get(name).map(RawValue::get) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(self.wrong(name, "it should be true or false")),
        }
    }

    /// An object inside this one.
    pub fn object(&self, name: &str) -> Result<Option<Object<'a>>, ApiError> {
        self.get(name).map(|raw| self.inner(self.place(name), raw)).transpose()
    }

    /// A list of objects.
    pub fn list(&self, name: &str) -> Result<Option<Vec<Object<'a>>>, ApiError> {
        let Some(raw) = self.get(name) else {
            return Ok(None);
        };
        let items: Vec<&RawValue> =
            serde_json::from_str(raw.get()).map_err(|_| self.wrong(name, "it should be a list"))?;
        items
            .into_iter()
            .enumerate()
            .map(|(index, raw)| self.inner(format!("{}[{index}]", self.place(name)), raw))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// The value, which must be there.
    pub fn needed<T>(&self, name: &str, value: Option<T>) -> Result<T, ApiError> {
        value.ok_or_else(|| ApiError::field("missing_field", self.place(name), "it is missing"))
    }

    /// An error about a field, with the general code.
    pub fn wrong(&self, name: &str, detail: impl Into<String>) -> ApiError {
        ApiError::field("bad_field", self.place(name), detail)
    }

    fn inner(&self, path: String, raw: &'a RawValue) -> Result<Object<'a>, ApiError> {
        match fields(raw.get().as_bytes()) {
            Some(fields) => Ok(Object { path, fields }),
            None => Err(ApiError::field(
                "bad_field",
                path,
                "it should be an object that names no field twice",
            )),
        }
    }

    fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, raw)| *raw)
            .filter(|raw| raw.get() != "null")
    }
}

/// A stranger's field name in an answer: only what looks like a name.
fn shown(name: &str) -> String {
    let harmless = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    if (1..=32).contains(&name.len()) && name.bytes().all(harmless) {
        name.to_owned()
    } else {
        "?".to_owned()
    }
}

/// A string's value or a number's digits.
fn scalar(raw: &RawValue) -> Option<String> {
    let text = raw.get();
    if text.starts_with('"') {
        return serde_json::from_str(text).ok();
    }
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
        .then(|| text.to_owned())
}

/// The fields of an object; `None` for anything else and when a name occurs twice.
fn fields(bytes: &[u8]) -> Option<Vec<(String, &RawValue)>> {
    struct Fields;
    impl<'de> Visitor<'de> for Fields {
        type Value = Vec<(String, &'de RawValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
            let mut fields: Self::Value = Vec::new();
            while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                if fields.iter().any(|(known, _)| *known == name) {
                    return Err(serde::de::Error::custom("a field occurs twice"));
                }
                // No body has so many fields; more would make the search above slow.
                if fields.len() >= 64 {
                    return Err(serde::de::Error::custom("too many fields"));
                }
                fields.push((name, value));
            }
            Ok(fields)
        }
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let fields = (&mut reader).deserialize_map(Fields).ok()?;
    reader.end().ok()?;
    Some(fields)
}

#[cfg(test)]
mod tests;
