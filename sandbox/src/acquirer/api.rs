//! The listener of a system's API and payment pages.

use std::future::Future;
use std::io;

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tokio::net::TcpListener;

use super::fault::ApiFault;
use super::form::Form;
use super::page;
use super::simulator::Simulator;
use super::system::System;
use crate::cuttable::{Cut, serve_router};

/// Serves the API and the payment pages until `shutdown`. Answers name the listener's address in links, so serve one
/// listener per simulator.
pub async fn serve<S: System>(
    listener: TcpListener,
    sim: Simulator<S>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    sim.lock().public_base = format!("http://{}", listener.local_addr()?);
    let router = Router::new().fallback(receive::<S>).with_state(sim);
    serve_router(listener, router, shutdown).await
}

/// A request as it came.
pub struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    /// A header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        Form::read(self.query.as_bytes()).get(name).map(str::to_owned)
    }
}

/// One call of the API, for assertions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCall {
    /// What was called, by the name that faults know it by.
    pub operation: &'static str,
    /// The simulator's clock, milliseconds since 1970.
    pub at_ms: u64,
    /// The body, byte for byte.
    pub body: Bytes,
    /// What was done to it.
    pub fault: Option<ApiFault>,
}

/// An answer of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    /// Where the buyer is sent.
    pub(crate) location: Option<String>,
}

impl Answer {
    /// JSON with a status.
    pub(crate) fn json(status: u16, body: String) -> Self {
        Self {
            status,
            content_type: "application/json",
            body,
            location: None,
        }
    }

    /// Sends the buyer elsewhere.
    pub(crate) fn redirect(to: String) -> Self {
        Self {
            status: 302,
            content_type: "text/plain",
            body: String::new(),
            location: Some(to),
        }
    }

    fn broken(status: u16, text: &str) -> Self {
        Self {
            status,
            content_type: "text/html",
            body: format!("<html><body>{text}</body></html>"),
            location: None,
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let head = [(header::CONTENT_TYPE, self.content_type)];
        match self.location {
            Some(to) => (status, head, [(header::LOCATION, to)], self.body).into_response(),
            None => (status, head, self.body).into_response(),
        }
    }
}

async fn receive<S: System>(
    State(sim): State<Simulator<S>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let call = Call {
        method,
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        body,
    };
    let Some(operation) = S::operation(&call) else {
        return page::serve(&sim, &call);
    };
    let fault = sim.change(|books| {
        let fault = books.api_faults.take(&[operation], |_| true);
        let at_ms = books.now_ms();
        books.calls.push(ApiCall {
            operation,
            at_ms,
            body: call.body.clone(),
            fault: fault.clone(),
        });
        fault
    });
    let carry_out = || sim.change(|books| S::answer(books, &call, operation, fault.as_ref()));
    match &fault {
        Some(ApiFault::ServerError) => Answer::broken(502, "502 Bad Gateway").into_response(),
        Some(ApiFault::ServerErrorAfter) => {
            carry_out();
            Answer::broken(502, "502 Bad Gateway").into_response()
        }
        Some(ApiFault::AnswerLost) => {
            let answer = carry_out();
            cut.cut();
            answer.into_response()
        }
        Some(ApiFault::Slow { by }) => {
            tokio::time::sleep(*by).await;
            carry_out().into_response()
        }
        Some(ApiFault::NotFound) => S::not_found(&call).into_response(),
        Some(ApiFault::TooManyRequests) => S::too_many().into_response(),
        Some(ApiFault::NotJson) => Answer::broken(200, "We are improving our service").into_response(),
        None | Some(ApiFault::WrongSignature | ApiFault::RefundPending | ApiFault::RefundFailed) => {
            carry_out().into_response()
        }
    }
}
