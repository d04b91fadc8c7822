//! From a body to a request under way: its command, its register, and the fault that meets it.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::cashalot::commands::{self, Reply};
use crate::cashalot::faults::{self, FaultKind};
use crate::cashalot::simulator::Simulator;
use crate::cashalot::transcript::RecordedRequest;
use crate::cashalot::wire::{Answer, Command, Refusal};
use crate::fault::register::{Kind as _, Occasion};
use crate::flight::{Flight, Gone};

pub(super) enum Work {
    NotAnObject,
    Refused(String),
    Begun(Begun),
}

/// A request under way and the fault it meets.
pub(super) struct Begun {
    pub job: Job,
    pub flight: Flight<Simulator>,
    pub fault: Option<FaultKind>,
}

/// Enough of any request to know whose it is; wrongly typed values are the command's business.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Head<'a> {
    #[serde(borrow)]
    command: Option<&'a RawValue>,
    #[serde(borrow)]
    num_fiscal: Option<&'a RawValue>,
    #[serde(borrow)]
    registrar_num_fiscal: Option<&'a RawValue>,
}

impl Head<'_> {
    fn command(&self) -> Option<Command> {
        Command::read(&serde_json::from_str::<String>(self.command?.get()).ok()?)
    }

    /// `NumFiscal` is the registrar, except where `RegistrarNumFiscal` leaves it to the document.
    fn register(&self) -> Option<u64> {
        let raw = self.registrar_num_fiscal.or(self.num_fiscal)?;
        raw.get().trim_matches('"').parse().ok()
    }
}

pub(super) fn begin(simulator: &Simulator, body: &[u8]) -> Work {
    let Ok(body) = std::str::from_utf8(body) else {
        return Work::NotAnObject;
    };
    // A byte order mark is what some .NET clients begin with.
    let body = body.trim_start_matches('\u{feff}');
    if !body.trim_start().starts_with('{') {
        return Work::NotAnObject;
    }
    let Ok(head) = serde_json::from_str::<Head<'_>>(body) else {
        return Work::NotAnObject;
    };
    let Some(command) = head.command() else {
        let refusal = Refusal::parameter("Невідома команда");
        return Work::Refused(Answer::new().refused(&refusal).to_json());
    };
    let register = head.register();
    let mut state = simulator.lock();
    let worked_on = register.filter(|_| command.is_register_work());
    let flight = Flight::begun(simulator, &mut state.flights, worked_on);
    let occasion = Occasion {
        command: command.name(),
        action: None,
        register,
        makes_documents: command.makes_documents(),
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
    let at = state.world.now();
    drop(state);
    let met = (!met.is_empty()).then(|| met.join(", "));
    let job = Job {
        simulator: simulator.clone(),
        command,
        register,
        body: body.to_owned(),
        at,
        met,
        gone: flight.gone(),
    };
    Work::Begun(Begun { job, flight, fault })
}

/// A command to carry out, now or later.
pub(super) struct Job {
    simulator: Simulator,
    pub command: Command,
    register: Option<u64>,
    body: String,
    at: Timestamp,
    met: Option<String>,
    gone: Gone,
}

impl Job {
    /// Carries the command out. Documents made after the client had gone are marked late.
    pub(super) fn run(self) -> Reply {
        let late = self.gone.is_true();
        let mut state = self.simulator.lock();
        let before = self.tape_length(&state);
        let reply = commands::run(&mut state, self.command, &self.body);
        if let (true, Some(register)) = (late, self.register.and_then(|number| state.registers.get_mut(&number))) {
            register
                .documents
                .iter_mut()
                .skip(before)
                .for_each(|document| document.late = true);
        }
        let (register, request) = self.noted(reply.code(), late);
        state.transcript.note(register, request);
        reply
    }

    /// Notes a command that was never carried out.
    pub(super) fn skip(self) {
        let simulator = self.simulator.clone();
        let (register, request) = self.noted(None, false);
        simulator.lock().transcript.note(register, request);
    }

    fn tape_length(&self, state: &crate::cashalot::state::State) -> usize {
        let register = self.register.and_then(|number| state.registers.get(&number));
        register.map_or(0, |register| register.documents.len())
    }

    fn noted(&self, code: Option<String>, late: bool) -> (Option<u64>, RecordedRequest) {
        let fault = self.met.clone();
        (
            self.register,
            RecordedRequest {
                at: self.at,
                command: self.command.name(),
                code,
                fault,
                late,
            },
        )
    }
}
