//! The parameters of one message as received: names, and values not yet given a type. They borrow
//! from the message wherever they stand in it as they are, which is nearly always.

use std::borrow::Cow;

use serde_json::value::RawValue;

/// One received value. Numbers keep their raw literal: they are signed as written, and a payment
/// id does not fit a float.
#[derive(Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// JSON `null`.
    Null,
    /// A decoded string, or a form value.
    Text(Cow<'a, str>),
    /// A JSON number, as written.
    Number(&'a str),
    /// A boolean, array or object, as raw JSON.
    Nested(&'a str),
}

impl<'a> Value<'a> {
    /// The text that takes part in a signature and in typed reading; `None` for a nested value.
    pub fn scalar(&self) -> Option<&str> {
        match self {
            Self::Null => Some(""),
            Self::Text(text) => Some(text),
            Self::Number(text) => Some(text),
            Self::Nested(_) => None,
        }
    }

    /// The raw JSON of a nested value.
    pub fn nested(&self) -> Option<&'a str> {
        match self {
            Self::Nested(raw) => Some(raw),
            Self::Null | Self::Text(_) | Self::Number(_) => None,
        }
    }

    /// Reads one JSON value without interpreting numbers.
    pub fn from_json(raw: &'a RawValue) -> Result<Self, serde_json::Error> {
        let text = raw.get();
        Ok(match text.as_bytes().first() {
            Some(b'"') => Self::Text(string(text)?),
            Some(b'-' | b'0'..=b'9') => Self::Number(text),
            Some(b'n') => Self::Null,
            Some(_) | None => Self::Nested(text),
        })
    }
}

/// A JSON string that is known to be whole: without an escape it stands between its quotes.
fn string(text: &str) -> Result<Cow<'_, str>, serde_json::Error> {
    let inside = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match inside.filter(|inside| !inside.contains(['\\', '"'])) {
        Some(plain) => Ok(Cow::Borrowed(plain)),
        None => serde_json::from_str(text).map(Cow::Owned),
    }
}

/// Field names and values in byte order of the names. No `Debug`: it may hold a card token.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Fields<'a> {
    /// Takes fields in any order; the error is a name that occurs twice.
    pub fn new(mut fields: Vec<(Cow<'a, str>, Value<'a>)>) -> Result<Self, String> {
        fields.sort_by(|(one, _), (other, _)| one.cmp(other));
        for pair in fields.windows(2) {
            if let [(one, _), (other, _)] = pair
                && one == other
            {
                return Err(one.clone().into_owned());
            }
        }
        Ok(Self(fields))
    }

    /// The value of a field, when it is there.
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        let place = self.0.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// The text of a field that is there and not empty. `None` for a nested value too.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.scalar().filter(|text| !text.is_empty())
    }

    /// All names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &**name)
    }

    /// The scalar fields, sorted by name.
    pub fn scalars(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter_map(|(name, value)| Some((&**name, value.scalar()?)))
    }

    /// The name of the first nested field, when there is one.
    pub fn first_nested(&self) -> Option<&str> {
        self.0
            .iter()
            .find(|(_, value)| value.scalar().is_none())
            .map(|(name, _)| &**name)
    }
}
