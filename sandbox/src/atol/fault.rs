//! Faults: queued one by one, or drawn at random from a seeded plan.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::answer::ErrorType;
use super::callback::Forgery;
use super::{ChaosPlan, Fault};
use crate::fault::Faults as Queue;
use crate::millis;

/// What goes wrong. "Stores" stands for carrying the request out, whatever it is. Durations of requests are the
/// machine's, those of registers and callbacks the simulator's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultKind {
    /// A request: waits before storing; it stores even if the client leaves meanwhile.
    Delay {
        /// How long.
        #[serde(rename = "ms", with = "millis")]
        by: Duration,
    },
    /// A request: stores at once and waits before answering.
    SlowAnswer {
        /// How long.
        #[serde(rename = "ms", with = "millis")]
        by: Duration,
    },
    /// A request: never stores, never answers, and closes the connection after a while.
    Hang {
        /// How long the connection stays open.
        #[serde(rename = "ms", with = "millis")]
        close_after: Duration,
    },
    /// A request: closes the connection without storing.
    CloseBefore,
    /// A request: stores, then closes the connection without an answer.
    StoreThenClose,
    /// A request: stores, never answers, and closes the connection after a while.
    StoreThenHang {
        /// How long the connection stays open.
        #[serde(rename = "ms", with = "millis")]
        close_after: Duration,
    },
    /// A request: stores and answers with no body.
    StoreThenEmptyBody,
    /// A request: stores and answers the first half of the JSON.
    TruncatedJson,
    /// A request: stores, promises the whole JSON in the head, sends half of it and closes the connection.
    BrokenBody,
    /// A request: closes the connection at once and stores later, like a proxy that lost the client.
    LateStore {
        /// How much later.
        #[serde(rename = "ms", with = "millis")]
        after: Duration,
    },
    /// A request: answers an HTTP error with an HTML body, like a proxy in between.
    Http {
        /// The status, such as 502.
        status: u16,
        /// Whether it is stored all the same.
        stores: bool,
    },
    /// A request: answers an error of the service's own shape, without a uuid.
    Error {
        /// The HTTP status, such as 500.
        status: u16,
        /// The code, such as 50.
        code: i64,
        /// The error's type.
        #[serde(rename = "type", default)]
        error_type: ErrorType,
        /// Whether it is stored all the same.
        stores: bool,
    },
    /// A request: answers 429 without storing.
    TooManyRequests {
        /// Seconds of a `Retry-After`.
        #[serde(default)]
        retry_after: Option<u32>,
    },
    /// A request: all tokens die just before it.
    ExpireTokens,
    /// getToken: refused.
    TokenRefused {
        /// Why.
        #[serde(default)]
        because: TokenRefusal,
    },
    /// getToken: answered after a while.
    TokenSlow {
        /// How long.
        #[serde(rename = "ms", with = "millis")]
        by: Duration,
    },
    /// A registration: all registers of its group are off from now on for so long, on the simulator's clock.
    RegistersOff {
        /// How long.
        #[serde(rename = "ms", with = "millis")]
        during: Duration,
    },
    /// A registration whose `external_id` is known: code 33 comes without the uuid.
    DuplicateWithoutUuid,
    /// A registration that is accepted: fiscalized at once, and answered when its first callback has been answered.
    /// Needs [`super::Simulator::run`]. Where nobody is told, or no register is free, the answer comes at once.
    CallbackFirst,

    /// A document at a register: fails.
    Fails {
        /// The error's type.
        #[serde(rename = "type")]
        error_type: ErrorType,
        /// The error's code.
        code: i64,
        /// Whether it was printed all the same, as a break in the middle of the command can do.
        #[serde(default)]
        prints: bool,
    },
    /// A document at a register: takes so long.
    SlowRegister {
        /// How long.
        #[serde(rename = "ms", with = "millis")]
        takes: Duration,
    },

    /// A final document: nothing is posted.
    NoCallback,
    /// A final document: posted later.
    LateCallback {
        /// How much later.
        #[serde(rename = "ms", with = "millis")]
        by: Duration,
    },
    /// A final document: posted several times.
    RepeatedCallback {
        /// How often in all, 1–5.
        copies: u8,
        /// How long after one another.
        #[serde(rename = "ms", with = "millis")]
        every: Duration,
    },
    /// A final document: something else is posted in its stead; reports stay true.
    ForgedCallback {
        /// What is changed.
        #[serde(flatten)]
        forgery: Forgery,
    },
}

