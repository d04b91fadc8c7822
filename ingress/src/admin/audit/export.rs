//! `GET /audit.csv`: everything the conditions let through, a page of the ledger at a time.

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::response::Response;
use futures_util::stream;
use ledger::audit::{AuditEntry, AuditFilter};
use ledger::people::Reach;
use ledger::{Ledger, LedgerError};

use super::super::visitor::Visitor;
use super::filter::Wish;
use crate::documents::view::time;
use crate::{AppState, export};

const HEAD: [&str; 8] = [
    "at", "actor", "address", "merchant", "action", "subject", "before", "after",
];
/// Read at a time.
const PAGE: u64 = 500;

/// How far the reading is.
struct Place {
    ledger: Ledger,
    reach: Reach,
    filter: AuditFilter,
    at: At,
}

enum At {
    Begin,
    After(String),
    End,
}

pub(super) async fn download(State(app): State<AppState>, visitor: Visitor, Query(wish): Query<Wish>) -> Response {
    let place = Place {
        ledger: app.ledger.clone(),
        reach: visitor.reach().clone(),
        filter: wish.filter(),
        at: At::Begin,
    };
    export::file("kasyr-audit.csv", Body::from_stream(stream::try_unfold(place, next)))
}

async fn next(mut place: Place) -> Result<Option<(Bytes, Place)>, LedgerError> {
    let (mut text, after) = match &place.at {
        At::Begin => {
            let head = export::rows(&[HEAD.map(str::to_owned)]);
            ([export::UTF8.as_bytes(), &head].concat(), None)
        }
        At::After(last) => (Vec::new(), Some(last.as_str())),
        At::End => return Ok(None),
    };
    let entries = place.ledger.audit_log(&place.reach, &place.filter, after, PAGE).await?;
    let cells: Vec<[String; 8]> = entries.iter().map(row).collect();
    text.extend(export::rows(&cells));
    let full = entries.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
    place.at = match entries.last() {
        Some(last) if full => At::After(last.id.clone()),
        Some(_) | None => At::End,
    };
    Ok(Some((text.into(), place)))
}

fn row(entry: &AuditEntry) -> [String; 8] {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        time(entry.at).unwrap_or_default(),
        entry.actor.clone(),
        or_empty(&entry.address),
        or_empty(&entry.merchant),
        entry.action.clone(),
        entry.subject.clone(),
        or_empty(&entry.before),
        or_empty(&entry.after),
    ]
}
