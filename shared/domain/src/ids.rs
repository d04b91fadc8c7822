//! Names of things. Different things have different types so that they cannot change places.

use std::fmt;

use uuid::Uuid;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Empty where something is needed.
    #[error("it is empty")]
    Empty,
    /// Longer than the limit, in characters.
    #[error("it has more than {0} characters")]
    TooLong(usize),
    /// A control character, which no shop means and no database likes.
    #[error("it has a control character")]
    ControlCharacter,
    /// A short id has only latin letters, digits, `-` and `_`.
    #[error("it may have only latin letters, digits, '-' and '_'")]
    NotAShortId,
    /// Not digits only.
    #[error("it has only digits")]
    NotDigits,
    /// Not the id of a document or event.
    #[error("it is not an id of this kind")]
    NotAnId,
}

macro_rules! short_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// 1 to 64 latin letters, digits, `-` and `_`: safe in a URL, a label and a file name.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                if text.is_empty() {
                    return Err(IdError::Empty);
                }
                if text.len() > 64 {
                    return Err(IdError::TooLong(64));
                }
                let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
                if !text.bytes().all(fits) {
                    return Err(IdError::NotAShortId);
                }
                Ok(Self(text.to_owned()))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

short_id! {
    /// A merchant: the seller whose registers and payment sources belong together.
    MerchantId
}
short_id! {
    /// A register (ПРРО), by our own name for it.
    RegisterId
}
short_id! {
    /// Who gets a part of a payment: a gateway merchant's number, or the kind of a receiver that is none
    /// (`bank_account`).
    Receiver
}
short_id! {
    /// A payment source: where events come from, e.g. one merchant account of a gateway.
    SourceId
}

/// The shop's own name for an order, as the shop and the payment system write it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalOrderId(String);

impl ExternalOrderId {
    /// 1 to 1024 characters without control characters (`fondy.md` §4, `order_id`).
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        if text.chars().count() > 1024 {
            return Err(IdError::TooLong(1024));
        }
        if text.chars().any(char::is_control) {
            return Err(IdError::ControlCharacter);
        }
        Ok(Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExternalOrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes a UUID that somebody made.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Reads the usual text form.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError::NotAnId)
            }

            /// The UUID inside.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_id! {
    /// An event, ours.
    EventId
}
uuid_id! {
    /// A document, ours.
    DocumentId
}

impl DocumentId {
    /// Our reference on the printed receipt: short, neutral, and found again in the register's own
    /// documents (`cashalot.md` §9). 13 characters of Crockford's base 32, 65 bits of the id.
    pub fn token(self) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut bits = self.0.as_u128();
        // The time part of a version 7 id is on top; its low 74 bits are random.
        let mut token = [0_u8; 13];
        for place in token.iter_mut().rev() {
            *place = ALPHABET[usize::from((bits & 31) as u8)];
            bits >>= 5;
        }
        token.iter().map(|byte| char::from(*byte)).collect()
    }
}

/// The number the tax service gave to a register: digits, usually ten.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegisterNumber(u64);

impl RegisterNumber {
    /// 1 to 18 digits.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        if text.len() > 18 {
            return Err(IdError::TooLong(18));
        }
        text.parse().map(Self).map_err(|_| IdError::NotDigits)
    }

    /// The number.
    pub const fn get(&self) -> u64 {
        self.0
    }
}

impl fmt::Display for RegisterNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A document's number at the tax service: digits, or `session.n.control` when registered offline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalNumber(String);

impl FiscalNumber {
    /// 1 to 128 characters, as the provider wrote it.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        match text.chars().count() {
            0 => Err(IdError::Empty),
            1..=128 if !text.chars().any(char::is_control) => Ok(Self(text.to_owned())),
            1..=128 => Err(IdError::ControlCharacter),
            _ => Err(IdError::TooLong(128)),
        }
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FiscalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ids_are_safe_everywhere() {
        assert!(RegisterId::parse("flowers-1").is_ok());
        for wrong in ["", "a b", "каса", "a/b", &"a".repeat(65)] {
            assert!(RegisterId::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn order_ids_are_what_shops_write() {
        for right in ["14#1500639628", "замовлення 🌷", &"я".repeat(1024)] {
            assert!(ExternalOrderId::parse(right).is_ok(), "{right:?}");
        }
        for wrong in ["", "a\nb", "a\0", &"a".repeat(1025)] {
            assert!(ExternalOrderId::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn tokens_are_short_and_differ_with_the_random_part() {
        let id = |low: u128| DocumentId::from_uuid(Uuid::from_u128((0x0190_u128 << 112) | low));
        assert_eq!(id(31).token(), "000000000000Z");
        assert_ne!(id(1).token(), id(2).token());
        assert_eq!(id(1).token().len(), 13);
    }
}
