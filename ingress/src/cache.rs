//! A small memory of what was just read, so that a burst of callbacks is one look-up.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

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
        if let Some(value) = self.fresh(key) {
            return Ok(value);
        }
        let value = read.await?;
        self.put(key.clone(), value.clone());
        Ok(value)
    }

    fn fresh(&self, key: &K) -> Option<V> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, value) = entries.get(key)?;
        (read_at.elapsed() < FRESH).then(|| value.clone())
    }

    fn put(&self, key: K, value: V) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MAX_ENTRIES {
            entries.retain(|_, (read_at, _)| read_at.elapsed() < FRESH);
        }
        if entries.len() >= MAX_ENTRIES {
            // All fresh: somebody is trying names. Forgetting costs a look-up, growing costs memory.
            entries.clear();
        }
        entries.insert(key, (Instant::now(), value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_as(cache: &Cache<u32, u32>, key: u32, value: u32) -> u32 {
        cache.get_or_read(&key, async { Ok::<_, ()>(value) }).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_value_is_remembered_for_two_seconds() {
        let cache = Cache::default();
        assert_eq!(read_as(&cache, 1, 10).await, 10);
        assert_eq!(read_as(&cache, 1, 11).await, 10);
        tokio::time::advance(FRESH).await;
        assert_eq!(read_as(&cache, 1, 12).await, 12);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_read_is_not_remembered() {
        let cache: Cache<u32, u32> = Cache::default();
        assert_eq!(cache.get_or_read(&1, async { Err("away") }).await, Err("away"));
        assert_eq!(read_as(&cache, 1, 5).await, 5);
    }

    #[tokio::test(start_paused = true)]
    async fn it_stays_small_whatever_is_asked() {
        let cache = Cache::default();
        for key in 0..10_000 {
            read_as(&cache, key, 0).await;
        }
        assert!(cache.0.lock().unwrap().len() <= MAX_ENTRIES);
    }
}
