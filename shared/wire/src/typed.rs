//! Typed reading of fields that are believed already.

use crate::decimal;
use crate::{CallbackError, Fields, Value};

/// The longest order id that is taken, in characters: the longest any of the systems documents.
const ORDER_ID_CHARS: usize = 1024;

impl Fields<'_> {
    /// The text of a field; empty and `null` are absent. A nested value has no text, and
    /// PostgreSQL stores no NUL.
    pub fn optional(&self, name: &'static str) -> Result<Option<&str>, CallbackError> {
        let text = match self.get(name).map(Value::scalar) {
            None => return Ok(None),
            Some(None) => return Err(CallbackError::BadField(name)),
            Some(Some(text)) => text,
        };
        if text.contains('\0') {
            return Err(CallbackError::BadField(name));
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// The text of a field that must be there.
    pub fn required(&self, name: &'static str) -> Result<&str, CallbackError> {
        self.optional(name)?.ok_or(CallbackError::MissingField(name))
    }

    /// [`Fields::optional`], kept.
    pub fn owned(&self, name: &'static str) -> Result<Option<String>, CallbackError> {
        Ok(self.optional(name)?.map(str::to_owned))
    }

    /// An amount in major units as minor ones, exactly.
    pub fn money(&self, name: &'static str) -> Result<Option<u64>, CallbackError> {
        self.optional(name)?
            .map(|text| decimal::amount(text, 2).ok_or(CallbackError::BadField(name)))
            .transpose()
    }

    /// An amount in whole minor units.
    pub fn minor(&self, name: &'static str) -> Result<Option<u64>, CallbackError> {
        self.optional(name)?
            .map(|text| decimal::amount(text, 0).ok_or(CallbackError::BadField(name)))
            .transpose()
    }

    /// The shop's order id: 1 to 1024 characters, none of them a control character.
    pub fn order_id(&self, name: &'static str) -> Result<Option<String>, CallbackError> {
        let Some(id) = self.optional(name)? else {
            return Ok(None);
        };
        if id.chars().count() > ORDER_ID_CHARS || id.chars().any(char::is_control) {
            return Err(CallbackError::BadField(name));
        }
        Ok(Some(id.to_owned()))
    }

    /// A masked card. The wire hides the middle already; should it ever not, this does.
    pub fn card(&self, name: &'static str) -> Result<Option<String>, CallbackError> {
        Ok(self.optional(name)?.map(hide_card))
    }
}

fn hide_card(card: &str) -> String {
    if !(13..=19).contains(&card.len()) || !card.bytes().all(|byte| byte.is_ascii_digit()) {
        return card.to_owned();
    }
    let hidden = "X".repeat(card.len() - 10);
    [&card[..6], &hidden, &card[card.len() - 4..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_object;

    #[test]
    fn amounts_are_exact_and_never_negative() {
        for (text, expected) in [
            ("100", Some(10_000)),
            ("100.5", Some(10_050)),
            ("\"0.01\"", Some(1)),
            ("1e2", Some(10_000)),
            ("0.001", None),
            ("-1", None),
            ("92233720368547758.08", None),
        ] {
            let json = format!(r#"{{"a":{text}}}"#);
            let read = read_object(&json).unwrap().money("a");
            assert_eq!(read.ok().flatten(), expected, "{text}");
        }
        assert_eq!(read_object(r#"{"a":4200}"#).unwrap().minor("a"), Ok(Some(4_200)));
        let fraction = read_object(r#"{"a":42.5}"#).unwrap().minor("a");
        assert_eq!(fraction, Err(CallbackError::BadField("a")));
    }

    #[test]
    fn empty_and_null_are_absent_and_nested_is_refused() {
        let fields = read_object(r#"{"e":"","n":null,"o":{},"z":"a\u0000"}"#).unwrap();
        assert_eq!(fields.optional("e"), Ok(None));
        assert_eq!(fields.optional("n"), Ok(None));
        assert_eq!(fields.required("x"), Err(CallbackError::MissingField("x")));
        assert_eq!(fields.optional("o"), Err(CallbackError::BadField("o")));
        assert_eq!(fields.optional("z"), Err(CallbackError::BadField("z")));
    }

    #[test]
    fn a_whole_card_number_is_hidden() {
        assert_eq!(hide_card("4242424242424242"), "424242XXXXXX4242");
        assert_eq!(hide_card("42****4242"), "42****4242");
    }
}
