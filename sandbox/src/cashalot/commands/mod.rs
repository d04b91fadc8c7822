//! The commands, one file per family. All of them are plain functions over the locked state: nothing a client does to
//! its connection can leave a document half made.

mod cleanup;
mod fetch;
mod lists;
mod registers;
mod sale;
mod server;
mod shift;
mod shift_totals;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::document::RecordedDocument;
use super::offline::fsko_down;
use super::register::{DesyncKind, Register};
use super::state::State;
use super::wire::{Answer, Code, Command, Envelope, Refusal, Registrar, parse};
use super::world::{OperatorId, World};
use super::{auth, register};
use crate::kyiv;
use crate::qr::Wish;

pub(super) use registers::state_answer;

/// An answer, and the QR image that is still to be drawn into it.
pub(super) struct Reply {
    pub answer: Answer,
    pub qr: Option<Wish>,
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self { answer, qr: None }
    }
}

impl Reply {
    /// `ErrorCode`.
    pub(super) fn code(&self) -> Option<String> {
        self.answer.text("ErrorCode")
    }
}

/// Carries out a command; a refusal is an answer too.
pub(super) fn run(state: &mut State, command: Command, body: &str) -> Reply {
    dispatch(state, command, body).unwrap_or_else(|refusal| refused(command, &refusal).into())
}

/// The shape of a failure: the document fields of a document command are there but empty.
pub(super) fn refused(command: Command, refusal: &Refusal) -> Answer {
    let answer = match command.makes_documents() {
        true => Answer::new()
            .with("NumFiscal", None::<&str>)
            .with("NumLocal", 0)
            .with("Offline", false),
        false => Answer::new(),
    };
    answer.refused(refusal)
}

fn dispatch(state: &mut State, command: Command, body: &str) -> Result<Reply, Refusal> {
    match command {
        Command::ServerState => server::server_state(state, body),
        Command::CertificateInfo => server::certificate_info(state, body),
        Command::Setup => server::setup(state, body),
        Command::SetupRegistrar => server::setup_registrar(state, body),
        Command::SendCheckToConsumer => server::send_check(state, body),
        Command::Objects => registers::objects(state, body),
        Command::TransactionsRegistrarState => registers::state(state, body),
        Command::OpenShift => shift::open(state, body),
        Command::RegisterZRep => shift::z_report(state, body),
        Command::CloseShift => shift::close(state, body),
        Command::RegisterCheck => sale::register_check(state, body),
        Command::LastShiftTotals => shift_totals::last_shift_totals(state, body),
        Command::GetCheck => fetch::check(state, body),
        Command::GetZRep => fetch::z_report(state, body),
        Command::Cleanup => cleanup::cleanup(state, body),
        Command::Shifts => lists::shifts(state, body),
        Command::Documents => lists::documents(state, body),
    }
}

/// A command at its register: who calls, and on what.
struct Desk<'a> {
    world: &'a mut World,
    register: &'a mut Register,
    caller: OperatorId,
}

/// Steps 4 to 7 of the order of checks (sheet §11.2), then delivers what waited for the tax service.
fn enter<'a>(state: &'a mut State, command: Command, number: Registrar, body: &str) -> Result<Desk<'a>, Refusal> {
    let envelope: Envelope = parse(body)?;
    let State { world, registers, .. } = state;
    let caller = auth::caller(world, &envelope, registers.get(&number.0))?;
    let licence = registers.get(&number.0).and_then(|register| register.licence_expires);
    if command.makes_documents() && licence.is_some_and(|expires| expires <= world.now()) {
        return Err(Refusal::new(
            Code::LicenseViolation,
            "Термін дії ліцензії Cashälot закінчився",
        ));
    }
    let register = find(registers, number)?;
    if !register.operators.contains(&caller) {
        let code = Code::OperatorAccessToTransactionsRegistrarNotGranted;
        return Err(Refusal::new(code, "Оператору не надано доступ до ПРРО"));
    }
    match &register.desync {
        Some(desync) if command.makes_documents() => return Err(desync_refusal(desync.kind, register.next_local)),
        Some(_) | None => {}
    }
    register.deliver(world);
    Ok(Desk {
        world,
        register,
        caller,
    })
}

fn find(registers: &mut BTreeMap<u64, Register>, number: Registrar) -> Result<&mut Register, Refusal> {
    let absent = || {
        Refusal::new(
            Code::TransactionsRegistrarAbsent,
            format!("ПРРО {} не зареєстровано", number.0),
        )
    };
    registers.get_mut(&number.0).ok_or_else(absent)
}

fn desync_refusal(kind: DesyncKind, next_local: u64) -> Refusal {
    match kind {
        DesyncKind::Inconsistent => {
            let message = "Локальний стан ПРРО не відповідає стану на фіскальному сервері";
            Refusal::new(Code::InconsistentRegistrarState, message)
        }
        DesyncKind::LocalNumber => {
            let message = format!("Локальний номер документа повинен дорівнювати {next_local}");
            Refusal::new(Code::CheckLocalNumberInvalid, message)
        }
    }
}

/// Whether the tax service's data can be read (sheet §11.6: `DisableOnline` alone does not stand in the way).
fn need_fsko(world: &World) -> Result<(), Refusal> {
    if world.fsko_up { Ok(()) } else { Err(fsko_down()) }
}

/// The same for a register's state and totals, where they are set to come from the tax service.
fn need_fsko_for_state(world: &World) -> Result<(), Refusal> {
    if world.state_needs_fsko {
        need_fsko(world)
    } else {
        Ok(())
    }
}

impl Desk<'_> {
    fn cashier(&self) -> String {
        self.world
            .person(self.caller)
            .map(|operator| operator.name.clone())
            .unwrap_or_default()
    }

    /// The open shift, if the caller may work in it: the opener or a senior cashier (sheet §8.1.5, §11.10.12).
    fn own_shift(&self) -> Result<Option<&register::Shift>, Refusal> {
        let Some(shift) = self.register.open_shift() else {
            return Ok(None);
        };
        let chief = self.world.person(self.caller).is_some_and(|operator| operator.chief);
        if shift.opened_by == self.caller || chief {
            return Ok(Some(shift));
        }
        Err(self.already_opened(shift))
    }

    fn already_opened(&self, shift: &register::Shift) -> Refusal {
        let opener = self.world.person(shift.opened_by);
        let (name, key) = opener
            .map(|opener| (opener.name.as_str(), opener.key_id.as_str()))
            .unwrap_or_default();
        Refusal::new(
            Code::ShiftAlreadyOpened,
            format!("Зміну відкрито оператором {name}, ключ {key}"),
        )
    }

    fn document(&self, position: usize) -> Result<&RecordedDocument, Refusal> {
        let gone = || Refusal::new(Code::FiscalServerError, "Документ не збережено");
        self.register.documents.get(position).ok_or_else(gone)
    }
}

fn shift_not_opened() -> Refusal {
    Refusal::new(Code::ShiftNotOpened, "Зміну не відкрито")
}

/// The fields every registered document is answered with.
fn numbers(answer: Answer, document: &RecordedDocument) -> Answer {
    answer
        .with("NumFiscal", &document.num_fiscal)
        .with("NumLocal", document.num_local)
        .with("OrderDateTime", kyiv::with_offset(document.at))
        .with("Offline", document.offline)
}

/// `2027-05-31T23:59:59`: Kyiv time as the ends of licences and certificates are told.
fn to_the_second(at: Timestamp) -> String {
    kyiv::zoned(at).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}
