//! `Shifts` and `Documents`: what the tax service knows, delivered documents only.

use super::{Desk, RecordedDocument, Register, Reply, State, World, enter, need_fsko};
use crate::cashalot::register::Shift;
use crate::cashalot::wire::{self, Answer, Command, Refusal, parse};
use crate::kyiv;

/// Shifts that overlap the period; a period longer than a month is refused.
pub(super) fn shifts(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::Shifts = parse(body)?;
    let time = |text: &str| kyiv::parse(text).ok_or_else(|| Refusal::parameter("From, To: очікується дата і час"));
    let (from, to) = (time(&request.from)?, time(&request.to)?);
    if to < from || to > kyiv::month_later(from) {
        return Err(Refusal::parameter("Період має бути не довший за місяць"));
    }
    let Desk { world, register, .. } = enter(state, Command::Shifts, request.num_fiscal, body)?;
    need_fsko(world)?;
    let overlaps = |shift: &&Shift| {
        let ended_before = shift.closing.as_ref().is_some_and(|closing| closing.at < from);
        shift.opened_at <= to && !ended_before && delivered(register, &shift.open_num).is_some()
    };
    let list: Vec<_> = register
        .shifts
        .iter()
        .filter(overlaps)
        .map(|shift| shift_item(world, register, shift))
        .collect();
    Ok(Answer::new().with_list("Shifts", &list).ok().into())
}

fn shift_item(world: &World, register: &Register, shift: &Shift) -> Answer {
    let opener = world.person(shift.opened_by);
    let closing = shift
        .closing
        .as_ref()
        .filter(|closing| delivered(register, &closing.num).is_some());
    let closer = closing.and_then(|closing| world.person(closing.by));
    Answer::new()
        .with("ShiftId", shift.id)
        .with("OpenShiftFiscalNum", &shift.open_num)
        .with("CloseShiftFiscalNum", closing.map(|closing| &closing.num))
        .with("Testing", shift.testing)
        .with("Opened", kyiv::without_offset(shift.opened_at))
        .with("OpenName", opener.map(|opener| &opener.name))
        .with("OpenSubjectKeyId", opener.map(|opener| &opener.key_id))
        .with("Closed", closing.map(|closing| kyiv::without_offset(closing.at)))
        .with("CloseName", closer.map(|closer| &closer.name))
        .with("CloseSubjectKeyId", closer.map(|closer| &closer.key_id))
        .with(
            "ZRepFiscalNum",
            shift
                .z_num
                .as_ref()
                .filter(|number| delivered(register, number).is_some()),
        )
}

fn delivered<'a>(register: &'a Register, number: &str) -> Option<&'a RecordedDocument> {
    register.document(number).filter(|document| document.delivered)
}

/// The documents of one shift, by its id or its opening document; none for a shift nobody knows.
pub(super) fn documents(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::Documents = parse(body)?;
    if request.shift_id.is_none() && request.open_shift_fiscal_num.is_none() {
        return Err(Refusal::parameter("Потрібен ShiftId або OpenShiftFiscalNum"));
    }
    let Desk { world, register, .. } = enter(state, Command::Documents, request.num_fiscal, body)?;
    need_fsko(world)?;
    let wanted = |shift: &&Shift| match (request.shift_id, &request.open_shift_fiscal_num) {
        (Some(id), _) => shift.id == id,
        (None, Some(number)) => shift.open_num == number.0,
        (None, None) => false,
    };
    // Usually the newest shift is asked for.
    let shift = register.shifts.iter().rev().find(wanted);
    let positions = shift.map(|shift| shift.documents.as_slice()).unwrap_or_default();
    let known = positions
        .iter()
        .filter_map(|position| register.documents.get(*position));
    let list: Vec<_> = known.filter(|document| document.delivered).map(document_item).collect();
    Ok(Answer::new().with_list("Documents", &list).ok().into())
}

fn document_item(document: &RecordedDocument) -> Answer {
    Answer::new()
        .with("NumFiscal", &document.num_fiscal)
        .with("NumLocal", document.num_local)
        .with("DocDateTime", kyiv::without_offset(document.at))
        .with("DocClass", document.class)
        .with("CheckDocType", document.doc_type)
        .with("CheckDocSubType", document.doc_sub_type)
        .with("Revoked", document.revoked)
        .with("Storned", document.storned)
}
