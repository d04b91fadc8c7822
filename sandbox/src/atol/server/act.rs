//! One request and its fault: what is carried out, what the client gets to hear, and when.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::header::{HeaderValue, RETRY_AFTER};
use tokio_util::sync::CancellationToken;

use super::job::{Begun, Job};
use super::{Reply, Shared, json};
use crate::atol::answer::Refusal;
use crate::atol::fault::{FaultKind, TokenRefusal};
use crate::atol::service::Answer;
use crate::atol::simulator::Simulator;
use crate::atol::state::State;
use crate::socket::{self, broken, closed, html, text};

pub(super) async fn act(shared: &Arc<Shared>, begun: Begun, cut: &CancellationToken) -> Reply {
    let Begun { job, fault } = begun;
    let Some(fault) = fault else {
        return answered(job.run());
    };
    match fault {
        FaultKind::Delay { by } => match later(shared, job, by, false).await {
            Some(answer) => answered(answer),
            None => closed(cut).await,
        },
        FaultKind::SlowAnswer { by } | FaultKind::TokenSlow { by } => {
            let answer = job.run();
            tokio::time::sleep(by).await;
            answered(answer)
        }
        FaultKind::Hang { close_after } => {
            job.skip();
            tokio::time::sleep(close_after).await;
            closed(cut).await
        }
        FaultKind::CloseBefore => {
            job.skip();
            closed(cut).await
        }
        FaultKind::StoreThenClose => {
            job.run();
            closed(cut).await
        }
        FaultKind::StoreThenHang { close_after } => {
            job.run();
            tokio::time::sleep(close_after).await;
            closed(cut).await
        }
        FaultKind::StoreThenEmptyBody => json(job.run().http, Bytes::new()),
        FaultKind::TruncatedJson => {
            let answer = job.run();
            let body = Bytes::from(answer.body);
            json(answer.http, body.slice(..body.len() / 2))
        }
        FaultKind::BrokenBody => {
            let answer = job.run();
            broken(answer.http, &Bytes::from(answer.body))
        }
        FaultKind::LateStore { after } => {
            drop(later(shared, job, after, true));
            closed(cut).await
        }
        FaultKind::Http { status, stores } => {
            if stores {
                job.run();
            } else {
                job.skip();
            }
            html(status)
        }
        FaultKind::Error {
            status,
            code,
            error_type,
            stores,
        } => {
            let told = Refusal::Told {
                http: status,
                code,
                kind: error_type,
            };
            answered(job.refuse(told, stores))
        }
        FaultKind::TooManyRequests { retry_after } => {
            job.skip();
            too_many(retry_after)
        }
        FaultKind::TokenRefused { because } => {
            let refusal = match because {
                TokenRefusal::WrongPassword => Refusal::WrongLoginOrPassword,
                TokenRefusal::Blocked => Refusal::UserBlocked,
            };
            answered(job.refuse(refusal, false))
        }
        FaultKind::CallbackFirst => {
            let group = job.group().unwrap_or_default();
            let answer = job.run();
            if let Some(uuid) = &answer.accepted {
                callback_first(&shared.simulator, &group, uuid).await;
            }
            answered(answer)
        }
        // Applied when the request began.
        FaultKind::ExpireTokens | FaultKind::RegistersOff { .. } | FaultKind::DuplicateWithoutUuid => {
            answered(job.run())
        }
        // Never drawn for requests.
        FaultKind::Fails { .. } | FaultKind::SlowRegister { .. } => answered(job.run()),
        FaultKind::NoCallback | FaultKind::LateCallback { .. } => answered(job.run()),
        FaultKind::RepeatedCallback { .. } | FaultKind::ForgedCallback { .. } => answered(job.run()),
    }
}

fn answered(answer: Answer) -> Reply {
    if answer.http == 429 && answer.body.is_empty() {
        return too_many(None);
    }
    json(answer.http, answer.body)
}

fn too_many(retry_after: Option<u32>) -> Reply {
    let mut reply = text(429, "too many requests");
    if let Some(seconds) = retry_after {
        reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    reply
}

fn later(shared: &Shared, job: Job, after: Duration, late: bool) -> impl Future<Output = Option<Answer>> + use<> {
    socket::later(&shared.late, &shared.over, after, async move { job.run_late(late) })
}

/// Prints the document at once and waits until one of its callbacks has ended, or nothing is being sent.
async fn callback_first(simulator: &Simulator, group: &str, uuid: &str) {
    simulator.hurry(group, uuid);
    let told = async {
        loop {
            // Made before the look, so that an end between look and wait is not missed.
            let ended = simulator.0.delivered.notified();
            let waits = |state: &State| {
                let outbox = &state.desk.outbox;
                !outbox.has_delivered(uuid) && outbox.is_sending(uuid, state.now_ms())
            };
            if !simulator.read(waits) {
                return;
            }
            ended.await;
        }
    };
    // Every sending ends within the time-out; it is only out of time when nobody sends.
    let patience = simulator.read(|state| state.desk.config.callback_timeout) * 2;
    let _ = tokio::time::timeout(patience, told).await;
}
