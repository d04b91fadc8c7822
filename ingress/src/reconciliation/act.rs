//! `POST /v1/findings/{id}/repair`, `…/close`, `…/link`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::ids::ExternalOrderId;
use ledger::audit::Actor;
use ledger::people::Reach;
use ledger::reconcile::{Closing, Linked, Linking, Repair, Repaired};
use ledger::settings::Scope;
use queue::{Due, Kind};
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, body, json as reader};

/// The longest reason, in characters.
const MAX_REASON: usize = 500;

type InPath = Result<Path<String>, PathRejection>;

pub(super) async fn repair(
    State(app): State<AppState>,
    caller: Caller,
    path: InPath,
    request: Request,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let key = caller.may(Scope::Operator)?;
    let Path(id) = path.map_err(|_| ApiError::BadPath)?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let body = reader::body(&bytes)?;
    body.only(&["repair"])?;
    let word = body.needed("repair", body.filled("repair", 20)?)?;
    let repair = Repair::parse(&word)
        .filter(|repair| *repair != Repair::Link)
        .ok_or_else(|| ApiError::field("bad_field", "repair", "it should be take_in, resend or ask_again"))?;
    let reach = Reach::Merchants(vec![key.merchant.clone()]);
    repair_within(&app, &reach, &id, repair, &caller.actor()).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "id": id, "status": "accepted" }))))
}

/// The same for whoever reaches the finding.
pub(crate) async fn repair_within(
    app: &AppState,
    reach: &Reach,
    id: &str,
    repair: Repair,
    by: &Actor,
) -> Result<(), ApiError> {
    match app
        .ledger
        .repair_finding(reach, id, repair, by, app.ledger.now())
        .await?
    {
        Repaired::Asked | Repaired::Resent(None) => Ok(()),
        Repaired::Resent(Some(register)) => {
            app.doorbell.ring(Kind::WorkRegister, register.as_str(), Due::Now);
            Ok(())
        }
        Repaired::NotFound => Err(ApiError::NotFound("finding")),
        Repaired::NotOpen => Err(ApiError::FindingNotOpen),
        Repaired::NotThis(repair) => Err(ApiError::OtherRepair(repair)),
    }
}

pub(super) async fn close(
    State(app): State<AppState>,
    caller: Caller,
    path: InPath,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let Path(id) = path.map_err(|_| ApiError::BadPath)?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let body = reader::body(&bytes)?;
    body.only(&["reason"])?;
    let reason = body.needed("reason", body.filled("reason", MAX_REASON)?)?;
    let reach = Reach::Merchants(vec![key.merchant.clone()]);
    close_within(&app, &reach, &id, &reason, &caller.actor()).await?;
    Ok(Json(json!({ "id": id, "state": "closed" })))
}

/// The same for whoever reaches the finding.
pub(crate) async fn close_within(
    app: &AppState,
    reach: &Reach,
    id: &str,
    reason: &str,
    by: &Actor,
) -> Result<(), ApiError> {
    let reason: String = reason.chars().take(MAX_REASON).collect();
    match app
        .ledger
        .close_finding(reach, id, &reason, by, app.ledger.now())
        .await?
    {
        Closing::Done => Ok(()),
        Closing::NotFound => Err(ApiError::NotFound("finding")),
        Closing::NotOpen => Err(ApiError::FindingNotOpen),
        Closing::NoReason => Err(ApiError::field("missing_field", "reason", "it should say something")),
    }
}

pub(super) async fn link(
    State(app): State<AppState>,
    caller: Caller,
    path: InPath,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let Path(id) = path.map_err(|_| ApiError::BadPath)?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let body = reader::body(&bytes)?;
    body.only(&["order_id"])?;
    let order = body.needed("order_id", body.filled("order_id", 1024)?)?;
    let reach = Reach::Merchants(vec![key.merchant.clone()]);
    link_within(&app, &reach, &id, &order, &caller.actor()).await?;
    Ok(Json(json!({ "id": id, "state": "gone" })))
}

/// The same for whoever reaches the finding.
pub(crate) async fn link_within(
    app: &AppState,
    reach: &Reach,
    id: &str,
    order: &str,
    by: &Actor,
) -> Result<(), ApiError> {
    let order = ExternalOrderId::parse(order)
        .map_err(|error| ApiError::field("bad_order_id", "order_id", error.to_string()))?;
    let linking = Linking {
        finding: id,
        order: &order,
    };
    match app.ledger.link_document(reach, linking, by, app.ledger.now()).await? {
        Linked::Done => Ok(()),
        Linked::NotFound => Err(ApiError::NotFound("finding")),
        Linked::NotOpen => Err(ApiError::FindingNotOpen),
        Linked::NotADocument => Err(ApiError::OtherRepair(Repair::AskAgain)),
        Linked::NoSuchOrder => Err(ApiError::NotFound("order")),
    }
}
