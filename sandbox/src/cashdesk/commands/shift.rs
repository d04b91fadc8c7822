//! `/shift`: opening a shift, and the Z-report that closes it.

use super::{Content, Request, issued, shift_is_closed};
use crate::cashdesk::document::{DocKind, Draft};
use crate::cashdesk::refusal::Refusal;
use crate::cashdesk::state::State;

pub(super) fn shift(state: &mut State, request: &Request) -> Result<Content, Refusal> {
    let wishes = request.wishes()?;
    let (world, register) = super::register(state, request)?;
    let open = register.open_shift().is_some();
    let kind = match (request.head.action, open) {
        (Some("OPEN_SHIFT"), false) => DocKind::OpenShift,
        (Some("OPEN_SHIFT"), true) => return Err(Refusal::field("action_type", "Зміна вже відкрита")),
        (Some("Z_REPORT" | "CLOSE_SHIFT"), true) => DocKind::ZReport,
        (Some("Z_REPORT" | "CLOSE_SHIFT"), false) => return Err(shift_is_closed()),
        (Some(_) | None, _) => return Err(Refusal::field("action_type", "Невідомий action_type")),
    };
    issued(world, register, Draft::plain(kind), &wishes)
}
