//! A place in the body that knows its path.

use std::fmt;
use std::ops::RangeInclusive;

use serde_json::Value;

use super::decimal;

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct Invalid {
    path: String,
    why: String,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.why)
    }
}

/// A value with its path, such as `#/receipt/items/0`.
pub(super) struct Node<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self {
            value,
            path: "#".to_owned(),
        }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    pub(super) fn invalid(&self, why: &str) -> Invalid {
        Invalid {
            path: self.path.clone(),
            why: why.to_owned(),
        }
    }

    /// A field, if it is there; null is there and has the wrong type.
    pub(super) fn get(&self, name: &str) -> Option<Self> {
        Some(Self {
            value: self.value.get(name)?,
            path: format!("{}/{name}", self.path),
        })
    }

    pub(super) fn need(&self, name: &str) -> Result<Self, Invalid> {
        self.get(name).ok_or_else(|| Invalid {
            path: format!("{}/{name}", self.path),
            why: "is missing".to_owned(),
        })
    }

    pub(super) fn need_object(&self, name: &str) -> Result<Self, Invalid> {
        self.need(name)?.object()
    }

    pub(super) fn optional_object(&self, name: &str) -> Result<Option<Self>, Invalid> {
        self.get(name).map(Self::object).transpose()
    }

    pub(super) fn object(self) -> Result<Self, Invalid> {
        if self.value.is_object() {
            Ok(self)
        } else {
            Err(self.invalid("must be an object"))
        }
    }

    fn string(&self) -> Result<&'a str, Invalid> {
        self.value.as_str().ok_or_else(|| self.invalid("must be a string"))
    }

    /// A string of so many characters.
    pub(super) fn text(&self, length: RangeInclusive<usize>) -> Result<&'a str, Invalid> {
        let text = self.string()?;
        if length.contains(&text.chars().count()) {
            return Ok(text);
        }
        Err(self.invalid(&format!("must have {} to {} characters", length.start(), length.end())))
    }

    pub(super) fn optional_text(&self, name: &str, length: RangeInclusive<usize>) -> Result<Option<&'a str>, Invalid> {
        self.get(name).map(|node| node.text(length)).transpose()
    }

    /// A string from a list.
    pub(super) fn one_of(&self, list: &[&str]) -> Result<&'a str, Invalid> {
        let text = self.string()?;
        if list.contains(&text) {
            return Ok(text);
        }
        Err(self.invalid("is none of the values that are allowed"))
    }

    /// A string of digits, of one of these lengths.
    pub(super) fn digits(&self, lengths: &[usize]) -> Result<&'a str, Invalid> {
        let text = self.string()?;
        if lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(text);
        }
        Err(self.invalid(&format!("must have {lengths:?} digits")))
    }

    pub(super) fn optional_digits(&self, name: &str, lengths: &[usize]) -> Result<(), Invalid> {
        self.get(name).map_or(Ok(()), |node| node.digits(lengths).map(|_| ()))
    }

    /// A date of this shape, in which 0 stands for a digit.
    pub(super) fn date(&self, shape: &str) -> Result<(), Invalid> {
        let text = self.string()?;
        let fits = |(byte, shape): (u8, u8)| byte == shape || shape == b'0' && byte.is_ascii_digit();
        if text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits) {
            return Ok(());
        }
        Err(self.invalid("must be dd.mm.yyyy, with HH:MM:SS where a time is due"))
    }

    pub(super) fn boolean(&self) -> Result<(), Invalid> {
        self.value
            .as_bool()
            .map(|_| ())
            .ok_or_else(|| self.invalid("must be true or false"))
    }

    pub(super) fn integer(&self) -> Result<i64, Invalid> {
        self.value
            .as_i64()
            .ok_or_else(|| self.invalid("must be a whole number"))
    }

    /// A number of roubles with up to two decimals, in kopecks.
    pub(super) fn amount(&self, most: u64) -> Result<u64, Invalid> {
        let amount = self.value.as_number().and_then(|number| decimal::scaled(number, 2));
        amount
            .filter(|amount| *amount <= most)
            .ok_or_else(|| self.invalid("must be a number with up to 2 decimals and within its bounds"))
    }

    /// A number with up to three decimals, in thousandths.
    pub(super) fn quantity(&self) -> Result<u64, Invalid> {
        let quantity = self.value.as_number().and_then(|number| decimal::scaled(number, 3));
        quantity
            .filter(|quantity| (1..=99_999_999).contains(quantity))
            .ok_or_else(|| self.invalid("must be a number from 0.001 to 99999.999 with up to 3 decimals"))
    }

    /// The members of a list of so many.
    pub(super) fn list(&self, count: RangeInclusive<usize>) -> Result<Vec<Self>, Invalid> {
        let list = self.value.as_array().ok_or_else(|| self.invalid("must be a list"))?;
        if !count.contains(&list.len()) {
            return Err(self.invalid(&format!("must have {} to {} members", count.start(), count.end())));
        }
        let nodes = list.iter().enumerate().map(|(place, value)| Self {
            value,
            path: format!("{}/{place}", self.path),
        });
        Ok(nodes.collect())
    }
}
