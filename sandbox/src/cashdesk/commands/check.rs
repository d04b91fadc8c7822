//! `/check/sale`: sales and returns.

use super::{Content, Request, issued, repeated, represented, shift_is_closed};
use crate::cashdesk::document::{DocKind, Draft};
use crate::cashdesk::refusal::Refusal;
use crate::cashdesk::state::State;
use crate::cashdesk::validate;
use crate::cashdesk::wire::{CheckBody, Flag, Whole};

pub(super) fn check(state: &mut State, request: &Request) -> Result<Content, Refusal> {
    let wishes = request.wishes()?;
    let body: CheckBody = request.body()?.read()?;
    let (world, register) = super::register(state, request)?;
    let kind = match request.head.action {
        Some("Z_SALE") => DocKind::Sale,
        Some("Z_RETURN") => DocKind::Return,
        Some(_) | None => return Err(Refusal::field("action_type", "Невідомий action_type")),
    };
    let local_number = body.local_number.map(|Whole(number)| number);
    if let Some(existing) = repeated(world, register, kind, local_number)? {
        return Ok(represented(world, register, existing, &wishes));
    }
    let closed = register.open_shift().is_none();
    if closed && body.open_shift != Some(Flag(true)) {
        return Err(shift_is_closed());
    }
    let draft = validate::check(kind, body, &register.setup.taxes, &world.switches)?;
    if world.switches.strict_cash && kind == DocKind::Return && draft.cash() > register.cash {
        return Err(Refusal::field("payments", "У касі недостатньо готівки"));
    }
    if closed {
        let line = register.line()?;
        register.issue(world, line, Draft::plain(DocKind::OpenShift));
    }
    issued(world, register, draft, &wishes)
}
