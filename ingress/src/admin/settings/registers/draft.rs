//! What was typed and checked but not saved yet. The secrets of a register must not go back to the browser
//! between the check and the save, so they wait here: in memory only, for a quarter of an hour, for the one
//! session that gave them.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use domain::ids::RegisterId;
use ledger::settings::Register;
use tokio::time::Instant;
use uuid::Uuid;

use super::super::trouble::Obstacle;
use super::found::Found;
use super::key::Given;
use super::typed::Typed;

/// How long a draft waits.
const KEPT: Duration = Duration::from_secs(15 * 60);
/// A session that begins more gives up its oldest.
const PER_SESSION: usize = 4;
/// So do all sessions together.
const MOST: usize = 64;

/// A register that is being set up.
pub(super) struct Draft {
    /// The saved register it is about; `None`: a new one. A draft is of no use for another, for the saved key of
    /// one register must not be sent to the address of another.
    pub register: Option<RegisterId>,
    pub typed: Typed,
    pub given: Option<Given>,
    pub checked: Checked,
}

/// What came of the check.
pub(super) enum Checked {
    /// The form had problems; nobody was asked.
    No,
    /// The provider told; a register is there when it may be saved.
    Told { found: Found, ready: Option<Box<Register>> },
    /// Something stands in the way. A register is there when it may be saved unchecked.
    Stopped {
        obstacle: Obstacle,
        found: Option<Found>,
        unchecked: Option<Box<Register>>,
    },
}

/// The drafts of all sessions.
pub(crate) struct Drafts {
    all: Arc<Mutex<Vec<Kept>>>,
    lasting: Duration,
}

impl Default for Drafts {
    fn default() -> Self {
        Self::lasting(KEPT)
    }
}

struct Kept {
    id: String,
    session: String,
    until: Instant,
    draft: Arc<Draft>,
}

impl Drafts {
    fn lasting(lasting: Duration) -> Self {
        Self {
            all: Arc::default(),
            lasting,
        }
    }

    /// Keeps a draft under an id nobody can guess. `before` is the draft it takes the place of.
    pub(super) fn keep(&self, session: &str, before: &str, draft: Draft) -> String {
        let id = Uuid::new_v4().simple().to_string();
        let now = Instant::now();
        let kept = Kept {
            id: id.clone(),
            session: session.to_owned(),
            until: now + self.lasting,
            draft: Arc::new(draft),
        };
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|kept| kept.until > now && !(kept.id == before && kept.session == session));
        if all.iter().filter(|kept| kept.session == session).count() >= PER_SESSION
            && let Some(oldest) = all.iter().position(|kept| kept.session == session)
        {
            all.remove(oldest);
        }
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push(kept);
        drop(all);
        end_later(Arc::downgrade(&self.all), self.lasting);
        id
    }

    /// A draft of this session, if it still waits.
    pub(super) fn find(&self, session: &str, id: &str) -> Option<Arc<Draft>> {
        let now = Instant::now();
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all
            .iter()
            .find(|kept| kept.id == id && kept.session == session && kept.until > now)?;
        Some(Arc::clone(&kept.draft))
    }

    /// Ends a draft that was saved.
    pub(super) fn end(&self, session: &str, id: &str) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|kept| !(kept.id == id && kept.session == session));
    }
}

/// Memory does not wait for the next visit to let a secret go.
fn end_later(drafts: Weak<Mutex<Vec<Kept>>>, lasting: Duration) {
    tokio::spawn(async move {
        tokio::time::sleep(lasting).await;
        if let Some(all) = drafts.upgrade() {
            let now = Instant::now();
            all.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .retain(|kept| kept.until > now);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(id: &str) -> Draft {
        Draft {
            register: None,
            typed: Typed {
                id: id.to_owned(),
                ..Typed::default()
            },
            given: None,
            checked: Checked::No,
        }
    }

    fn found(drafts: &Drafts, session: &str, id: &str) -> Option<String> {
        drafts.find(session, id).map(|draft| draft.typed.id.clone())
    }

    #[tokio::test]
    async fn a_draft_is_for_its_session_and_until_it_is_replaced_or_ended() {
        let drafts = Drafts::default();
        let first = drafts.keep("olena", "", draft("one"));
        assert_eq!(found(&drafts, "olena", &first).as_deref(), Some("one"));
        assert_eq!(found(&drafts, "petro", &first), None);
        drafts.end("petro", &first);
        let second = drafts.keep("olena", &first, draft("two"));
        assert_eq!(found(&drafts, "olena", &first), None, "replaced");
        assert_eq!(found(&drafts, "olena", &second).as_deref(), Some("two"));
        drafts.end("olena", &second);
        assert_eq!(found(&drafts, "olena", &second), None);
    }

    #[tokio::test]
    async fn a_draft_leaves_memory_by_itself() {
        let drafts = Drafts::lasting(Duration::from_millis(20));
        let id = drafts.keep("olena", "", draft("one"));
        let held = drafts.find("olena", &id).map(|draft| Arc::downgrade(&draft));
        let gone = async {
            while held.as_ref().is_some_and(|held| held.strong_count() > 0) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), gone).await.unwrap();
        assert_eq!(found(&drafts, "olena", &id), None);
    }

    #[tokio::test]
    async fn there_are_never_many_drafts() {
        let drafts = Drafts::default();
        let other = drafts.keep("petro", "", draft("other"));
        let ids: Vec<String> = (0..=PER_SESSION)
            .map(|_| drafts.keep("olena", "", draft("mine")))
            .collect();
        assert_eq!(found(&drafts, "olena", &ids[0]), None, "the oldest made room");
        assert!(ids[1..].iter().all(|id| found(&drafts, "olena", id).is_some()));
        assert!(found(&drafts, "petro", &other).is_some());
        for session in 0..MOST * 2 {
            drafts.keep(&session.to_string(), "", draft("many"));
        }
        assert_eq!(drafts.all.lock().unwrap().len(), MOST);
    }
}
