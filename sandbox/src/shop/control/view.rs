//! Requests as the control channel prints them.

use serde::Serialize;

use crate::shop::request::Received;

#[derive(Serialize)]
pub(super) struct RequestView {
    number: u64,
    connection: u64,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    /// None when it is no text; its bytes are at `/requests/{n}/body`.
    body: Option<String>,
    size: usize,
    whole: bool,
    at: String,
    answer: Option<u16>,
}

impl RequestView {
    pub(super) fn of(request: &Received) -> Self {
        Self {
            number: request.number,
            connection: request.connection,
            method: request.method.clone(),
            path: request.path.clone(),
            headers: request.headers.clone(),
            body: std::str::from_utf8(&request.body).ok().map(str::to_owned),
            size: request.body.len(),
            whole: request.whole,
            at: request.at.to_string(),
            answer: request.answer,
        }
    }
}
