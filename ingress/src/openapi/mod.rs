//! `GET /v1/openapi.json`: the public address described for programs and for those who write them. The tests hold it
//! against the routes and against real answers.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::AppState;
use crate::route::{Route, get};

const DESCRIPTION: &str = include_str!("openapi.json");
/// Stands in the file where this server's own address goes.
const SERVER: &str = "https://kasyr.example";

pub(crate) fn routes() -> Vec<Route> {
    vec![get("/v1/openapi.json", show)]
}

async fn show(State(app): State<AppState>) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "public, max-age=300"),
    ];
    // Addresses that were read as such have nothing that JSON would have to escape.
    (headers, DESCRIPTION.replace(SERVER, &app.public_url)).into_response()
}
