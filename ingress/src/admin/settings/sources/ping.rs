//! A callback that Kasyr sends to itself the way the payment system would: over the public address, signed
//! with the source's key. It says "order created", from which nothing follows, and is always the same event, so
//! that a hundred tests leave one line behind. What only a bank can sign is sent without a signature, and a provider's
//! notice without anything in it.

mod message;

use std::time::{Duration, Instant};

use ledger::settings::{Source, SourceKind};
use reqwest::redirect::Policy;
use serde_json::Value;

/// Fondy waits longer, but whoever pressed the button does not.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// 200.
    Accepted { millis: u128 },
    /// Refused for nothing but what was left out: the signature that only the bank can make, or the document.
    Reached { millis: u128 },
    /// 3xx.
    Redirected { status: u16 },
    /// Any other status.
    Refused { status: u16 },
    /// Nothing came in time.
    Silent,
    /// There was no connection.
    NotReached { said: String },
}

/// The order the test is about.
pub(super) fn order_id(source: &Source) -> String {
    format!("kasyr-test-{}", source.id)
}

/// Sends it.
pub(super) async fn ping(url: &str, source: &Source) -> Outcome {
    program::install_tls();
    let client = reqwest::Client::builder()
        .tls_backend_rustls()
        .no_proxy()
        .redirect(Policy::none())
        .timeout(PATIENCE)
        .build();
    let started = Instant::now();
    let sent = match client {
        Ok(client) => {
            let (content_type, body) = message::of(source, &order_id(source));
            let request = client.post(url).header("content-type", content_type);
            request.body(body).send().await
        }
        Err(error) => Err(error),
    };
    let millis = started.elapsed().as_millis();
    match sent {
        Ok(response) => match response.status().as_u16() {
            200 => Outcome::Accepted { millis },
            400 if wants_the_rest(source.kind, response).await => Outcome::Reached { millis },
            status @ 300..=399 => Outcome::Redirected { status },
            status => Outcome::Refused { status },
        },
        Err(error) if error.is_timeout() => Outcome::Silent,
        Err(error) => Outcome::NotReached {
            said: telemetry::chain(&error.without_url()),
        },
    }
}

/// Our own answer to what lacks what only they can send.
async fn wants_the_rest(kind: SourceKind, response: reqwest::Response) -> bool {
    let code = match kind {
        SourceKind::Monobank => "missing_signature",
        SourceKind::CashDesk | SourceKind::AtolOnline => "missing_field",
        SourceKind::Fondy | SourceKind::LiqPay | SourceKind::WayForPay => return false,
    };
    let problem: Value = response.json().await.unwrap_or_default();
    problem["code"] == code
}
