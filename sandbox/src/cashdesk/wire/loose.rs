//! Loosely typed values, as the protocol has them: numbers as strings, booleans as 1 and 0.

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;
use serde_json::{Number, Value};

use crate::decimal::money;

/// The greatest whole number that a JSON number of a careless reader still holds.
pub(in crate::cashdesk) const GREATEST: u64 = (1 << 53) - 1;

/// A value's text without the quotes it may have.
pub(super) fn bare(raw: &RawValue) -> &str {
    raw.get().trim_matches('"').trim()
}

/// A whole number up to 2^53 − 1, as a number or as a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cashdesk) struct Whole(pub u64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let read = bare(&raw).parse().ok().filter(|whole| *whole <= GREATEST);
        read.map(Self)
            .ok_or_else(|| de::Error::custom("a whole number was expected"))
    }
}

/// `true`, `1`, `"1"`, `"true"` and their opposites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::cashdesk) struct Flag(pub bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        match bare(&raw) {
            "true" | "1" => Ok(Self(true)),
            "false" | "0" | "" => Ok(Self(false)),
            _ => Err(de::Error::custom("true or false was expected")),
        }
    }
}

/// A string, or a number read as one.
#[derive(Clone, Debug)]
pub(super) struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                Err(de::Error::custom("a text was expected"))
            }
        }
    }
}

/// An optional text; an empty one is none.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<Text>::deserialize(deserializer)?;
    Ok(text.map(|Text(text)| text).filter(|text| !text.is_empty()))
}

/// Kopecks as a JSON number of hryvnias.
pub(in crate::cashdesk) fn hryvnia(kopecks: i64) -> Value {
    number(&money(kopecks))
}

/// A decimal's text as a JSON number. The nearest float prints the same digits back, so nothing is lost below 10^13.
pub(in crate::cashdesk) fn number(text: &str) -> Value {
    let float = text.parse().ok().and_then(Number::from_f64);
    float.map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_whole_numbers_are_read_from_numbers_and_strings() {
        let flags = [
            ("true", true),
            ("1", true),
            ("\"1\"", true),
            ("0", false),
            ("\"false\"", false),
        ];
        for (text, flag) in flags {
            assert_eq!(serde_json::from_str::<Flag>(text).ok(), Some(Flag(flag)), "{text}");
        }
        let wholes = [
            ("90017", Some(90_017)),
            ("\"90017\"", Some(90_017)),
            ("9007199254740991", Some(GREATEST)),
            ("9007199254740992", None),
            ("1.5", None),
            ("-1", None),
            ("\"x\"", None),
        ];
        for (text, whole) in wholes {
            assert_eq!(serde_json::from_str::<Whole>(text).ok(), whole.map(Whole), "{text}");
        }
    }

    #[test]
    fn money_is_printed_as_the_number_it_is() {
        for (kopecks, text) in [
            (12_410, "124.1"),
            (12_411, "124.11"),
            (-1, "-0.01"),
            (20_000, "200.0"),
            (0, "0.0"),
        ] {
            assert_eq!(hryvnia(kopecks).to_string(), text);
        }
        assert_eq!(hryvnia(99_999_999_999_999).to_string(), "999999999999.99");
    }
}
