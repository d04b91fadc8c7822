//! The simulator by hand: JSON over HTTP on a listener of its own, for curl.
//!
//! ```text
//! GET  /orders?from=0&limit=100            POST /orders                {"order_id":"a-1","amount":26750,"callback_url":"http://…"}
//! GET  /orders/{merchant}/{order}          POST /orders/{merchant}/{order}/pay | hold | decline | fail | expire | verify
//! GET  /attempts?from=0&limit=100          POST /orders/{merchant}/{order}/capture | reverse   {"amount":100}
//! POST /deliver                            POST /advance               {"seconds":60}   (virtual clock)
//! ```
//! A reversal without an amount gives everything back. Refusals are 409 with the gateway's code.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::callback::AttemptOutcome;
use super::refusal::Refusal;
use super::{Hold, OrderRef, OrderView, Simulator};
use crate::cuttable::serve_router;

/// Serves the hand controls until `shutdown`. Anyone who reaches them can do anything: bind to loopback.
pub async fn serve_control(
    listener: TcpListener,
    sim: Simulator,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = Router::new()
        .route("/orders", get(orders).post(create))
        .route("/orders/{merchant}/{order}", get(order))
        .route("/orders/{merchant}/{order}/{step}", post(step))
        .route("/attempts", get(attempts))
        .route("/deliver", post(deliver))
        .route("/advance", post(advance))
        .with_state(sim);
    serve_router(listener, router, shutdown).await
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    from: usize,
    limit: Option<usize>,
}

#[derive(Default, Deserialize)]
struct Sum {
    amount: Option<u64>,
}

#[derive(Deserialize)]
struct Leap {
    seconds: u64,
}

async fn orders(State(sim): State<Simulator>, Query(page): Query<Page>) -> Json<Value> {
    Json(
        sim.orders_from(page.from, page.limit.unwrap_or(100))
            .iter()
            .map(shown)
            .collect(),
    )
}

// Bodies are read as JSON whatever their content type: curl announces a form unless told otherwise.
async fn create(State(sim): State<Simulator>, body: Bytes) -> Response {
    match serde_json::from_slice(&body) {
        Ok(order) => answer(&sim, sim.create_order(order)),
        Err(error) => unreadable(&error),
    }
}

async fn order(State(sim): State<Simulator>, Path((merchant, order)): Path<(u64, String)>) -> Response {
    answer(&sim, Ok(OrderRef::new(merchant, order)))
}

async fn step(
    State(sim): State<Simulator>,
    Path((merchant, order, step)): Path<(u64, String, String)>,
    body: Bytes,
) -> Response {
    let key = OrderRef::new(merchant, order);
    let sum = if body.is_empty() {
        Ok(Sum::default())
    } else {
        serde_json::from_slice::<Sum>(&body)
    };
    let amount = match sum {
        Ok(sum) => sum.amount,
        Err(error) => return unreadable(&error),
    };
    let done = match (step.as_str(), amount) {
        ("pay", _) => sim.pay(&key).map(drop),
        ("hold", _) => sim.hold(&key).map(drop),
        ("decline", _) => sim.decline(&key).map(drop),
        ("fail", _) => sim.fail_attempt(&key).map(drop),
        ("expire", _) => sim.expire(&key).map(drop),
        ("verify", _) => sim.verify_and_auto_reverse(&key).map(drop),
        ("capture", Some(amount)) => sim.capture(&key, amount),
        ("capture", None) => sim
            .order(merchant, &key.order_id)
            .and_then(|order| sim.capture(&key, order.amount)),
        ("reverse", Some(amount)) => sim.reverse(&key, amount).map(drop),
        ("reverse", None) => sim.reverse_all(&key).map(drop),
        _ => return (StatusCode::NOT_FOUND, "no such step").into_response(),
    };
    answer(&sim, done.map(|()| key))
}

async fn attempts(State(sim): State<Simulator>, Query(page): Query<Page>) -> Json<Value> {
    let shown = |attempt: &super::Attempt| {
        let outcome = match &attempt.outcome {
            AttemptOutcome::Acknowledged => "200".to_owned(),
            AttemptOutcome::Refused(status) => status.to_string(),
            AttemptOutcome::Broken(why) => why.clone(),
            AttemptOutcome::TimedOut => "timed out".to_owned(),
            AttemptOutcome::Dropped => "dropped".to_owned(),
        };
        json!({
            "callback": attempt.callback.0,
            "order": attempt.order.to_string(),
            "number": attempt.number,
            "at_ms": attempt.at_ms,
            "fault": attempt.fault.map(|fault| format!("{fault:?}")),
            "outcome": outcome,
        })
    };
    Json(
        sim.attempts()
            .iter()
            .skip(page.from)
            .take(page.limit.unwrap_or(100))
            .map(shown)
            .collect(),
    )
}

async fn deliver(State(sim): State<Simulator>) -> Json<Value> {
    let summary = sim.deliver_pending().await;
    Json(json!({
        "tried": summary.tried,
        "acknowledged": summary.acknowledged,
        "failed": summary.failed,
        "given_up": summary.given_up,
        "waiting": summary.waiting,
    }))
}

async fn advance(State(sim): State<Simulator>, body: Bytes) -> Response {
    match serde_json::from_slice::<Leap>(&body) {
        Ok(leap) => {
            sim.advance(Duration::from_secs(leap.seconds));
            Json(json!({ "now_ms": sim.clock().now_ms() })).into_response()
        }
        Err(error) => unreadable(&error),
    }
}

fn unreadable(error: &serde_json::Error) -> Response {
    (StatusCode::BAD_REQUEST, error.to_string()).into_response()
}

fn answer(sim: &Simulator, done: Result<OrderRef, Refusal>) -> Response {
    match done.and_then(|key| sim.order(key.merchant_id, &key.order_id)) {
        Ok(order) => Json(shown(&order)).into_response(),
        Err(refusal) => (
            StatusCode::CONFLICT,
            Json(json!({ "code": refusal.code, "message": refusal.message })),
        )
            .into_response(),
    }
}

fn shown(order: &OrderView) -> Value {
    let captured = match order.hold {
        Hold::Captured { amount, .. } => Some(amount),
        Hold::None | Hold::Held | Hold::Released => None,
    };
    json!({
        "merchant_id": order.order.merchant_id,
        "order_id": order.order.order_id,
        "payment_id": order.payment_id,
        "amount": order.amount,
        "currency": order.currency,
        "status": order.status.as_str(),
        "paid": order.paid.as_ref().map(|paid| paid.amount),
        "paid_currency": order.paid.as_ref().map(|paid| paid.currency.as_str()),
        "captured": captured,
        "refunded": order.refunded,
        "callbacks": order.callbacks,
        "acknowledged": order.acknowledgements.len(),
    })
}
