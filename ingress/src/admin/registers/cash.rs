//! `POST /registers/{id}/cash-in` and `POST /registers/{id}/cash-out`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::document::Kind;

use super::super::error::PageError;
use super::super::form::Form;
use super::super::notice::Notice;
use super::super::visitor::Visitor;
use crate::{AppState, registers};

type InPath = Result<Path<String>, PathRejection>;
type Answer = Result<Response, PageError>;

pub(super) async fn put_in(State(app): State<AppState>, visitor: Visitor, path: InPath, form: Form) -> Answer {
    plan(&app, &visitor, path, &form, Kind::CashIn).await
}

pub(super) async fn take_out(State(app): State<AppState>, visitor: Visitor, path: InPath, form: Form) -> Answer {
    plan(&app, &visitor, path, &form, Kind::CashOut).await
}

/// The form carries a key of its own, so that sending it twice is one document.
async fn plan(app: &AppState, visitor: &Visitor, path: InPath, form: &Form, kind: Kind) -> Answer {
    let register = super::own(app, visitor, path).await?;
    let (Some(amount), Some(key)) = (form.amount("amount"), form.filled("key")) else {
        return Err(wrong_amount());
    };
    if amount.is_zero() {
        return Err(wrong_amount());
    }
    registers::plan_cash(app, &register, kind, key, amount, &visitor.actor()).await?;
    Ok(Notice::Asked.at(&format!("/registers/{}", register.id)))
}

fn wrong_amount() -> PageError {
    PageError::Refused(
        "Сума має бути більша за нуль, у гривнях, наприклад 500 або 120,50. Нічого не зроблено.".to_owned(),
        "The amount should be above zero, in hryvnias, such as 500 or 120.50. Nothing was done.".to_owned(),
    )
}
