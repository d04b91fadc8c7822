//! The simulator from outside: bodies it makes, posts and retries, answers of its API on a real socket.

mod api;
mod callbacks;
mod delivery;
mod faults;
mod receiver;
mod split_and_fiscal;

use std::time::Duration;

use serde_json::Value;

use super::*;

/// A simulator on a virtual clock that starts at 05.03.2025 14:03:59.
fn simulator() -> Simulator {
    Simulator::new(Config {
        clock: Clock::virtual_time(),
        callback_timeout: Duration::from_secs(5),
        ..Config::default()
    })
}

/// The order of the sheet's callback vectors, protocol 1.0.
fn sheet_order(order_id: &str, amount: u64, payment_id: u64) -> NewOrder {
    NewOrder {
        order_id: order_id.to_owned(),
        amount,
        payment_id: Some(payment_id),
        version: Version::V1_0,
        sender_email: "buyer@shop.example".to_owned(),
        ..NewOrder::default()
    }
}

fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap()
}

/// The decoded `order` of a 2.0 body.
fn decoded(body: &Value) -> Value {
    use base64::Engine;
    let data = body["data"].as_str().unwrap();
    json(&base64::engine::general_purpose::STANDARD.decode(data).unwrap())["order"].clone()
}

/// Whether a flat JSON body carries the right signature for the key `test`, recomputed from the body alone.
fn verifies(body: &[u8]) -> bool {
    let Value::Object(fields) = json(body) else {
        return false;
    };
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let pairs: Vec<(String, String)> = fields.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    let expected = signature::sign(
        "test",
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())),
    );
    fields["signature"] == expected.as_str()
}
