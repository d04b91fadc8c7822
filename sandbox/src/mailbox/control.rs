//! The control channel and the page for people, over HTTP on a listener of its own.
//!
//! ```text
//! GET    /                              the messages, for a person      GET /mail/{id}   one of them
//! GET    /messages                      what came, as JSON              GET /messages/{id}
//! GET    /messages/{id}/message.eml     as sent                         GET /messages/{id}/parts/{n}   one part, decoded
//! DELETE /messages                      all thrown away
//! GET    /dialogues                     what was said on the newest connections
//! GET    /faults   POST /faults   DELETE /faults     {"kind":"answer","step":"rcpt","code":450,"only":"*@full.example","times":null}
//! POST   /chaos    DELETE /chaos                     {"seed":1,"rates":[{"kind":"keep-then-drop","per_mille":50}]}
//! GET    /door     POST /door                        {"open":false}
//! GET    /certificate.pem               what a client must trust
//! ```

use std::future::Future;
use std::io;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::kept::Mailbox;
use super::{Chaos, Dialogue, Fault, page};
use views::{MessageView, Summary, disposition};

mod views;

/// Serves the control channel and the page until `shutdown`. Meant for loopback: it has no authentication.
pub async fn serve_control(
    listener: TcpListener,
    mailbox: Mailbox,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    crate::page::serve(listener, router(mailbox), shutdown).await
}

fn router(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/", get(page::list))
        .route("/mail/{id}", get(page::mail))
        .route("/mail/{id}/html", get(page::html))
        .route("/messages", get(messages).delete(clear))
        .route("/messages/{id}", get(message))
        .route("/messages/{id}/message.eml", get(raw))
        .route("/messages/{id}/parts/{n}", get(part))
        .route("/dialogues", get(dialogues))
        .route("/faults", get(faults).post(inject).delete(clear_faults))
        .route("/chaos", post(chaos).delete(no_chaos))
        .route("/door", get(door).post(move_door))
        .route("/certificate.pem", get(certificate))
        .with_state(mailbox)
}

async fn messages(State(mailbox): State<Mailbox>) -> Json<Vec<Summary>> {
    Json(mailbox.messages().iter().map(Summary::of).collect())
}

async fn message(State(mailbox): State<Mailbox>, Path(id): Path<u64>) -> Result<Json<MessageView>, StatusCode> {
    let message = mailbox.message(id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(MessageView::of(&message)))
}

async fn raw(State(mailbox): State<Mailbox>, Path(id): Path<u64>) -> Result<Response, StatusCode> {
    let message = mailbox.message(id).ok_or(StatusCode::NOT_FOUND)?;
    let name = disposition(&format!("{id}.eml"));
    let head = [
        (header::CONTENT_TYPE, "message/rfc822".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((head, message.raw).into_response())
}

/// Always a file to save: what is in it came from outside.
async fn part(State(mailbox): State<Mailbox>, Path((id, n)): Path<(u64, usize)>) -> Result<Response, StatusCode> {
    let decoded = mailbox.message(id).and_then(|message| message.decoded());
    let parts = decoded.ok_or(StatusCode::NOT_FOUND)?.parts;
    let part = parts.into_iter().nth(n).ok_or(StatusCode::NOT_FOUND)?;
    let name = part.name.unwrap_or_else(|| format!("part-{n}"));
    let content_type = match part.content_type.starts_with("text/") {
        true => format!("{}; charset=utf-8", part.content_type),
        false => part.content_type,
    };
    let head = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_DISPOSITION, disposition(&name)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((head, part.bytes).into_response())
}

async fn clear(State(mailbox): State<Mailbox>) -> StatusCode {
    mailbox.clear();
    StatusCode::NO_CONTENT
}

async fn dialogues(State(mailbox): State<Mailbox>) -> Json<Vec<Dialogue>> {
    Json(mailbox.dialogues())
}

async fn faults(State(mailbox): State<Mailbox>) -> Json<Vec<Fault>> {
    Json(mailbox.faults())
}

async fn inject(State(mailbox): State<Mailbox>, Json(fault): Json<Fault>) -> StatusCode {
    mailbox.inject(fault);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(mailbox): State<Mailbox>) -> StatusCode {
    mailbox.clear_faults();
    StatusCode::NO_CONTENT
}

async fn chaos(State(mailbox): State<Mailbox>, Json(chaos): Json<Chaos>) -> StatusCode {
    mailbox.set_chaos(Some(chaos));
    StatusCode::NO_CONTENT
}

async fn no_chaos(State(mailbox): State<Mailbox>) -> StatusCode {
    mailbox.set_chaos(None);
    StatusCode::NO_CONTENT
}

#[derive(Serialize, Deserialize)]
struct DoorView {
    open: bool,
}

async fn door(State(mailbox): State<Mailbox>) -> Json<DoorView> {
    Json(DoorView {
        open: !mailbox.is_shut(),
    })
}

async fn move_door(State(mailbox): State<Mailbox>, Json(wanted): Json<DoorView>) -> StatusCode {
    if wanted.open {
        mailbox.open().await;
    } else {
        mailbox.shut().await;
    }
    StatusCode::NO_CONTENT
}

async fn certificate(State(mailbox): State<Mailbox>) -> Result<Response, StatusCode> {
    let certificate = mailbox.config().certificate.as_ref().ok_or(StatusCode::NOT_FOUND)?;
    let head = [(header::CONTENT_TYPE, "application/x-pem-file")];
    Ok((head, certificate.pem()).into_response())
}
