//! A simulator's time: the machine's, or one that tests move by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// 05.03.2025 14:03:59 in Kyiv, so that a virtual run prints the same dates every time.
const VIRTUAL_START_MS: u64 = 1_741_176_239_000;

/// Where the simulator reads the time. Clones of a virtual clock move together.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    Real,
    /// Moves only by [`Clock::advance`]; milliseconds since 1970.
    Virtual(Arc<AtomicU64>),
    /// The machine's, so many milliseconds off; [`Clock::advance`] adds to them.
    Moved(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at 05.03.2025 14:03:59, Kyiv time.
    pub fn virtual_time() -> Self {
        Self::Virtual(Arc::new(AtomicU64::new(VIRTUAL_START_MS)))
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        match self {
            Self::Real => machine_ms(),
            Self::Virtual(ms) => ms.load(Ordering::SeqCst),
            Self::Moved(by) => machine_ms().saturating_add_signed(by.load(Ordering::SeqCst)),
        }
    }

    /// Moves a virtual clock; the real one is not ours to move and stays as it is.
    pub fn advance(&self, by: Duration) {
        match self {
            Self::Real => {}
            Self::Virtual(ms) => {
                ms.fetch_add(millis(by), Ordering::SeqCst);
            }
            Self::Moved(offset) => {
                let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
                offset.fetch_add(by, Ordering::SeqCst);
            }
        }
    }
}

/// The machine's clock whatever the simulator's is: acknowledgements are compared across processes.
pub(crate) fn machine_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis)
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
