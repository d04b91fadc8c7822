//! The same doorbell inside one process.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    due::{Bell, Popped, Share},
    kind::Kind,
};

/// Most bells of one kind; further ones are dropped. A shop that needs more needs Redis.
const CAPACITY: usize = 2_000_000;

/// One sorted set per kind, as in Redis: by due time, one entry per id.
#[derive(Default)]
pub(crate) struct Memory([Mutex<Bells>; Kind::ALL.len()]);

#[derive(Default)]
struct Bells {
    by_due: BTreeSet<(i64, String)>,
    due_of: HashMap<String, i64>,
}

impl Memory {
    /// Adds bells, the earliest ring counts; returns how many found no room.
    pub(crate) fn add(&self, kind: Kind, bells: impl IntoIterator<Item = Bell>) -> usize {
        let mut held = self.lock(kind);
        bells.into_iter().filter(|bell| !held.add(bell)).count()
    }

    pub(crate) fn pop(&self, kind: Kind, share: Share, now_ms: i64) -> Popped {
        let mut held = self.lock(kind);
        let mut bells = Vec::with_capacity(share.oldest + share.newest);
        for _ in 0..share.oldest {
            bells.extend(held.take_oldest(now_ms));
        }
        for _ in 0..share.newest {
            bells.extend(held.take_newest(now_ms));
        }
        Popped {
            bells,
            next_due_ms: held.next_after(now_ms),
        }
    }

    pub(crate) fn depth(&self, kind: Kind) -> u64 {
        self.lock(kind).by_due.len() as u64
    }

    fn lock(&self, kind: Kind) -> MutexGuard<'_, Bells> {
        self.0[kind.index()].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bells {
    fn add(&mut self, bell: &Bell) -> bool {
        match self.due_of.get(&bell.id).copied() {
            Some(due_ms) if due_ms <= bell.due_ms => return true,
            Some(due_ms) => {
                self.by_due.remove(&(due_ms, bell.id.clone()));
            }
            None if self.by_due.len() >= CAPACITY => return false,
            None => {}
        }
        self.by_due.insert((bell.due_ms, bell.id.clone()));
        self.due_of.insert(bell.id.clone(), bell.due_ms);
        true
    }

    fn take_oldest(&mut self, now_ms: i64) -> Option<Bell> {
        let due = self.by_due.first().is_some_and(|(due_ms, _)| *due_ms <= now_ms);
        due.then(|| self.by_due.pop_first())
            .flatten()
            .map(|entry| self.forget(entry))
    }

    fn take_newest(&mut self, now_ms: i64) -> Option<Bell> {
        let entry = self
            .by_due
            .range(..(now_ms.saturating_add(1), String::new()))
            .next_back()?
            .clone();
        self.by_due.remove(&entry);
        Some(self.forget(entry))
    }

    fn forget(&mut self, (due_ms, id): (i64, String)) -> Bell {
        self.due_of.remove(&id);
        Bell { id, due_ms }
    }

    fn next_after(&self, now_ms: i64) -> Option<i64> {
        self.by_due
            .range((now_ms.saturating_add(1), String::new())..)
            .next()
            .map(|(due_ms, _)| *due_ms)
    }
}
