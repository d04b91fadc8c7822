//! Which URL goes where.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get as on_get, post as on_post, put as on_put};

use crate::error::ApiError;
use crate::{
    AppState, actions, alerts, callbacks, deliveries, documents, events, holds, lanes, openapi, orders, receipt_page,
    reconciliation, refunds, registers, reservation_data, watch,
};

/// One row of the table.
pub(crate) struct Route {
    pub method: Method,
    pub path: &'static str,
    handler: MethodRouter<AppState>,
}

/// Something that is read.
pub(crate) fn get<H, T>(path: &'static str, handler: H) -> Route
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Route {
        method: Method::GET,
        path,
        handler: on_get(handler),
    }
}

/// Something that is told or asked for.
pub(crate) fn post<H, T>(path: &'static str, handler: H) -> Route
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Route {
        method: Method::POST,
        path,
        handler: on_post(handler),
    }
}

/// Something that is said, the same each time.
pub(crate) fn put<H, T>(path: &'static str, handler: H) -> Route
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Route {
        method: Method::PUT,
        path,
        handler: on_put(handler),
    }
}

/// Every route of the public address. Each part's table stands in its own folder.
fn routes() -> impl Iterator<Item = Route> {
    [
        callbacks::routes(),
        orders::routes(),
        reservation_data::routes(),
        events::routes(),
        documents::routes(),
        holds::routes(),
        registers::routes(),
        actions::routes(),
        alerts::routes(),
        deliveries::routes(),
        lanes::routes(),
        reconciliation::routes(),
        refunds::routes(),
        receipt_page::routes(),
        openapi::routes(),
    ]
    .into_iter()
    .flatten()
}

/// Every route of the public address: its method and its path. The description of the API is held against it.
pub fn public_routes() -> impl Iterator<Item = (Method, &'static str)> {
    routes().map(|route| (route.method, route.path))
}

/// Everything that is served on the public address.
pub fn router(state: AppState) -> Router {
    let mut router = Router::new();
    for route in routes() {
        router = router.route(route.path, route.handler);
    }
    router
        .fallback(|| async { ApiError::NoSuchRoute })
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .layer(from_fn_with_state(state.clone(), watch::requests))
        .layer(from_fn(receipt_page::show_trouble))
        .with_state(state)
}
