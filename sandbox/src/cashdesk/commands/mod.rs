//! What the methods do: plain functions over the state, run under the simulator's lock from beginning to end.

mod account;
mod check;
mod fetch;
mod reports;
mod service;
mod shift;

use serde_json::Value;

use super::document::{DocKind, Draft, RecordedDocument};
use super::print::{self, Printout};
use super::refusal::{Ground, Refusal};
use super::register::Register;
use super::representation::representation;
use super::state::State;
use super::switches::LocalNumbers;
use super::wire::{Body, Call, Head, Routed, Wishes};
use super::world::World;
use crate::qr::Wish;

/// A request as it was read, before anything was decided.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub routed: Routed,
    pub headers: Headers,
    pub query: Vec<(String, String)>,
    /// None when it is no object.
    pub body: Option<Body>,
    pub head: Head,
}

/// What the headers say.
#[derive(Clone, Debug)]
pub(super) struct Headers {
    pub accepts_json: bool,
    /// Names JSON or a form, or there is no body.
    pub content_type_fits: bool,
    pub names_developer: bool,
    pub authorization: Option<String>,
}

/// An answer to be drawn and sent.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: u16,
    pub content: Content,
    /// `Shift-state`, for a request that named a register.
    pub shift_state: Option<bool>,
}

#[derive(Debug)]
pub(super) enum Content {
    Json(Value),
    /// An object that still lacks its printed forms.
    Printed(Value, Printout),
    Text(String),
    Html(String),
    Pdf(Printout),
    Png(Wish),
}

impl Request {
    pub(super) fn num_fiscal(&self) -> Option<u64> {
        self.routed.num_fiscal.or(self.head.num_fiscal)
    }

    fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn body(&self) -> Result<&Body, Refusal> {
        self.body.as_ref().ok_or_else(Refusal::unreadable)
    }

    fn wishes(&self) -> Result<Wishes, Refusal> {
        self.body()?.read()
    }
}

/// Carries a request out.
pub(super) fn run(state: &mut State, request: &Request) -> Reply {
    let done = permitted(state, request).and_then(|()| done(state, request));
    let (status, content) = match done {
        Ok(content) => (200, content),
        Err(refusal) => {
            let switches = &state.world.switches;
            (refusal.status(switches), Content::Json(refusal.body(switches)))
        }
    };
    let register = request.num_fiscal().and_then(|number| state.registers.get(&number));
    Reply {
        status,
        content,
        shift_state: register.map(|register| register.open_shift().is_some()),
    }
}

/// Headers and token, in the order in which a gateway looks at them.
fn permitted(state: &State, request: &Request) -> Result<(), Refusal> {
    if let Call::Page(_) = request.routed.call {
        return Ok(());
    }
    let headers = &request.headers;
    if !headers.names_developer {
        return Err(Refusal::new(
            Ground::Blocked,
            "Запит без заголовка developer-id заблоковано",
        ));
    }
    if !headers.accepts_json {
        return Err(Refusal::new(
            Ground::BadRequest,
            "Потрібен заголовок Accept: application/json",
        ));
    }
    if !headers.content_type_fits {
        return Err(Refusal::new(
            Ground::BadRequest,
            "Потрібен заголовок Content-Type: application/json",
        ));
    }
    if request.head.names_developer {
        return Err(Refusal::new(Ground::BadRequest, "Поле developer-id вказано двічі"));
    }
    if request.routed.call == Call::Authenticate || is_known(state, request) {
        return Ok(());
    }
    Err(Refusal::new(Ground::Unauthorised, "Не авторизовано"))
}

/// The header decides where there is one; without it the body's or the query's token does.
fn is_known(state: &State, request: &Request) -> bool {
    let bearer = request.headers.authorization.as_deref();
    let from_header = bearer.map(|value| value.strip_prefix("Bearer ").unwrap_or("").trim());
    let token = from_header
        .or(request.head.api_token.as_deref())
        .or_else(|| request.query("api_token"));
    token
        .is_some_and(|token| token == state.world.config.api_token || state.tokens.accepts(token, state.world.now_ms()))
}

fn done(state: &mut State, request: &Request) -> Result<Content, Refusal> {
    match request.routed.call {
        Call::Authenticate => account::authenticate(state, request),
        Call::TaxObjects => account::tax_objects(state),
        Call::TaxObject => account::tax_object(state, request),
        Call::KeyHeartbeat => account::key_heartbeat(state, request),
        Call::Shift => shift::shift(state, request),
        Call::XReport => reports::x_report(state, request),
        Call::PeriodReport => reports::period(state, request),
        Call::LastCheck => reports::last_check(state, request),
        Call::Ping => account::ping(state, request),
        Call::Check => check::check(state, request),
        Call::Service => service::service(state, request),
        Call::Fetch(form) => fetch::fetch(state, request, form),
        Call::Page(form) => fetch::page(state, request, form),
    }
}

/// The register that the request names.
fn register<'a>(state: &'a mut State, request: &Request) -> Result<(&'a mut World, &'a mut Register), Refusal> {
    let State { world, registers, .. } = state;
    let number = request.num_fiscal();
    let register = number.and_then(|number| registers.get_mut(&number));
    let register = register.ok_or_else(|| Refusal::field("num_fiscal", "Касу не знайдено"))?;
    Ok((world, register))
}

/// Puts a document on the tape and answers it.
fn issued(world: &mut World, register: &mut Register, draft: Draft, wishes: &Wishes) -> Result<Content, Refusal> {
    let line = register.line()?;
    let place = register.issue(world, line, draft);
    // It was just put there.
    let document = register.documents.get(place).ok_or_else(Refusal::unreadable)?;
    Ok(represented(world, register, document, wishes))
}

fn represented(world: &World, register: &Register, document: &RecordedDocument, wishes: &Wishes) -> Content {
    let printout = print::of_document(document, &register.setup, &world.base, wishes, &world.switches);
    Content::Printed(representation(document, &world.base), printout)
}

/// What the switch says about a number that a document of this kind already has: that document, or a refusal.
fn repeated<'a>(
    world: &World,
    register: &'a Register,
    kind: DocKind,
    local_number: Option<u64>,
) -> Result<Option<&'a RecordedDocument>, Refusal> {
    let Some(number) = local_number else { return Ok(None) };
    let same = |known: &&RecordedDocument| known.kind == kind && known.local_number == Some(number);
    let existing = register.documents.iter().find(same);
    match world.switches.local_numbers {
        LocalNumbers::Ignore => Ok(None),
        LocalNumbers::ReturnExisting => Ok(existing),
        LocalNumbers::Reject if existing.is_some() => Err(Refusal::field(
            "local_number",
            "Чек з таким local_number вже зареєстровано",
        )),
        LocalNumbers::Reject => Ok(None),
    }
}

fn shift_is_closed() -> Refusal {
    Refusal::field("num_fiscal", "Зміну не відкрито")
}
