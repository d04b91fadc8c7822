//! JSON objects with their numbers as written and no key twice.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// No basket's object has so many fields.
const MOST_FIELDS: usize = 64;

/// The fields of one object, in their order.
pub(super) struct Object<'a>(pub Vec<(String, &'a RawValue)>);

impl<'a> Object<'a> {
    /// `None` for anything that is no object, and when a key occurs twice.
    pub fn read(json: &'a [u8]) -> Option<Self> {
        let mut reader = serde_json::Deserializer::from_slice(json);
        let fields = (&mut reader).deserialize_map(Fields).ok()?;
        reader.end().ok()?;
        Some(Self(fields))
    }

    /// A field that is there and not `null`.
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map(|(_, raw)| *raw).filter(|raw| raw.get() != "null")
    }
}

/// A string's value or a number's digits; `None` for anything else.
pub(super) fn scalar(raw: &RawValue) -> Option<String> {
    let text = raw.get();
    if text.starts_with('"') {
        return serde_json::from_str(text).ok();
    }
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
        .then(|| text.to_owned())
}

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
            if fields.len() >= MOST_FIELDS {
                return Err(serde::de::Error::custom("too many fields"));
            }
            fields.push((name, value));
        }
        Ok(fields)
    }
}
