//! The registers' work, in the order of its time: documents are taken from the queue, printed or failed, told of.

use super::answer::{ErrorType, Status};
use super::callback::{Due, Forgery};
use super::config::{Config, GroupSetup};
use super::document::{FiscalNumbers, RecordedDocument, RegistrationError};
use super::fault::{FaultKind, Occasion};
use super::group::{Entry, Final, Group, Outcome, Stage};
use super::register::Job;
use super::result;
use super::state::{Desk, instant};
use crate::clock::millis;
use rand::RngExt as _;

/// Does what was due by `now_ms`.
pub(super) fn settle(group: &mut Group, desk: &mut Desk, now_ms: u64) {
    loop {
        assign(group, desk);
        let Some(at_ms) = next(group, &desk.config).filter(|at_ms| *at_ms <= now_ms) else {
            break;
        };
        group.worked_until_ms = at_ms.max(group.worked_until_ms);
        finish(group, desk);
        time_out(group, desk);
    }
    group.worked_until_ms = now_ms.max(group.worked_until_ms);
}

/// When the group has something to do next, if time is all it waits for.
pub(super) fn next(group: &Group, config: &Config) -> Option<u64> {
    let finished = group
        .registers
        .iter()
        .filter_map(|register| Some(register.job.as_ref()?.done_ms))
        .min();
    let oldest = group.waiting.front().and_then(|place| group.entries.get(*place));
    let timed_out = oldest.map(|entry| deadline(entry, config));
    let paused = oldest.is_some() && group.paused_until_ms > group.worked_until_ms;
    let resumed = paused.then_some(group.paused_until_ms);
    [finished, timed_out, resumed].into_iter().flatten().min()
}

fn deadline(entry: &Entry, config: &Config) -> u64 {
    entry.accepted_ms.saturating_add(millis(config.queue_timeout))
}

/// Gives waiting documents to registers that are free.
fn assign(group: &mut Group, desk: &mut Desk) {
    if group.paused_until_ms > group.worked_until_ms {
        return;
    }
    while let Some(register) = group
        .registers
        .iter_mut()
        .find(|register| register.on && register.job.is_none())
    {
        let Some(place) = group.waiting.pop_front() else { return };
        let Some(entry) = group.entries.get_mut(place) else {
            return;
        };
        let subjects = subjects(&group.setup.group_code, entry);
        let fault = desk.faults.take(Occasion::Register, &subjects);
        let takes = if let Some(FaultKind::SlowRegister { takes }) = fault {
            millis(takes)
        } else {
            let (from, to) = (millis(*desk.config.latency.start()), millis(*desk.config.latency.end()));
            desk.dice.random_range(from..=to.max(from))
        };
        entry.stage = Stage::AtRegister;
        register.job = Some(Job {
            entry: place,
            done_ms: group.worked_until_ms.saturating_add(takes),
            fault,
        });
    }
}

/// What faults may be narrowed to.
fn subjects<'a>(group_code: &'a str, entry: &'a Entry) -> [&'a str; 4] {
    let Entry { receipt, uuid, .. } = entry;
    [entry.operation.name(), group_code, &receipt.external_id, uuid]
}

fn finish(group: &mut Group, desk: &mut Desk) {
    let now_ms = group.worked_until_ms;
    for register in &mut group.registers {
        let Some(job) = register.job.take_if(|job| job.done_ms <= now_ms) else {
            continue;
        };
        let Some(entry) = group.entries.get_mut(job.entry) else {
            continue;
        };
        let (error, prints) = if let Some(FaultKind::Fails {
            error_type,
            code,
            prints,
        }) = job.fault
        {
            (Some((error_type, code)), prints)
        } else {
            let error = own_error(entry, &group.setup.inn);
            (error, error.is_none())
        };
        let printed = prints.then(|| register.print(now_ms, &mut desk.dice));
        if let Some(fiscal) = &printed {
            let place = (group.setup.group_code.as_str(), register.code.as_str());
            group.documents.push(record(place, entry, fiscal.clone(), now_ms));
        }
        let outcome = match (error, printed) {
            (None, Some(fiscal)) => Outcome::Printed(fiscal),
            (error, _) => failed(error.unwrap_or((ErrorType::Unknown, 0)), desk),
        };
        entry.stage = Stage::Final(Final {
            at_ms: now_ms,
            device_code: Some(register.code.clone()),
            outcome,
        });
        tell(&group.setup, entry, desk);
    }
}

