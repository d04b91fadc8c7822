//! The service: what becomes of a request (sheet §16.2).

use hyper::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{PendingBody, Refusal, RegisteredBody, Status, TokenBody};
use super::callback::Forgery;
use super::config::Version;
use super::group::{Group, Registered, Stage};
use super::operation::Operation;
use super::result;
use super::route::{Call, Route, Target};
use super::state::{State, moscow};
use super::validate;
use crate::clock::millis;

/// What is answered.
pub(super) struct Answer {
    pub http: u16,
    /// JSON; 429 has none.
    pub body: String,
    pub code: Option<i64>,
    /// The uuid of a document that was accepted just now.
    pub accepted: Option<String>,
}

impl Answer {
    fn ok(body: &impl Serialize) -> Self {
        Self {
            http: 200,
            // Our own bodies have string keys and plain numbers: they always are JSON.
            body: serde_json::to_string(body).unwrap_or_default(),
            code: None,
            accepted: None,
        }
    }

    pub(super) fn too_many() -> Self {
        Self {
            http: 429,
            body: String::new(),
            code: None,
            accepted: None,
        }
    }
}

/// Carries a request out. With `hide_uuid` a duplicate is not told its uuid.
pub(super) fn answer(state: &mut State, route: &Route, call: &Call, hide_uuid: bool) -> Answer {
    match &route.target {
        Target::Token => match token(state, route.version, call) {
            Ok(token) => Answer::ok(&TokenBody {
                error: None,
                token: Some(token),
                timestamp: moscow(state.now_ms()),
            }),
            Err(refusal) => refused(state, route, refusal),
        },
        Target::Registration { group, operation } => match register(state, (route, group, operation), call) {
            Ok(Registered::New(uuid)) => Answer {
                accepted: Some(uuid.clone()),
                ..Answer::ok(&RegisteredBody {
                    uuid: Some(uuid),
                    timestamp: moscow(state.now_ms()),
                    status: Status::Wait,
                    error: None,
                })
            },
            Ok(Registered::Known(uuid)) => {
                let uuid = Some(uuid).filter(|_| !hide_uuid);
                refused(state, route, Refusal::Duplicate { uuid })
            }
            Err(refusal) => refused(state, route, refusal),
        },
        Target::Report { group, uuid } => report(state, (route, group, uuid), call),
    }
}

/// An error in the shape that the route has for it.
pub(super) fn refused(state: &mut State, route: &Route, refusal: Refusal) -> Answer {
    let error = refusal.body(|| state.desk.new_id());
    let timestamp = moscow(state.now_ms());
    let (http, code, status) = (refusal.http(), refusal.code(), refusal.status());
    let answer = match &route.target {
        Target::Token => Answer::ok(&TokenBody {
            error: Some(error),
            token: None,
            timestamp,
        }),
        Target::Registration { .. } | Target::Report { .. } => Answer::ok(&RegisteredBody {
            uuid: refusal.into_uuid(),
            timestamp,
            status,
            error: Some(error),
        }),
    };
    Answer {
        http,
        code: Some(code),
        ..answer
    }
}

/// What getToken is asked with; all at most 100 characters.
#[derive(Deserialize)]
struct Login {
    login: Option<Value>,
    pass: Option<Value>,
    source: Option<Value>,
}

fn token(state: &mut State, version: Version, call: &Call) -> Result<String, Refusal> {
    let (login, pass) = if call.method == Method::GET {
        (call.parameter("login"), call.parameter("pass"))
    } else {
        if !call.is_json() {
            return Err(Refusal::MediaType);
        }
        let body: Login = serde_json::from_slice(&call.body).map_err(|_| Refusal::NotJson)?;
        let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
        if body
            .source
            .is_some_and(|source| text(Some(source)).is_none_or(|source| source.chars().count() > 100))
        {
            return Err(Refusal::Request("source must be a string of up to 100 characters"));
        }
        (text(body.login), text(body.pass))
    };
    let short = |text: &String| (1..=100).contains(&text.chars().count());
    let wrong = Refusal::Request("login and pass must be strings of 1 to 100 characters");
    let (Some(login), Some(pass)) = (login.filter(short), pass.filter(short)) else {
        return Err(wrong);
    };
    let groups = || {
        state
            .groups
            .values()
            .map(|group| &group.setup)
            .filter(|setup| setup.login == login)
    };
    if !groups().any(|setup| setup.pass.is(&pass)) {
        return Err(Refusal::WrongLoginOrPassword);
    }
    if !groups().any(|setup| setup.version == version) {
        return Err(Refusal::WrongVersion);
    }
    let now_ms = state.now_ms();
    let desk = &mut state.desk;
    Ok(state.tokens.issue(&login, &desk.config, now_ms, &mut desk.dice))
}

