//! How often one address may try to sign in. The lock-out of a user is the ledger's.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::ApiError;

/// So many tries at once, then one in three seconds: plenty for an office behind one address, too few to guess.
const AT_ONCE: u32 = 20;
const ONE_IN: Duration = Duration::from_secs(3);

/// Who tried how often.
pub(crate) struct Pace(DefaultKeyedRateLimiter<IpAddr>);

impl Default for Pace {
    fn default() -> Self {
        let at_once = NonZeroU32::new(AT_ONCE).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(ONE_IN).unwrap_or_else(|| Quota::per_minute(at_once));
        Self(RateLimiter::keyed(quota.allow_burst(at_once)))
    }
}

impl Pace {
    /// One more try from this address?
    pub fn check(&self, address: IpAddr) -> Result<(), ApiError> {
        self.0.check_key(&address).map_err(|not_yet| ApiError::TooMany {
            wait: not_yet.wait_time_from(self.0.clock().now()),
        })
    }

    /// Forgets addresses that were quiet.
    pub fn forget_idle(&self) {
        self.0.retain_recent();
    }
}
