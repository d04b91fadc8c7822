//! `Cleanup`: brings the local state in line with the tax service's (sheet §11.7, §11.10.8).

use super::{Reply, State, enter, need_fsko};
use crate::cashalot::wire::{self, Answer, Command, Refusal, parse};

pub(super) fn cleanup(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::Cleanup = parse(body)?;
    let mut desk = enter(state, Command::Cleanup, request.num_fiscal, body)?;
    let mut z_info = None;
    let mut close_info = None;
    if request.remove == Some(true) {
        desk.register.drop_undelivered(desk.world);
        desk.register.desync = None;
    } else {
        need_fsko(desk.world)?;
        let behind = desk.register.desync.is_some();
        if behind && desk.register.knobs.close_on_cleanup && desk.register.open_shift().is_some() {
            let line = desk.register.line(desk.world)?;
            if desk.register.open_shift().is_some_and(|shift| shift.z_num.is_none()) {
                let position = desk.z_report(line);
                z_info = Some(desk.answer(position, request.visualization)?.ok());
            }
            let position = desk.close_shift(line);
            close_info = Some(desk.answer(position, request.visualization)?.ok());
        }
        desk.register.desync = None;
    }
    let answer = Answer::new()
        .with_object("ZRepAutoInfo", z_info.as_ref())
        .with_object("CloseShiftAutoInfo", close_info.as_ref());
    Ok(answer.ok().into())
}
