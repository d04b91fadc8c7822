//! The languages a buyer may read.

/// A buyer's language. The words the law asks for stay Ukrainian in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Ukrainian.
    Uk,
    /// English.
    En,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Uk, Self::En];

    /// The code that HTML, PDF and addresses use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uk => "uk",
            Self::En => "en",
        }
    }

    /// Reads the code back.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The other one, for a switch.
    pub const fn other(self) -> Self {
        match self {
            Self::Uk => Self::En,
            Self::En => Self::Uk,
        }
    }

    /// Its own name, as a switch shows it.
    pub const fn name(self) -> &'static str {
        self.say("Українською", "English")
    }

    /// The text of this language.
    pub(crate) const fn say<'a>(self, uk: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Uk => uk,
            Self::En => en,
        }
    }
}
