//! What is answered instead of success. There is no machine-readable code in this protocol: a status and a text.

use serde_json::{Value, json};

use super::switches::{RefusalShape, Switches};

/// A refusal before it is put into words of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub ground: Ground,
    pub message: String,
}

/// Why; decides the status and the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    /// A header or the body's shape is wrong.
    BadRequest,
    /// No token, or one that is not accepted.
    Unauthorised,
    /// No `developer-id`.
    Blocked,
    /// No such path or check.
    NotFound,
    /// The path exists for another method.
    Method,
    /// The document or the shift's state is not as it must be. The field it is about, for the shape that names it.
    Business(&'static str),
    /// The tax service or the signing key is not there.
    NoLink,
    /// The period report cannot be made yet.
    Warning,
}

impl Refusal {
    pub(super) fn new(ground: Ground, message: impl Into<String>) -> Self {
        Self {
            ground,
            message: message.into(),
        }
    }

    /// The document is wrong in this field.
    pub(super) fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::new(Ground::Business(field), message)
    }

    /// The body cannot be read.
    pub(super) fn unreadable() -> Self {
        Self::new(Ground::BadRequest, "Тіло запиту не вдалося прочитати")
    }

    pub(super) fn status(&self, switches: &Switches) -> u16 {
        match self.ground {
            Ground::BadRequest | Ground::NoLink | Ground::Warning => 400,
            Ground::Unauthorised => 401,
            Ground::Blocked => 403,
            Ground::NotFound => 404,
            Ground::Method => 405,
            Ground::Business(_) => match switches.refusals {
                RefusalShape::BadRequest => 400,
                RefusalShape::Unprocessable => 422,
            },
        }
    }

    pub(super) fn body(&self, switches: &Switches) -> Value {
        let mut body = json!({ "message": self.message });
        if switches.error_type {
            let warning = self.ground == Ground::Warning;
            body["type"] = Value::from(if warning { "WARNING" } else { "ERROR" });
        }
        if let (Ground::Business(field), RefusalShape::Unprocessable) = (self.ground, switches.refusals) {
            body["errors"] = json!({ field: [self.message] });
        }
        body
    }
}
