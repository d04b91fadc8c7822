//! What a bell asks for.

/// What a bell asks for; each kind has its own sorted set and its own workers.
///
/// To add one: a variant, its place in [`Kind::ALL`] and its name in [`Kind::as_str`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An event is stored and no document follows from it yet; the id is the event's.
    PlanEvent,
    /// A register has due documents; the id is the register's.
    WorkRegister,
    /// A lane has messages to send; the id is the lane's.
    Deliver,
    /// A payment is to be divided between its receivers; the id is the settlement's.
    Settle,
    /// A payment system's own register should have something; the id is the expectation's, or its day's.
    Expect,
}

impl Kind {
    /// Every kind, in the order of the variants.
    pub const ALL: [Self; 5] = [
        Self::PlanEvent,
        Self::WorkRegister,
        Self::Deliver,
        Self::Settle,
        Self::Expect,
    ];

    /// The name used in Redis keys, logs and metric labels. Changing one orphans its bells.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PlanEvent => "plan_event",
            Self::WorkRegister => "work_register",
            Self::Deliver => "deliver",
            Self::Settle => "settle",
            Self::Expect => "expect",
        }
    }

    /// Place in [`Kind::ALL`], for tables with one entry per kind.
    pub(crate) fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_at_its_own_place_under_its_own_name() {
        for (place, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind.index(), place);
            let same_name = |other: &&Kind| other.as_str() == kind.as_str();
            assert_eq!(Kind::ALL.iter().filter(same_name).count(), 1);
        }
    }
}
