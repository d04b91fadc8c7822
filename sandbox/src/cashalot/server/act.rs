//! One request and its fault: what is carried out, what the client gets to hear, and when.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use super::request::{Begun, Job};
use super::{Shared, json};
use crate::cashalot::commands::{Reply, refused};
use crate::cashalot::faults::FaultKind;
use crate::cashalot::simulator::{Simulator, drawn};
use crate::cashalot::wire::{self, Code};
use crate::flight::Flight;
use crate::socket::{self, Answer, broken, html};

pub(super) async fn act(shared: &Arc<Shared>, begun: Begun, cut: CancellationToken) -> Answer {
    let Begun { job, flight, fault } = begun;
    let command = job.command;
    let Some(fault) = fault else {
        return answered(flight, job.run());
    };
    match fault {
        FaultKind::Delay { by } => match later(shared, job, by).await {
            Some(reply) => answered(flight, reply),
            None => closed(flight, &cut).await,
        },
        FaultKind::SlowAnswer { by } => {
            let reply = job.run();
            tokio::time::sleep(by).await;
            answered(flight, reply)
        }
        FaultKind::CloseBefore => {
            job.skip();
            closed(flight, &cut).await
        }
        FaultKind::RegisterThenClose => {
            job.run();
            closed(flight, &cut).await
        }
        FaultKind::RegisterThenHang { close_after } => {
            job.run();
            tokio::time::sleep(close_after).await;
            closed(flight, &cut).await
        }
        FaultKind::RegisterThenEmptyBody => {
            job.run();
            flight.land();
            json(Bytes::new())
        }
        FaultKind::Http { status, registers } => {
            if registers {
                job.run();
            } else {
                job.skip();
            }
            flight.land();
            html(status)
        }
        FaultKind::TruncatedJson => {
            let body = Bytes::from(drawn(job.run()));
            flight.land();
            json(body.slice(..body.len() / 2))
        }
        FaultKind::BrokenBody => {
            let body = Bytes::from(drawn(job.run()));
            flight.land();
            broken(200, &body)
        }
        FaultKind::ErrorCode { code } => {
            job.skip();
            flight.land();
            json(told(command, &code))
        }
        FaultKind::RegisterThenErrorCode { code } => {
            job.run();
            flight.land();
            json(told(command, &code))
        }
        FaultKind::NumericErrorCode => {
            let mut reply = job.run();
            let number = reply.code().and_then(|name| Code::number_of(&name));
            reply.answer.replace("ErrorCode", number);
            answered(flight, reply)
        }
        FaultKind::QrAndUrlNull => {
            let mut reply = job.run();
            reply.qr = None;
            reply.answer.replace("QrCode", None::<&str>);
            reply.answer.replace("Url", None::<&str>);
            answered(flight, reply)
        }
        FaultKind::LateRegister { after } => {
            flight.land_early();
            drop(later(shared, job, after));
            socket::closed(&cut).await
        }
        // Conditions were applied when the request began and leave the answer alone.
        FaultKind::ZThenCloseFails
        | FaultKind::RegisteredThenLost
        | FaultKind::PackageRefused { .. }
        | FaultKind::LicenceOver
        | FaultKind::OfflineLimitUsed
        | FaultKind::CleanNeeded
        | FaultKind::ForeignDocument { .. }
        | FaultKind::ForeignShift
        | FaultKind::FskoDown
        | FaultKind::FskoUp => answered(flight, job.run()),
    }
}

fn answered(flight: Flight<Simulator>, reply: Reply) -> Answer {
    let body = drawn(reply);
    flight.land();
    json(body)
}

async fn closed(flight: Flight<Simulator>, cut: &CancellationToken) -> Answer {
    flight.land();
    socket::closed(cut).await
}

fn later(shared: &Shared, job: Job, after: Duration) -> impl Future<Output = Option<Reply>> + use<> {
    socket::later(&shared.tasks, &shared.over, after, async move { job.run() })
}

/// A failure with a code of the test's choosing.
fn told(command: wire::Command, code: &str) -> String {
    let mut answer = refused(
        command,
        &wire::Refusal::new(Code::FiscalServerError, "Помилка, замовлена тестом"),
    );
    answer.replace("ErrorCode", code);
    answer.to_json()
}
