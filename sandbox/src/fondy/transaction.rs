//! Movements of money of one order, as `transaction_list` shows them.

/// What moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Purchase,
    Capture,
    Reverse,
    Verification,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Purchase => "purchase",
            Self::Capture => "capture",
            Self::Reverse => "reverse",
            Self::Verification => "verification",
        }
    }
}

/// Number and time the simulator gives to a movement before the order accepts it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp {
    pub(super) id: u64,
    pub(super) at_ms: u64,
}

/// One approved movement.
#[derive(Clone, Debug)]
pub(super) struct Transaction {
    pub(super) id: u64,
    pub(super) parent: Option<u64>,
    pub(super) kind: Kind,
    /// Minor units of the actual currency.
    pub(super) amount: u64,
    pub(super) at_ms: u64,
}
