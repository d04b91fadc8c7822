//! Faults: queued one by one, or drawn at random from a seeded plan.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::wire::Call;
use crate::millis;

mod conditions;
mod queue;

pub(super) use conditions::apply;
pub(super) use queue::Faults;

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
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// What happens.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// Only requests of this method (`check/sale`, `shift/xReport`, …) or with this `action_type` (`Z_REPORT`, …), any
    /// letter case; None is any.
    #[serde(default)]
    pub command: Option<String>,
    /// Only requests for this register; None is any, those without a register included.
    #[serde(default)]
    pub register: Option<u64>,
    /// How many requests it meets.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Meets the next request, whatever it is.
    pub fn once(kind: FaultKind) -> Self {
        Self {
            kind,
            command: None,
            register: None,
            times: 1,
        }
    }

    /// The next `/authenticate` is answered late.
    pub fn slow_authenticate(by: Duration) -> Self {
        Self::once(FaultKind::SlowAnswer { by }).on_command(Call::Authenticate.name())
    }

    /// Narrows the fault to one method or one `action_type`.
    pub fn on_command(self, command: &str) -> Self {
        Self {
            command: Some(command.to_owned()),
            ..self
        }
    }

    /// Narrows the fault to one register.
    pub fn on_register(self, register: u64) -> Self {
        Self {
            register: Some(register),
            ..self
        }
    }

    fn meets(&self, occasion: Occasion) -> bool {
        let is_named = |name: &String| {
            let action = occasion.action.is_some_and(|action| name.eq_ignore_ascii_case(action));
            action || name.eq_ignore_ascii_case(occasion.call.name())
        };
        let register_fits = self.register.is_none() || self.register == occasion.register;
        self.times > 0 && self.command.as_ref().is_none_or(is_named) && register_fits
    }
}

/// A request, as faults see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occasion {
    pub call: Call,
    pub action: Option<&'static str>,
    pub register: Option<u64>,
}

/// Faults drawn at random. The draws of a register depend on the seed, its number and the count of its requests only.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ChaosPlan {
    /// The same seed draws the same faults.
    pub seed: u64,
    /// Faults with their chances; together at most 1000.
    pub rates: Vec<ChaosRate>,
    /// When given, every duration of a drawn fault comes from this range of milliseconds instead of its own.
    #[serde(default)]
    pub delay_ms: Option<(u64, u64)>,
    /// Spares methods that make no documents.
    #[serde(default)]
    pub only_document_commands: bool,
}

/// A fault's chance per thousand requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChaosRate {
    /// What happens.
    #[serde(flatten)]
    pub fault: FaultKind,
    /// How often in a thousand requests.
    pub per_mille: u32,
}

impl FaultKind {
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
    pub(super) fn is_condition(&self) -> bool {
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
