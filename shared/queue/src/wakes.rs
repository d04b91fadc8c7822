//! Tells the poppers of this process that something was rung.

use tokio::sync::watch;

use crate::kind::Kind;

/// One counter per kind; a change means "look again".
pub(crate) struct Wakes([watch::Sender<u64>; Kind::ALL.len()]);

impl Wakes {
    pub(crate) fn new() -> Self {
        Self(Kind::ALL.map(|_| watch::Sender::new(0)))
    }

    pub(crate) fn wake(&self, kind: Kind) {
        self.0[kind.index()].send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(crate) fn wake_all(&self) {
        Kind::ALL.into_iter().for_each(|kind| self.wake(kind));
    }

    pub(crate) fn subscribe(&self, kind: Kind) -> watch::Receiver<u64> {
        self.0[kind.index()].subscribe()
    }
}
