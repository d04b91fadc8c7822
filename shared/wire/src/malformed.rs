/// Why bytes are not a message. Nothing of its values is kept; a name is cut to a length fit for a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The bytes, or a decoded value, are not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// The JSON is cut short or malformed.
    #[error("the JSON is malformed")]
    BrokenJson,
    /// The form encoding is malformed.
    #[error("the form encoding is malformed")]
    BrokenForm,
    /// JSON of another kind where an object is expected.
    #[error("not an object")]
    NotAnObject,
    /// A key occurs twice, so which of the two was signed would be a guess.
    #[error("field {0:?} occurs twice")]
    DuplicateField(String),
}

/// A stranger's field name, cut to a length fit for a log.
pub fn shorten(name: &str) -> String {
    name.chars().take(64).collect()
}
