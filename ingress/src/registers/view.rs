//! How a register and its totals look in an answer.

use domain::money::Kopecks;
use domain::shift::{Difference, ShiftSums, Side};
use domain::shift::{LONGEST, OFFLINE_MONTH_MINUTES, OFFLINE_SESSION_MINUTES};
use domain::time::UnixMillis;
use ledger::day::Day;
use ledger::doors::{Condition, Open, Totals};
use ledger::settings::{Capabilities, Register};
use ledger::shifts::Shift;
use serde_json::{Map, Value, json};

use crate::actions;
use crate::documents::view::time;

/// Everything that is shown of a register.
pub(super) struct Shown {
    pub register: Register,
    pub day: Day,
    pub condition: Condition,
    pub open: Open,
    pub shifts: Vec<Shift>,
}

pub(super) fn register(shown: &Shown) -> Value {
    let Shown {
        register,
        day,
        condition,
        open,
        shifts,
    } = shown;
    let facts = &day.facts;
    let month = facts.month_minutes + facts.session_minutes;
    json!({
        "id": register.id.as_str(),
        "fiscal_number": register.fiscal_number.to_string(),
        "provider": register.provider.as_str(),
        "can": can(&register.provider.capabilities()),
        "close_at": register.close_at,
        "reachable": {
            "seen_at": day.seen_at.and_then(time),
            "failures": condition.failures,
            "trouble": condition.trouble,
            "tax_service": facts.tax_service,
        },
        "shift": open_shift(day),
        "offline": {
            "documents": day.offline_documents,
            "undelivered": facts.undelivered,
            "delivery_trouble": facts.delivery_trouble,
            "session_minutes": facts.session_minutes,
            "session_limit": OFFLINE_SESSION_MINUTES,
            "month_minutes": month,
            "month_limit": OFFLINE_MONTH_MINUTES,
        },
        "cancelled": facts.cancelled,
        "licence_until": facts.licence_until.and_then(|until| time(UnixMillis(until))),
        "certificate_until": day.certificate_until.and_then(time),
        "documents": { "due": open.due, "in_doubt": open.in_doubt, "held": open.held },
        "shifts": shifts.iter().map(past_shift).collect::<Vec<_>>(),
        "actions": day.actions.iter().map(actions::view::action).collect::<Vec<_>>(),
    })
}

fn open_shift(day: &Day) -> Value {
    let shift = day.shift.as_ref();
    json!({
        // `null`: the register has not told.
        "open": shift.map(|_| true).or(day.facts.shift_open),
        "opened_at": shift.and_then(|shift| time(shift.opened_at)),
        "close_due": shift.and_then(|shift| time(shift.close_due)),
        "must_close_by": shift.and_then(|shift| time(shift.opened_at.plus(LONGEST))),
        "operator": shift.and_then(|shift| shift.operator.as_deref()),
        "z_present": shift.is_some() && day.facts.z_present,
    })
}

fn past_shift(shift: &Shift) -> Value {
    json!({
        "opened_at": time(shift.opened_at),
        "closed_at": shift.closed_at.and_then(time),
        "z_number": shift.z_number,
        "difference": shift.difference,
    })
}

/// Both sides in hryvnias. `as_of`: when the register told its side.
pub(super) fn totals(totals: Option<&Totals>) -> Value {
    let shift = totals.map(|totals| &totals.shift);
    let theirs = totals.and_then(|totals| totals.theirs.as_ref());
    let differences = totals.map(Totals::differences).unwrap_or_default();
    json!({
        "shift": shift.map(|shift| json!({
            "open": shift.closed_at.is_none(),
            "opened_at": time(shift.opened_at),
            "closed_at": shift.closed_at.and_then(time),
            "z_number": shift.z_number,
        })),
        "as_of": theirs.and_then(|(_, as_of)| *as_of).and_then(time),
        "register": theirs.map(|(sums, _)| sides(sums)),
        "ours": totals.and_then(|totals| totals.ours.as_ref()).map(sides),
        "differences": differences.iter().map(difference).collect::<Vec<_>>(),
    })
}

fn sides(sums: &ShiftSums) -> Value {
    json!({
        "sales": side(&sums.sales),
        "returns": side(&sums.returns),
        "cash_in": sums.cash_in.to_string(),
        "cash_out": sums.cash_out.to_string(),
    })
}

fn side(side: &Side) -> Value {
    let forms: Map<String, Value> = side
        .forms
        .iter()
        .map(|(form, sum)| (form.to_string(), sum.to_string().into()))
        .collect();
    let taxes: Map<String, Value> = side
        .taxes
        .iter()
        .map(|(letter, (taxable, tax))| {
            let row = json!({ "taxable": taxable.to_string(), "tax": tax.to_string() });
            (letter.to_string(), row)
        })
        .collect();
    json!({ "sum": side.sum.to_string(), "count": side.count, "forms": forms, "taxes": taxes })
}

fn difference(difference: &Difference) -> Value {
    let figure = |number: u64| match Kopecks::from_minor(number) {
        Ok(sum) if difference.money => Value::from(sum.to_string()),
        Ok(_) | Err(_) => Value::from(number),
    };
    json!({
        "figure": difference.figure,
        "register": figure(difference.theirs),
        "ours": figure(difference.ours),
    })
}

/// What can be asked of a register at its provider.
fn can(can: &Capabilities) -> Value {
    json!({
        "close_shift": can.shifts,
        "z_report": can.separate_z,
        "totals": can.totals,
        "cleanup": can.cleanup,
        "cash": can.cash,
        "fetch": can.rendering,
        "work_offline": can.offline,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_texts_and_counts_are_numbers() {
        let difference = |money| Difference {
            figure: "sales.sum".to_owned(),
            ours: 26_750,
            theirs: 3,
            money,
        };
        assert_eq!(
            super::difference(&difference(true)),
            json!({ "figure": "sales.sum", "register": "0.03", "ours": "267.50" })
        );
        assert_eq!(super::difference(&difference(false))["ours"], 26_750);
    }

    #[test]
    fn before_the_first_shift_there_is_nothing_to_compare() {
        let shown = totals(None);
        assert_eq!((&shown["shift"], &shown["differences"]), (&Value::Null, &json!([])));
    }
}
