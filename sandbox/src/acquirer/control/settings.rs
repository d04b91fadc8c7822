//! Faults, switches and merchants.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{read, unreadable};
use crate::acquirer::simulator::Simulator;
use crate::acquirer::system::System;

pub(super) fn routes<S: System>() -> Router<Simulator<S>> {
    Router::new()
        .route("/faults", get(faults::<S>).post(inject::<S>).delete(clear_faults::<S>))
        .route("/api-faults", post(inject_api::<S>))
        .route("/chaos", post(chaos::<S>).delete(no_chaos::<S>))
        .route("/api-chaos", post(api_chaos::<S>).delete(no_api_chaos::<S>))
        .route("/switches", get(switches::<S>).post(set_switches::<S>))
        .route("/merchants", post(add_merchant::<S>))
}

async fn faults<S: System>(State(sim): State<Simulator<S>>) -> Json<Value> {
    let (callbacks, api) = sim.faults();
    Json(json!({ "callbacks": callbacks, "api": api }))
}

async fn inject<S: System>(State(sim): State<Simulator<S>>, body: Bytes) -> Response {
    done(read(&body).map(|fault| sim.inject(fault)))
}

async fn inject_api<S: System>(State(sim): State<Simulator<S>>, body: Bytes) -> Response {
    done(read(&body).map(|fault| sim.inject_api(fault)))
}

async fn clear_faults<S: System>(State(sim): State<Simulator<S>>) -> StatusCode {
    sim.clear_faults();
    StatusCode::NO_CONTENT
}

async fn chaos<S: System>(State(sim): State<Simulator<S>>, body: Bytes) -> Response {
    done(read(&body).map(|chaos| sim.set_chaos(Some(chaos))))
}

async fn no_chaos<S: System>(State(sim): State<Simulator<S>>) -> StatusCode {
    sim.set_chaos(None);
    StatusCode::NO_CONTENT
}

async fn api_chaos<S: System>(State(sim): State<Simulator<S>>, body: Bytes) -> Response {
    done(read(&body).map(|chaos| sim.set_api_chaos(Some(chaos))))
}

async fn no_api_chaos<S: System>(State(sim): State<Simulator<S>>) -> StatusCode {
    sim.set_api_chaos(None);
    StatusCode::NO_CONTENT
}

async fn switches<S: System>(State(sim): State<Simulator<S>>) -> Json<S::Switches> {
    Json(sim.switches())
}

async fn set_switches<S: System>(State(sim): State<Simulator<S>>, body: Bytes) -> Response {
    done(read(&body).map(|switches| sim.set_switches(switches)))
}

async fn add_merchant<S: System>(State(sim): State<Simulator<S>>, body: Bytes) -> Response {
    done(read(&body).map(|merchant| sim.add_merchant(merchant)))
}

fn done(done: serde_json::Result<()>) -> Response {
    match done {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => unreadable(&error),
    }
}
