//! Answers: their JSON and the service's errors (sheet §3, §5, §8).

use serde::{Deserialize, Serialize};

/// `status` of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In the queue or at a register.
    Wait,
    /// Fiscalized.
    Done,
    /// Not registered, or not fiscalized.
    Fail,
}

/// `error.type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ErrorType {
    /// `none`.
    None,
    /// `unknown`.
    Unknown,
    /// The service itself.
    #[default]
    System,
    /// The register.
    Driver,
    /// The queue.
    Timeout,
    /// The program between service and register.
    Agent,
}

impl ErrorType {
    /// As on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unknown => "unknown",
            Self::System => "system",
            Self::Driver => "driver",
            Self::Timeout => "timeout",
            Self::Agent => "agent",
        }
    }

    /// Errors from the register's side carry no `error_id`.
    pub(super) fn has_id(self) -> bool {
        match self {
            Self::None | Self::Unknown | Self::System | Self::Timeout => true,
            Self::Driver | Self::Agent => false,
        }
    }
}

/// `error`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ErrorBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_id: Option<String>,
    pub code: i64,
    pub text: String,
    #[serde(rename = "type")]
    pub kind: ErrorType,
}

/// The answer to getToken; an error has no `token`.
#[derive(Serialize)]
pub(super) struct TokenBody {
    pub error: Option<ErrorBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    pub timestamp: String,
}

/// The answer to a registration.
#[derive(Serialize)]
pub(super) struct RegisteredBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    pub timestamp: String,
    pub status: Status,
    pub error: Option<ErrorBody>,
}

/// The report before there is a result.
#[derive(Serialize)]
pub(super) struct PendingBody {
    pub status: Status,
    pub error: ErrorBody,
    pub timestamp: String,
    pub callback_url: String,
}

/// Why the service does not do what it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    MissingToken,
    ExpiredToken,
    WrongLoginOrPassword,
    /// A field of getToken is missing or too long.
    Request(&'static str),
    UserBlocked,
    GroupAndTokenDoNotMatch,
    WrongVersion,
    UnknownUuid,
    UnknownOperation,
    /// What is wrong and where.
    Invalid(String),
    /// The first document's uuid, unless a fault keeps it back.
    Duplicate {
        uuid: Option<String>,
    },
    Pending,
    NotJson,
    MediaType,
    /// Of a fault's choosing.
    Told {
        http: u16,
        code: i64,
        kind: ErrorType,
    },
}

impl Refusal {
    pub(super) fn code(&self) -> i64 {
        match self {
            Self::MissingToken => 10,
            Self::ExpiredToken => 11,
            Self::WrongLoginOrPassword => 12,
            Self::Request(_) => 13,
            Self::UserBlocked => 14,
            Self::GroupAndTokenDoNotMatch => 20,
            Self::WrongVersion => 21,
            Self::UnknownUuid => 30,
            Self::UnknownOperation => 31,
            Self::Invalid(_) => 32,
            Self::Duplicate { .. } => 33,
            Self::Pending => 34,
            Self::NotJson => 40,
            Self::MediaType => 41,
            Self::Told { code, .. } => *code,
        }
    }

    pub(super) fn http(&self) -> u16 {
        match self {
            Self::Pending => 200,
            Self::MissingToken | Self::ExpiredToken | Self::WrongLoginOrPassword => 401,
            Self::GroupAndTokenDoNotMatch | Self::WrongVersion => 401,
            Self::UserBlocked => 403,
            Self::MediaType => 415,
            Self::Request(_) | Self::UnknownUuid | Self::UnknownOperation | Self::Invalid(_) => 400,
            Self::Duplicate { .. } | Self::NotJson => 400,
            Self::Told { http, .. } => *http,
        }
    }

    pub(super) fn status(&self) -> Status {
        match self {
            Self::Duplicate { .. } | Self::Pending => Status::Wait,
            Self::MissingToken | Self::ExpiredToken | Self::WrongLoginOrPassword | Self::Request(_) => Status::Fail,
            Self::UserBlocked | Self::GroupAndTokenDoNotMatch | Self::WrongVersion => Status::Fail,
            Self::UnknownUuid | Self::UnknownOperation | Self::Invalid(_) => Status::Fail,
            Self::NotJson | Self::MediaType | Self::Told { .. } => Status::Fail,
        }
    }

    fn kind(&self) -> ErrorType {
        match self {
            Self::Told { kind, .. } => *kind,
            Self::MissingToken | Self::ExpiredToken | Self::WrongLoginOrPassword | Self::Request(_) => {
                ErrorType::System
            }
            Self::UserBlocked | Self::GroupAndTokenDoNotMatch | Self::WrongVersion => ErrorType::System,
            Self::UnknownUuid | Self::UnknownOperation | Self::Invalid(_) => ErrorType::System,
            Self::Duplicate { .. } | Self::Pending | Self::NotJson | Self::MediaType => ErrorType::System,
        }
    }

    fn text(&self) -> String {
        let text = match self {
            Self::MissingToken => "the request has no token",
            Self::ExpiredToken => "the token is unknown or no longer valid",
            Self::WrongLoginOrPassword => "wrong login or password",
            Self::Request(what) => what,
            Self::UserBlocked => "the user is blocked",
            Self::GroupAndTokenDoNotMatch => "the group does not belong to the token",
            Self::WrongVersion => "the group does not support this version of the protocol",
            Self::UnknownUuid => "there is no document with this uuid",
            Self::UnknownOperation => "the operation is not supported",
            Self::Invalid(what) => return format!("validation failed: {what}"),
            Self::Duplicate { .. } => "external_id already known in this group",
            Self::Pending => "state not found yet",
            Self::NotJson => "the body is not a JSON object",
            Self::MediaType => "application/json with charset utf-8 is expected",
            Self::Told { .. } => "an error that a test asked for",
        };
        text.to_owned()
    }

    /// The only uuid that an error can carry.
    pub(super) fn into_uuid(self) -> Option<String> {
        if let Self::Duplicate { uuid } = self {
            uuid
        } else {
            None
        }
    }

    /// `error`, with its own id where its type has one.
    pub(super) fn body(&self, id: impl FnOnce() -> String) -> ErrorBody {
        ErrorBody {
            error_id: self.kind().has_id().then(id),
            code: self.code(),
            text: self.text(),
            kind: self.kind(),
        }
    }
}
