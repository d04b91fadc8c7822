//! One request and its fault: what is carried out, what the client gets to hear, and when.

use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::drawn::{HTML, JSON, bytes, drawn};
use super::request::{Begun, Flight, Job};
use super::{Answer, Shared, broken, typed};
use crate::cashdesk::commands::Reply;
use crate::cashdesk::faults::FaultKind;
use crate::cashdesk::webhook::send_all;

pub(super) async fn act(shared: &Shared, begun: Box<Begun>, cut: CancellationToken) -> Answer {
    let Begun { job, flight, fault } = *begun;
    let Some(fault) = fault else {
        return answered(flight, now(job).await);
    };
    match fault {
        FaultKind::Delay { by } => match later(shared, job, by).await {
            Some(reply) => answered(flight, reply),
            None => closed(flight, &cut).await,
        },
        FaultKind::SlowAnswer { by } => {
            let reply = now(job).await;
            tokio::time::sleep(by).await;
            answered(flight, reply)
        }
        FaultKind::CloseBefore => {
            job.skip();
            closed(flight, &cut).await
        }
        FaultKind::RegisterThenClose => {
            now(job).await;
            closed(flight, &cut).await
        }
        FaultKind::RegisterThenHang { close_after } => {
            now(job).await;
            tokio::time::sleep(close_after).await;
            closed(flight, &cut).await
        }
        FaultKind::RegisterThenEmptyBody => {
            now(job).await;
            flight.land();
            typed(200, JSON, Bytes::new())
        }
        FaultKind::Http { status, registers } => {
            if registers {
                now(job).await;
            } else {
                job.skip();
            }
            flight.land();
            html(status)
        }
        FaultKind::HtmlBody => {
            now(job).await;
            flight.land();
            html(200)
        }
        FaultKind::TruncatedJson => {
            let reply = now(job).await;
            let (content_type, body) = bytes(reply.content);
            flight.land();
            typed(reply.status, content_type, body.slice(..body.len() / 2))
        }
        FaultKind::BrokenBody => {
            let (_, body) = bytes(now(job).await.content);
            flight.land();
            broken(body)
        }
        FaultKind::Refuse { status, message } => {
            job.skip();
            flight.land();
            let body = json!({ "message": message, "type": "ERROR" });
            typed(status, JSON, body.to_string())
        }
        FaultKind::LateRegister { after } => {
            flight.land_early();
            drop(later(shared, job, after));
            cut.cancel();
            pending().await
        }
        // Conditions were applied when the request began and leave the answer alone.
        FaultKind::ExpireToken
        | FaultKind::TaxServiceDown
        | FaultKind::TaxServiceUp
        | FaultKind::KeyAbsent { .. }
        | FaultKind::ForeignCheck
        | FaultKind::ForeignShift
        | FaultKind::AutoClose => answered(flight, now(job).await),
    }
}

/// Carries the request out, and posts its webhooks where they are to come before the answer.
async fn now(job: Job) -> Reply {
    let (reply, first) = job.run();
    send_all(first).await;
    reply
}

fn answered(flight: Flight, reply: Reply) -> Answer {
    let answer = drawn(reply);
    flight.land();
    answer
}

/// Ends the connection without an answer: the connection's task drops this future together with the socket.
async fn closed(flight: Flight, cut: &CancellationToken) -> Answer {
    flight.land();
    cut.cancel();
    pending().await
}

/// Carries the request out after a while, in a task of its own: the client may leave meanwhile. None when the server
/// shuts down first.
fn later(shared: &Shared, job: Job, after: Duration) -> impl Future<Output = Option<Reply>> + use<> {
    let (sender, receiver) = oneshot::channel();
    let over = shared.over.clone();
    shared.tasks.spawn(async move {
        tokio::select! {
            () = over.cancelled() => {}
            () = tokio::time::sleep(after) => {
                // Nobody may be listening any more; the document stands all the same.
                let _ = sender.send(now(job).await);
            }
        }
    });
    async move { receiver.await.ok() }
}

fn html(status: u16) -> Answer {
    let body = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    typed(status, HTML, body)
}
