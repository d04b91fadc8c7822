//! `GET /live`: tells an open page that something has changed. One look at the ledger a second serves all
//! pages that are open, and none is taken when none is.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use ledger::people::Role;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::route::{Access, Route, get};
use super::visitor::Visitor;
use crate::AppState;

/// How long one look serves.
const FRESH: Duration = Duration::from_secs(1);
/// A connection ends after so long and the browser makes another one: then its session is looked at again.
const LONGEST: Duration = Duration::from_secs(10 * 60);

pub(super) fn routes() -> Vec<Route> {
    vec![get("/live", Access::Needs(Role::Accountant), watch)]
}

/// The last look, shared by all connections.
#[derive(Default)]
pub(crate) struct Pulse(Mutex<Option<(Instant, Arc<str>)>>);

impl Pulse {
    /// While the ledger is away nothing changes.
    async fn read(&self, app: &AppState) -> Arc<str> {
        let mut last = self.0.lock().await;
        if let Some((at, pulse)) = &*last
            && at.elapsed() < FRESH
        {
            return Arc::clone(pulse);
        }
        let pulse = match app.ledger.pulse().await {
            Ok(pulse) => pulse.into(),
            Err(_) => last.as_ref().map_or_else(|| "".into(), |(_, pulse)| Arc::clone(pulse)),
        };
        *last = Some((Instant::now(), Arc::clone(&pulse)));
        pulse
    }
}

/// What a connection knows.
struct Watch {
    app: AppState,
    user: String,
    session: String,
    seen: Option<Arc<str>>,
    until: Instant,
}

async fn watch(State(app): State<AppState>, visitor: Visitor) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let watch = Watch {
        app,
        user: visitor.user().id.clone(),
        session: visitor.session.id.clone(),
        seen: None,
        until: Instant::now() + LONGEST,
    };
    Sse::new(stream::unfold(watch, next)).keep_alive(KeepAlive::default())
}

impl Watch {
    /// Nothing more is told to a session that has ended, or while nobody knows.
    async fn is_signed_in(&self) -> bool {
        let ledger = &self.app.ledger;
        let sessions = ledger.sessions_of(&self.user, ledger.now()).await;
        sessions.is_ok_and(|all| all.iter().any(|session| session.id == self.session))
    }
}

/// Waits for the next change. The page that has just been opened knows what is now.
async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    loop {
        let pulse = watch.app.pulse.read(&watch.app).await;
        let changed = watch.seen.as_ref().is_some_and(|seen| *seen != pulse);
        watch.seen = Some(pulse);
        if changed {
            if !watch.is_signed_in().await {
                return None;
            }
            // Browsers drop an event without data.
            return Some((Ok(Event::default().event("changed").data("yes")), watch));
        }
        tokio::select! {
            () = tokio::time::sleep(FRESH) => {}
            () = watch.app.stopping.cancelled() => return None,
        }
        if Instant::now() > watch.until {
            return None;
        }
    }
}
