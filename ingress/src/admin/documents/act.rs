//! `POST /documents/{id}/resend`, `…/close`, `…/fetch`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::visitor::Visitor;
use crate::{AppState, documents};

type InPath = Result<Path<String>, PathRejection>;
type Answer = Result<Response, PageError>;

pub(super) async fn resend(State(app): State<AppState>, visitor: Visitor, path: InPath, _: Form) -> Answer {
    let (id, card) = super::own(&app, &visitor, path).await?;
    documents::resend_within(&app, visitor.reach(), id, &visitor.actor()).await?;
    Ok(Notice::Resent.at(&super::home(&card)))
}

pub(super) async fn close(State(app): State<AppState>, visitor: Visitor, path: InPath, form: Form) -> Answer {
    let (id, card) = super::own(&app, &visitor, path).await?;
    let Some(reason) = form.filled("reason") else {
        return Err(PageError::Refused(
            "Напишіть причину: її прочитає той, хто перевірятиме. Нічого не зроблено.".to_owned(),
            "Write the reason: whoever checks will read it. Nothing was done.".to_owned(),
        ));
    };
    documents::close_within(&app, visitor.reach(), id, reason, &visitor.actor()).await?;
    Ok(Notice::HoldClosed.at(&super::home(&card)))
}

pub(super) async fn fetch(State(app): State<AppState>, visitor: Visitor, path: InPath, _: Form) -> Answer {
    let (id, card) = super::own(&app, &visitor, path).await?;
    documents::fetch_within(&app, visitor.reach(), id, &visitor.actor()).await?;
    Ok(Notice::Asked.at(&super::home(&card)))
}
