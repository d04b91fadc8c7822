//! `POST /registers/{id}/close-shift`, `…/z-report`, `…/totals`, `…/sync`, `…/cleanup`, `…/remove`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use ledger::actions::{Ask, LOSE_DOCUMENTS};

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::visitor::Visitor;
use crate::{AppState, actions};

type InPath = Result<Path<String>, PathRejection>;

pub(super) async fn close_shift(State(app): State<AppState>, visitor: Visitor, path: InPath, _: Form) -> Answer {
    ask(&app, &visitor, path, Ask::Close, "").await
}

pub(super) async fn z_report(State(app): State<AppState>, visitor: Visitor, path: InPath, _: Form) -> Answer {
    ask(&app, &visitor, path, Ask::ZReport, "").await
}

pub(super) async fn totals(State(app): State<AppState>, visitor: Visitor, path: InPath, _: Form) -> Answer {
    ask(&app, &visitor, path, Ask::Totals, "").await
}

pub(super) async fn sync(State(app): State<AppState>, visitor: Visitor, path: InPath, _: Form) -> Answer {
    ask(&app, &visitor, path, Ask::Sync, "").await
}

pub(super) async fn cleanup(State(app): State<AppState>, visitor: Visitor, path: InPath, _: Form) -> Answer {
    ask(&app, &visitor, path, Ask::Cleanup, "").await
}

/// Loses undelivered documents only if the form says so in so many words.
pub(super) async fn remove(State(app): State<AppState>, visitor: Visitor, path: InPath, form: Form) -> Answer {
    if form.text("confirm") != LOSE_DOCUMENTS {
        return Err(PageError::Refused(
            format!(
                "Щоб відкинути недоставлені документи, треба дослівно написати: {LOSE_DOCUMENTS}. Нічого не зроблено."
            ),
            format!("To lose undelivered documents, write exactly: {LOSE_DOCUMENTS}. Nothing was done."),
        ));
    }
    ask(&app, &visitor, path, Ask::Remove, LOSE_DOCUMENTS).await
}

type Answer = Result<Response, PageError>;

async fn ask(app: &AppState, visitor: &Visitor, path: InPath, what: Ask, subject: &str) -> Answer {
    let register = super::own(app, visitor, path).await?;
    actions::ask(app, &visitor.actor(), &register.id, what, subject).await?;
    Ok(Notice::Asked.at(&format!("/registers/{}", register.id)))
}
