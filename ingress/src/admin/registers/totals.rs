//! The register's totals beside ours.

use domain::shift::{Difference, ShiftSums};
use domain::time::UnixMillis;
use ledger::doors::Totals;
use maud::{Markup, html};

use super::super::language::Language;
use super::super::parts::{self, Align, Head, Tone, badge};
use super::super::words;

/// Both sides of the open shift, or of the last one.
pub(super) fn show(l: Language, totals: Option<&Totals>, now: UnixMillis) -> Markup {
    let Some(totals) = totals else {
        return parts::empty(l.say("Ще не було жодної зміни.", "There was no shift yet."));
    };
    let theirs = totals.theirs.as_ref();
    let differences = totals.differences();
    html! {
        p.soft {
            @match totals.shift.closed_at {
                None => { (l.say("Зміна, відкрита ", "The shift opened ")) (l.minute(totals.shift.opened_at)) },
                Some(at) => { (l.say("Зміна, закрита ", "The shift closed ")) (l.minute(at)) },
            }
        }
        (sides(l, theirs.map(|(sums, _)| sums), totals.ours.as_ref()))
        @match theirs {
            None => p.hint { (l.say("Підсумків каси ще не прочитано: натисніть «Прочитати підсумки».",
                "The register's side was not read yet: press “Read the totals”.")) },
            Some((_, as_of)) => {
                @if let Some(at) = as_of { p.hint { (l.say("Каса сказала це ", "The register said so ")) (l.ago(*at, now)) } }
                @if totals.ours.is_some() && differences.is_empty() { p { (badge(Tone::Good, l.say("збігаються", "both agree"))) } }
            },
        }
        (differing(l, &differences))
    }
}

/// A table of the two sides; one that is not known is a dash.
pub(super) fn sides(l: Language, theirs: Option<&ShiftSums>, ours: Option<&ShiftSums>) -> Markup {
    let heads = [
        Head(l.say("Показник", "Figure"), Align::Start),
        Head(l.say("Каса", "Register"), Align::End),
        Head("Kasyr", Align::End),
    ];
    let row = |name: &str, figure: &dyn Fn(&ShiftSums) -> String| {
        let cell = |side: Option<&ShiftSums>| html! { (side.map_or_else(|| "—".to_owned(), figure)) };
        vec![html! { b { (name) } }, cell(theirs), cell(ours)]
    };
    let count = |number: u64| l.number(number);
    parts::table(
        l.say("Підсумки", "Totals"),
        &heads,
        [
            row(l.say("Продажі", "Sales"), &|sums| l.sum(sums.sales.sum)),
            row(l.say("Чеків продажу", "Sale receipts"), &|sums| {
                count(sums.sales.count)
            }),
            row(l.say("Повернення", "Returns"), &|sums| {
                l.sum(sums.returns.sum)
            }),
            row(l.say("Чеків повернення", "Return receipts"), &|sums| {
                count(sums.returns.count)
            }),
            row(l.say("Внесено", "Cash in"), &|sums| l.sum(sums.cash_in)),
            row(l.say("Видано", "Cash out"), &|sums| l.sum(sums.cash_out)),
        ],
    )
}

fn differing(l: Language, differences: &[Difference]) -> Markup {
    html! { @if !differences.is_empty() {
        p.problem { (l.say("Розходиться:", "They differ:")) }
        ul { @for difference in differences { li { (words::detail(l, &difference.to_string())) } } }
    } }
}
