//! The control channel: the simulator's ledger and its faults over HTTP, on a listener of its own.
//!
//! ```text
//! GET  /registers                    POST /registers          {"num_fiscal":4000777001,"mode":"smart-connect"}
//! GET  /documents?register=N         GET  /shifts?register=N  GET /requests?register=N  GET /overlaps?register=N
//! GET  /deliveries?register=N        POST /deliver            POST /hurry               POST /deliver-offline
//! GET  /faults   DELETE /faults      POST /faults             {"kind":"close-before","command":"check/sale"}
//! POST /conditions                   {"kind":"tax-service-down","register":null}
//! POST /chaos    DELETE /chaos       {"seed":1,"rates":[{"kind":"register-then-close","per_mille":50}]}
//! GET  /switches                     POST /switches           what the documentation leaves open; the rest by default
//! POST /webhook                      {"register":4000777001,"url":"http://127.0.0.1:8080/callbacks/x"}
//! POST /tax-service {"up":false}     POST /key {"register":N,"ok":false}
//! POST /expire-tokens                POST /shut {"shut":true}
//! GET  /clock                        POST /clock              {"advance_seconds":60} {"fixed":"…"} {"offset_seconds":-5} "real"
//! ```

use std::future::Future;
use std::io;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::config::{Mode, RegisterSetup, TaxRate};
use super::faults::{ChaosPlan, Fault, FaultKind};
use super::simulator::Simulator;
use super::switches::Switches;
use super::view::{RegisterView, ShiftView};
use super::webhook::RecordedDelivery;
use crate::page::{self, done};

mod clock;
mod views;

use views::{DocumentView, RequestView};

/// Serves the control channel until `shutdown` is done. Meant for loopback: it has no authentication.
pub async fn serve_control(
    listener: TcpListener,
    simulator: Simulator,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    page::serve(listener, router(simulator), shutdown).await
}

fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/registers", get(registers).post(add_register))
        .route("/documents", get(documents))
        .route("/shifts", get(shifts))
        .route("/requests", get(requests))
        .route("/overlaps", get(overlaps))
        .route("/deliveries", get(deliveries))
        .route("/deliver", post(deliver))
        .route("/hurry", post(hurry))
        .route("/deliver-offline", post(deliver_offline))
        .route("/faults", get(faults).post(inject).delete(clear_faults))
        .route("/conditions", post(condition))
        .route("/chaos", post(chaos).delete(no_chaos))
        .route("/switches", get(switches).post(set_switches))
        .route("/webhook", post(webhook))
        .route("/tax-service", post(tax_service))
        .route("/key", post(key))
        .route("/expire-tokens", post(expire_tokens))
        .route("/shut", post(shut))
        .route("/clock", get(clock::time).post(clock::clock))
        .with_state(simulator)
}

#[derive(Deserialize)]
struct Of {
    /// A register's fiscal number; absent means all of them.
    register: Option<u64>,
}

async fn registers(State(simulator): State<Simulator>) -> Json<Vec<RegisterView>> {
    Json(simulator.registers())
}

#[derive(Deserialize)]
struct NewRegister {
    num_fiscal: u64,
    mode: Option<Mode>,
    taxes: Option<Vec<TaxRate>>,
    webhook_url: Option<String>,
    cash_in_box_kopecks: Option<i64>,
    name: Option<String>,
}

async fn add_register(State(simulator): State<Simulator>, Json(new): Json<NewRegister>) -> StatusCode {
    let plain = RegisterSetup::new(new.num_fiscal);
    simulator.add_register(RegisterSetup {
        mode: new.mode.unwrap_or(plain.mode),
        taxes: new.taxes.unwrap_or_else(|| plain.taxes.clone()),
        webhook_url: new.webhook_url,
        cash_in_box_kopecks: new.cash_in_box_kopecks.unwrap_or(plain.cash_in_box_kopecks),
        name: new.name.unwrap_or_else(|| plain.name.clone()),
        ..plain
    });
    StatusCode::NO_CONTENT
}

