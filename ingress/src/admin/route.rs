//! Which page is where and who may use it.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get as on_get, post as on_post};
use ledger::people::Role;

use super::error::{self, PageError};
use super::{
    account, asset, attention, audit, deliveries, documents, guard, headers, live, orders, people, reconciliation,
    registers, session, settings, today,
};
use crate::{AppState, watch};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Also somebody who has not signed in.
    Anyone,
    /// Whoever has signed in, with this role or a mightier one.
    Needs(Role),
}

/// One row of the table.
pub(crate) struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    handler: MethodRouter<AppState>,
}

/// A page that is read.
pub(super) fn get<H, T>(path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Route {
        method: Method::GET,
        path,
        access,
        handler: on_get(handler),
    }
}

/// A form that is sent; the guard asks for its CSRF token.
pub(super) fn post<H, T>(path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, AppState>,
    T: 'static,
{
    Route {
        method: Method::POST,
        path,
        access,
        handler: on_post(handler),
    }
}

/// Every route of the admin pages. Each part's table stands in its own folder.
pub(crate) fn routes() -> Vec<Route> {
    [
        asset::routes(),
        live::routes(),
        session::routes(),
        account::routes(),
        today::routes(),
        orders::routes(),
        documents::routes(),
        registers::routes(),
        attention::routes(),
        reconciliation::routes(),
        deliveries::routes(),
        settings::routes(),
        people::routes(),
        audit::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Every route of the admin pages: its method, its path, and the role it needs (`None`: anyone may). For tests
/// that look at each of them.
pub fn admin_routes() -> impl Iterator<Item = (Method, &'static str, Option<Role>)> {
    routes().into_iter().map(|route| match route.access {
        Access::Anyone => (route.method, route.path, None),
        Access::Needs(role) => (route.method, route.path, Some(role)),
    })
}

/// Everything that is served on the admin address.
pub fn router(state: AppState) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let admit = from_fn_with_state((state.clone(), route.access), guard::admit);
        router = router.route(route.path, route.handler.route_layer(admit));
    }
    router
        .fallback(|| async { PageError::NoSuchPage })
        .method_not_allowed_fallback(|| async { PageError::NoSuchPage })
        .layer(from_fn_with_state(state.clone(), watch::requests))
        .layer(from_fn(error::show))
        .layer(from_fn(headers::add))
        .with_state(state)
}
