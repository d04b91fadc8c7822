//! Conditions: the world and the register before a request is carried out.

use super::{FaultKind, ForeignEffect};
use crate::cashalot::commands::state_answer;
use crate::cashalot::document::Draft;
use crate::cashalot::offline::MONTH_LIMIT_MINUTES;
use crate::cashalot::register::{Desync, DesyncKind, Line, Register};
use crate::cashalot::state::State;
use crate::cashalot::wire::{Check, DocSubType, DocType};
use crate::cashalot::world::World;

/// Applies a condition; without a register only those of the tax service do anything. Other faults do nothing here.
/// Returns false when the condition cannot come about now.
pub(in crate::cashalot) fn apply(state: &mut State, kind: &FaultKind, register: Option<u64>) -> bool {
    let State { world, registers, .. } = state;
    if matches!(kind, FaultKind::FskoDown | FaultKind::FskoUp) {
        world.fsko_up = *kind == FaultKind::FskoUp;
        return true;
    }
    let Some(register) = register.and_then(|number| registers.get_mut(&number)) else {
        return false;
    };
    match kind {
        FaultKind::ZThenCloseFails => register.knobs.close_fails = true,
        FaultKind::RegisteredThenLost => register.knobs.lose_registered = true,
        FaultKind::PackageRefused { refused } => register.knobs.package_refused = *refused,
        FaultKind::LicenceOver => register.licence_expires = Some(world.now()),
        FaultKind::OfflineLimitUsed => {
            // Counted in the current month, or the next command would start the month anew.
            register.deliver(world);
            register.monthly_minutes = MONTH_LIMIT_MINUTES;
        }
        FaultKind::CleanNeeded => return foreign_document(world, register, ForeignEffect::Inconsistent),
        FaultKind::ForeignDocument { effect } => return foreign_document(world, register, *effect),
        FaultKind::ForeignShift => return foreign_shift(world, register),
        FaultKind::Delay { .. }
        | FaultKind::SlowAnswer { .. }
        | FaultKind::CloseBefore
        | FaultKind::RegisterThenClose
        | FaultKind::RegisterThenHang { .. }
        | FaultKind::RegisterThenEmptyBody
        | FaultKind::Http { .. }
        | FaultKind::TruncatedJson
        | FaultKind::BrokenBody
        | FaultKind::ErrorCode { .. }
        | FaultKind::RegisterThenErrorCode { .. }
        | FaultKind::NumericErrorCode
        | FaultKind::QrAndUrlNull
        | FaultKind::LateRegister { .. }
        | FaultKind::FskoDown
        | FaultKind::FskoUp => return false,
    }
    true
}

/// Nothing reaches the tax service past a running offline session, so another device must wait too.
fn reachable(world: &World, register: &mut Register) -> bool {
    register.undelivered.is_empty() && world.fsko_up
}

fn foreign_document(world: &mut World, register: &mut Register, effect: ForeignEffect) -> bool {
    register.deliver(world);
    if !reachable(world, register) {
        return false;
    }
    let caller = register.operators.first().copied().unwrap_or_else(|| world.stranger());
    let stale_state = state_answer(world, register, caller);
    put_foreign(world, register);
    let kind = match effect {
        ForeignEffect::Silent => return true,
        ForeignEffect::Inconsistent => DesyncKind::Inconsistent,
        ForeignEffect::LocalNumber => DesyncKind::LocalNumber,
    };
    // A register that is behind already keeps showing what it showed.
    register.desync.get_or_insert(Desync { kind, stale_state });
    true
}

/// A small sale in an open shift, an opening in a closed one, a closing after a Z-report.
fn put_foreign(world: &mut World, register: &mut Register) {
    let shift = register
        .open_shift()
        .map(|shift| (shift.z_num.is_some(), shift.testing, shift.opened_by));
    let cashier = "Інший пристрій";
    match shift {
        None => {
            let by = register.operators.first().copied().unwrap_or_else(|| world.stranger());
            let draft = Draft::service(DocType::OpenShift, cashier).foreign();
            register.issue_opening(world, Line::Online, by, draft);
        }
        Some((true, _, by)) => {
            let draft = register.closing_draft(cashier).foreign();
            register.issue_closing(world, Line::Online, by, draft);
        }
        Some((false, testing, _)) => {
            let draft = Draft {
                doc_sub_type: Some(DocSubType::CheckGoods),
                sum_kopecks: 100,
                check: Some(FOREIGN_SALE.into()),
                ..Draft::service(DocType::SaleGoods, cashier).testing(testing).foreign()
            };
            register.issue(world, Line::Online, draft);
            if let (Some(shift), Ok(check)) = (register.open_shift_mut(), serde_json::from_str::<Check>(FOREIGN_SALE)) {
                shift.totals.add(DocSubType::CheckGoods, &check);
            }
        }
    }
}

const FOREIGN_SALE: &str = r#"{"CHECKHEAD":{"DOCTYPE":"SaleGoods","DOCSUBTYPE":"CheckGoods"},"CHECKTOTAL":{"SUM":1.00},
"CHECKPAY":[{"PAYFORMCD":0,"PAYFORMNM":"ГОТІВКА","SUM":1.00}],
"CHECKBODY":[{"NAME":"Пакет","AMOUNT":1,"PRICE":1.00,"COST":1.00}]}"#;

fn foreign_shift(world: &mut World, register: &mut Register) -> bool {
    register.deliver(world);
    if !reachable(world, register) || register.open_shift().is_some() {
        return false;
    }
    let stranger = world.stranger();
    let draft = Draft::service(DocType::OpenShift, "Інший Касир").foreign();
    register.issue_opening(world, Line::Online, stranger, draft);
    true
}
