//! Which URL goes where.

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::error::ApiError;
use crate::{AppState, actions, alerts, callbacks, documents, events, holds, orders, registers, watch};

/// Everything that is served on the public address.
pub fn router(state: AppState) -> Router {
    Router::new()
        .merge(callbacks::routes())
        .merge(orders::routes())
        .merge(events::routes())
        .merge(documents::routes())
        .merge(holds::routes())
        .merge(registers::routes())
        .merge(actions::routes())
        .merge(alerts::routes())
        .fallback(|| async { ApiError::NoSuchRoute })
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .layer(from_fn_with_state(state.clone(), watch::requests))
        .with_state(state)
}
