//! `/check/service`: cash put into the box and taken out of it.

use serde_json::Value;

use super::{Content, Request, issued, repeated, represented, shift_is_closed};
use crate::cashdesk::document::{DocKind, Draft, Payment};
use crate::cashdesk::refusal::Refusal;
use crate::cashdesk::state::State;
use crate::cashdesk::validate::{kopecks, missing};
use crate::cashdesk::wire::{ServiceBody, Whole};

pub(super) fn service(state: &mut State, request: &Request) -> Result<Content, Refusal> {
    let wishes = request.wishes()?;
    let body: ServiceBody = request.body()?.read()?;
    let (world, register) = super::register(state, request)?;
    let kind = match request.head.action {
        Some("SERVICE_INPUT") => DocKind::ServiceInput,
        Some("SERVICE_OUTPUT") => DocKind::ServiceOutput,
        Some(_) | None => return Err(Refusal::field("action_type", "Невідомий action_type")),
    };
    let local_number = body.local_number.map(|Whole(number)| number);
    if let Some(existing) = repeated(world, register, kind, local_number)? {
        return Ok(represented(world, register, existing, &wishes));
    }
    if register.open_shift().is_none() {
        return Err(shift_is_closed());
    }
    if body.payment.is_some_and(|Whole(code)| code != 0) {
        return Err(Refusal::field("type", "Службові операції проводять лише готівкою"));
    }
    let sum = kopecks("sum", body.sum)?.filter(|sum| *sum > 0);
    let sum = sum.ok_or_else(|| missing("sum"))?;
    if world.switches.strict_cash && kind == DocKind::ServiceOutput && sum > register.cash {
        return Err(Refusal::field("sum", "У касі недостатньо готівки"));
    }
    let payment = Payment {
        code: 0,
        name: body.name.unwrap_or_else(|| "ГОТІВКА".to_owned()),
        sum_kopecks: sum,
        provided_kopecks: sum,
        remains_kopecks: 0,
        terminal: Value::Null,
    };
    let draft = Draft {
        local_number,
        sum_kopecks: sum,
        payments: vec![payment],
        ..Draft::plain(kind)
    };
    issued(world, register, draft, &wishes)
}
