//! Reading values as CashDesk may write them: a number for a string and the other way round, `null` or an empty list for
//! anything (sheet §3). A value that cannot be understood is absent, never a default.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::decimal::{Amount, Money, Rate};

/// A value not yet read; it borrows, for a PDF may be in it.
pub(crate) type Raw<'a> = Option<&'a RawValue>;

/// The text of a string, number or boolean. PostgreSQL stores no NUL.
pub(crate) fn scalar(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    let json = raw?.get();
    let text = match json.as_bytes().first()? {
        b'"' => serde_json::from_str(json).ok().map(Cow::Owned)?,
        b'{' | b'[' | b'n' => return None,
        _ => Cow::Borrowed(json),
    };
    (!text.trim().is_empty() && !text.contains('\0')).then_some(text)
}

/// A text that says something.
pub(crate) fn text_of(raw: Raw<'_>) -> Option<String> {
    scalar(raw).map(Cow::into_owned)
}

/// A whole number that is not negative.
pub(crate) fn natural_of(raw: Raw<'_>) -> Option<u64> {
    scalar(raw).and_then(|text| wire::decimal::amount(text.trim(), 0))
}

/// A boolean, also as 0 and 1.
pub(crate) fn flag_of(raw: Raw<'_>) -> Option<bool> {
    scalar(raw).and_then(|text| flag_text(&text))
}

/// What a text says as a boolean.
pub(crate) fn flag_text(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Money, also with a comma.
pub(crate) fn money_of(raw: Raw<'_>) -> Option<Money> {
    scalar(raw).and_then(|text| Money::parse(&dotted(&text)))
}

fn dotted(text: &str) -> String {
    text.trim().replacen(',', ".", 1)
}

fn raw<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Raw<'de>, D::Error> {
    Deserialize::deserialize(deserializer)
}

pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    raw(deserializer).map(text_of)
}

pub(crate) fn natural<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    raw(deserializer).map(natural_of)
}

pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    raw(deserializer).map(flag_of)
}

pub(crate) fn money<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Money>, D::Error> {
    raw(deserializer).map(money_of)
}

pub(crate) fn amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Amount>, D::Error> {
    let text = raw(deserializer).map(scalar)?;
    Ok(text.and_then(|text| Amount::parse(&dotted(&text))))
}

pub(crate) fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Rate>, D::Error> {
    let text = raw(deserializer).map(scalar)?;
    Ok(text.and_then(|text| Rate::parse(&dotted(&text))))
}

/// A block; PHP writes an empty one as `[]`.
pub(crate) fn block<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    block_of(raw(deserializer)?).map_err(D::Error::custom)
}

/// The same, of a value that is at hand.
pub(crate) fn block_of<'a, T: Deserialize<'a> + Default>(raw: Raw<'a>) -> serde_json::Result<T> {
    match raw.map(RawValue::get) {
        Some(json) if json.starts_with('{') => serde_json::from_str(json),
        Some(_) | None => Ok(T::default()),
    }
}

/// A list, or none if there is no list. An item that is no object is an error: a list with a hole proves nothing.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    let Some(json) = raw(deserializer)?
        .map(RawValue::get)
        .filter(|json| json.starts_with('['))
    else {
        return Ok(None);
    };
    let items: Vec<&RawValue> = serde_json::from_str(json).map_err(D::Error::custom)?;
    let objects = items.into_iter().map(|item| match item.get() {
        object if object.starts_with('{') => serde_json::from_str(object).map_err(D::Error::custom),
        _ => Err(D::Error::custom("not an object")),
    });
    objects.collect::<Result<_, _>>().map(Some)
}

/// A list where none and an empty one mean the same.
pub(crate) fn items<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    list(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Loose {
        #[serde(deserialize_with = "text")]
        text: Option<String>,
        #[serde(deserialize_with = "natural")]
        natural: Option<u64>,
        #[serde(deserialize_with = "flag")]
        flag: Option<bool>,
        #[serde(deserialize_with = "money")]
        money: Option<Money>,
        #[serde(deserialize_with = "amount")]
        amount: Option<Amount>,
        #[serde(deserialize_with = "block")]
        block: Vec<()>,
        #[serde(deserialize_with = "list")]
        list: Option<Vec<Loose>>,
    }

    #[test]
    fn a_number_and_its_text_are_the_same() {
        for json in [
            r#"{"text":"7","natural":90017,"flag":true,"money":124.1,"amount":1.053,"list":[]}"#,
            r#"{"text":7,"natural":"90017","flag":1,"money":"124,10","amount":"1,053","list":[]}"#,
            r#"{"text":7,"natural":90017.0,"flag":"1","money":"124.100","amount":1.0530,"list":[],"more":{}}"#,
            r#"{"text":"7","natural":" 90017 ","flag":"True","money":"124.10","amount":"1.053","list":[]}"#,
        ] {
            let loose: Loose = serde_json::from_str(json).unwrap();
            let expected = Loose {
                text: Some("7".to_owned()),
                natural: Some(90_017),
                flag: Some(true),
                money: Some(Money::from_kopecks(12_410)),
                amount: Some(Amount::from_thousandths(1053)),
                block: vec![],
                list: Some(vec![]),
            };
            assert_eq!(loose, expected, "{json}");
        }
    }

    #[test]
    fn what_is_not_understood_is_absent() {
        for json in [
            "{}",
            r#"{"text":null,"natural":null,"flag":null,"money":null,"amount":null,"block":null,"list":null}"#,
            r#"{"text":"","natural":"","flag":"","money":"","amount":"","block":[],"list":{"0":{}}}"#,
            r#"{"text":" ","natural":-1,"flag":2,"money":0.001,"amount":-1,"block":[],"list":""}"#,
            r#"{"text":{},"natural":[],"flag":{},"money":"abc","amount":1.2345,"block":0,"list":false}"#,
            r#"{"text":"a\u0000","natural":1.5,"flag":"yes","money":"1,2,3","amount":"1 000"}"#,
        ] {
            assert_eq!(serde_json::from_str::<Loose>(json).unwrap(), Loose::default(), "{json}");
        }
        for holes in [r#"{"list":[{},7]}"#, r#"{"list":[[]]}"#, r#"{"list":[null]}"#] {
            assert!(serde_json::from_str::<Loose>(holes).is_err(), "{holes}");
        }
    }
}