/// The group, if the token opens it and the version is its own.
fn enter<'a>(state: &'a State, route: &Route, group: &str, call: &Call) -> Result<&'a Group, Refusal> {
    let token = call.token.clone().or_else(|| call.parameter("token"));
    let token = token.filter(|token| !token.is_empty()).ok_or(Refusal::MissingToken)?;
    let login = state
        .tokens
        .login(&token, state.now_ms())
        .ok_or(Refusal::ExpiredToken)?;
    let group = state.groups.get(group).filter(|group| group.setup.login == login);
    let group = group.ok_or(Refusal::GroupAndTokenDoNotMatch)?;
    if group.setup.version != route.version {
        return Err(Refusal::WrongVersion);
    }
    Ok(group)
}

fn register(
    state: &mut State,
    (route, group, operation): (&Route, &str, &str),
    call: &Call,
) -> Result<Registered, Refusal> {
    if !call.is_json() {
        return Err(Refusal::MediaType);
    }
    let all_in_v4 = state.desk.config.v4_refund_corrections;
    let setup = &enter(state, route, group, call)?.setup;
    let operation = Operation::read(operation)
        .filter(|operation| operation.is_in(route.version, all_in_v4))
        .ok_or(Refusal::UnknownOperation)?;
    let body: Value = serde_json::from_slice(&call.body).map_err(|_| Refusal::NotJson)?;
    if !body.is_object() {
        return Err(Refusal::NotJson);
    }
    let receipt = validate::read(&body, setup, operation).map_err(Refusal::Invalid)?;
    let new = (state.desk.new_id(), state.now_ms());
    let group = state.groups.get_mut(group).ok_or(Refusal::GroupAndTokenDoNotMatch)?;
    Ok(group.register((route.version, operation), receipt, &call.body, new))
}

fn report(state: &mut State, (route, group, uuid): (&Route, &str, &str), call: &Call) -> Answer {
    if let Err(refusal) = enter(state, route, group, call) {
        return refused(state, route, refusal);
    }
    let (now_ms, strict) = (state.now_ms(), state.desk.config.strict_polling);
    if let Some(group) = state.groups.get_mut(group)
        && !group.polls.take(now_ms, group.registers.len(), strict)
    {
        return Answer::too_many();
    }
    let config = &state.desk.config;
    let retention = millis(match route.version {
        Version::V4 => config.retention_v4,
        Version::V5 => config.retention_v5,
    });
    let found = state
        .groups
        .get(group)
        .and_then(|group| Some((&group.setup, group.entry(uuid)?)));
    match found.filter(|(_, entry)| entry.accepted_ms.saturating_add(retention) > now_ms) {
        None => refused(state, route, Refusal::UnknownUuid),
        Some((setup, entry)) => match &entry.stage {
            Stage::Final(_) => Answer::ok(&result::body(setup, entry, Forgery::default(), now_ms)),
            Stage::Waiting | Stage::AtRegister => {
                let callback_url = entry.receipt.callback_url.clone().unwrap_or_default();
                let error = Refusal::Pending.body(|| state.desk.new_id());
                let code = Some(error.code);
                let body = PendingBody {
                    status: Status::Wait,
                    error,
                    timestamp: moscow(now_ms),
                    callback_url,
                };
                Answer {
                    code,
                    ..Answer::ok(&body)
                }
            }
        },
    }
}
