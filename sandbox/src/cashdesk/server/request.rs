//! From bytes to a request under way: its method, its register, and the fault that meets it.

use hyper::http::request::Parts;
use jiff::Timestamp;

use crate::cashdesk::commands::{self, Content, Headers, Reply, Request};
use crate::cashdesk::faults::{self, FaultKind};
use crate::cashdesk::refusal::Refusal;
use crate::cashdesk::simulator::Simulator;
use crate::cashdesk::transcript::RecordedRequest;
use crate::cashdesk::webhook::Shipment;
use crate::cashdesk::wire::{Body, route};
use crate::fault::register::{Kind as _, Occasion};
use crate::flight::{Flight, Gone};

pub(super) enum Work {
    /// No such method; the transcript does not know it either.
    Refused(Reply),
    Begun(Box<Begun>),
}

/// A request under way and the fault it meets.
pub(super) struct Begun {
    pub job: Job,
    pub flight: Flight<Simulator>,
    pub fault: Option<FaultKind>,
}

pub(super) fn begin(simulator: &Simulator, head: &Parts, body: &[u8]) -> Work {
    let request = match read(head, body) {
        Ok(request) => request,
        Err(refusal) => {
            let switches = simulator.switches();
            return Work::Refused(Reply {
                status: refusal.status(&switches),
                content: Content::Json(refusal.body(&switches)),
                shift_state: None,
            });
        }
    };
    let (call, register) = (request.routed.call, request.num_fiscal());
    let mut state = simulator.lock();
    let worked_on = register.filter(|_| call.is_register_work());
    let flight = Flight::begun(simulator, &mut state.flights, worked_on);
    let occasion = Occasion {
        command: call.name(),
        action: request.head.action,
        register,
        makes_documents: call.makes_documents(),
    };
    let mut fault = None;
    let mut met = Vec::new();
    for kind in state.faults.take(occasion) {
        met.push(format!("{kind:?}"));
        if kind.is_condition() {
            faults::apply(&mut state, &kind, register);
        } else {
            fault = Some(kind);
        }
    }
    let latency = state.world.switches.latency;
    if fault.is_none() && !latency.is_zero() {
        fault = Some(FaultKind::Delay { by: latency });
    }
    let job = Job {
        simulator: simulator.clone(),
        request,
        at: state.world.now(),
        met: (!met.is_empty()).then(|| met.join(", ")),
        gone: flight.gone(),
    };
    drop(state);
    simulator.wake();
    Work::Begun(Box::new(Begun { job, flight, fault }))
}

fn read(head: &Parts, body: &[u8]) -> Result<Request, Refusal> {
    let routed = route(head.method.as_str(), head.uri.path())?;
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let content_type = header("content-type").unwrap_or("");
    let is_form = content_type.starts_with("application/x-www-form-urlencoded");
    let is_json = content_type.starts_with("application/json");
    let parsed = Body::of(body, is_form);
    let query = url::form_urlencoded::parse(head.uri.query().unwrap_or("").as_bytes());
    Ok(Request {
        routed,
        headers: Headers {
            accepts_json: header("accept").is_some_and(|accept| accept.contains("application/json")),
            content_type_fits: is_json || is_form || body.is_empty(),
            names_developer: header("developer-id").is_some_and(|name| !name.trim().is_empty()),
            authorization: header("authorization").map(str::to_owned),
        },
        query: query.into_owned().collect(),
        head: parsed.as_ref().map(Body::head).unwrap_or_default(),
        body: parsed,
    })
}

/// A request to carry out, now or later.
pub(super) struct Job {
    simulator: Simulator,
    request: Request,
    at: Timestamp,
    met: Option<String>,
    gone: Gone,
}

impl Job {
    fn register(&self) -> Option<u64> {
        self.request.num_fiscal()
    }

    /// Carries the request out, and says what is to be posted before the answer. Documents made after the client had
    /// gone are marked late.
    pub(super) fn run(self) -> (Reply, Vec<Shipment>) {
        let late = self.gone.is_true();
        let register = self.register();
        let mut state = self.simulator.lock();
        let tape = register.and_then(|number| state.registers.get(&number));
        let before = tape.map_or(0, |register| register.documents.len());
        let reply = commands::run(&mut state, &self.request);
        if let (true, Some(register)) = (late, register.and_then(|number| state.registers.get_mut(&number))) {
            let new = register.documents.iter_mut().skip(before);
            new.for_each(|document| document.late = true);
        }
        state.announce();
        let request = self.noted(Some(reply.status), late);
        state.transcript.note(register, request);
        let first = self.simulator.before_reply(&mut state, register);
        drop(state);
        self.simulator.wake();
        (reply, first)
    }

    /// Notes a request that was never carried out.
    pub(super) fn skip(self) {
        let request = self.noted(None, false);
        self.simulator.lock().transcript.note(self.register(), request);
    }

    fn noted(&self, status: Option<u16>, late: bool) -> RecordedRequest {
        RecordedRequest {
            at: self.at,
            command: self.request.routed.call.name(),
            action: self.request.head.action,
            status,
            fault: self.met.clone(),
            late,
        }
    }
}
