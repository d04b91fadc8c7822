//! The control channel: what was printed, and the faults, over HTTP, on a listener of its own.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::callback::{Forgery, RecordedCallback};
use super::config::{GroupSetup, Password, Version};
use super::document::{AcceptedDocument, RecordedDocument};
use super::simulator::{GroupView, Simulator};
use super::transcript::RecordedRequest;
use super::{ChaosPlan, Fault};
use crate::page::{self, done};

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
        .route("/groups", get(groups).post(add_group))
        .route("/documents", get(documents))
        .route("/accepted", get(accepted))
        .route("/callbacks", get(callbacks).post(forge))
        .route("/requests", get(requests))
        .route("/faults", get(faults).post(inject).delete(clear_faults))
        .route("/chaos", post(chaos).delete(no_chaos))
        .route("/registers", post(registers))
        .route("/latency", post(latency))
        .route("/strict-polling", post(strict_polling))
        .route("/tokens", get(tokens).delete(expire_tokens))
        .route("/clock", get(time).post(clock))
        .route("/door", post(door))
        .route("/reset", post(reset))
        .with_state(simulator)
}

#[derive(Deserialize)]
struct Of {
    /// A group's code; absent means all of them.
    group: Option<String>,
    /// Only what bears it.
    external_id: Option<String>,
}

impl Of {
    /// What `list` has of the wanted groups, as far as it bears the wanted number.
    fn all<T>(
        &self,
        simulator: &Simulator,
        list: impl Fn(&str) -> Vec<T>,
        external_id: impl Fn(&T) -> &str,
    ) -> Json<Vec<T>> {
        let groups = match &self.group {
            Some(group) => vec![group.clone()],
            None => simulator.groups().into_iter().map(|group| group.group_code).collect(),
        };
        let mut found: Vec<T> = groups.iter().flat_map(|group| list(group)).collect();
        found.retain(|one| {
            self.external_id
                .as_deref()
                .is_none_or(|wanted| wanted == external_id(one))
        });
        Json(found)
    }
}

async fn groups(State(simulator): State<Simulator>) -> Json<Vec<GroupView>> {
    Json(simulator.groups())
}

#[derive(Deserialize)]
struct NewGroup {
    group_code: String,
    version: Version,
    login: Option<String>,
    pass: Option<String>,
    inn: Option<String>,
    payment_address: Option<String>,
    registers: Option<usize>,
    vat_types: Option<Vec<String>>,
    ofd_links: Option<bool>,
}

async fn add_group(State(simulator): State<Simulator>, Json(new): Json<NewGroup>) -> StatusCode {
    let plain = GroupSetup::of(&new.group_code, new.version);
    simulator.add_group(GroupSetup {
        login: new.login.unwrap_or(plain.login),
        pass: new.pass.as_deref().map_or(plain.pass, Password::from),
        inn: new.inn.unwrap_or(plain.inn),
        payment_address: new.payment_address.unwrap_or(plain.payment_address),
        registers: new.registers.unwrap_or(plain.registers),
        vat_types: new.vat_types.unwrap_or(plain.vat_types),
        ofd_links: new.ofd_links.unwrap_or(plain.ofd_links),
        group_code: plain.group_code,
        version: plain.version,
    });
    StatusCode::NO_CONTENT
}

async fn documents(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Vec<RecordedDocument>> {
    of.all(
        &simulator,
        |group| simulator.documents(group),
        |document| &document.external_id,
    )
}

async fn accepted(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Vec<AcceptedDocument>> {
    of.all(
        &simulator,
        |group| simulator.accepted(group),
        |document| &document.external_id,
    )
}

async fn callbacks(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Vec<RecordedCallback>> {
    of.all(&simulator, |group| simulator.callbacks(group), |sent| &sent.external_id)
}

#[derive(Deserialize)]
struct Forge {
    group: String,
    uuid: String,
    #[serde(flatten)]
    forgery: Forgery,
}

async fn forge(State(simulator): State<Simulator>, Json(wanted): Json<Forge>) -> StatusCode {
    done(simulator.forge_callback(&wanted.group, &wanted.uuid, wanted.forgery))
}

async fn requests(State(simulator): State<Simulator>, Query(of): Query<Of>) -> Json<Vec<RecordedRequest>> {
    let mut requests = simulator.requests();
    let fits = |wanted: &Option<String>, is: &Option<String>| wanted.is_none() || wanted == is;
    requests.retain(|request| fits(&of.group, &request.group) && fits(&of.external_id, &request.external_id));
    Json(requests)
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

async fn chaos(State(simulator): State<Simulator>, Json(plan): Json<ChaosPlan>) -> StatusCode {
    simulator.set_chaos(Some(plan));
    StatusCode::NO_CONTENT
}

async fn no_chaos(State(simulator): State<Simulator>) -> StatusCode {
    simulator.set_chaos(None);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Registers {
    group: String,
    /// How many are on.
    on: usize,
}

async fn registers(State(simulator): State<Simulator>, Json(wanted): Json<Registers>) -> StatusCode {
    done(simulator.set_registers_on(&wanted.group, wanted.on))
}

#[derive(Deserialize)]
struct Latency {
    from_ms: u64,
    to_ms: u64,
}

async fn latency(State(simulator): State<Simulator>, Json(wanted): Json<Latency>) -> StatusCode {
    let Latency { from_ms, to_ms } = wanted;
    simulator.set_latency(Duration::from_millis(from_ms), Duration::from_millis(to_ms));
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct StrictPolling {
    strict: bool,
}

async fn strict_polling(State(simulator): State<Simulator>, Json(wanted): Json<StrictPolling>) -> StatusCode {
    simulator.set_strict_polling(wanted.strict);
    StatusCode::NO_CONTENT
}

#[derive(Serialize)]
struct Tokens {
    alive: usize,
}

async fn tokens(State(simulator): State<Simulator>) -> Json<Tokens> {
    Json(Tokens {
        alive: simulator.tokens_alive(),
    })
}

async fn expire_tokens(State(simulator): State<Simulator>) -> StatusCode {
    simulator.expire_tokens();
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

#[derive(Deserialize)]
struct Advance {
    advance_seconds: u64,
}

async fn clock(State(simulator): State<Simulator>, Json(wanted): Json<Advance>) -> StatusCode {
    simulator.advance(Duration::from_secs(wanted.advance_seconds));
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Door {
    open: bool,
}

async fn door(State(simulator): State<Simulator>, Json(wanted): Json<Door>) -> StatusCode {
    if wanted.open {
        simulator.reopen().await;
    } else {
        simulator.shut().await;
    }
    StatusCode::NO_CONTENT
}

async fn reset(State(simulator): State<Simulator>) -> StatusCode {
    simulator.reset();
    StatusCode::NO_CONTENT
}
