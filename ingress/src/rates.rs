//! How many requests one source, API key or address may send.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::Clock;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config::{Limits, Rate};
use crate::error::ApiError;

/// The limits and who used how much of them.
pub(crate) struct Rates {
    sources: Option<DefaultKeyedRateLimiter<String>>,
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
}

impl Rates {
    pub fn new(limits: &Limits) -> Self {
        Self {
            sources: limiter(limits.per_source),
            addresses: limiter(limits.per_address),
        }
    }

    /// One more request from this address?
    pub fn check_address(&self, address: IpAddr) -> Result<(), ApiError> {
        check(self.addresses.as_ref(), &address)
    }

    /// One more request from this source or API key? Names of different kinds must differ.
    pub fn check_source(&self, name: &str) -> Result<(), ApiError> {
        match &self.sources {
            None => Ok(()),
            limiter => check(limiter.as_ref(), &name.to_owned()),
        }
    }

    /// Forgets senders that were quiet.
    pub fn forget_idle(&self) {
        if let Some(sources) = &self.sources {
            sources.retain_recent();
        }
        if let Some(addresses) = &self.addresses {
            addresses.retain_recent();
        }
    }
}

fn limiter<K: Hash + Eq + Clone>(rate: Rate) -> Option<DefaultKeyedRateLimiter<K>> {
    let per_second = NonZeroU32::new(rate.per_second)?;
    let burst = NonZeroU32::new(rate.burst).unwrap_or(per_second);
    Some(RateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst)))
}

fn check<K: Hash + Eq + Clone>(limiter: Option<&DefaultKeyedRateLimiter<K>>, key: &K) -> Result<(), ApiError> {
    let Some(limiter) = limiter else {
        return Ok(());
    };
    limiter.check_key(key).map_err(|not_yet| ApiError::TooMany {
        wait: not_yet.wait_time_from(limiter.clock().now()),
    })
}
