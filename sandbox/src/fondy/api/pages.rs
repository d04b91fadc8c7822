//! What a browser sees: the payment page, the pay button, receipt files.

use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};

use super::super::amounts::fixed_text;
use super::super::simulator::Simulator;

/// Anything that is not the API. Unknown paths are 404 and not JSON, as at the real gateway.
pub(super) fn serve(sim: &Simulator, method: &Method, uri: &Uri) -> Response {
    let segments: Vec<&str> = uri.path().trim_matches('/').split('/').collect();
    match (method, segments.as_slice()) {
        (&Method::GET, ["checkout", token]) => payment_page(sim, token),
        (&Method::POST, ["checkout", token, "pay"]) => pay(sim, token),
        (&Method::GET, ["files", "receipt" | "zreport", name]) => file(sim, name, uri.query().unwrap_or_default()),
        _ => not_found(),
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Html("<html><body>404 Not Found</body></html>")).into_response()
}

fn payment_page(sim: &Simulator, token: &str) -> Response {
    let state = sim.lock();
    let Ok(index) = state.index_by_token(token) else {
        return not_found();
    };
    let order = &state.orders[index];
    let (amount, currency) = (fixed_text(order.terms.amount), escaped(&order.terms.currency));
    let (what, status) = (escaped(&order.terms.order_desc), order.status.as_str());
    Html(format!(
        "<!doctype html><html lang=\"uk\"><meta charset=\"utf-8\"><title>Оплата</title><h1>{amount} {currency}</h1>\
         <p>{what}</p><p>Стан: {status}</p>\
         <form method=\"post\" action=\"/checkout/{token}/pay\"><button>Сплатити</button></form></html>"
    ))
    .into_response()
}

fn pay(sim: &Simulator, token: &str) -> Response {
    let paid = sim.change(|state| {
        let index = state.index_by_token(token)?;
        let hold = state.orders[index].terms.preauth;
        state.pay(index, None, hold)
    });
    match paid {
        Ok(_) => (
            StatusCode::SEE_OTHER,
            [(header::LOCATION, format!("/checkout/{token}"))],
        )
            .into_response(),
        Err(refusal) => (StatusCode::CONFLICT, refusal.message).into_response(),
    }
}

fn file(sim: &Simulator, name: &str, query: &str) -> Response {
    let state = sim.lock();
    let id = name.strip_suffix(".pdf").and_then(|id| id.parse::<u64>().ok());
    if !id.is_some_and(|id| state.by_transaction.contains_key(&id)) {
        return not_found();
    }
    let expires = query
        .strip_prefix("expires=")
        .and_then(|ms| ms.parse::<u64>().ok())
        .unwrap_or_default();
    if state.now_ms() >= expires {
        return (StatusCode::FORBIDDEN, "the link has expired").into_response();
    }
    ([(header::CONTENT_TYPE, "application/pdf")], "%PDF-1.4\n%%EOF\n").into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
