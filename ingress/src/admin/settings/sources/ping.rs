//! A callback that Kasyr sends to itself the way the payment system would: over the public address, signed
//! with the source's key. It says "order created", from which nothing follows, and is always the same event, so
//! that a hundred tests leave one line behind.

use std::time::{Duration, Instant};

use ledger::settings::{Source, SourceKind};
use reqwest::redirect::Policy;
use serde_json::{Map, Value};

/// Fondy waits longer, but whoever pressed the button does not.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// 200.
    Accepted { millis: u128 },
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
        Ok(client) => client.post(url).json(&body(source)).send().await,
        Err(error) => Err(error),
    };
    match sent {
        Ok(response) => match response.status().as_u16() {
            200 => Outcome::Accepted {
                millis: started.elapsed().as_millis(),
            },
            status @ 300..=399 => Outcome::Redirected { status },
            status => Outcome::Refused { status },
        },
        Err(error) if error.is_timeout() => Outcome::Silent,
        Err(error) => Outcome::NotReached {
            said: telemetry::chain(&error.without_url()),
        },
    }
}

fn body(source: &Source) -> Value {
    match source.kind {
        SourceKind::Fondy => fondy(source),
    }
}

fn fondy(source: &Source) -> Value {
    let fields = [
        ("order_id", order_id(source)),
        ("merchant_id", source.account.clone()),
        ("payment_id", "1".to_owned()),
        ("amount", "100".to_owned()),
        ("currency", "UAH".to_owned()),
        ("order_status", "created".to_owned()),
        ("response_status", "success".to_owned()),
        ("tran_type", "purchase".to_owned()),
        ("reversal_amount", "0".to_owned()),
    ];
    let signed = fields.iter().map(|(name, value)| (*name, value.as_str()));
    let signature = ::fondy::sign_v1(&source.secret, signed);
    let mut body: Map<String, Value> = Map::new();
    for (name, value) in fields {
        body.insert(name.to_owned(), value.into());
    }
    body.insert("signature".to_owned(), signature.into());
    Value::Object(body)
}
