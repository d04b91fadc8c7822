use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::fields::{Fields, Value};
use crate::malformed::{Malformed, shorten};

/// Reads a JSON object one level deep. A repeated key is refused: which of the two was signed
/// would be a guess.
pub fn read_object(text: &str) -> Result<Fields<'_>, Malformed> {
    let fields = read_pairs(text)?;
    Fields::new(fields).map_err(|name| Malformed::DuplicateField(shorten(&name)))
}

/// The same for an object whose keys are data and not names, in the order they came: a key may come twice.
pub fn read_pairs(text: &str) -> Result<Vec<(Cow<'_, str>, Value<'_>)>, Malformed> {
    let pairs: Pairs<'_> = serde_json::from_str(text).map_err(|error| match error.classify() {
        Category::Data => Malformed::NotAnObject,
        Category::Io | Category::Syntax | Category::Eof => Malformed::BrokenJson,
    })?;
    let fields: Result<Vec<_>, _> = pairs
        .0
        .into_iter()
        .map(|(name, raw)| Ok((name.0, Value::from_json(raw)?)))
        .collect();
    fields.map_err(|_: serde_json::Error| Malformed::BrokenJson)
}

/// The elements of a JSON list, unread.
pub fn read_items(text: &str) -> Result<Vec<&RawValue>, Malformed> {
    serde_json::from_str(text).map_err(|_| Malformed::BrokenJson)
}

/// Reads a JSON list of objects, each like [`read_object`].
pub fn read_list(text: &str) -> Result<Vec<Fields<'_>>, Malformed> {
    read_items(text)?
        .into_iter()
        .map(|item| read_object(item.get()))
        .collect()
}

/// All pairs of an object in order, repeated keys included.
struct Pairs<'a>(Vec<(Name<'a>, &'a RawValue)>);

/// More than a message has.
const PAIRS: usize = 48;

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor;

        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::with_capacity(PAIRS);
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(PairsVisitor)
    }
}

/// A key; serde's own `Cow` always copies.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}