impl FaultKind {
    /// 500 with code 50.
    pub fn server_error(stores: bool) -> Self {
        Self::Error {
            status: 500,
            code: 50,
            error_type: ErrorType::System,
            stores,
        }
    }

    /// 502 with HTML.
    pub fn bad_gateway(stores: bool) -> Self {
        Self::Http { status: 502, stores }
    }

    fn place(&self) -> Place {
        match self {
            Self::Delay { .. } | Self::SlowAnswer { .. } | Self::Hang { .. } | Self::LateStore { .. } => Place::Request,
            Self::CloseBefore | Self::StoreThenClose | Self::StoreThenHang { .. } => Place::Request,
            Self::StoreThenEmptyBody | Self::TruncatedJson | Self::BrokenBody => Place::Request,
            Self::Http { .. } | Self::Error { .. } | Self::TooManyRequests { .. } => Place::Request,
            Self::ExpireTokens => Place::Request,
            Self::TokenRefused { .. } | Self::TokenSlow { .. } => Place::Token,
            Self::RegistersOff { .. } => Place::Registration,
            Self::CallbackFirst => Place::NewRegistration,
            Self::DuplicateWithoutUuid => Place::Duplicate,
            Self::Fails { .. } | Self::SlowRegister { .. } => Place::Register,
            Self::NoCallback | Self::LateCallback { .. } => Place::Callback,
            Self::RepeatedCallback { .. } | Self::ForgedCallback { .. } => Place::Callback,
        }
    }
}

/// Why getToken refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenRefusal {
    /// 401, code 12.
    #[default]
    WrongPassword,
    /// 403, code 14.
    Blocked,
}

/// What a fault can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    Token,
    /// Whether its `external_id` is known already.
    Registration {
        known: bool,
    },
    Report,
    Register,
    Callback,
}

/// Where a kind of fault happens.
#[derive(Clone, Copy)]
enum Place {
    /// Any request.
    Request,
    Token,
    Registration,
    NewRegistration,
    Duplicate,
    Register,
    Callback,
}

impl Place {
    fn has(self, occasion: Occasion) -> bool {
        match self {
            Self::Request => occasion.side() == Side::Request,
            Self::Token => occasion == Occasion::Token,
            Self::Registration => matches!(occasion, Occasion::Registration { .. }),
            Self::NewRegistration => occasion == Occasion::Registration { known: false },
            Self::Duplicate => occasion == Occasion::Registration { known: true },
            Self::Register => occasion == Occasion::Register,
            Self::Callback => occasion == Occasion::Callback,
        }
    }

    fn side(self) -> Side {
        match self {
            Self::Request | Self::Token | Self::Registration | Self::NewRegistration => Side::Request,
            Self::Duplicate => Side::Request,
            Self::Register => Side::Register,
            Self::Callback => Side::Callback,
        }
    }
}

impl Occasion {
    fn side(self) -> Side {
        match self {
            Self::Token | Self::Registration { .. } | Self::Report => Side::Request,
            Self::Register => Side::Register,
            Self::Callback => Side::Callback,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Register,
    Callback,
}

/// Queues and dice: one for each side, so that the requests alone decide which of them are hit.
pub(super) struct Faults {
    requests: Queue<FaultKind>,
    registers: Queue<FaultKind>,
    callbacks: Queue<FaultKind>,
}

impl Faults {
    pub(super) fn none() -> Self {
        Self {
            requests: Queue::none(),
            registers: Queue::none(),
            callbacks: Queue::none(),
        }
    }

    pub(super) fn inject(&mut self, fault: Fault) {
        self.queue(fault.kind.place().side()).inject(fault);
    }

    pub(super) fn clear(&mut self) {
        self.requests.clear();
        self.registers.clear();
        self.callbacks.clear();
    }

    pub(super) fn waiting(&self) -> Vec<Fault> {
        let queues = [&self.requests, &self.registers, &self.callbacks];
        queues.into_iter().flat_map(Queue::waiting).collect()
    }

    pub(super) fn set_chaos(&mut self, plan: Option<&ChaosPlan>) {
        for side in [Side::Request, Side::Register, Side::Callback] {
            self.queue(side).set_chaos(plan.cloned());
        }
    }

    pub(super) fn take(&mut self, occasion: Occasion, subjects: &[&str]) -> Option<FaultKind> {
        self.queue(occasion.side())
            .take(subjects, |kind| kind.place().has(occasion))
    }

    fn queue(&mut self, side: Side) -> &mut Queue<FaultKind> {
        match side {
            Side::Request => &mut self.requests,
            Side::Register => &mut self.registers,
            Side::Callback => &mut self.callbacks,
        }
    }
}
