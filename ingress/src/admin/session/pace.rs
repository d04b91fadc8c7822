//! How often one address may try to sign in. The lock-out of a user is the ledger's.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::super::error::PageError;
use crate::AppState;
use crate::address::RemoteAddress;
use crate::error::ApiError;

/// So many tries at once, then one in three seconds: plenty for an office behind one address, too few to guess.
const AT_ONCE: u32 = 20;
const ONE_IN: Duration = Duration::from_secs(3);
/// The audit hears of a hasty address this often: it only grows, and nobody should fill it by knocking.
const TOLD_EVERY: Duration = Duration::from_secs(60 * 60);

/// Who tried how often, and of whom the audit has heard.
pub(crate) struct Pace {
    tries: DefaultKeyedRateLimiter<IpAddr>,
    told: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Pace {
    fn default() -> Self {
        let at_once = NonZeroU32::new(AT_ONCE).unwrap_or(NonZeroU32::MIN);
        let one_in = |time| Quota::with_period(time).unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN));
        Self {
            tries: RateLimiter::keyed(one_in(ONE_IN).allow_burst(at_once)),
            told: RateLimiter::keyed(one_in(TOLD_EVERY)),
        }
    }
}

impl Pace {
    /// One more try from this address?
    fn check(&self, address: IpAddr) -> Result<(), ApiError> {
        self.tries.check_key(&address).map_err(|not_yet| ApiError::TooMany {
            wait: not_yet.wait_time_from(self.tries.clock().now()),
        })
    }

    /// Forgets addresses that were quiet.
    pub fn forget_idle(&self) {
        self.tries.retain_recent();
        self.told.retain_recent();
    }
}

/// One more try to sign in, or to use a one-time link: from where it comes, in words for the ledger.
pub(super) async fn one_more(app: &AppState, address: Option<RemoteAddress>) -> Result<String, PageError> {
    let Some(address) = address else {
        return Ok(String::new());
    };
    let (sender, words) = (address.sender(), address.0.to_string());
    if let Err(refused) = app.sign_ins.check(sender) {
        if app.sign_ins.told.check_key(&sender).is_ok() {
            app.ledger.note_too_many_tries(&words, app.ledger.now()).await?;
        }
        return Err(refused.into());
    }
    Ok(words)
}
