//! `/v1/documents/{id}`: one fiscal document.

mod close;
mod fetch;
mod gateway;
mod get;
mod provider;
mod qr;
mod receipt;
mod resend;
mod send;
pub(crate) mod view;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use domain::document::Kind;
use domain::ids::DocumentId;
use ledger::views::DocumentView;

use crate::AppState;
use crate::error::ApiError;
use crate::route::{Route, get, post};

pub(crate) use self::close::close_within;
pub(crate) use self::fetch::fetch_within;
pub(crate) use self::gateway::{answer as gateway_answer, file as gateway_file};
pub(crate) use self::provider::rendering;
pub(crate) use self::qr::answer as picture;
pub(crate) use self::resend::resend_within;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/v1/documents/{id}", get::show),
        post("/v1/documents/{id}/resend", resend::resend),
        post("/v1/documents/{id}/close", close::close),
        post("/v1/documents/{id}/fetch", fetch::ask),
        post("/v1/documents/{id}/send", send::send),
        get("/v1/documents/{id}/receipt.html", receipt::html),
        get("/v1/documents/{id}/receipt.pdf", receipt::pdf),
        get("/v1/documents/{id}/receipt.txt", receipt::text),
        get("/v1/documents/{id}/qr.svg", receipt::svg),
        get("/v1/documents/{id}/qr.png", receipt::png),
        get("/v1/documents/{id}/provider.html", provider::html),
        get("/v1/documents/{id}/provider.txt", provider::text),
        get("/v1/documents/{id}/gateway.pdf", gateway::pdf),
    ]
}

/// Where the receipt's public page is; `None`: it is no buyer's receipt, or not on the tape.
pub(crate) async fn receipt_url(app: &AppState, document: &DocumentView) -> Result<Option<String>, ApiError> {
    let id = match document.fiscal_number {
        Some(_) => DocumentId::parse(&document.id).ok(),
        None => None,
    };
    let Some(id) = id else { return Ok(None) };
    let token = app.ledger.receipt_token(id).await?;
    Ok(token.map(|token| format!("{}/r/{token}", app.public_url)))
}

/// Why a document that is there has no receipt to show.
fn no_receipt(document: &DocumentView) -> ApiError {
    let own = Kind::parse(&document.kind).is_some_and(Kind::is_registers_own);
    if own || document.fiscal_number.is_some() {
        ApiError::NoReceipt
    } else {
        ApiError::NotRegistered {
            state: document.state.clone(),
        }
    }
}

/// What cannot be an id is the id of no document.
fn document_id(path: Result<Path<String>, PathRejection>) -> Result<DocumentId, ApiError> {
    let Path(text) = path.map_err(|_| ApiError::BadPath)?;
    DocumentId::parse(&text).map_err(|_| ApiError::NotFound("document"))
}
