//! Faults: queued one by one, or drawn at random from a seeded plan.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::wire::Call;
use crate::fault::register::{self, Kind};
use crate::millis;

mod conditions;

pub(super) use conditions::apply;

/// What goes wrong. "Registers" stands for carrying the method out, whatever it is.
///
/// The second half are conditions: they change the register, the tax service or the tokens before the request is
/// carried out, and may meet it together with one fault of the first half.
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
        /// Whether the method was carried out all the same.
        registers: bool,
    },
    /// Registers and answers 200 with an HTML page instead of JSON.
    HtmlBody,
    /// Registers and answers the first half of the JSON.
    TruncatedJson,
    /// Registers, promises the whole JSON in the head, sends half of it and closes the connection.
    BrokenBody,
    /// Answers an error in the protocol's own shape and registers nothing.
    Refuse {
        /// The status, such as 400 or 429.
        status: u16,
        /// `message`.
        message: String,
    },
    /// Closes the connection at once and registers later, like a proxy that lost the client.
    LateRegister {
        /// How much later.
        #[serde(rename = "ms", with = "millis")]
        after: Duration,
    },

    /// All tokens of `/authenticate` end; the permanent API key stays good.
    ExpireToken,
    /// The tax service goes away; without a register for all of them.
    TaxServiceDown,
    /// The tax service comes back; without a register for all of them.
    TaxServiceUp,
    /// The cashier's signing key is away, or back.
    KeyAbsent {
        /// Away from now on.
        absent: bool,
    },
    /// Somebody sells for 1.00 by card in the cabinet, in a shift opened for it if need be.
    ForeignCheck,
    /// Somebody opens the shift in the cabinet; does nothing while one is open.
    ForeignShift,
    /// The cabinet closes the shift by itself; does nothing while none is open.
    AutoClose,
}

/// A fault waiting for its requests.
pub type Fault = register::Fault<FaultKind>;
/// Random faults of this simulator.
pub type ChaosPlan = register::ChaosPlan<FaultKind>;
/// The chance of one of them.
pub type ChaosRate = register::ChaosRate<FaultKind>;
pub(super) type Faults = register::Faults<FaultKind>;

impl Fault {
    /// The next `/authenticate` is answered late.
    pub fn slow_authenticate(by: Duration) -> Self {
        Self::once(FaultKind::SlowAnswer { by }).on_command(Call::Authenticate.name())
    }
}

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
            | Self::HtmlBody
            | Self::TruncatedJson
            | Self::BrokenBody
            | Self::Refuse { .. }
            | Self::ExpireToken
            | Self::TaxServiceDown
            | Self::TaxServiceUp
            | Self::KeyAbsent { .. }
            | Self::ForeignCheck
            | Self::ForeignShift
            | Self::AutoClose => None,
        }
    }

    /// Whether it changes the simulator's world rather than the way of one answer.
    fn is_condition(&self) -> bool {
        match self {
            Self::ExpireToken
            | Self::TaxServiceDown
            | Self::TaxServiceUp
            | Self::KeyAbsent { .. }
            | Self::ForeignCheck
            | Self::ForeignShift
            | Self::AutoClose => true,
            Self::Delay { .. }
            | Self::SlowAnswer { .. }
            | Self::CloseBefore
            | Self::RegisterThenClose
            | Self::RegisterThenHang { .. }
            | Self::RegisterThenEmptyBody
            | Self::Http { .. }
            | Self::HtmlBody
            | Self::TruncatedJson
            | Self::BrokenBody
            | Self::Refuse { .. }
            | Self::LateRegister { .. } => false,
        }
    }
}