async fn documents(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Vec<DocumentView>> {
    let documents = match of.register {
        Some(register) => simulator.documents(register),
        None => simulator.all_documents(),
    };
    Json(documents.into_iter().map(DocumentView::of).collect())
}

async fn shifts(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Vec<ShiftView>> {
    let meant = |view: &RegisterView| of.register.is_none_or(|register| view.num_fiscal == register);
    let registers = simulator.registers().into_iter().filter(meant);
    Json(registers.flat_map(|view| simulator.shifts(view.num_fiscal)).collect())
}

async fn requests(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Vec<RequestView>> {
    let requests = simulator.requests(of.register.unwrap_or(0));
    Json(requests.into_iter().map(RequestView::of).collect())
}

#[derive(Serialize)]
struct Overlaps {
    overlaps: u64,
}

async fn overlaps(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Overlaps> {
    let overlaps = match of.register {
        Some(register) => simulator.overlaps(register),
        None => simulator.total_overlaps(),
    };
    Json(Overlaps { overlaps })
}

async fn deliveries(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Vec<RecordedDelivery>> {
    Json(simulator.deliveries(of.register))
}

async fn deliver(State(simulator): State<Simulator>) -> Json<Value> {
    let summary = simulator.deliver_pending().await;
    Json(json!({
        "tried": summary.tried,
        "taken": summary.taken,
        "failed": summary.failed,
        "given_up": summary.given_up,
        "waiting": summary.waiting,
    }))
}

async fn hurry(State(simulator): State<Simulator>) -> StatusCode {
    simulator.hurry_deliveries();
    StatusCode::NO_CONTENT
}

async fn deliver_offline(State(simulator): State<Simulator>) -> StatusCode {
    simulator.deliver_offline();
    StatusCode::NO_CONTENT
}

async fn faults(State(simulator): State<Simulator>) -> Json<Vec<Fault>> {
    Json(simulator.faults())
}

async fn inject(State(simulator): State<Simulator>, Json(fault): Json<Fault>) -> StatusCode {
    simulator.inject(fault);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(simulator): State<Simulator>) -> StatusCode {
    simulator.clear_faults();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Condition {
    #[serde(flatten)]
    kind: FaultKind,
    register: Option<u64>,
}

async fn condition(State(simulator): State<Simulator>, Json(wanted): Json<Condition>) -> StatusCode {
    done(simulator.apply(&wanted.kind, wanted.register))
}

async fn chaos(State(simulator): State<Simulator>, Json(plan): Json<ChaosPlan>) -> StatusCode {
    simulator.set_chaos(Some(plan));
    StatusCode::NO_CONTENT
}

async fn no_chaos(State(simulator): State<Simulator>) -> StatusCode {
    simulator.set_chaos(None);
    StatusCode::NO_CONTENT
}

async fn switches(State(simulator): State<Simulator>) -> Json<Switches> {
    Json(simulator.switches())
}

async fn set_switches(State(simulator): State<Simulator>, Json(switches): Json<Switches>) -> StatusCode {
    simulator.set_switches(switches);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Webhook {
    register: u64,
    url: Option<String>,
}

async fn webhook(State(simulator): State<Simulator>, Json(wanted): Json<Webhook>) -> StatusCode {
    done(simulator.set_webhook(wanted.register, wanted.url))
}

#[derive(Deserialize)]
struct TaxService {
    up: bool,
}

async fn tax_service(State(simulator): State<Simulator>, Json(wanted): Json<TaxService>) -> StatusCode {
    simulator.set_tax_service(wanted.up);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Key {
    register: u64,
    ok: bool,
}

async fn key(State(simulator): State<Simulator>, Json(wanted): Json<Key>) -> StatusCode {
    done(simulator.set_key(wanted.register, wanted.ok))
}

async fn expire_tokens(State(simulator): State<Simulator>) -> StatusCode {
    simulator.expire_tokens();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Shut {
    shut: bool,
}

async fn shut(State(simulator): State<Simulator>, Json(wanted): Json<Shut>) -> StatusCode {
    simulator.set_shut(wanted.shut).await;
    StatusCode::NO_CONTENT
}
