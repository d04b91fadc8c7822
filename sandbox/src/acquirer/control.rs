//! The simulator by hand: JSON over HTTP on a listener of its own, for curl, and a page for people.
//!
//! ```text
//! GET  /                         everything, for a person
//! GET  /payments                 POST /payments           {"order_id":"a-1","amount":26750,"callback_url":"http://…"}
//! GET  /payments/{n}             POST /payments/{n}/pay | decline | expire | announce
//!                                POST /payments/{n}/capture | refund   {"amount":100}   (none is everything)
//! GET  /attempts                 POST /refunds/finish     {"state":"done"}
//! POST /deliver                  POST /advance            {"seconds":60}   (virtual clock)
//! GET  /faults   DELETE /faults  POST /faults             {"kind":"drop","only":"a-*","times":2}
//! POST /api-faults               {"kind":"server-error","only":"status","times":null}
//! POST /chaos    DELETE /chaos   {"seed":1,"rates":[{"kind":"drop","per_mille":100}]}   (/api-chaos likewise)
//! GET  /switches                 POST /switches           what the documentation leaves open
//! POST /merchants                {"account":"…","secret":"…"}
//! ```
//! What the books do not allow is 409.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::page;
use super::payment::{Illegal, Payment, PaymentId, RefundState, Stage};
use super::simulator::Simulator;
use super::system::System;

mod settings;

/// Serves the controls until `shutdown`. Anyone who reaches them can do anything: bind to loopback.
pub async fn serve_control<S: System>(
    listener: TcpListener,
    sim: Simulator<S>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    crate::page::serve(listener, router(sim), shutdown).await
}

fn router<S: System>(sim: Simulator<S>) -> Router {
    Router::new()
        .route("/", get(overview::<S>))
        .route("/payments", get(payments::<S>).post(create::<S>))
        .route("/payments/{n}", get(payment::<S>))
        .route("/payments/{n}/{step}", post(step::<S>))
        .route("/refunds/finish", post(finish_refunds::<S>))
        .route("/attempts", get(attempts::<S>))
        .route("/deliver", post(deliver::<S>))
        .route("/advance", post(advance::<S>))
        .merge(settings::routes())
        .merge(S::controls())
        .with_state(sim)
}

async fn overview<S: System>(State(sim): State<Simulator<S>>) -> Response {
    page::overview(&sim)
}

async fn payments<S: System>(State(sim): State<Simulator<S>>) -> Json<Value> {
    Json(sim.payments().iter().map(|payment| shown(&sim, payment)).collect())
}

// Bodies are read as JSON whatever their content type: curl announces a form unless told otherwise.
async fn create<S: System>(State(sim): State<Simulator<S>>, body: Bytes) -> Response {
    match read(&body) {
        Ok(new) => answer(&sim, sim.create(new)),
        Err(error) => unreadable(&error),
    }
}

async fn payment<S: System>(State(sim): State<Simulator<S>>, Path(n): Path<usize>) -> Response {
    answer(&sim, Ok(PaymentId(n)))
}

#[derive(Default, Deserialize)]
struct Sum {
    amount: Option<u64>,
}

async fn step<S: System>(
    State(sim): State<Simulator<S>>,
    Path((n, step)): Path<(usize, String)>,
    body: Bytes,
) -> Response {
    let id = PaymentId(n);
    let sum = if body.is_empty() {
        Ok(Sum::default())
    } else {
        read(&body)
    };
    let amount = match sum {
        Ok(Sum { amount }) => amount,
        Err(error) => return unreadable(&error),
    };
    let done = match (step.as_str(), amount) {
        ("pay", _) => sim.pay(id),
        ("decline", _) => sim.decline(id),
        ("expire", _) => sim.expire(id),
        ("announce", _) => sim.announce(id),
        ("capture", Some(amount)) => sim.capture(id, amount),
        ("capture", None) => sim.capture_all(id),
        ("refund", Some(amount)) => sim.refund(id, amount),
        ("refund", None) => sim.refund_all(id),
        _ => return (StatusCode::NOT_FOUND, "no such step").into_response(),
    };
    answer(&sim, done.map(|()| id))
}

#[derive(Deserialize)]
struct Ending {
    state: Ended,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ended {
    Done,
    Failed,
}

async fn finish_refunds<S: System>(State(sim): State<Simulator<S>>, body: Bytes) -> Response {
    match read(&body) {
        Ok(Ending { state: Ended::Done }) => Json(sim.finish_refunds(RefundState::Done)).into_response(),
        Ok(Ending { state: Ended::Failed }) => Json(sim.finish_refunds(RefundState::Failed)).into_response(),
        Err(error) => unreadable(&error),
    }
}

async fn attempts<S: System>(State(sim): State<Simulator<S>>) -> Json<Value> {
    let shown = |attempt: &super::Attempt| {
        json!({
            "payment": attempt.payment.0,
            "callback": attempt.callback.0,
            "number": attempt.number,
            "at_ms": attempt.at_ms,
            "fault": attempt.fault,
            "outcome": page::outcome(&attempt.outcome),
        })
    };
    Json(sim.attempts().iter().map(shown).collect())
}

async fn deliver<S: System>(State(sim): State<Simulator<S>>) -> Json<Value> {
    let summary = sim.deliver_pending().await;
    Json(json!({
        "tried": summary.tried,
        "acknowledged": summary.acknowledged,
        "failed": summary.failed,
        "given_up": summary.given_up,
        "waiting": summary.waiting,
    }))
}

#[derive(Deserialize)]
struct Leap {
    seconds: u64,
}

async fn advance<S: System>(State(sim): State<Simulator<S>>, body: Bytes) -> Response {
    match read::<Leap>(&body) {
        Ok(leap) => {
            sim.advance(Duration::from_secs(leap.seconds));
            Json(json!({ "now_ms": sim.clock().now_ms() })).into_response()
        }
        Err(error) => unreadable(&error),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(body)
}

fn unreadable(error: &serde_json::Error) -> Response {
    (StatusCode::BAD_REQUEST, error.to_string()).into_response()
}

fn answer<S: System>(sim: &Simulator<S>, done: Result<PaymentId, Illegal>) -> Response {
    match done.and_then(|id| sim.payment(id)) {
        Ok(payment) => Json(shown(sim, &payment)).into_response(),
        Err(illegal) => (StatusCode::CONFLICT, illegal.to_string()).into_response(),
    }
}

fn shown<S: System>(sim: &Simulator<S>, payment: &Payment) -> Value {
    let stage = match payment.stage {
        Stage::Created => "created",
        Stage::Held => "held",
        Stage::Paid => "paid",
        Stage::Declined => "declined",
        Stage::Expired => "expired",
        Stage::Reversed => "reversed",
    };
    json!({
        "number": payment.id.0,
        "public_id": payment.public_id,
        "merchant": payment.merchant,
        "order_id": payment.order_id,
        "amount": payment.amount,
        "currency": payment.currency,
        "stage": stage,
        "charged": payment.charged,
        "refunded": payment.refunded(),
        "callbacks": payment.callbacks.len(),
        "acknowledged": payment.acknowledgements.len(),
        "page": page::address(sim, payment.id),
    })
}
