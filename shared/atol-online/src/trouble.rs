//! The service's error object, and what it means: at the door, and as the end of a document that was accepted.
//! A code means nothing without its type.

use std::fmt;

use wire::Fields;

use crate::error::Class;
use crate::record::Mask;

wire::words! {
    /// Who met the error.
    ErrorType {
        /// Nobody.
        None = "none",
        /// It is not known.
        Unknown = "unknown",
        /// The service.
        System = "system",
        /// The register's driver.
        Driver = "driver",
        /// The queue: no register in time.
        Timeout = "timeout",
        /// The service's agent at the register.
        Agent = "agent",
    }
}

/// The service's error object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// `type`.
    pub kind: ErrorType,
    /// `code`.
    pub code: i64,
    /// The text for people, with contacts masked; at most 500 characters. Never parse it.
    pub text: String,
    /// What the vendor's support asks for. Missing in errors of registers.
    pub error_id: Option<String>,
}

/// What the failure of an accepted document allows. Its `external_id` is used up in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailClass {
    /// It waited too long for a register and was not processed: a new id is allowed.
    QueueTimeout,
    /// The register's passing trouble: a new id is allowed, a limited number of times.
    Transient,
    /// The document is wrong: a person or the caller fixes it, then a new id.
    Data,
    /// The register is: an operator first, then a new id.
    RegisterState,
    /// It broke while the register was at it, or the code says nothing: a document may exist. An operator looks at
    /// the register's documents before there is a new id.
    Doubt,
}

/// More than any honest text.
const TEXT: usize = 500;

impl Trouble {
    /// Reads `error`. An object that says "no error" is none.
    pub(crate) fn read(fields: &Fields<'_>, mask: &Mask<'_>) -> Option<Self> {
        let object = fields.get("error")?;
        let Some(raw) = object.nested() else {
            let text = object.scalar().filter(|text| !text.is_empty())?;
            return Some(Self::new(ErrorType::Unknown, 0, &mask.text(text)));
        };
        let Ok(error) = wire::read_object(raw) else {
            return Some(Self::new(ErrorType::Unknown, 0, ""));
        };
        let kind = error.text("type").map(ErrorType::from_wire);
        let code = error
            .text("code")
            .and_then(|code| code.trim().parse().ok())
            .unwrap_or(0);
        if code == 0 && (kind == Some(ErrorType::None) || kind.is_none() && error.text("text").is_none()) {
            return None;
        }
        let mut trouble = Self::new(
            kind.unwrap_or(ErrorType::None),
            code,
            &mask.text(error.text("text").unwrap_or_default()),
        );
        trouble.error_id = error.text("error_id").map(wire::shorten);
        Some(trouble)
    }

    pub(crate) fn new(kind: ErrorType, code: i64, text: &str) -> Self {
        Self {
            kind,
            code,
            text: text.chars().filter(|c| !c.is_control()).take(TEXT).collect(),
            error_id: None,
        }
    }

    /// What it means as the answer to a request (sheet §8.1). What is not in the vendor's table is [`Class::Unknown`]:
    /// the same body with the same id is safe to send again, so a wrong guess costs a request.
    pub fn class(&self) -> Class {
        match self.kind {
            ErrorType::System => match self.code {
                10 | 11 => Class::Auth,
                12 | 14 | 20 | 21 | 41 => Class::Misconfigured,
                13 | 31 | 32 | 40 => Class::Refused,
                30 => Class::NotFound,
                33 | 34 => Class::Accepted,
                _ => Class::Unknown,
            },
            ErrorType::None
            | ErrorType::Unknown
            | ErrorType::Driver
            | ErrorType::Timeout
            | ErrorType::Agent
            | ErrorType::Other(_) => Class::Unknown,
        }
    }

    /// Error 34: registered, and no state yet.
    pub(crate) fn is_pending(&self) -> bool {
        self.kind == ErrorType::System && self.code == 34
    }

    /// What it means as the end of an accepted document (sheet §8.2).
    pub fn fail_class(&self) -> FailClass {
        match self.kind {
            ErrorType::Timeout if self.code == 1 => FailClass::QueueTimeout,
            ErrorType::Agent => match self.code {
                // The taxpayer's number differs from the register's (2009); a value that is none.
                2003 | 2006 | 2007 | 2009 | -2_146_233_033 => FailClass::Data,
                _ => FailClass::RegisterState,
            },
            ErrorType::Driver => driver(self.code),
            ErrorType::None | ErrorType::Unknown | ErrorType::System | ErrorType::Timeout | ErrorType::Other(_) => {
                FailClass::Doubt
            }
        }
    }
}

/// The driver's codes by the vendor's own remedies. Two hundred more say "call the administrator".
fn driver(code: i64) -> FailClass {
    match code {
        13
        | 16
        | 17
        | 48
        | 52
        | 53
        | 60
        | 66
        | 110
        | 128
        | 143
        | 144
        | 145
        | 161
        | 215..=217
        | 231
        | 243
        | 261
        | 408
        | 409
        | 412 => FailClass::Data,
        // Price and quantity in the older numbering.
        -3803 | -3804 => FailClass::Data,
        // Time went back; the buffer is full; the marking service is silent.
        36 | 40 | 421 => FailClass::Transient,
        // It broke during a command.
        115 | 135 | 262 => FailClass::Doubt,
        _ => FailClass::RegisterState,
    }
}

impl fmt::Display for Trouble {
    /// Type and code only: the text may repeat what a buyer typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", wire::shorten(self.kind.as_str()), self.code)
    }
}

#[cfg(test)]
mod tests;
