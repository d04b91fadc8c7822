//! Tax letters.

use serde::{Deserialize, Deserializer, Serialize};

/// A good's tax letters, Cyrillic: «А» for 20 %, «Б» for 0 %, «Н» for no VAT shown with a letter, or whatever else the
/// register was registered with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Letters(String);

impl Letters {
    /// Takes letters; Latin ones that look Cyrillic become so, for a register knows none but those.
    pub fn new(text: &str) -> Self {
        Self(text.trim().chars().map(cyrillic).collect())
    }

    /// The letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn cyrillic(letter: char) -> char {
    match letter {
        'A' => 'А',
        'B' => 'В',
        'C' => 'С',
        'E' => 'Е',
        'H' => 'Н',
        'I' => 'І',
        'K' => 'К',
        'M' => 'М',
        'O' => 'О',
        'P' => 'Р',
        'T' => 'Т',
        'X' => 'Х',
        other => other,
    }
}

impl<'de> Deserialize<'de> for Letters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_sent_in_cyrillic_whatever_keyboard_typed_them() {
        for (typed, sent) in [
            ("A", "\u{410}"),
            ("\u{410}", "\u{410}"),
            (" H ", "\u{41d}"),
            ("Б", "Б"),
            ("AГ", "\u{410}Г"),
        ] {
            assert_eq!(Letters::new(typed).as_str(), sent, "{typed}");
            let kept = serde_json::to_string(&Letters::new(typed)).unwrap();
            assert_eq!(serde_json::from_str::<Letters>(&kept).unwrap().as_str(), sent);
        }
    }
}
