//! `OpenShift`, `RegisterZRep` and `CloseShift` (sheet §11.4).

use super::{Desk, Reply, State, enter, numbers, shift_not_opened};
use crate::cashalot::document::Draft;
use crate::cashalot::register::Line;
use crate::cashalot::render::{self, Form};
use crate::cashalot::wire::{self, Answer, Code, Command, DocType, Refusal, parse};

pub(super) fn open(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::OpenShift = parse(body)?;
    let mut desk = enter(state, Command::OpenShift, request.num_fiscal, body)?;
    let line = desk.register.line(desk.world)?;
    if let Some(shift) = desk.register.open_shift() {
        return Err(desk.already_opened(shift));
    }
    let position = desk.open_shift(line, request.testing.unwrap_or(false));
    Ok(numbers(Answer::new(), desk.document(position)?).ok().into())
}

pub(super) fn z_report(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::RegisterZRep = parse(body)?;
    let mut desk = enter(state, Command::RegisterZRep, request.num_fiscal, body)?;
    let line = desk.register.line(desk.world)?;
    let shift = desk.own_shift()?.ok_or_else(shift_not_opened)?;
    if shift.z_num.is_some() {
        return Err(Refusal::new(Code::ZRepAlreadyRegistered, "Z-звіт вже зареєстровано"));
    }
    if let Some(difference) = request.z_rep.as_ref().and_then(|sent| shift.totals.difference(sent)) {
        return Err(Refusal::invalid(difference));
    }
    let position = desk.z_report(line);
    Ok(desk.answer(position, request.visualization)?.ok().into())
}

pub(super) fn close(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::CloseShift = parse(body)?;
    let mut desk = enter(state, Command::CloseShift, request.num_fiscal, body)?;
    let line = desk.register.line(desk.world)?;
    let shift = desk.own_shift()?.ok_or_else(shift_not_opened)?;
    let has_z = shift.z_num.is_some();
    if !has_z && request.z_rep_auto != Some(true) {
        return Err(Refusal::new(
            Code::LastDocumentMustBeZRep,
            "Останнім документом зміни має бути Z-звіт",
        ));
    }
    let z_info = match has_z {
        true => None,
        false => {
            let position = desk.z_report(line);
            Some(desk.answer(position, request.visualization)?.ok())
        }
    };
    if std::mem::take(&mut desk.register.knobs.close_fails) {
        let refusal = Refusal::new(Code::FiscalServerError, "Документ закриття зміни не зареєстровано");
        let answer = Answer::new().with_object("ZRepAutoInfo", z_info.as_ref());
        let answer = answer
            .with("NumFiscal", None::<&str>)
            .with("NumLocal", 0)
            .with("Offline", false);
        return Ok(answer.refused(&refusal).into());
    }
    let position = desk.close_shift(line);
    let closing = Answer::new().with_object("ZRepAutoInfo", z_info.as_ref());
    Ok(numbers(closing, desk.document(position)?).ok().into())
}

impl Desk<'_> {
    /// Opens the shift, beginning an offline session first where there is need.
    pub(super) fn open_shift(&mut self, line: Line, testing: bool) -> usize {
        let cashier = self.cashier();
        self.register.begin_if_offline(self.world, line, &cashier);
        let draft = Draft::service(DocType::OpenShift, &cashier).testing(testing);
        self.register.issue_opening(self.world, line, self.caller, draft)
    }

    pub(super) fn z_report(&mut self, line: Line) -> usize {
        let cashier = self.cashier();
        self.register.begin_if_offline(self.world, line, &cashier);
        self.register.issue_z_report(self.world, line, &cashier)
    }

    pub(super) fn close_shift(&mut self, line: Line) -> usize {
        let cashier = self.cashier();
        self.register.begin_if_offline(self.world, line, &cashier);
        let draft = self.register.closing_draft(&cashier);
        self.register.issue_closing(self.world, line, self.caller, draft)
    }

    /// The numbers of a document, with its rendering when that was asked for.
    pub(super) fn answer(&self, position: usize, visualization: Option<bool>) -> Result<Answer, Refusal> {
        let document = self.document(position)?;
        let answer = numbers(Answer::new(), document);
        Ok(match visualization {
            Some(true) => answer.with(
                "Visualization",
                render::document(&self.register.setup, document, Form::Text),
            ),
            Some(false) | None => answer,
        })
    }
}
