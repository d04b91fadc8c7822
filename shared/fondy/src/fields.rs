//! The parameters of one message as received: names, and values not yet given a type.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::value::RawValue;

/// One received value. Numbers keep their raw literal: they are signed as written, and a payment
/// id does not fit a float.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// JSON `null`.
    Null,
    /// A decoded string, or a form value.
    Text(String),
    /// A JSON number, as written.
    Number(String),
    /// A boolean, array or object, as raw JSON.
    Nested(String),
}

impl Value {
    /// The text that takes part in a signature and in typed reading; `None` for a nested value.
    pub fn scalar(&self) -> Option<&str> {
        match self {
            Self::Null => Some(""),
            Self::Text(text) | Self::Number(text) => Some(text),
            Self::Nested(_) => None,
        }
    }

    /// The raw JSON of a nested value.
    pub fn nested(&self) -> Option<&str> {
        match self {
            Self::Nested(raw) => Some(raw),
            Self::Null | Self::Text(_) | Self::Number(_) => None,
        }
    }

    /// Reads one JSON value without interpreting numbers.
    pub fn from_json(raw: &RawValue) -> Result<Self, serde_json::Error> {
        let text = raw.get();
        Ok(match text.as_bytes().first() {
            Some(b'"') => Self::Text(serde_json::from_str(text)?),
            Some(b'-' | b'0'..=b'9') => Self::Number(text.to_owned()),
            Some(b'n') => Self::Null,
            Some(_) | None => Self::Nested(text.to_owned()),
        })
    }
}

/// Field names and values in byte order of the names. No `Debug`: it may hold a card token.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields(BTreeMap<String, Value>);

impl Fields {
    /// Adds a field; gives the name back when it is taken.
    pub fn insert(&mut self, name: String, value: Value) -> Result<(), String> {
        match self.0.entry(name) {
            Entry::Vacant(place) => {
                place.insert(value);
                Ok(())
            }
            Entry::Occupied(taken) => Err(taken.key().clone()),
        }
    }

    /// The value of a field, when it is there.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The text of a field that is there and not empty. `None` for a nested value too.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.scalar().filter(|text| !text.is_empty())
    }

    /// All names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The scalar fields, sorted by name.
    pub fn scalars(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.scalar()?)))
    }

    /// The name of the first nested field, when there is one.
    pub fn first_nested(&self) -> Option<&str> {
        self.0
            .iter()
            .find(|(_, value)| value.scalar().is_none())
            .map(|(name, _)| name.as_str())
    }
}