fn record((group, register): (&str, &str), entry: &Entry, fiscal: FiscalNumbers, now_ms: u64) -> RecordedDocument {
    let receipt = &entry.receipt;
    RecordedDocument {
        group: group.to_owned(),
        register: register.to_owned(),
        operation: entry.operation,
        external_id: receipt.external_id.clone(),
        uuid: entry.uuid.clone(),
        total: receipt.total,
        payments: receipt.payments.clone(),
        items: receipt.items.clone(),
        fiscal,
        at: instant(now_ms),
        body: receipt.body.clone(),
    }
}

/// What the register itself finds wrong (sheet §8.2).
fn own_error(entry: &Entry, inn: &str) -> Option<(ErrorType, i64)> {
    let receipt = &entry.receipt;
    let paid: u64 = receipt.payments.iter().map(|payment| payment.sum).sum();
    let cashless: u64 = receipt
        .payments
        .iter()
        .filter(|payment| payment.kind == 1)
        .map(|payment| payment.sum)
        .sum();
    if receipt.inn != inn {
        Some((ErrorType::Agent, 2009))
    } else if cashless > receipt.total {
        Some((ErrorType::Driver, 52))
    } else if paid < receipt.total {
        Some((ErrorType::Driver, 66))
    } else {
        None
    }
}

fn failed((kind, code): (ErrorType, i64), desk: &mut Desk) -> Outcome {
    Outcome::Failed {
        error: RegistrationError { kind, code },
        error_id: kind.has_id().then(|| desk.new_id()),
    }
}

/// Fails what has waited for a register too long.
fn time_out(group: &mut Group, desk: &mut Desk) {
    let now_ms = group.worked_until_ms;
    while let Some(place) = group.waiting.front().copied() {
        let Some(entry) = group.entries.get_mut(place) else {
            return;
        };
        if deadline(entry, &desk.config) > now_ms {
            return;
        }
        group.waiting.pop_front();
        entry.stage = Stage::Final(Final {
            at_ms: now_ms,
            device_code: None,
            outcome: failed((ErrorType::Timeout, 1), desk),
        });
        tell(&group.setup, entry, desk);
    }
}

/// Puts a result's callbacks on their way.
fn tell(setup: &GroupSetup, entry: &Entry, desk: &mut Desk) {
    let Stage::Final(end) = &entry.stage else { return };
    if entry.receipt.posted_to().is_none() {
        return;
    }
    let subjects = subjects(&setup.group_code, entry);
    let fault = desk.faults.take(Occasion::Callback, &subjects);
    if fault == Some(FaultKind::NoCallback) {
        return;
    }
    let mut forgery = None;
    let (mut copies, mut every, mut at_ms) = (1, 0, end.at_ms);
    if let Some(FaultKind::LateCallback { by }) = fault {
        at_ms = at_ms.saturating_add(millis(by));
    } else if let Some(FaultKind::RepeatedCallback {
        copies: wanted,
        every: pause,
    }) = fault
    {
        (copies, every) = (wanted.clamp(1, 5), millis(pause));
    } else if let Some(FaultKind::ForgedCallback { forgery: wanted }) = fault {
        forgery = Some(wanted);
    }
    for turn in 0..u64::from(copies) {
        post(
            setup,
            entry,
            forgery,
            at_ms.saturating_add(turn.saturating_mul(every)),
            desk,
        );
    }
}

/// Puts one callback on its way. Returns false when it has no address to go to.
pub(super) fn post(setup: &GroupSetup, entry: &Entry, forgery: Option<Forgery>, at_ms: u64, desk: &mut Desk) -> bool {
    let Some(url) = entry.receipt.posted_to() else {
        return false;
    };
    let status = forgery.and_then(|forgery| forgery.status).unwrap_or(entry.status());
    if status == Status::Wait {
        return false;
    }
    desk.outbox.add(Due {
        at_ms,
        group: setup.group_code.clone(),
        uuid: entry.uuid.clone(),
        external_id: entry.receipt.external_id.clone(),
        url: url.to_owned(),
        status,
        forged: forgery.is_some(),
        body: result::body(setup, entry, forgery.unwrap_or_default(), at_ms),
    });
    true
}
