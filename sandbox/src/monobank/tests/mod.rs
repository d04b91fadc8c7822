//! monobank's wire: keys and signatures, webhooks, answers.

mod api;
mod keys;
mod statement;
mod webhooks;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::crypto::ring::default_provider;
use serde_json::{Value, json};

use super::*;
use crate::acquirer::tests::{Door, Got, Reply, Shop, config};

fn simulator() -> Simulator {
    Simulator::new(config()).unwrap()
}

fn order(url: &str) -> NewPayment {
    NewPayment::new("shop-1001", 26_750).callback_url(url)
}

/// Verified by the TLS library, from `pubkey`'s answer and `X-Sign` as they are sent.
fn fits(public_key: &str, sign: &str, body: &[u8]) -> bool {
    let pem = String::from_utf8(STANDARD.decode(public_key).unwrap()).unwrap();
    let der: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(der).unwrap();
    // The last field of the key's envelope: the point, uncompressed.
    let point = &der[der.len() - 65..];
    let signature = STANDARD.decode(sign).unwrap();
    let algorithms = default_provider().signature_verification_algorithms.all;
    let p256 = |algorithm: &&&dyn rustls::pki_types::SignatureVerificationAlgorithm| {
        format!("{algorithm:?}").contains("P256_SHA256")
    };
    let p256 = algorithms.iter().find(p256).unwrap();
    p256.verify_signature(point, body, &signature).is_ok()
}

fn got_fits(sim: &Simulator, got: &Got) -> bool {
    fits(&sim.public_key(), got.header("x-sign"), &got.body)
}

/// An API with the first merchant's token.
struct Bed {
    sim: Simulator,
    api: Door,
}

impl Bed {
    async fn new() -> Self {
        let sim = simulator();
        let api = Door::api(&sim).await;
        Self { sim, api }
    }

    async fn call(&self, request: &str, body: Value) -> Reply {
        self.call_as("sandbox-token", request, body).await
    }

    async fn call_as(&self, token: &str, request: &str, body: Value) -> Reply {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let headers = [("content-type", "application/json"), ("x-token", token)];
        let (method, path) = request.split_once(' ').unwrap();
        let request = format!("{method} /api/merchant/{path}");
        self.api.call(&request, &headers, &body).await.unwrap()
    }

    async fn status(&self, id: PaymentId) -> Value {
        let invoice = self.sim.payment(id).unwrap().public_id;
        let reply = self
            .call(&format!("GET invoice/status?invoiceId={invoice}"), Value::Null)
            .await;
        assert_eq!(reply.status, 200);
        reply.json()
    }

    async fn cancel(&self, id: PaymentId, more: Value) -> Reply {
        self.movement("POST invoice/cancel", id, more).await
    }

    async fn movement(&self, request: &str, id: PaymentId, mut more: Value) -> Reply {
        more["invoiceId"] = self.sim.payment(id).unwrap().public_id.into();
        self.call(request, more).await
    }
}
