//! `POST /v1/registers/{id}/cash-in` and `POST /v1/registers/{id}/cash-out`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use domain::document::Kind;
use domain::ids::DocumentId;
use domain::money::Kopecks;
use ledger::LedgerError;
use ledger::audit::Actor;
use ledger::settings::{Register, Scope};
use ledger::shifts::NewCash;
use queue::Due;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, body, idempotency, json as reader};

/// The answer: the document's id, and where it is shown.
type Planned = (StatusCode, [(header::HeaderName, String); 1], Json<Value>);

/// Cash put into the drawer.
pub(super) async fn put_in(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Planned, ApiError> {
    plan(&app, &caller, path, request, Kind::CashIn).await
}

/// Cash taken out of the drawer.
pub(super) async fn take_out(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Planned, ApiError> {
    plan(&app, &caller, path, request, Kind::CashOut).await
}

/// The same key is the same document; the document is written like any other.
async fn plan(
    app: &AppState,
    caller: &Caller,
    path: Result<Path<String>, PathRejection>,
    request: Request,
    kind: Kind,
) -> Result<Planned, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let register = super::own(app, key, path).await?;
    let name = idempotency::key(request.headers())?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let amount = amount(&bytes)?;
    let (id, new) = record(app, &register, kind, &name, amount, &caller.actor()).await?;
    let status = if new { "accepted" } else { "already_accepted" };
    Ok((
        StatusCode::ACCEPTED,
        [(header::LOCATION, format!("/v1/documents/{id}"))],
        Json(json!({ "document_id": id.to_string(), "status": status })),
    ))
}

/// Plans the document and rings for it: its id, and whether it is new.
pub(crate) async fn record(
    app: &AppState,
    register: &Register,
    kind: Kind,
    key: &str,
    amount: Kopecks,
    by: &Actor,
) -> Result<(DocumentId, bool), ApiError> {
    let cash = NewCash {
        merchant: &register.merchant,
        register: &register.id,
        kind,
        key,
        amount,
    };
    let planned = app.ledger.plan_cash(&cash, by, app.ledger.now()).await;
    let (id, new) = planned.map_err(|error| match error {
        LedgerError::KeyReused => ApiError::KeyReused,
        other => ApiError::Ledger(other),
    })?;
    if new {
        let by = by.name.as_str();
        tracing::info!(
            document.id = %id, register.id = %register.id, kind = kind.as_str(), by,
            "Planned the {} {id} of register {}", kind.as_str(), register.id
        );
    }
    app.doorbell
        .ring(queue::Kind::WorkRegister, register.id.as_str(), Due::Now);
    Ok((id, new))
}

fn amount(bytes: &[u8]) -> Result<Kopecks, ApiError> {
    let body = reader::body(bytes)?;
    body.only(&["amount"])?;
    let amount = body.needed("amount", body.amount("amount")?)?;
    if amount.is_zero() {
        return Err(ApiError::field("zero_amount", "amount", "an amount is above zero"));
    }
    Ok(amount)
}
