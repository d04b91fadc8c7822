//! The listener and the dispatcher.

use std::future::Future;
use std::io;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use super::super::fault::ApiFault;
use super::super::refusal::Refusal;
use super::super::simulator::Simulator;
use super::answer::{Answer, failure};
use super::endpoint::Endpoint;
use super::request::{Request, Shape};
use super::{checkout, money, pages, receipts, reports, settlement, transactions};
use crate::cuttable::{Cut, serve_router};

/// Serves the gateway's API, its payment pages and its receipt files until `shutdown`.
/// Answers name the listener's address in links, so serve one listener per simulator.
pub async fn serve(
    listener: TcpListener,
    sim: Simulator,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    sim.lock().public_base = format!("http://{}", listener.local_addr()?);
    let router = Router::new().fallback(receive).with_state(sim);
    serve_router(listener, router, shutdown).await
}

async fn receive(
    State(sim): State<Simulator>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(endpoint) = Endpoint::at(uri.path(), &sim.shared.config) else {
        return pages::serve(&sim, &method, &uri);
    };
    if method != Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, "only POST").into_response();
    }
    if endpoint == Endpoint::Reports && sim.lock().switches.no_reports {
        return (StatusCode::NOT_FOUND, "<html>404 Not Found</html>").into_response();
    }
    let fault = sim.lock().api_fault(endpoint);
    if fault == Some(ApiFault::ServerError) {
        return (StatusCode::BAD_GATEWAY, "<html>502 Bad Gateway</html>").into_response();
    }
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let response = respond(&sim, endpoint, content_type, &body, fault);
    match fault {
        Some(ApiFault::ServerErrorAfter) => (StatusCode::BAD_GATEWAY, "<html>502 Bad Gateway</html>").into_response(),
        Some(ApiFault::ResponseLost) => {
            cut.cut();
            response
        }
        Some(ApiFault::Delay(by)) => {
            tokio::time::sleep(by).await;
            response
        }
        None | Some(ApiFault::ServerError | ApiFault::ReverseCreated | ApiFault::ReverseDeclined(_)) => response,
    }
}

fn respond(sim: &Simulator, endpoint: Endpoint, content_type: &str, body: &[u8], fault: Option<ApiFault>) -> Response {
    let content_type = content_type.trim().to_ascii_lowercase();
    let request_id = || uuid::Uuid::new_v4().simple().to_string();
    let request = match Request::read(&content_type, body) {
        Ok(request) => request,
        Err(refusal) => return failure(&refusal, Shape::announced(&content_type), request_id()),
    };
    let shape = request.shape;
    let result = sim.change(|state| {
        if endpoint.json_only() && shape == Shape::Form {
            return Err(Refusal::content_type());
        }
        // The agreed order of checks: merchant, then signature, then values.
        let merchant = state.merchant(request.number("merchant_id")?)?;
        request.verify(endpoint, &merchant)?;
        request.refuse_separators(endpoint)?;
        let answer = match endpoint {
            Endpoint::CheckoutUrl => checkout::url(state, &request)?,
            Endpoint::CheckoutToken => checkout::token(state, &request)?,
            Endpoint::CheckoutRedirect => checkout::redirect(state, &request)?,
            Endpoint::Status => money::status(state, &request)?,
            Endpoint::Reverse => money::reverse(state, &request, fault)?,
            Endpoint::Capture => money::capture(state, &request)?,
            Endpoint::TransactionList => transactions::list(state, &request, &merchant)?,
            Endpoint::Settlement => settlement::settle(state, &request)?,
            Endpoint::KktLogs => receipts::kkt_logs(state, &request)?,
            Endpoint::Reports => reports::list(state, &request, &merchant)?,
            Endpoint::ReceiptLink => receipts::link(state, &request)?,
        };
        Ok::<(Answer, _), Refusal>((answer, merchant))
    });
    match result {
        Ok((answer, merchant)) => answer.write(shape, &merchant),
        Err(refusal) => failure(&refusal, shape, request_id()),
    }
}
