//! The simulator's clock: the real one, shifted, or standing still until it is moved.

use jiff::{SignedDuration, Timestamp};

/// Where the simulator's time comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The system clock.
    #[default]
    Real,
    /// The system clock plus this much.
    Shifted(SignedDuration),
    /// Always this instant, until the clock is set again.
    Fixed(Timestamp),
}

impl Clock {
    pub(super) fn now(self) -> Timestamp {
        let real = Timestamp::now();
        match self {
            Self::Real => real,
            Self::Shifted(by) => real.checked_add(by).unwrap_or(real),
            Self::Fixed(at) => at,
        }
    }

    /// The clock moved forward by so much, standing or running as it was.
    pub(super) fn advanced(self, by: SignedDuration) -> Self {
        match self {
            Self::Real => Self::Shifted(by),
            Self::Shifted(already) => Self::Shifted(already.checked_add(by).unwrap_or(already)),
            Self::Fixed(at) => Self::Fixed(at.checked_add(by).unwrap_or(at)),
        }
    }
}
