//! How a register is.

use std::time::Duration;

use domain::shift::{LONGEST, OFFLINE_MONTH_MINUTES, OFFLINE_SESSION_MINUTES};
use domain::time::UnixMillis;
use ledger::day::Day;
use ledger::doors::{Condition, Open};
use ledger::settings::Register;
use maud::{Markup, html};

use super::super::language::Language;
use super::super::parts::{self, Tone, badge};
use super::super::words;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Certificates and licences that end sooner than this are told in colour.
const SOON: Duration = Duration::from_secs(30 * 24 * 3600);

/// Shift, reach, backlog, key.
pub(super) fn show(
    l: Language,
    register: &Register,
    day: &Day,
    condition: &Condition,
    open: &Open,
    now: UnixMillis,
) -> Markup {
    parts::facts([
        (l.say("Зміна", "Shift"), shift(l, day, now)),
        (l.say("Зв'язок", "Connection"), reach(l, day, condition, now)),
        (l.say("Документи", "Documents"), documents(l, open)),
        (
            l.say("Фіскальний номер", "Fiscal number"),
            html! { (register.fiscal_number.to_string()) },
        ),
        (
            l.say("Провайдер", "Provider"),
            html! { (words::provider(register.provider)) },
        ),
        (
            l.say("Закриття дня", "Day closes at"),
            html! {
                (register.close_at.as_deref().unwrap_or(l.say("23 години після відкриття", "23 hours after opening")))
            },
        ),
        (
            l.say("Сертифікат ключа", "Key certificate"),
            ends(
                l,
                day.certificate_until,
                now,
                l.say(
                    "не відомо (ключ у кабінеті провайдера)",
                    "not known (the key is kept at the provider)",
                ),
            ),
        ),
        (
            l.say("Ліцензія провайдера", "Provider's licence"),
            ends(
                l,
                day.facts.licence_until.map(UnixMillis),
                now,
                l.say("не повідомлено", "not told"),
            ),
        ),
    ])
}

fn shift(l: Language, day: &Day, now: UnixMillis) -> Markup {
    let Some(shift) = &day.shift else {
        return match day.facts.shift_open {
            Some(true) => badge(Tone::Busy, l.say("відкрита", "open")),
            Some(false) => badge(Tone::Quiet, l.say("закрита", "closed")),
            None => badge(Tone::Quiet, l.say("ще не відомо", "not known yet")),
        };
    };
    let law = shift.opened_at.plus(LONGEST);
    let tone = if law.0 - now.0 < 3_600_000 {
        Tone::Bad
    } else {
        Tone::Good
    };
    html! {
        (badge(tone, l.say("відкрита", "open")))
        " " (l.say("з", "since")) " " (l.minute(shift.opened_at))
        br;
        span.soft {
            (l.say("закриється", "closes")) " " (l.minute(shift.close_due))
            ", " (l.say("за законом до", "by law before")) " " (l.minute(law))
        }
        @if let Some(operator) = &shift.operator { br; span.soft { (operator) } }
        @if day.facts.z_present { br; (badge(Tone::Warn, l.say("є Z-звіт: можна лише закрити", "has its Z-report: only closing is left"))) }
    }
}

fn reach(l: Language, day: &Day, condition: &Condition, now: UnixMillis) -> Markup {
    let resting = condition.rests_until > now;
    html! {
        @if day.facts.cancelled {
            (badge(Tone::Bad, l.say("реєстрацію скасовано", "registration cancelled")))
        } @else if condition.failures > 0 || resting {
            (badge(Tone::Bad, l.say("не працює", "in trouble")))
            @if let Some(trouble) = &condition.trouble { br; (words::trouble(l, trouble)) }
            @if resting { br; span.soft { (l.say("наступна спроба", "next try")) " " (l.time(condition.rests_until)) } }
        } @else if day.seen_at.is_none() {
            (badge(Tone::Busy, l.say("ще не перевірено", "not looked at yet")))
        } @else if day.facts.undelivered == Some(true) || day.facts.tax_service == Some(false) {
            (badge(Tone::Warn, l.say("офлайн", "offline")))
        } @else {
            (badge(Tone::Good, l.say("працює", "works")))
        }
        @if let Some(seen) = day.seen_at { br; span.soft { (l.say("відповіла", "answered")) " " (l.ago(seen, now)) } }
    }
}

fn documents(l: Language, open: &Open) -> Markup {
    if *open == Open::default() {
        return badge(Tone::Good, l.say("усе зроблено", "all done"));
    }
    html! { div.actions {
        @if open.due > 0 { (badge(Tone::Busy, format!("{} {}", open.due, l.say("у черзі", "queued")))) }
        @if open.in_doubt > 0 { (badge(Tone::Warn, format!("{} {}", open.in_doubt, l.say("під сумнівом", "in doubt")))) }
        @if open.held > 0 { (badge(Tone::Bad, l.count(open.held, ["чекає на людину", "чекають на людину", "чекають на людину"], ["on hold", "on hold"]))) }
    } }
}

fn ends(l: Language, until: Option<UnixMillis>, now: UnixMillis, unknown: &str) -> Markup {
    let Some(until) = until else {
        return html! { span.soft { (unknown) } };
    };
    let left = until.0.saturating_sub(now.0);
    let soon = left < i64::try_from(SOON.as_millis()).unwrap_or(i64::MAX);
    html! {
        (l.say("до", "until")) " " (l.date(until)) " "
        @if left <= 0 { (badge(Tone::Bad, l.say("закінчився", "ended"))) }
        @else if soon { (badge(Tone::Warn, l.span(left))) }
        @else { span.soft { "(" (left / i64::try_from(DAY.as_millis()).unwrap_or(i64::MAX)) " " (l.say("дн", "days")) ")" } }
    }
}

/// How much of the law's offline time is used.
pub(super) fn offline(l: Language, day: &Day) -> Markup {
    let facts = &day.facts;
    let month = facts.month_minutes + facts.session_minutes;
    html! {
        @if day.offline_documents > 0 {
            p { (badge(Tone::Warn, l.count(day.offline_documents,
                ["документ ще не в податковій", "документи ще не в податковій", "документів ще не в податковій"],
                ["document is not delivered yet", "documents are not delivered yet"]))) }
        } @else {
            p { (badge(Tone::Good, l.say("усі документи в податковій", "every document is at the tax service"))) }
        }
        @if let Some(trouble) = &facts.delivery_trouble { p.problem { (l.say("Податкова не приймає: ", "The tax service refuses: ")) (trouble) } }
        (meter(l, "session", l.say("Цей сеанс", "This session"), facts.session_minutes, OFFLINE_SESSION_MINUTES))
        (meter(l, "month", l.say("Цей місяць", "This month"), month, OFFLINE_MONTH_MINUTES))
    }
}

fn meter(l: Language, id: &str, label: &str, used: u64, limit: u64) -> Markup {
    let minutes = |minutes: u64| l.span(i64::try_from(minutes).unwrap_or(i64::MAX).saturating_mul(60_000));
    let id = format!("offline-{id}");
    html! {
        p {
            label for=(id) { (label) ": " (if used == 0 { "0".to_owned() } else { minutes(used) })
                " " (l.say("з", "of")) " " (minutes(limit)) }
            meter.meter id=(id) min="0" max=(limit) high=(limit * 8 / 10) value=(used.min(limit)) {}
        }
    }
}
