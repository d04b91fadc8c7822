//! Faults (sheet §11.8): queued one by one, or drawn at random from a seeded plan.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::fault::register::{self, Kind};
use crate::millis;

mod conditions;

pub(super) use conditions::apply;

/// What goes wrong. "Registers" stands for carrying the command out, whatever it is.
///
/// The second half are conditions: they change the register or the tax service before the request is carried out,
/// and may meet it together with one fault of the first half.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultKind {
    /// Waits before registering; it registers even if the client leaves meanwhile.
    Delay {
        /// How long.
        #[serde(rename = "ms", with = "millis")]
        by: Duration,
    },
    /// Registers at once and waits before answering.
    SlowAnswer {
        /// How long.
        #[serde(rename = "ms", with = "millis")]
        by: Duration,
    },
    /// Closes the connection without registering.
    CloseBefore,
    /// Registers, then closes the connection without an answer.
    RegisterThenClose,
    /// Registers, never answers, and closes the connection after a while.
    RegisterThenHang {
        /// How long the connection stays open.
        #[serde(rename = "ms", with = "millis")]
        close_after: Duration,
    },
    /// Registers and answers 200 with no body.
    RegisterThenEmptyBody,
    /// Answers an HTTP error with an HTML body, like a proxy in between.
    Http {
        /// The status, such as 502.
        status: u16,
        /// Whether the command was carried out all the same.
        registers: bool,
    },
    /// Registers and answers the first half of the JSON.
    TruncatedJson,
    /// Registers, promises the whole JSON in the head, sends half of it and closes the connection.
    BrokenBody,
    /// Answers an error code and registers nothing.
    ErrorCode {
        /// Any name, known or not.
        code: String,
    },
    /// Registers and answers an error code nevertheless.
    RegisterThenErrorCode {
        /// Any name, known or not.
        code: String,
    },
    /// Answers `ErrorCode` as a number.
    NumericErrorCode,
    /// Answers well, but `QrCode` and `Url` are null.
    QrAndUrlNull,
    /// Closes the connection at once and registers later, like a proxy that lost the client.
    LateRegister {
        /// How much later.
        #[serde(rename = "ms", with = "millis")]
        after: Duration,
    },

    /// The next closing makes its Z-report and fails at the closing document.
    ZThenCloseFails,
    /// The next online check is registered, its answer is lost, and Cashälot issues it again offline.
    RegisteredThenLost,
    /// Offline packages are refused, or accepted again.
    PackageRefused {
        /// Refused from now on.
        refused: bool,
    },
    /// The licence ends now.
    LicenceOver,
    /// The month's offline hours are used up.
    OfflineLimitUsed,
    /// The local state is behind the tax service's: a clean-up is needed, and another device has registered a document.
    CleanNeeded,
    /// Another device registers a document.
    ForeignDocument {
        /// What Cashälot makes of it.
        #[serde(default)]
        effect: ForeignEffect,
    },
    /// Another operator opens the shift; does nothing while one is open.
    ForeignShift,
    /// The tax service goes away.
    FskoDown,
    /// The tax service comes back.
    FskoUp,
}

/// What follows from a document of another device (sheet §11.10.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForeignEffect {
    /// `InconsistentRegistrarState` until a clean-up.
    #[default]
    Inconsistent,
    /// `CheckLocalNumberInvalid` until a clean-up.
    LocalNumber,
    /// Nothing: Cashälot noticed and follows.
    Silent,
}

/// A fault waiting for its requests.
pub type Fault = register::Fault<FaultKind>;
/// Random faults of this simulator.
pub type ChaosPlan = register::ChaosPlan<FaultKind>;
/// The chance of one of them.
pub type ChaosRate = register::ChaosRate<FaultKind>;
pub(super) type Faults = register::Faults<FaultKind>;

impl Kind for FaultKind {
    fn duration_mut(&mut self) -> Option<&mut Duration> {
        match self {
            Self::Delay { by: duration }
            | Self::SlowAnswer { by: duration }
            | Self::RegisterThenHang { close_after: duration }
            | Self::LateRegister { after: duration } => Some(duration),
            Self::CloseBefore
            | Self::RegisterThenClose
            | Self::RegisterThenEmptyBody
            | Self::Http { .. }
            | Self::TruncatedJson
            | Self::BrokenBody
            | Self::ErrorCode { .. }
            | Self::RegisterThenErrorCode { .. }
            | Self::NumericErrorCode
            | Self::QrAndUrlNull
            | Self::ZThenCloseFails
            | Self::RegisteredThenLost
            | Self::PackageRefused { .. }
            | Self::LicenceOver
            | Self::OfflineLimitUsed
            | Self::CleanNeeded
            | Self::ForeignDocument { .. }
            | Self::ForeignShift
            | Self::FskoDown
            | Self::FskoUp => None,
        }
    }

    /// Whether it changes the register or the tax service rather than the way of one answer.
    fn is_condition(&self) -> bool {
        match self {
            Self::ZThenCloseFails
            | Self::RegisteredThenLost
            | Self::PackageRefused { .. }
            | Self::LicenceOver
            | Self::OfflineLimitUsed
            | Self::CleanNeeded
            | Self::ForeignDocument { .. }
            | Self::ForeignShift
            | Self::FskoDown
            | Self::FskoUp => true,
            Self::Delay { .. }
            | Self::SlowAnswer { .. }
            | Self::CloseBefore
            | Self::RegisterThenClose
            | Self::RegisterThenHang { .. }
            | Self::RegisterThenEmptyBody
            | Self::Http { .. }
            | Self::TruncatedJson
            | Self::BrokenBody
            | Self::ErrorCode { .. }
            | Self::RegisterThenErrorCode { .. }
            | Self::NumericErrorCode
            | Self::QrAndUrlNull
            | Self::LateRegister { .. } => false,
        }
    }
}
