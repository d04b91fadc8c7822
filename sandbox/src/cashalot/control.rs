//! The control channel: the simulator's ledger and its faults over HTTP, on a listener of its own.

use std::future::Future;
use std::io;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::clock::Clock;
use super::config::{Credentials, RegisterSetup};
use super::faults::{ChaosPlan, Fault, FaultKind, ForeignEffect};
use super::simulator::{RegisterView, Simulator};
use crate::page::done;

mod views;

use views::{DocumentView, RequestView, SentView};

/// Serves the control channel until `shutdown` is done. Meant for loopback: it has no authentication.
pub async fn serve_control(
    listener: TcpListener,
    simulator: Simulator,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(simulator))
        .with_graceful_shutdown(shutdown)
        .await
}

fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/registers", get(registers).post(add_register))
        .route("/documents", get(documents))
        .route("/lost", get(lost))
        .route("/sent", get(sent))
        .route("/requests", get(requests))
        .route("/overlaps", get(overlaps))
        .route("/faults", post(inject).delete(clear_faults))
        .route("/conditions", post(condition))
        .route("/chaos", post(chaos).delete(no_chaos))
        .route("/fsko", post(fsko))
        .route("/state-needs-fsko", post(state_needs_fsko))
        .route("/clock", get(time).post(clock))
        .route("/licence", post(licence))
        .route("/certificate", post(certificate))
        .route("/foreign-document", post(foreign_document))
        .route("/clean-needed", post(clean_needed))
        .route("/close-on-cleanup", post(close_on_cleanup))
        .route("/tick", post(tick))
        .with_state(simulator)
}

#[derive(Deserialize)]
struct Of {
    /// A registrar's fiscal number; absent means all of them.
    register: Option<u64>,
}

async fn registers(State(simulator): State<Simulator>) -> Json<Vec<RegisterView>> {
    Json(simulator.registers())
}

#[derive(Deserialize)]
struct NewRegister {
    num_fiscal: u64,
    num_local: Option<u32>,
    name: Option<String>,
    key_pin: Option<String>,
    offline_supported: Option<bool>,
}

async fn add_register(State(simulator): State<Simulator>, Json(new): Json<NewRegister>) -> StatusCode {
    let plain = RegisterSetup::new(new.num_fiscal);
    simulator.add_register(RegisterSetup {
        num_local: new.num_local.unwrap_or(plain.num_local),
        name: new.name.unwrap_or_else(|| plain.name.clone()),
        credentials: new.key_pin.map(Credentials::KeyPin),
        offline_supported: new.offline_supported.unwrap_or(plain.offline_supported),
        ..plain
    });
    StatusCode::NO_CONTENT
}

async fn documents(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Vec<DocumentView>> {
    let documents = match of.register {
        Some(register) => simulator.documents(register),
        None => simulator.all_documents(),
    };
    Json(documents.iter().map(DocumentView::of).collect())
}

async fn lost(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Vec<DocumentView>> {
    let registers = match of.register {
        Some(register) => vec![register],
        None => simulator
            .registers()
            .iter()
            .map(|register| register.num_fiscal)
            .collect(),
    };
    let lost = registers
        .into_iter()
        .flat_map(|register| simulator.lost_documents(register));
    Json(lost.map(|document| DocumentView::of(&document)).collect())
}

async fn sent(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Vec<SentView>> {
    let mut sent = simulator.sent_receipts();
    sent.retain(|receipt| of.register.is_none_or(|register| receipt.register == register));
    Json(sent.into_iter().map(SentView::of).collect())
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

#[derive(Deserialize)]
struct Fsko {
    up: bool,
}

async fn fsko(State(simulator): State<Simulator>, Json(fsko): Json<Fsko>) -> StatusCode {
    simulator.set_fsko(fsko.up);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct StateNeedsFsko {
    needed: bool,
}

async fn state_needs_fsko(State(simulator): State<Simulator>, Json(wanted): Json<StateNeedsFsko>) -> StatusCode {
    simulator.set_state_needs_fsko(wanted.needed);
    StatusCode::NO_CONTENT
}

#[derive(Serialize)]
struct Now {
    now: String,
}

async fn time(State(simulator): State<Simulator>) -> Json<Now> {
    Json(Now {
        now: simulator.now().to_string(),
    })
}

/// One way to set the clock.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ClockChange {
    /// The system clock again.
    Real,
    /// An instant to stand still at.
    Fixed(String),
    /// The system clock plus this.
    OffsetSeconds(i64),
    /// Further on than now.
    AdvanceSeconds(i64),
}

async fn clock(State(simulator): State<Simulator>, Json(change): Json<ClockChange>) -> StatusCode {
    match change {
        ClockChange::Real => simulator.set_clock(Clock::Real),
        ClockChange::OffsetSeconds(seconds) => simulator.set_clock_offset(SignedDuration::from_secs(seconds)),
        ClockChange::AdvanceSeconds(seconds) => simulator.advance_clock(SignedDuration::from_secs(seconds)),
        ClockChange::Fixed(at) => match at.parse::<Timestamp>() {
            Ok(at) => simulator.set_clock(Clock::Fixed(at)),
            Err(_) => return StatusCode::UNPROCESSABLE_ENTITY,
        },
    }
    StatusCode::NO_CONTENT
}

/// The end of a register's licence or certificate.
#[derive(Deserialize)]
struct End {
    register: u64,
    /// None: a licence never ends, a certificate ends far away.
    expires: Option<String>,
}

impl End {
    fn expires(&self) -> Result<Option<Timestamp>, jiff::Error> {
        self.expires.as_deref().map(str::parse).transpose()
    }
}

async fn licence(State(simulator): State<Simulator>, Json(end): Json<End>) -> StatusCode {
    match end.expires() {
        Ok(expires) => done(simulator.set_licence(end.register, expires)),
        Err(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

async fn certificate(State(simulator): State<Simulator>, Json(end): Json<End>) -> StatusCode {
    match end.expires() {
        Ok(expires) => done(simulator.set_certificate_end(end.register, expires)),
        Err(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

#[derive(Deserialize)]
struct Foreign {
    register: u64,
    #[serde(default)]
    effect: ForeignEffect,
}

async fn foreign_document(State(simulator): State<Simulator>, Json(wanted): Json<Foreign>) -> StatusCode {
    done(simulator.apply(
        &FaultKind::ForeignDocument { effect: wanted.effect },
        Some(wanted.register),
    ))
}

#[derive(Deserialize)]
struct One {
    register: u64,
}

async fn clean_needed(State(simulator): State<Simulator>, Json(one): Json<One>) -> StatusCode {
    done(simulator.apply(&FaultKind::CleanNeeded, Some(one.register)))
}

#[derive(Deserialize)]
struct CloseOnCleanup {
    register: u64,
    closes: bool,
}

async fn close_on_cleanup(State(simulator): State<Simulator>, Json(wanted): Json<CloseOnCleanup>) -> StatusCode {
    done(simulator.set_close_on_cleanup(wanted.register, wanted.closes))
}

async fn tick(State(simulator): State<Simulator>) -> StatusCode {
    simulator.tick();
    StatusCode::NO_CONTENT
}
