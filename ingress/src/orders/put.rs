//! `PUT /v1/orders/{order_id}`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use domain::basket::MAX_NAME;
use ledger::orders::{Buyer, OrderUpdate};
use ledger::settings::Scope;
use serde_json::Value;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::json::{self, Object};
use crate::orders::receivers;
use crate::{AppState, body};

/// Basket, description, buyer: what is left out stays as it was. Safe to repeat; a receipt that was
/// made already does not change.
pub(super) async fn save(
    State(app): State<AppState>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let merchant = &caller.may(Scope::Orders)?.merchant;
    let order = super::order_id(path)?;
    let bytes = body::read(request.into_body(), &app.limits).await?;
    let update = read(&json::body(&bytes)?)?;
    app.ledger
        .put_order(merchant, &order, &update, app.ledger.now())
        .await?;
    super::shown(&app, merchant, &order).await.map(Json)
}

fn read(body: &Object<'_>) -> Result<OrderUpdate, ApiError> {
    body.only(&["description", "basket", "buyer", "receivers", "settlement_id"])?;
    Ok(OrderUpdate {
        receivers: receivers::read(body)?,
        settlement: body
            .filled("settlement_id", 1024)?
            .map(|id| json::order_id(&id))
            .transpose()?,
        description: body.filled("description", MAX_NAME)?,
        basket: body.basket("basket")?,
        buyer: body.object("buyer")?.as_ref().map(buyer).transpose()?,
    })
}

fn buyer(object: &Object<'_>) -> Result<Buyer, ApiError> {
    object.only(&["email", "phone", "locale"])?;
    let locale = object.filled("locale", 8)?;
    if !matches!(locale.as_deref(), None | Some("uk" | "en")) {
        return Err(object.wrong("locale", "it should be 'uk' or 'en'"));
    }
    Ok(Buyer {
        email: email(object)?,
        phone: phone(object)?,
        locale,
    })
}

/// Only what cannot be an address is refused: the mail server knows the rest.
fn email(object: &Object<'_>) -> Result<Option<String>, ApiError> {
    let Some(text) = object.filled("email", 254)? else {
        return Ok(None);
    };
    let text = text.trim();
    let parts = text.split_once('@');
    let fits = parts.is_some_and(|(local, host)| !local.is_empty() && host.contains('.') && !host.contains('@'));
    if fits && !text.contains(char::is_whitespace) {
        Ok(Some(text.to_owned()))
    } else {
        Err(object.wrong("email", "it should be an e-mail address"))
    }
}

/// Kept as `+` and digits, however the shop groups them.
fn phone(object: &Object<'_>) -> Result<Option<String>, ApiError> {
    let Some(text) = object.filled("phone", 32)? else {
        return Ok(None);
    };
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    if (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(Some(format!("+{digits}")))
    } else {
        Err(object.wrong(
            "phone",
            "it should be a phone number with its country code, such as +380…",
        ))
    }
}
