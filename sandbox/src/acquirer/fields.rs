//! A JSON object written by hand: sums keep the digits they are signed with.

use serde_json::Value;

/// Fields in the order they are written, values as raw JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(&'static str, String)>);

impl Fields {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn text(self, name: &'static str, value: &str) -> Self {
        self.raw(name, Value::from(value).to_string())
    }

    /// A number in the digits given.
    pub(crate) fn number(self, name: &'static str, digits: impl ToString) -> Self {
        self.raw(name, digits.to_string())
    }

    pub(crate) fn boolean(self, name: &'static str, value: bool) -> Self {
        self.raw(name, value.to_string())
    }

    pub(crate) fn object(self, name: &'static str, fields: &Self) -> Self {
        self.raw(name, fields.json())
    }

    pub(crate) fn list(self, name: &'static str, items: &[Self]) -> Self {
        let items: Vec<String> = items.iter().map(Self::json).collect();
        self.raw(name, format!("[{}]", items.join(",")))
    }

    /// Changed by `change` if there is something to say.
    pub(crate) fn with<T>(self, value: Option<T>, change: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => change(self, value),
            None => self,
        }
    }

    /// The text of a value as signatures take it: strings without quotes, nothing for what is not there.
    pub(crate) fn plain(&self, name: &str) -> String {
        let raw = self.0.iter().find(|(known, _)| *known == name).map(|(_, raw)| raw);
        match raw.map(|raw| (raw, serde_json::from_str(raw))) {
            Some((_, Ok(Value::String(text)))) => text,
            Some((raw, _)) => raw.clone(),
            None => String::new(),
        }
    }

    pub(crate) fn json(&self) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, raw)| format!("{}:{raw}", Value::from(*name)))
            .collect();
        format!("{{{}}}", pairs.join(","))
    }

    fn raw(mut self, name: &'static str, raw: String) -> Self {
        self.0.push((name, raw));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_keep_their_digits_and_texts_are_escaped() {
        let inner = Fields::new().number("a", 1);
        let fields = Fields::new()
            .text("name", "«a\"b»")
            .number("sum", "100.50")
            .boolean("yes", true)
            .list("list", std::slice::from_ref(&inner))
            .object("inner", &inner);
        let json = fields.json();
        assert_eq!(
            json,
            r#"{"name":"«a\"b»","sum":100.50,"yes":true,"list":[{"a":1}],"inner":{"a":1}}"#
        );
        assert!(serde_json::from_str::<Value>(&json).is_ok());
        assert_eq!(
            (fields.plain("name"), fields.plain("sum")),
            ("«a\"b»".to_owned(), "100.50".to_owned())
        );
        assert_eq!(fields.plain("none"), "");
    }
}
