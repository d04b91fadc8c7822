use crate::Malformed;

/// Why a callback was not believed. Nothing of the message's values is kept in here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// The bytes are not a message.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// What should be base64 is not.
    #[error("the base64 of {0:?} is malformed")]
    BrokenBase64(&'static str),
    /// No signature, or an empty one.
    #[error("the signature is missing")]
    MissingSignature,
    /// The signature does not fit what was received.
    #[error("the signature does not fit")]
    WrongSignature,
    /// A mandatory field is missing or empty.
    #[error("field {0:?} is missing")]
    MissingField(&'static str),
    /// A field holds what it cannot: a negative or too exact amount, a control character, nested
    /// or broken content.
    #[error("field {0:?} is not understood")]
    BadField(&'static str),
    /// Signed with our key, yet about another merchant.
    #[error("the message is about another merchant")]
    WrongMerchant,
}

impl CallbackError {
    /// A stable code for logs, metrics and error bodies.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(Malformed::NotUtf8) => "not_utf8",
            Self::Malformed(Malformed::BrokenJson) => "broken_json",
            Self::Malformed(Malformed::BrokenForm) => "broken_form",
            Self::Malformed(Malformed::NotAnObject) => "not_an_object",
            Self::Malformed(Malformed::DuplicateField(_)) => "duplicate_field",
            Self::BrokenBase64(_) => "broken_base64",
            Self::MissingSignature => "missing_signature",
            Self::WrongSignature => "wrong_signature",
            Self::MissingField(_) => "missing_field",
            Self::BadField(_) => "bad_field",
            Self::WrongMerchant => "wrong_merchant",
        }
    }

    /// The field it is about, when it is about one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::BrokenBase64(name) | Self::MissingField(name) | Self::BadField(name) => Some(name),
            Self::Malformed(_) | Self::MissingSignature | Self::WrongSignature | Self::WrongMerchant => None,
        }
    }
}
