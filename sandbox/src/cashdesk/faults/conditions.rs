//! Conditions: the world and the register before a request is carried out.

use super::FaultKind;
use crate::cashdesk::document::{DocKind, Draft, Payment, Product, ProductExtras, TaxLine};
use crate::cashdesk::register::{Line, Register};
use crate::cashdesk::state::State;
use crate::cashdesk::world::World;
use crate::decimal::Decimal;

/// Applies a condition; other faults do nothing here. False when it cannot come about now: the register is unknown or
/// not named, or its state is in the way.
pub(in crate::cashdesk) fn apply(state: &mut State, kind: &FaultKind, register: Option<u64>) -> bool {
    let applied = applied(state, kind, register);
    state.announce();
    applied
}

fn applied(state: &mut State, kind: &FaultKind, number: Option<u64>) -> bool {
    let State { world, registers, .. } = state;
    let register = number.and_then(|number| registers.get_mut(&number));
    match (kind, register) {
        (FaultKind::ExpireToken, _) => state.tokens.expire(),
        (FaultKind::TaxServiceDown, _) => state.set_tax_service(false, number),
        (FaultKind::TaxServiceUp, _) => state.set_tax_service(true, number),
        (FaultKind::KeyAbsent { absent }, Some(register)) => register.key_ok = !absent,
        (FaultKind::ForeignCheck, Some(register)) => return foreign_check(world, register),
        (FaultKind::ForeignShift, Some(register)) => {
            return register.open_shift().is_none() && foreign(world, register, Draft::plain(DocKind::OpenShift));
        }
        (FaultKind::AutoClose, Some(register)) => {
            return register.open_shift().is_some() && foreign(world, register, Draft::plain(DocKind::ZReport));
        }
        (
            FaultKind::KeyAbsent { .. } | FaultKind::ForeignCheck | FaultKind::ForeignShift | FaultKind::AutoClose,
            None,
        )
        | (
            FaultKind::Delay { .. }
            | FaultKind::SlowAnswer { .. }
            | FaultKind::CloseBefore
            | FaultKind::RegisterThenClose
            | FaultKind::RegisterThenHang { .. }
            | FaultKind::RegisterThenEmptyBody
            | FaultKind::Http { .. }
            | FaultKind::HtmlBody
            | FaultKind::TruncatedJson
            | FaultKind::BrokenBody
            | FaultKind::Refuse { .. }
            | FaultKind::LateRegister { .. },
            _,
        ) => return false,
    }
    true
}

/// The cabinet works online only.
fn foreign(world: &mut World, register: &mut Register, draft: Draft) -> bool {
    if register.line() != Ok(Line::Online) {
        return false;
    }
    register.issue(world, Line::Online, draft.foreign());
    true
}

fn foreign_check(world: &mut World, register: &mut Register) -> bool {
    let opened = register.open_shift().is_some() || foreign(world, register, Draft::plain(DocKind::OpenShift));
    opened && foreign(world, register, foreign_sale())
}

const FOREIGN_KOPECKS: i64 = 100;

fn foreign_sale() -> Draft {
    let product = Product {
        name: "Пакет".to_owned(),
        code: None,
        amount_thousandths: 1_000,
        cost_kopecks: FOREIGN_KOPECKS,
        discount_kopecks: 0,
        letters: None,
        tax_prc: 0,
        price: Decimal::read("1").unwrap_or_default(),
        extras: ProductExtras::default(),
    };
    let payment = Payment {
        code: 1,
        name: "КАРТКА".to_owned(),
        sum_kopecks: FOREIGN_KOPECKS,
        provided_kopecks: FOREIGN_KOPECKS,
        remains_kopecks: 0,
        terminal: serde_json::Value::Null,
    };
    Draft {
        sum_kopecks: FOREIGN_KOPECKS,
        products: vec![product],
        payments: vec![payment],
        taxes: vec![TaxLine {
            letter: None,
            prc: 0,
            turnover_kopecks: FOREIGN_KOPECKS,
            sum_kopecks: 0,
        }],
        ..Draft::plain(DocKind::Sale)
    }
}
