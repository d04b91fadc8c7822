//! `POST /v1/reconciliation`

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use domain::ids::SourceId;
use ledger::audit::Actor;
use ledger::people::Reach;
use ledger::reconcile::{AskedRun, NewRun, Night};
use ledger::settings::Scope;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, body, day, json as reader};

/// Asks for a comparison of a source's day; one that is under way is joined.
pub(super) async fn ask(
    State(app): State<AppState>,
    caller: Caller,
    request: Request,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let key = caller.may(Scope::Operator)?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let body = reader::body(&bytes)?;
    body.only(&["day", "source", "take_in", "deep"])?;
    let day = body.needed("day", body.filled("day", 10)?)?;
    let source = body.needed("source", body.filled("source", 64)?)?;
    let wish = Wish {
        day: &day,
        take_in: body.flag("take_in")?.unwrap_or(false),
        deep: body.flag("deep")?.unwrap_or(false),
    };
    let reach = Reach::Merchants(vec![key.merchant.clone()]);
    let asked = ask_within(&app, &reach, &source, wish, &caller.actor()).await?;
    let status = if asked.new { "accepted" } else { "already_accepted" };
    Ok((
        StatusCode::ACCEPTED,
        Json(json!({ "run_id": asked.id, "status": status })),
    ))
}

/// What is to be compared, and how.
#[derive(Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub day: &'a str,
    /// Take missed payments in.
    pub take_in: bool,
    /// Ask the payment system about every order.
    pub deep: bool,
}

/// The same for whoever reaches the source.
pub(crate) async fn ask_within(
    app: &AppState,
    reach: &Reach,
    source: &str,
    wish: Wish<'_>,
    by: &Actor,
) -> Result<AskedRun, ApiError> {
    let no_day = || {
        ApiError::field(
            "bad_day",
            "day",
            "it should be a day such as 2026-11-21, today or before",
        )
    };
    let from = day::midnight(wish.day, 0).ok_or_else(no_day)?;
    let to = day::midnight(wish.day, 1).ok_or_else(no_day)?;
    let now = app.ledger.now();
    if from > now {
        return Err(no_day());
    }
    let source = SourceId::parse(source).map_err(|_| ApiError::NotFound("source"))?;
    let wanted = NewRun {
        night: Night {
            day: wish.day.trim(),
            from,
            to,
            take_in: wish.take_in,
        },
        deep: wish.deep,
    };
    let asked = app.ledger.ask_reconciliation(reach, &source, wanted, by, now).await?;
    asked.ok_or(ApiError::NotFound("source"))
}
