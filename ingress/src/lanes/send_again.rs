//! `POST /v1/lanes/{lane}/send-again`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::time::UnixMillis;
use ledger::deliveries::{LaneId, Which};
use ledger::people::Reach;
use ledger::settings::Scope;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::json::{self as reader, Object};
use crate::{AppState, body, deliveries};

/// Sends a lane's messages again. Held ones go on under their own id, so that is safe to repeat; those that were made in
/// a time go as new messages each time it is asked.
pub(super) async fn send(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let key = caller.may(Scope::Operator)?;
    let Path(lane) = path.map_err(|_| ApiError::BadPath)?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let which = which(&reader::body(&bytes)?)?;
    // PostgreSQL takes no NUL.
    if lane.contains('\0') {
        return Err(ApiError::NotFound("lane"));
    }
    let lane = LaneId::from_bell(lane);
    let reach = Reach::Merchants(vec![key.merchant.clone()]);
    let actor = caller.actor();
    let sent = app
        .ledger
        .send_lane_again(&reach, &lane, which, actor.clone(), app.ledger.now())
        .await?;
    let messages = sent.ok_or(ApiError::NotFound("lane"))?;
    deliveries::ring(&app, std::slice::from_ref(&lane));
    let by = actor.name.as_str();
    tracing::info!(lane.id = %lane, messages, by, "{messages} messages of {lane} are sent again");
    let answer = json!({ "lane": lane.as_str(), "messages": messages });
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

fn which(body: &Object<'_>) -> Result<Which, ApiError> {
    let word = body.needed("which", body.text("which", 16)?)?;
    match word.as_str() {
        "held" => {
            body.only(&["which"])?;
            Ok(Which::Held)
        }
        "made" => {
            body.only(&["which", "from", "before"])?;
            let (from, before) = (moment(body, "from")?, moment(body, "before")?);
            if from >= before {
                return Err(body.wrong("before", "it should be later than 'from'"));
            }
            Ok(Which::Made(from, before))
        }
        _ => Err(body.wrong("which", "it should be 'held' or 'made'")),
    }
}

fn moment(body: &Object<'_>, name: &str) -> Result<UnixMillis, ApiError> {
    let text = body.needed(name, body.text(name, 64)?)?;
    let at: jiff::Timestamp = text
        .parse()
        .map_err(|_| body.wrong(name, "it should be a time such as 2026-03-05T11:22:33+02:00"))?;
    Ok(UnixMillis(at.as_millisecond()))
}
