//! What the shop was told, as a person sees it in the demo.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::kept::Shop;
use super::request::Received;
use crate::kyiv;
use crate::page::shown;

/// The newest requests, each to be unfolded.
pub(super) async fn list(State(shop): State<Shop>) -> Response {
    let requests = shop.requests();
    let newest = requests.iter().rev().take(SHOWN);
    let body = html! {
        h1 { "Shop" }
        p.muted { "What the sandbox’s shop was told: " (requests.len()) " requests, the newest first." }
        @if requests.is_empty() { p { "Nothing has come yet." } }
        @for request in newest { (told(request)) }
    };
    shown("Shop", None, &body)
}

const SHOWN: usize = 200;

fn told(request: &Received) -> Markup {
    let answer = match request.answer {
        Some(status) => format!("answered {status}"),
        None => "not answered".to_owned(),
    };
    html! {
        details {
            summary {
                span.number { (kyiv::readable(request.at)) } " " (request.method) " " (request.path) " "
                span.muted { (answer) }
            }
            pre { @for (name, value) in &request.headers { (name) ": " (value) "\n" } }
            pre { (readable(&request.body)) }
        }
    }
}

/// JSON with its lines; anything else as it is.
fn readable(body: &[u8]) -> String {
    let json = serde_json::from_slice::<serde_json::Value>(body);
    json.and_then(|json| serde_json::to_string_pretty(&json))
        .unwrap_or_else(|_| String::from_utf8_lossy(body).into_owned())
}
