//! One request and its fault: what is carried out, what the client gets to hear, and when.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::drawn::{HTML, bytes, drawn};
use super::request::{Begun, Job};
use crate::cashdesk::commands::Reply;
use crate::cashdesk::faults::FaultKind;
use crate::cashdesk::simulator::Simulator;
use crate::cashdesk::webhook::send_all;
use crate::flight::Flight;
use crate::socket::{self, Answer, JSON, broken, typed};

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
            broken(200, &body)
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
            socket::closed(&cut).await
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

fn answered(flight: Flight<Simulator>, reply: Reply) -> Answer {
    let answer = drawn(reply);
    flight.land();
    answer
}

async fn closed(flight: Flight<Simulator>, cut: &CancellationToken) -> Answer {
    flight.land();
    socket::closed(cut).await
}

fn later(shared: &Shared, job: Job, after: Duration) -> impl Future<Output = Option<Reply>> + use<> {
    socket::later(&shared.tasks, &shared.over, after, now(job))
}

fn html(status: u16) -> Answer {
    let body = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    typed(status, HTML, body)
}
