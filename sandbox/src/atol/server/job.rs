//! A request under way: what faults meet it, and its one execution.

use jiff::Timestamp;
use serde::Deserialize;

use crate::atol::answer::Refusal;
use crate::atol::fault::{FaultKind, Occasion};
use crate::atol::route::{Call, Route, Target};
use crate::atol::service::{self, Answer};
use crate::atol::simulator::Simulator;
use crate::atol::state::{State, instant};
use crate::atol::transcript::RecordedRequest;
use crate::clock::millis;

pub(super) struct Begun {
    pub job: Job,
    pub fault: Option<FaultKind>,
}

/// A request to carry out, now or later.
pub(super) struct Job {
    simulator: Simulator,
    route: Route,
    call: Call,
    external_id: Option<String>,
    at: Timestamp,
    met: Option<String>,
    hide_uuid: bool,
}

/// Enough of a registration to know which it is.
#[derive(Deserialize)]
struct Head {
    external_id: Option<String>,
}

pub(super) fn begin(simulator: &Simulator, route: Route, path: &str, call: Call) -> Begun {
    let external_id = match &route.target {
        Target::Token | Target::Report { .. } => None,
        Target::Registration { .. } => serde_json::from_slice::<Head>(&call.body)
            .ok()
            .and_then(|head| head.external_id),
    };
    let (fault, at) = simulator.change(|state| {
        let fault = meet(state, &route, path, external_id.as_deref());
        (fault, instant(state.now_ms()))
    });
    let job = Job {
        simulator: simulator.clone(),
        external_id,
        at,
        met: fault.as_ref().map(|kind| format!("{kind:?}")),
        hide_uuid: fault == Some(FaultKind::DuplicateWithoutUuid),
        route,
        call,
    };
    Begun { job, fault }
}

/// The fault that meets the request; what it changes of the service is changed.
fn meet(state: &mut State, route: &Route, path: &str, external_id: Option<&str>) -> Option<FaultKind> {
    let occasion = match &route.target {
        Target::Token => Occasion::Token,
        Target::Report { .. } => Occasion::Report,
        Target::Registration { group, .. } => {
            let group = state.groups.get(group);
            let known = group.zip(external_id).is_some_and(|(group, id)| group.knows(id));
            Occasion::Registration { known }
        }
    };
    let subjects = [Some(route.what()), Some(path), route.group(), external_id, route.uuid()];
    let subjects: Vec<&str> = subjects.into_iter().flatten().collect();
    let fault = state.desk.faults.take(occasion, &subjects)?;
    let now_ms = state.now_ms();
    if fault == FaultKind::ExpireTokens {
        state.tokens.expire();
    }
    if let FaultKind::RegistersOff { during } = fault
        && let Some(group) = route.group().and_then(|group| state.groups.get_mut(group))
    {
        group.paused_until_ms = group.paused_until_ms.max(now_ms.saturating_add(millis(during)));
    }
    Some(fault)
}

impl Job {
    /// Carries the request out.
    pub(super) fn run(self) -> Answer {
        self.run_late(false)
    }

    /// Carries it out, perhaps after the connection was closed.
    pub(super) fn run_late(self, late: bool) -> Answer {
        let simulator = self.simulator.clone();
        simulator.change(|state| {
            let answer = service::answer(state, &self.route, &self.call, self.hide_uuid);
            state.transcript.push(self.noted(Some(&answer), late));
            answer
        })
    }

    /// Notes a request that is never carried out.
    pub(super) fn skip(self) {
        let simulator = self.simulator.clone();
        simulator.change(|state| state.transcript.push(self.noted(None, false)));
    }

    /// Answers an error of a fault's choosing; the request is carried out first where it `stores`.
    pub(super) fn refuse(self, refusal: Refusal, stores: bool) -> Answer {
        let (simulator, route) = (self.simulator.clone(), self.route.clone());
        if stores {
            self.run();
        } else {
            self.skip();
        }
        simulator.change(|state| service::refused(state, &route, refusal))
    }

    pub(super) fn group(&self) -> Option<String> {
        self.route.group().map(str::to_owned)
    }

    fn noted(self, answer: Option<&Answer>, late: bool) -> RecordedRequest {
        RecordedRequest {
            at: self.at,
            what: self.route.what().to_owned(),
            version: self.route.version.name(),
            group: self.route.group().map(str::to_owned),
            uuid: self.route.uuid().map(str::to_owned),
            external_id: self.external_id,
            status: answer.map(|answer| answer.http),
            code: answer.and_then(|answer| answer.code),
            fault: self.met,
            late,
        }
    }
}
