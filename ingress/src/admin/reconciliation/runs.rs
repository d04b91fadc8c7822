//! Every comparison: its numbers, and what kept it from being complete.

use domain::time::UnixMillis;
use ledger::reconcile::RunView;
use maud::{Markup, html};

use super::super::language::Language;
use super::super::parts::{self, Align, Head, Tone, badge};

pub(super) fn table(l: Language, rows: &[RunView], now: UnixMillis) -> Markup {
    if rows.is_empty() {
        return parts::empty(l.say("Звірок ще не було.", "There was no comparison yet."));
    }
    let heads = [
        Head(l.say("День", "Day"), Align::Start),
        Head(l.say("Джерело", "Source"), Align::Start),
        Head(l.say("Оплат", "Payments"), Align::End),
        Head(l.say("Сплачено", "Paid"), Align::End),
        Head(l.say("Чеків на", "Sold by receipts"), Align::End),
        Head(l.say("Повернено", "Given back"), Align::End),
        Head(l.say("Чеків повернення на", "Returned by receipts"), Align::End),
        Head(l.say("Прийнято пропущених", "Missed taken in"), Align::End),
        Head(l.say("Стан", "State"), Align::Start),
    ];
    parts::table(
        l.say("Усі звірки", "All comparisons"),
        &heads,
        rows.iter().map(|run| {
            let counts = &run.counts;
            let money = |minor: u64| html! { (l.money(i64::try_from(minor).unwrap_or(i64::MAX))) };
            vec![
                html! { a href={ "/reconciliation?day=" (run.day) } { (run.day) } },
                html! { (run.source) },
                html! { (l.number(counts.payments)) },
                money(counts.paid),
                money(counts.sold),
                money(counts.refunded),
                money(counts.returned),
                html! { (l.number(counts.taken_in)) },
                state(l, run, now),
            ]
        }),
    )
}

fn state(l: Language, run: &RunView, now: UnixMillis) -> Markup {
    html! {
        @match (run.ended_at, &run.problem) {
            (None, None) => (badge(Tone::Busy, l.say("триває", "under way"))),
            (None, Some(_)) => (badge(Tone::Warn, l.say("чекає", "waits"))),
            (Some(_), None) => (badge(Tone::Good, l.say("завершено", "complete"))),
            (Some(_), Some(_)) => (badge(Tone::Warn, l.say("неповна", "not complete"))),
        }
        @if let Some(problem) = &run.problem {
            br; span.soft { (l.say(domain::ukrainian::of(problem), problem.clone())) }
        }
        br; span.soft {
            @if run.nightly { (l.say("нічна", "nightly")) } @else { (run.asked_by) }
            ", " (parts::time(l, run.ended_at.unwrap_or(run.asked_at), now))
        }
    }
}
