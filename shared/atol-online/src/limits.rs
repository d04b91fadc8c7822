//! The times of the protocol. Nothing here waits: the caller does.

use std::time::Duration;

use crate::operation::Version;

/// Without a callback for so long after sending, ask. Asking earlier is allowed.
pub const ASK_AFTER: Duration = Duration::from_secs(300);

/// At least so long between two questions for results, for each register of the group. Documented for v4.
pub const BETWEEN_REPORTS: Duration = Duration::from_secs(1);

/// A document that waited so long for a register fails with type `timeout`.
pub const QUEUE_TIMEOUT: Duration = Duration::from_secs(300);

/// A document that still waits after so long is an incident for a person, never a reason to send another one.
pub const INCIDENT_AFTER: Duration = Duration::from_secs(15 * 60);

/// A token is used for so long after it was asked for: its 24 hours without a margin for slow answers and clocks.
pub const TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 3600 - 10 * 60);

/// For so long after sending a result can be fetched.
pub const fn retention(version: Version) -> Duration {
    let days = match version {
        Version::V4 => 32,
        Version::V5 => 30,
    };
    Duration::from_secs(days * 24 * 3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_the_protocols() {
        assert_eq!(retention(Version::V4).as_secs(), 2_764_800);
        assert_eq!(retention(Version::V5).as_secs(), 2_592_000);
        assert!(TOKEN_LIFETIME < Duration::from_secs(86_400));
        assert!(QUEUE_TIMEOUT < INCIDENT_AFTER);
    }
}
