use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::CallbackError;
use crate::callback::shorten;
use crate::fields::{Fields, Value};

/// Reads a JSON object one level deep. A repeated key is refused: which of the two was signed
/// would be a guess.
pub(crate) fn read_object(text: &str) -> Result<Fields, CallbackError> {
    let pairs: Pairs<'_> = serde_json::from_str(text).map_err(|error| match error.classify() {
        Category::Data => CallbackError::NotAnObject,
        Category::Io | Category::Syntax | Category::Eof => CallbackError::BrokenJson,
    })?;
    let mut fields = Fields::default();
    for (name, raw) in pairs.0 {
        let value = Value::from_json(raw).map_err(|_| CallbackError::BrokenJson)?;
        fields
            .insert(name, value)
            .map_err(|name| CallbackError::DuplicateField(shorten(&name)))?;
    }
    Ok(fields)
}

/// All pairs of an object in order, repeated keys included.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor;

        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(PairsVisitor)
    }
}
