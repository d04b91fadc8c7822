//! `GET /audit.csv`: everything the conditions let through, a page of the ledger at a time.

use axum::extract::{Query, State};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use ledger::LedgerError;
use ledger::audit::{AuditEntry, AuditFilter};
use ledger::people::Reach;

use super::super::visitor::Visitor;
use super::filter::Wish;
use crate::{AppState, export};

const PAGE: u64 = 500;

/// Where the export stands.
struct Place {
    app: AppState,
    reach: Reach,
    filter: AuditFilter,
    after: Option<String>,
    begun: bool,
    done: bool,
}

pub(super) async fn download(State(app): State<AppState>, visitor: Visitor, Query(wish): Query<Wish>) -> Response {
    let place = Place {
        app,
        reach: visitor.reach().clone(),
        filter: wish.filter(),
        after: None,
        begun: false,
        done: false,
    };
    export::download("kasyr-audit.csv", stream::try_unfold(place, next))
}

async fn next(mut place: Place) -> Result<Option<(Bytes, Place)>, LedgerError> {
    if place.done {
        return Ok(None);
    }
    let entries = place
        .app
        .ledger
        .audit_log(&place.reach, &place.filter, place.after.as_deref(), PAGE)
        .await?;
    let head = (!place.begun).then_some([
        "at", "actor", "address", "merchant", "action", "subject", "before", "after",
    ]);
    place.begun = true;
    place.done = entries.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
    place.after = entries.last().map(|last| last.id.clone());
    let text = export::rows(head.as_ref().map(<[&str; 8]>::as_slice), entries.iter().map(row));
    Ok(Some((text, place)))
}

fn row(entry: &AuditEntry) -> [String; 8] {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        export::time(entry.at),
        entry.actor.clone(),
        or_empty(&entry.address),
        or_empty(&entry.merchant),
        entry.action.clone(),
        entry.subject.clone(),
        or_empty(&entry.before),
        or_empty(&entry.after),
    ]
}
