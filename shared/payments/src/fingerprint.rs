//! What must be equal when an event's key is.

use std::fmt::Write;

/// A text that is equal exactly when all the values are. Its form must not change: fingerprints
/// of earlier versions are in the ledger.
#[derive(Default)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Of nothing yet.
    pub fn new() -> Self {
        Self(String::new())
    }

    /// Length first, so that no value can look like two.
    pub fn text(&mut self, value: Option<&str>) -> &mut Self {
        // Writing to a String cannot fail.
        let _ = match value {
            Some(text) => write!(self.0, "{}:{text},", text.len()),
            None => write!(self.0, "-,"),
        };
        self
    }

    /// Adds a number, or its absence.
    pub fn number(&mut self, value: Option<u64>) -> &mut Self {
        self.text(value.map(|number| number.to_string()).as_deref())
    }

    /// The text.
    pub fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[Option<&str>]) -> String {
        let mut fingerprint = Fingerprint::new();
        for value in values {
            fingerprint.text(*value);
        }
        fingerprint.finish()
    }

    #[test]
    fn different_values_never_look_the_same() {
        let all = [
            of(&[Some("a"), Some("b")]),
            of(&[Some("ab")]),
            of(&[Some("a,1:b")]),
            of(&[Some(""), Some("ab")]),
            of(&[None, Some("ab")]),
            of(&[Some("-,2:ab")]),
        ];
        for (place, one) in all.iter().enumerate() {
            assert!(all.iter().skip(place + 1).all(|other| one != other), "{one}");
        }
    }
}
