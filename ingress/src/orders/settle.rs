//! `POST /v1/orders/{order_id}/settlement`: a payment is divided between its receivers on the shop's behalf.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use domain::basket::MAX_NAME;
use domain::ids::{ExternalOrderId, MerchantId};
use domain::money::Kopecks;
use ledger::settings::Scope;
use ledger::settlements::{Asked, NewSettlement, Paid, Settlement};
use ledger::splits::ToldReceiver;
use payments::Fingerprint;
use queue::{Due, Kind};
use serde_json::Value;

use super::{receivers, view};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::json::{self, Object};
use crate::{AppState, body, idempotency};

/// Answers 202 once it is written down that the payment is to be divided; a worker sends the request. The same key
/// with the same content is the same settlement. What came of it is in the order's `settlements`, and its receipts in
/// the order's documents.
pub(super) async fn ask(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    request: Request,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let merchant = &caller.may(Scope::Operator)?.merchant;
    let order = super::order_id(path)?;
    let key = idempotency::key(&headers)?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let wanted = wanted(&bytes)?;
    let new = checked(&app, merchant, &order, key, wanted).await?;
    let made = match app
        .ledger
        .ask_settlement(&new, &caller.actor(), app.ledger.now())
        .await?
    {
        Asked::New(made) => {
            app.doorbell.ring(Kind::Settle, made.id.as_str(), Due::Now);
            made
        }
        Asked::Repeated(made) => made,
        Asked::KeyReused => return Err(ApiError::KeyReused),
        Asked::Exists(made) => return Err(ApiError::AlreadyDivided { state: made.state }),
        Asked::NoOrder => return Err(ApiError::NotFound("order")),
        Asked::IdTooLong => {
            let why = "with the ending of a settlement's own id it is longer than the payment system takes";
            return Err(ApiError::field("too_long", "order_id", why));
        }
    };
    Ok((StatusCode::ACCEPTED, Json(shown(&made))))
}

fn shown(made: &Settlement) -> Value {
    let mut shown = view::settlement(made);
    shown["order_id"] = made.order.as_str().into();
    shown
}

/// What the body says; all of it may be left to the order.
struct Wanted {
    receivers: Option<Vec<ToldReceiver>>,
    description: Option<String>,
}

fn wanted(bytes: &[u8]) -> Result<Wanted, ApiError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Wanted {
            receivers: None,
            description: None,
        });
    }
    let body: Object<'_> = json::body(bytes)?;
    body.only(&["receivers", "description"])?;
    Ok(Wanted {
        receivers: receivers::read(&body)?,
        description: body.filled("description", MAX_NAME)?,
    })
}

/// Everything that can be known to be wrong before the payment system is asked.
async fn checked(
    app: &AppState,
    merchant: &MerchantId,
    order: &ExternalOrderId,
    key: String,
    wanted: Wanted,
) -> Result<NewSettlement, ApiError> {
    let facts = app.ledger.split_facts(merchant, order).await?;
    let Some(paid) = app.ledger.paid_of(merchant, order).await? else {
        let known = app.ledger.order_view(merchant, order).await?;
        return Err(known.map_or(ApiError::NotFound("order"), |_| ApiError::NotPaid));
    };
    let receivers = wanted.receivers.unwrap_or(facts.receivers);
    check(&receivers, &paid)?;
    Ok(NewSettlement {
        merchant: merchant.clone(),
        order: order.clone(),
        fingerprint: fingerprint(order, &receivers, wanted.description.as_deref()),
        source: paid.source,
        key,
        receivers,
        description: wanted.description,
        amount: paid.amount,
    })
}

fn check(receivers: &[ToldReceiver], paid: &Paid) -> Result<(), ApiError> {
    let wrong = |code, place: String, why: String| Err(ApiError::field(code, place, why));
    if receivers.is_empty() {
        return wrong(
            "missing_field",
            "receivers".to_owned(),
            "neither this request nor the order says who gets what".to_owned(),
        );
    }
    let total = Kopecks::sum(receivers.iter().map(|told| told.amount)).unwrap_or(Kopecks::MAX);
    if total != paid.amount {
        let why = format!("they add up to {total} and {} was paid", paid.amount);
        return wrong("sum_mismatch", "receivers".to_owned(), why);
    }
    for (place, told) in receivers.iter().enumerate() {
        if payments::fondy::receiver_number(&told.receiver).is_none() {
            let why = "only merchants of the payment system can be sent a part".to_owned();
            return wrong("bad_field", format!("receivers[{place}].receiver"), why);
        }
        let Some(basket) = &told.basket else {
            continue;
        };
        let place = format!("receivers[{place}].basket");
        if basket.total() != told.amount {
            let why = format!("it is worth {} and the receiver gets {}", basket.total(), told.amount);
            return wrong("sum_mismatch", place, why);
        }
        if let Err(error) = fondy::reservation_data::encode(&payments::fondy::products(basket)) {
            return wrong("basket_too_long", place, error.to_string());
        }
    }
    Ok(())
}

/// Everything that is sent: a repeated key must repeat all of it.
fn fingerprint(order: &ExternalOrderId, receivers: &[ToldReceiver], description: Option<&str>) -> String {
    let mut fingerprint = Fingerprint::new();
    fingerprint.text(Some(order.as_str())).text(description);
    for told in receivers {
        fingerprint
            .text(Some(told.receiver.as_str()))
            .number(Some(told.amount.minor()))
            .text(told.description.as_deref());
        let products = told.basket.as_ref().map(payments::fondy::products);
        // Longer baskets were refused.
        let encoded = products.and_then(|products| fondy::reservation_data::encode(&products).ok());
        fingerprint.text(encoded.as_deref());
    }
    fingerprint.finish()
}
