//! Receipts by the hour as bars, drawn as SVG by the server; the same numbers as a table for those who do not
//! see them.

use domain::time::UnixMillis;
use ledger::today::Hour;
use maud::{Markup, html};

use super::super::language::Language;
use super::super::parts;

const WIDTH: u64 = 960;
const HEIGHT: u64 = 180;
/// Room for the hours below.
const FOOT: u64 = 20;
const HOUR: i64 = 3_600_000;

pub(super) fn show(l: Language, hours: &[Hour], start: UnixMillis) -> Markup {
    let most = hours.iter().map(|hour| hour.sales + hour.returns).max().unwrap_or(0);
    if most == 0 {
        return parts::empty(l.say("Сьогодні чеків ще не було.", "No receipts yet today."));
    }
    let slot = WIDTH / u64::try_from(hours.len().max(1)).unwrap_or(24);
    let room = HEIGHT - FOOT - 14;
    let high = |count: u64| if count == 0 { 0 } else { (count * room / most).max(2) };
    let base = HEIGHT - FOOT;
    let clock = |index: usize| l.clock(UnixMillis(start.0 + i64::try_from(index).unwrap_or(0) * HOUR));
    html! {
        svg.plot viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(l.say("Чеки за годинами", "Receipts by the hour")) {
            line.axis x1="0" y1=(base) x2=(WIDTH) y2=(base) {}
            @for (index, hour) in hours.iter().enumerate() {
                @let x = slot * u64::try_from(index).unwrap_or(0);
                @let (sales, returns) = (high(hour.sales), high(hour.returns));
                g {
                    title { (told(l, &clock(index), hour)) }
                    rect.bar x=(x + 3) y=(base - sales) width=(slot - 6) height=(sales) rx="2" {}
                    rect.back x=(x + 3) y=(base - sales - returns) width=(slot - 6) height=(returns) rx="2" {}
                    @if hour.sales + hour.returns > 0 {
                        text x=(x + slot / 2) y=(base - sales - returns - 4) text-anchor="middle" { (hour.sales + hour.returns) }
                    }
                    @if index % 3 == 0 { text x=(x + 3) y=(HEIGHT - 5) { (clock(index)) } }
                }
            }
        }
        p.key aria-hidden="true" { span { (l.say("продажі", "sales")) } span.back { (l.say("повернення", "returns")) } }
        ul.hidden { @for (index, hour) in hours.iter().enumerate() {
            @if hour.sales + hour.returns > 0 { li { (told(l, &clock(index), hour)) } }
        } }
    }
}

fn told(l: Language, clock: &str, hour: &Hour) -> String {
    let sales = l.count(hour.sales, ["продаж", "продажі", "продажів"], ["sale", "sales"]);
    let returns = l.count(
        hour.returns,
        ["повернення", "повернення", "повернень"],
        ["return", "returns"],
    );
    format!("{clock}: {sales}, {returns}")
}
