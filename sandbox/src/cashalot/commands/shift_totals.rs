//! `LastShiftTotals`, the X-report.

use super::{Desk, Reply, State, enter, need_fsko_for_state};
use crate::cashalot::render;
use crate::cashalot::wire::{self, Answer, Command, Refusal, parse};
use crate::kyiv;

/// Totals of the open shift, else of the last closed one, else null (sheet §11.4).
pub(super) fn last_shift_totals(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::LastShiftTotals = parse(body)?;
    let Desk { world, register, .. } = enter(state, Command::LastShiftTotals, request.num_fiscal, body)?;
    need_fsko_for_state(world)?;
    let shift = register.shifts.last();
    let totals = shift.map(|shift| shift.totals.to_answer());
    let rendering = shift
        .filter(|_| request.visualization == Some(true))
        .map(|shift| render::totals(&register.setup, &shift.totals));
    let answer = Answer::new()
        .with("ShiftState", u8::from(register.open_shift().is_some()))
        .with("ShiftOpened", shift.map(|shift| kyiv::with_offset(shift.opened_at)))
        .with(
            "ZRepPresent",
            register.open_shift().is_some_and(|shift| shift.z_num.is_some()),
        )
        .with_object("Totals", totals.as_ref())
        .with("Visualization", rendering);
    Ok(answer.ok().into())
}
