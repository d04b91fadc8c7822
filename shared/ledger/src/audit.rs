//! Who did what, when, from where. The audit only grows; the database refuses anything else.

/// Who does something, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// E.g. `olena`, `API key shop of flowers`, `command line`.
    pub name: String,
    /// The address it came from, if over a network.
    pub address: Option<String>,
}

impl From<&str> for Actor {
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            address: None,
        }
    }
}

impl From<&String> for Actor {
    fn from(name: &String) -> Self {
        name.as_str().into()
    }
}

impl From<&Self> for Actor {
    fn from(actor: &Self) -> Self {
        actor.clone()
    }
}
