//! `POST /v1/orders/{order_id}/refund`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use domain::ids::{ExternalOrderId, MerchantId};
use domain::money::Kopecks;
use ledger::LedgerError;
use ledger::audit::Actor;
use ledger::refunds::{RefundAsked, RefundWish};
use ledger::settings::Scope;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, body, idempotency, json as reader};

/// The longest comment, in characters; the payment system takes a few more.
const MAX_COMMENT: usize = 1000;

/// The answer: the refund's id, and where it is shown.
type Asked = (StatusCode, [(header::HeaderName, String); 1], Json<Value>);

/// Asks the payment system to give money back, once for a key.
pub(super) async fn ask(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Asked, ApiError> {
    let key = caller.may(Scope::Operator)?;
    let Path(text) = path.map_err(|_| ApiError::BadPath)?;
    let order = ExternalOrderId::parse(&text).map_err(|_| ApiError::NotFound("order"))?;
    let name = idempotency::key(request.headers())?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let body = reader::body(&bytes)?;
    body.only(&["amount", "comment"])?;
    let amount = body.needed("amount", body.amount("amount")?)?;
    if amount.is_zero() {
        return Err(ApiError::field("zero_amount", "amount", "an amount is above zero"));
    }
    let comment = body.filled("comment", MAX_COMMENT)?;
    if comment.as_ref().is_some_and(|comment| comment.contains('|')) {
        return Err(ApiError::field(
            "bad_field",
            "comment",
            "it may not have the character '|'",
        ));
    }
    let refund = Refund {
        merchant: &key.merchant,
        order: &order,
        amount,
        comment: comment.as_deref(),
        key: &format!("api:{name}"),
    };
    let (id, new) = ask_within(&app, refund, &caller.actor()).await?;
    let status = if new { "accepted" } else { "already_accepted" };
    Ok((
        StatusCode::ACCEPTED,
        [(header::LOCATION, format!("/v1/refunds/{id}"))],
        Json(json!({ "refund_id": id, "status": status })),
    ))
}

/// Money that is to go back.
#[derive(Clone, Copy)]
pub(crate) struct Refund<'a> {
    pub merchant: &'a MerchantId,
    pub order: &'a ExternalOrderId,
    pub amount: Kopecks,
    pub comment: Option<&'a str>,
    /// The same key is the same refund.
    pub key: &'a str,
}

/// The same for a page: the refund's id, and whether it is new.
pub(crate) async fn ask_within(app: &AppState, refund: Refund<'_>, by: &Actor) -> Result<(String, bool), ApiError> {
    let wish = RefundWish {
        merchant: refund.merchant,
        order: refund.order,
        amount: refund.amount,
        comment: refund.comment,
        key: refund.key,
    };
    let asked = app.ledger.ask_refund(wish, by, app.ledger.now()).await;
    match asked {
        Ok(RefundAsked::Accepted(id, new)) => Ok((id, new)),
        Ok(RefundAsked::NoSuchOrder) => Err(ApiError::NotFound("order")),
        Ok(RefundAsked::NotPaid) => Err(ApiError::NotRefundable),
        Ok(RefundAsked::TooMuch(left)) => Err(ApiError::RefundTooMuch(left)),
        Err(LedgerError::KeyReused) => Err(ApiError::KeyReused),
        Err(error) => Err(error.into()),
    }
}
