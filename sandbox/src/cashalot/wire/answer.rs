//! An answer: an ordered list of fields, each already JSON, so that money keeps its two decimals and a fault can
//! replace single fields.

use serde::Serialize;

use super::{Code, Refusal, money};

#[derive(Clone, Debug, Default)]
pub(in crate::cashalot) struct Answer(Vec<(&'static str, String)>);

impl Answer {
    pub(in crate::cashalot) fn new() -> Self {
        Self::default()
    }

    /// Adds a field.
    pub(in crate::cashalot) fn with(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.set(name, json(&value));
        self
    }

    /// Adds an amount of kopecks as a number with two decimals.
    pub(in crate::cashalot) fn with_money(mut self, name: &'static str, kopecks: i64) -> Self {
        self.set(name, money(kopecks));
        self
    }

    /// Adds a nested object, or null.
    pub(in crate::cashalot) fn with_object(mut self, name: &'static str, object: Option<&Self>) -> Self {
        self.set(name, object.map_or_else(|| "null".to_owned(), Self::to_json));
        self
    }

    /// Adds a list of objects.
    pub(in crate::cashalot) fn with_list(mut self, name: &'static str, items: &[Self]) -> Self {
        let items: Vec<_> = items.iter().map(Self::to_json).collect();
        self.set(name, format!("[{}]", items.join(",")));
        self
    }

    /// Ends the answer with `Ok`.
    pub(in crate::cashalot) fn ok(self) -> Self {
        self.with("ErrorCode", Code::Ok.name())
            .with("ErrorMessage", None::<&str>)
    }

    /// Ends the answer with a refusal.
    pub(in crate::cashalot) fn refused(self, refusal: &Refusal) -> Self {
        self.with("ErrorCode", refusal.code.name())
            .with("ErrorMessage", &refusal.message)
    }

    /// Puts a value in the place of a field that the answer has; a field it lacks stays away.
    pub(in crate::cashalot) fn replace(&mut self, name: &str, value: impl Serialize) {
        if let Some(field) = self.0.iter_mut().find(|(known, _)| *known == name) {
            field.1 = json(&value);
        }
    }

    /// The text of a string field.
    pub(in crate::cashalot) fn text(&self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter().find(|(known, _)| *known == name)?;
        serde_json::from_str(value).ok()
    }

    pub(in crate::cashalot) fn to_json(&self) -> String {
        let fields: Vec<_> = self
            .0
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        format!("{{{}}}", fields.join(","))
    }

    fn set(&mut self, name: &'static str, value: String) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(field) => field.1 = value,
            None => self.0.push((name, value)),
        }
    }
}

fn json(value: &impl Serialize) -> String {
    // Only strings, numbers, booleans and nulls come here; they always serialize.
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_money_its_decimals() {
        let nested = Answer::new().with("A", 1);
        let mut answer = Answer::new()
            .with("QrCode", "x")
            .with_money("Sum", 25_000)
            .with_object("O", Some(&nested))
            .ok();
        answer.replace("QrCode", None::<&str>);
        answer.replace("Absent", 1);
        let expected = r#"{"QrCode":null,"Sum":250.00,"O":{"A":1},"ErrorCode":"Ok","ErrorMessage":null}"#;
        assert_eq!(answer.to_json(), expected);
        assert_eq!(answer.text("ErrorCode").as_deref(), Some("Ok"));
    }
}
