//! The X-report, the Z-report over a period, the last check.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Content, Request};
use crate::cashdesk::config::Mode;
use crate::cashdesk::document::RecordedDocument;
use crate::cashdesk::print::Printout;
use crate::cashdesk::refusal::{Ground, Refusal};
use crate::cashdesk::register::{Register, Shift};
use crate::cashdesk::representation::{payments, taxes};
use crate::cashdesk::state::State;
use crate::cashdesk::totals::Totals;
use crate::cashdesk::wire::{Flag, PeriodBody, Wishes, hryvnia};
use crate::cashdesk::world::World;
use crate::decimal::money;
use crate::kyiv;

pub(super) fn x_report(state: &mut State, request: &Request) -> Result<Content, Refusal> {
    let wishes = request.wishes()?;
    let (world, register) = super::register(state, request)?;
    let shift = register.open_shift();
    let documents: Vec<&RecordedDocument> = shift.into_iter().flat_map(|shift| register.of_shift(shift)).collect();
    let totals = Totals::of(documents.iter().copied());
    let mut report = json!({
        "shift_state": shift.is_some(),
        "shift_duration": 0,
        "cash_in_box": hryvnia(shift.map_or(0, |_| register.cash)),
        "cash_in_box_start": hryvnia(shift.map_or(0, |shift| shift.cash_start)),
        "service_input": hryvnia(totals.service_input_kopecks),
        "real": { "orders_count": totals.sales, "sum": hryvnia(totals.sales_kopecks) },
    });
    let opened = match register.setup.mode {
        Mode::Cloud => "from_date",
        Mode::SmartConnect => "OPEN_SESSION_TIME",
    };
    report[opened] = Value::from(shift.map(|shift| kyiv::readable(shift.opened_at)));
    if wishes.include_checks == Some(Flag(true)) {
        report["checks_list"] = checks_list(world, documents);
    }
    Ok(printed("X-ЗВІТ", report, register, world, &totals, &wishes))
}

/// Covers the shifts that were closed within the days, both included.
pub(super) fn period(state: &mut State, request: &Request) -> Result<Content, Refusal> {
    let wishes = request.wishes()?;
    let PeriodBody { from, to } = request.body()?.read()?;
    let (from, to) = (day("from", from.as_deref())?, day("to", to.as_deref())?);
    let (world, register) = super::register(state, request)?;
    if !register.queue.is_empty() {
        let text = "Є офлайн-чеки, ще не передані до податкової служби; спробуйте пізніше";
        return Err(Refusal::new(Ground::Warning, text));
    }
    let closed_within = |shift: &&Shift| {
        let closed = shift.closed_at.map(|at| kyiv::zoned(at).date());
        closed.is_some_and(|day| from <= day && day <= to)
    };
    let shifts: Vec<&Shift> = register.shifts.iter().filter(closed_within).collect();
    let documents: Vec<&RecordedDocument> = shifts.iter().flat_map(|shift| register.of_shift(shift)).collect();
    let totals = Totals::of(documents.iter().copied());
    let last = documents.last().map_or(0, |document| document.cash_in_box_kopecks);
    let mut report = json!({
        "shift_state": register.open_shift().is_some(),
        "from_date": from.strftime("%d.%m.%Y").to_string(),
        "shift_duration": 0,
        "cash_in_box": hryvnia(last),
        "cash_in_box_start": hryvnia(shifts.first().map_or(0, |shift| shift.cash_start)),
        "service_input": hryvnia(totals.service_input_kopecks),
        "service_output": hryvnia(totals.service_output_kopecks),
        "real": { "orders_count": totals.sales, "sum": hryvnia(totals.sales_kopecks) },
    });
    let listed = shifts.len() == 1 || from == to;
    if listed && wishes.include_checks != Some(Flag(false)) {
        report["checks_list"] = checks_list(world, documents);
    }
    Ok(printed("Z-ЗВІТ ЗА ПЕРІОД", report, register, world, &totals, &wishes))
}

/// The last sale, return or cash movement of the open shift that the tax service has.
pub(super) fn last_check(state: &mut State, request: &Request) -> Result<Content, Refusal> {
    let (_, register) = super::register(state, request)?;
    if register.setup.mode == Mode::Cloud && !register.tax_up {
        register.line()?;
    }
    let documents = register
        .open_shift()
        .into_iter()
        .flat_map(|shift| register.of_shift(shift));
    let last = documents
        .filter(|document| document.kind.is_listed() && document.uploaded)
        .last();
    let text = |format: &str| last.map(|document| kyiv::zoned(document.at).strftime(format).to_string());
    let check = last.filter(|document| document.kind.is_check());
    Ok(Content::Json(json!({
        "num_fiscal": last.map(|document| document.register),
        "check_type": last.map(|document| document.kind.name()),
        "ORDERNUM": last.map(|document| document.ordernum.as_str()),
        "ORDERDATE": text("%Y-%m-%d"),
        "ORDERTIME": text("%H:%M:%S"),
        "uuid": last.map(|document| document.uuid.to_string()),
        "local_number": check.and_then(|document| document.local_number),
    })))
}

fn day(field: &'static str, text: Option<&str>) -> Result<Date, Refusal> {
    let read = text.and_then(|text| Date::strptime("%d.%m.%Y", text).ok());
    read.ok_or_else(|| Refusal::field(field, "Дата має бути у вигляді ДД.ММ.РРРР"))
}

fn checks_list(world: &World, documents: Vec<&RecordedDocument>) -> Value {
    let listed = documents.into_iter().filter(|document| document.kind.is_listed());
    listed.map(|document| item(world, document)).collect()
}

fn item(world: &World, document: &RecordedDocument) -> Value {
    let has_lines = document.kind.is_check();
    let mut item = json!({
        "type_": document.kind.name(),
        "order_num": document.ordernum,
        "datetime": kyiv::readable(document.at),
        "sum": hryvnia(document.sum_kopecks),
        "payments": if has_lines { payments(document) } else { Vec::new() },
        "tax": taxes(document),
    });
    if world.switches.report_local_numbers {
        // A service document shows the register's own count when the client gave it no number.
        let own = (!has_lines).then_some(document.own_number);
        let number = document.local_number.or(own);
        item["local_number"] = Value::from(number.map(|number| number.to_string()));
    }
    item
}

fn printed(
    title: &str,
    report: Value,
    register: &Register,
    world: &World,
    totals: &Totals,
    wishes: &Wishes,
) -> Content {
    let lines = vec![
        register.setup.org_name.clone(),
        title.to_owned(),
        format!("ПРОДАЖ {} ({})", money(totals.sales_kopecks), totals.sales),
        format!("ПОВЕРНЕННЯ {} ({})", money(totals.returns_kopecks), totals.returns),
        format!("ВНЕСЕННЯ {}", money(totals.service_input_kopecks)),
        format!("ВИДАЧА {}", money(totals.service_output_kopecks)),
        format!("ФН ПРРО {}", register.setup.num_fiscal),
        kyiv::readable(register.now(world)),
    ];
    let qr_data = format!("{}/report/{}", world.base, register.setup.num_fiscal);
    Content::Printed(report, Printout::new(lines, qr_data, wishes, &world.switches))
}
