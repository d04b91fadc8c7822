//! Signing in, registers, the signing key, the sign of life.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Content, Request};
use crate::cashdesk::refusal::{Ground, Refusal};
use crate::cashdesk::register::Register;
use crate::cashdesk::state::State;
use crate::cashdesk::wire::SignIn;
use crate::clock::millis;
use crate::kyiv;

const USER_ID: &str = "00000000-0000-4000-8000-000000000041";

pub(super) fn authenticate(state: &mut State, request: &Request) -> Result<Content, Refusal> {
    let SignIn { email, password } = request.body()?.read()?;
    let config = &state.world.config;
    if email.as_deref() != Some(&config.email) || password.as_deref() != Some(&config.password) {
        return Err(Refusal::new(Ground::Unauthorised, "Неправильна пошта або пароль"));
    }
    let lifetime: Duration = config.token_lifetime;
    let until_ms = state.world.now_ms().saturating_add(millis(lifetime));
    let mut token = state.tokens.issue(until_ms);
    if state.world.switches.bearer_in_token {
        token.insert_str(0, "Bearer ");
    }
    let until = Timestamp::from_millisecond(i64::try_from(until_ms).unwrap_or(i64::MAX)).unwrap_or(Timestamp::MAX);
    let mut registers = state.registers.values();
    let opened = registers.find(|register| register.open_shift().is_some());
    let cashier = state
        .registers
        .values()
        .next()
        .map(|register| register.setup.cashier.clone());
    Ok(Content::Json(json!({
        "active_rro": !state.registers.is_empty(),
        "developer_id": 41,
        "opened_shift": opened.map(|register| register.setup.num_fiscal),
        "token": token,
        "token_expires_at": kyiv::zoned(until).strftime("%d.%m.%Y %H:%M").to_string(),
        "user": { "full_name": cashier, "uuid": USER_ID },
    })))
}

pub(super) fn tax_objects(state: &State) -> Result<Content, Refusal> {
    let registers: Vec<Value> = state.registers.values().map(tax_object_of).collect();
    Ok(Content::Json(json!({ "data": registers })))
}

pub(super) fn tax_object(state: &mut State, request: &Request) -> Result<Content, Refusal> {
    let (_, register) = super::register(state, request)?;
    Ok(Content::Json(json!({ "data": tax_object_of(register) })))
}

fn tax_object_of(register: &Register) -> Value {
    let setup = &register.setup;
    let shift = register.shifts.last().map(|shift| {
        json!({
            "id": shift.id.to_string(),
            "state": if shift.closed_at.is_none() { "OPENED" } else { "CLOSED" },
            "open_date": kyiv::readable(shift.opened_at),
            "offline": shift.offline,
            "offline_timeline": [],
        })
    });
    json!({
        "id": setup.num_fiscal.to_string(),
        "org_name": setup.org_name,
        "address": setup.address,
        "is_tas": false,
        "name": setup.name,
        "tin": setup.tin,
        "ipn": setup.ipn,
        "num_fiscal": setup.num_fiscal,
        "shift": shift,
    })
}

/// Alive when every register of this cashier has its key.
pub(super) fn key_heartbeat(state: &State, request: &Request) -> Result<Content, Refusal> {
    let drfo = request.query("drfo").unwrap_or("");
    let mut theirs = state
        .registers
        .values()
        .filter(|register| register.setup.drfo == drfo)
        .peekable();
    if theirs.peek().is_none() {
        return Err(Refusal::field("drfo", "Касира не знайдено"));
    }
    let alive = theirs.all(|register| register.key_ok);
    Ok(Content::Json(json!({ "drfo": drfo, "is_alive": alive })))
}

pub(super) fn ping(state: &mut State, request: &Request) -> Result<Content, Refusal> {
    let (_, register) = super::register(state, request)?;
    register.line()?;
    Ok(Content::Json(json!({
        "user_signature": { "user_id": USER_ID, "full_name": register.setup.cashier },
    })))
}
