//! `POST /reconciliation/run`, `/findings/{id}/repair`, `…/close`, `…/link`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use ledger::reconcile::Repair;

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::visitor::Visitor;
use crate::AppState;
use crate::error::ApiError;
use crate::reconciliation::{Wish, ask_within, close_within, link_within, repair_within};

const PAGE: &str = "/reconciliation";

type InPath = Result<Path<String>, PathRejection>;

pub(super) async fn run(State(app): State<AppState>, visitor: Visitor, form: Form) -> Result<Response, PageError> {
    let wish = Wish {
        day: form.text("day"),
        take_in: form.ticked("take_in"),
        deep: form.ticked("deep"),
    };
    let source = form.text("source");
    match ask_within(&app, visitor.reach(), source, wish, &visitor.actor()).await {
        Ok(_) => Ok(Notice::ComparisonAsked.at(PAGE)),
        Err(ApiError::Field { .. }) => Err(PageError::Refused(
            "День має бути таким, як 2026-11-21, і не пізнішим за сьогодні.".to_owned(),
            "The day should be like 2026-11-21, and not after today.".to_owned(),
        )),
        Err(error) => Err(gone(error)),
    }
}

pub(super) async fn repair(
    State(app): State<AppState>,
    visitor: Visitor,
    path: InPath,
    form: Form,
) -> Result<Response, PageError> {
    let id = own(&app, &visitor, path).await?;
    let repair = Repair::parse(form.text("repair")).ok_or(PageError::BadForm)?;
    repair_within(&app, visitor.reach(), &id, repair, &visitor.actor())
        .await
        .map_err(gone)?;
    Ok(Notice::RepairAsked.at(PAGE))
}

pub(super) async fn close(
    State(app): State<AppState>,
    visitor: Visitor,
    path: InPath,
    form: Form,
) -> Result<Response, PageError> {
    let id = own(&app, &visitor, path).await?;
    let reason = form.filled("reason").ok_or_else(|| {
        PageError::Refused(
            "Напишіть, як це владнано. Нічого не зроблено.".to_owned(),
            "Write how it was settled. Nothing was done.".to_owned(),
        )
    })?;
    close_within(&app, visitor.reach(), &id, reason, &visitor.actor())
        .await
        .map_err(gone)?;
    Ok(Notice::FindingClosed.at(PAGE))
}

pub(super) async fn link(
    State(app): State<AppState>,
    visitor: Visitor,
    path: InPath,
    form: Form,
) -> Result<Response, PageError> {
    let id = own(&app, &visitor, path).await?;
    match link_within(&app, visitor.reach(), &id, form.text("order_id"), &visitor.actor()).await {
        Ok(()) => Ok(Notice::DocumentLinked.at(PAGE)),
        Err(ApiError::NotFound("order") | ApiError::Field { .. }) => Err(PageError::Refused(
            "Такого замовлення немає. Нічого не зроблено.".to_owned(),
            "There is no such order. Nothing was done.".to_owned(),
        )),
        Err(error) => Err(gone(error)),
    }
}

/// The finding's id, if this person may see it.
async fn own(app: &AppState, visitor: &Visitor, path: InPath) -> Result<String, PageError> {
    let Path(id) = path.map_err(|_| PageError::NoSuchPage)?;
    let finding = app.ledger.finding(visitor.reach(), &id).await?;
    finding.map(|finding| finding.id).ok_or(PageError::NoSuchPage)
}

/// Somebody else was quicker, or it is not theirs to see.
fn gone(error: ApiError) -> PageError {
    match error {
        ApiError::FindingNotOpen => PageError::Refused(
            "Цю розбіжність уже владнано.".to_owned(),
            "This finding is settled already.".to_owned(),
        ),
        ApiError::NotFound(_) => PageError::NoSuchPage,
        other => other.into(),
    }
}
