//! A small memory of what was just read, so that a burst of callbacks is one look-up.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How old an answer may be. A changed key or secret counts after this long.
const FRESH: Duration = Duration::from_secs(2);
/// Strangers may ask for any number of names; no more than this are remembered.
const MAX_ENTRIES: usize = 4096;

/// Remembers values for two seconds, "there is none" as well. Never more than 4096 entries.
pub(crate) struct Cache<K, V>(Mutex<HashMap<K, (Instant, V)>>);

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Cache<K, V> {
    /// The fresh value of `key`, else what `read` brings. A failed read is not remembered.
    pub async fn get_or_read<E>(&self, key: &K, read: impl Future<Output = Result<V, E>>) -> Result<V, E> {
        if let Some(value) = self.fresh(key, Instant::now()) {
            return Ok(value);
        }
        // The age counts from before the look-up: what it brings may be that old.
        let asked_at = Instant::now();
        let value = read.await?;
        self.put(key.clone(), value.clone(), asked_at);
        Ok(value)
    }

    /// Forgets what was changed, so that this process does not work with the old for two seconds more.
    pub fn forget_if(&self, gone: impl Fn(&K, &V) -> bool) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|key, (_, value)| !gone(key, value));
    }

    fn fresh(&self, key: &K, now: Instant) -> Option<V> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, value) = entries.get(key)?;
        is_fresh(*read_at, now).then(|| value.clone())
    }

    fn put(&self, key: K, value: V, now: Instant) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MAX_ENTRIES {
            entries.retain(|_, (read_at, _)| is_fresh(*read_at, now));
        }
        if entries.len() >= MAX_ENTRIES {
            // All fresh: somebody is trying names. Forgetting costs a look-up, growing costs memory.
            entries.clear();
        }
        entries.insert(key, (now, value));
    }
}

fn is_fresh(read_at: Instant, now: Instant) -> bool {
    now.saturating_duration_since(read_at) < FRESH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_remembered_for_two_seconds() {
        let (cache, now) = (Cache::default(), Instant::now());
        cache.put(1, "one", now);
        assert_eq!(cache.fresh(&1, now + FRESH / 2), Some("one"));
        assert_eq!(cache.fresh(&1, now + FRESH), None);
        assert_eq!(cache.fresh(&2, now), None);
    }

    #[tokio::test]
    async fn a_failed_read_is_not_remembered_and_a_good_one_is() {
        let cache: Cache<u32, u32> = Cache::default();
        assert_eq!(cache.get_or_read(&1, async { Err("away") }).await, Err("away"));
        assert_eq!(cache.get_or_read(&1, async { Ok::<_, &str>(5) }).await, Ok(5));
        assert_eq!(cache.get_or_read(&1, async { Err("away") }).await, Ok(5));
    }

    #[test]
    fn what_was_changed_is_forgotten_and_the_rest_is_not() {
        let (cache, now) = (Cache::default(), Instant::now());
        cache.put(1, "one", now);
        cache.put(2, "two", now);
        cache.forget_if(|_, value| *value == "one");
        assert_eq!((cache.fresh(&1, now), cache.fresh(&2, now)), (None, Some("two")));
    }

    #[test]
    fn it_stays_small_whatever_is_asked() {
        let (cache, now) = (Cache::default(), Instant::now());
        for key in 0..10_000 {
            cache.put(key, (), now);
        }
        assert!(cache.0.lock().unwrap().len() <= MAX_ENTRIES);
    }
}
