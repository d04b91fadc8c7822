//! `RegisterCheck`: sales, returns, stornos and cash movements.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::value::RawValue;

use super::{Desk, Reply, State, enter, numbers, shift_not_opened, state_answer};
use crate::cashalot::document::Draft;
use crate::cashalot::offline::fsko_down;
use crate::cashalot::register::{Desync, DesyncKind, Line};
use crate::cashalot::render::{self, Form};
use crate::cashalot::validate::{self, Valid};
use crate::cashalot::wire::{self, Answer, Check, Command, DocClass, DocType, Refusal, parse};
use crate::qr::Wish;

pub(super) fn register_check(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::RegisterCheck = parse(body)?;
    let sent = text_of(request.check, request.check_to_convert)?;
    let sent = sent.ok_or_else(|| Refusal::parameter("Потрібен Check або CheckToConvert"))?;
    let check: Check = parse(&sent)?;
    let storned = text_of(request.storned_check, request.storned_check_to_convert)?;
    let storned: Option<Check> = storned.map(|text| parse(&text)).transpose()?;

    let mut desk = enter(state, Command::RegisterCheck, request.num_fiscal, body)?;
    let line = desk.register.line(desk.world)?;
    match desk.own_shift()? {
        None if request.auto_open_shift != Some(true) => return Err(shift_not_opened()),
        // Stays open even if the check is refused below (sheet §11.2).
        None => {
            desk.open_shift(
                line,
                check.checkhead.as_ref().and_then(|head| head.testing).unwrap_or(false),
            );
        }
        Some(shift) if shift.z_num.is_some() => {
            return Err(Refusal::invalid("Після Z-звіту дозволено лише закриття зміни"));
        }
        Some(_) => {}
    }
    let valid = validate::check(desk.register, &check, storned.as_ref())?;
    let position = desk.put(line, &sent, &check, &valid)?;

    let document = desk.document(position)?;
    let url = document.url();
    let rendering = (request.visualization == Some(true))
        .then(|| render::document(&desk.register.setup, document, Form::of(request.vis_as_html)));
    let answer = Answer::new().with("QrCode", None::<&str>).with("Url", &url);
    let answer = numbers(answer, document).with("Visualization", rendering).ok();
    let qr = (request.get_qr_code == Some(true)).then(|| Wish::new(url, request.qr_size));
    Ok(Reply { answer, qr })
}

/// The check as JSON text. What the `…ToConvert` forms look like is not known; JSON, plain or base64, is taken.
fn text_of(object: Option<Box<RawValue>>, to_convert: Option<String>) -> Result<Option<Arc<str>>, Refusal> {
    if let Some(object) = object {
        return Ok(Some(object.get().into()));
    }
    let Some(text) = to_convert else { return Ok(None) };
    if text.trim_start().starts_with('{') {
        return Ok(Some(text.into()));
    }
    let decoded = STANDARD
        .decode(text.trim())
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let decoded = decoded.filter(|text| text.trim_start().starts_with('{'));
    decoded
        .map(|text| Some(text.into()))
        .ok_or_else(|| Refusal::invalid("Невідомий формат чека для перетворення"))
}

impl Desk<'_> {
    /// Puts a valid check on the tape and into the totals.
    fn put(&mut self, line: Line, sent: &Arc<str>, check: &Check, valid: &Valid) -> Result<usize, Refusal> {
        let cashier = self.cashier();
        let draft = self.draft(sent, check, valid, &cashier);
        if line == Line::Online && std::mem::take(&mut self.register.knobs.lose_registered) {
            return self.put_twice(draft, check, valid, &cashier);
        }
        self.register.begin_if_offline(self.world, line, &cashier);
        let position = self.register.issue(self.world, line, draft);
        self.count(check, valid);
        Ok(position)
    }

    fn draft(&self, sent: &Arc<str>, check: &Check, valid: &Valid, cashier: &str) -> Draft {
        let head = check.checkhead.as_ref();
        let target = valid
            .storno_of
            .and_then(|position| self.register.documents.get(position));
        Draft {
            class: DocClass::Check,
            doc_type: Some(DocType::SaleGoods),
            doc_sub_type: Some(valid.kind),
            sum_kopecks: valid.sum_kopecks,
            comment: head.and_then(|head| head.comment.clone()),
            ret_num: head.and_then(|head| head.orderretnum.clone()),
            storno_num: target.map(|target| target.num_fiscal.clone()),
            check: Some(Arc::clone(sent)),
            testing: head.and_then(|head| head.testing).unwrap_or(false),
            cashier: head
                .and_then(|head| head.cashier.clone())
                .unwrap_or_else(|| cashier.to_owned()),
            foreign: false,
            revokes_last_online: false,
        }
    }

    /// The tax service registers the check, its answer is lost, and Cashälot issues it again offline (sheet §8.3,
    /// "double registration at the edge"). Where offline is impossible Cashälot is left behind the tax service.
    fn put_twice(&mut self, draft: Draft, check: &Check, valid: &Valid, cashier: &str) -> Result<usize, Refusal> {
        let stale_state = state_answer(self.world, self.register, self.caller);
        let twin = self.register.issue(self.world, Line::Online, draft.clone());
        self.count(check, valid);
        if self.register.offline_possible(self.world).is_err() {
            self.register.desync = Some(Desync {
                kind: DesyncKind::Inconsistent,
                stale_state,
            });
            return Err(fsko_down());
        }
        self.register.begin_over_twin(self.world, cashier, twin);
        self.discount(check, valid);
        let position = self.register.issue(self.world, Line::Offline, draft);
        self.count(check, valid);
        Ok(position)
    }

    /// Takes the check into the shift's totals; a storno takes its target out.
    fn count(&mut self, check: &Check, valid: &Valid) {
        let target = self.storned(valid, true);
        let Some(shift) = self.register.open_shift_mut() else {
            return;
        };
        match target {
            Some((kind, target)) => shift.totals.remove(kind, &target),
            None => shift.totals.add(valid.kind, check),
        }
    }

    /// Undoes `count`.
    fn discount(&mut self, check: &Check, valid: &Valid) {
        let target = self.storned(valid, false);
        let Some(shift) = self.register.open_shift_mut() else {
            return;
        };
        match target {
            Some((kind, target)) => shift.totals.add(kind, &target),
            None => shift.totals.remove(valid.kind, check),
        }
    }

    /// Marks the target of a storno and returns it with its kind.
    fn storned(&mut self, valid: &Valid, storned: bool) -> Option<(wire::DocSubType, Check)> {
        let target = self.register.documents.get_mut(valid.storno_of?)?;
        target.storned = storned;
        Some((
            target.doc_sub_type?,
            serde_json::from_str(target.check.as_deref()?).ok()?,
        ))
    }
}
