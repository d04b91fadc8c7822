//! The alerts of a register's day: what is the matter and what to do next, in both languages. Pure.

use std::time::Duration;

use domain::shift::{OFFLINE_MONTH_MINUTES, OFFLINE_SESSION_MINUTES};
use domain::time::UnixMillis;
use ledger::alerts::{NewAlert, Severity, Words, Z_DIFFERENCE};
use ledger::settings::Register;
use ledger::shifts::Shift;
use ledger::tape::DESYNC;

use crate::kyiv::for_people;
use crate::providers::Failure;

/// A shift that should be closed soon, or should have been, and is not.
pub(crate) const SHIFT_CLOSING: &str = "shift_closing";
/// Documents on the tape of the open shift that are not ours.
pub(crate) const FOREIGN_DOCUMENTS: &str = "foreign_documents";
/// A shift that Kasyr did not open.
pub(crate) const FOREIGN_SHIFT: &str = "foreign_shift";
/// The running offline session comes near its limit.
pub(crate) const OFFLINE_SESSION: &str = "offline_session";
/// The month's offline time comes near its limit.
pub(crate) const OFFLINE_MONTH: &str = "offline_month";
/// The tax service refuses the offline documents.
pub(crate) const DELIVERY_REFUSED: &str = "delivery_refused";
/// The offline documents are not delivered although the tax service can be reached.
pub(crate) const DELIVERY_SLOW: &str = "delivery_slow";
/// The key's certificate ends soon.
pub(crate) const CERTIFICATE: &str = "certificate_expiry";
/// The provider's licence ends soon.
pub(crate) const LICENCE: &str = "licence_expiry";
/// The register's registration is cancelled.
pub(crate) const CANCELLED: &str = "registration_cancelled";

fn about(register: &Register, kind: &'static str, severity: Severity, text: Words, next_step: Words) -> NewAlert {
    NewAlert {
        kind,
        subject: register.id.to_string(),
        severity,
        merchant: Some(register.merchant.clone()),
        register: Some(register.id.clone()),
        text,
        next_step,
    }
}

/// The provider's view of the register was not the tax service's.
pub(crate) fn desync(register: &Register, failure: &Failure, next_local: Option<u64>) -> NewAlert {
    let id = &register.id;
    let place = next_local.map_or_else(|| "?".to_owned(), |number| number.to_string());
    about(
        register,
        DESYNC,
        Severity::Critical,
        Words::new(
            format!(
                "Register {id}: the provider's state is not the tax service's ({}), near local number {place}. Kasyr \
                 brings them in line (Cleanup), which may have closed the shift.",
                failure.word
            ),
            format!(
                "Каса {id}: стан у провайдера розійшовся з податковою ({}), біля локального номера {place}. Kasyr \
                 узгоджує їх (Cleanup); зміну при цьому могло бути закрито.",
                failure.word
            ),
        ),
        Words::new(
            "Find out which other program or device uses this register and stop it; receipts go on by themselves.",
            "З'ясуйте, яка ще програма чи пристрій працює з цією касою, і зупиніть її; чеки підуть далі самі.",
        ),
    )
}

/// Numbers on our tape that are not ours.
pub(crate) fn foreign_documents(register: &Register, numbers: &[String]) -> NewAlert {
    let (id, list) = (&register.id, some(numbers));
    about(
        register,
        FOREIGN_DOCUMENTS,
        Severity::Critical,
        Words::new(
            format!("Register {id}: its open shift has documents that Kasyr did not make: {list}."),
            format!("Каса {id}: у відкритій зміні є документи, яких Kasyr не створював: {list}."),
        ),
        Words::new(
            "Find out who made them; they will be in the Z-report beside ours.",
            "З'ясуйте, хто їх створив; вони увійдуть до Z-звіту разом з нашими.",
        ),
    )
}

/// A shift opened by somebody else.
pub(crate) fn foreign_shift(register: &Register, shift: &Shift) -> NewAlert {
    let id = &register.id;
    let operator = shift.operator.as_deref().unwrap_or("?");
    let (opened, due) = (for_people(shift.opened_at), for_people(shift.close_due));
    about(
        register,
        FOREIGN_SHIFT,
        Severity::Warning,
        Words::new(
            format!(
                "Register {id}: the shift opened {opened} was not opened by Kasyr (operator: {operator}). Kasyr closes it at {due}."
            ),
            format!(
                "Каса {id}: зміну від {opened} відкрито не через Kasyr (касир: {operator}). Kasyr закриє її о {due}."
            ),
        ),
        Words::new(
            "If its operator has another key than Kasyr, receipts may be refused until that shift is closed there.",
            "Якщо її відкрито іншим ключем, чеки можуть відхилятися, доки ту зміну не закриють там, де відкрили.",
        ),
    )
}

/// The report and our sums.
pub(crate) fn z_difference(register: &Register, shift: &Shift, difference: &str) -> NewAlert {
    let (id, opened) = (&register.id, for_people(shift.opened_at));
    about(
        register,
        Z_DIFFERENCE,
        Severity::Critical,
        Words::new(
            format!(
                "Register {id}: the Z-report of the shift opened {opened} is not what our documents say: {difference}."
            ),
            format!(
                "Каса {id}: Z-звіт зміни від {opened} не збігається з нашими документами: {}.",
                domain::ukrainian::of(difference)
            ),
        ),
        Words::new(
            "Compare the shift in the register's cabinet with the documents here; acknowledge when it is explained.",
            "Порівняйте зміну в кабінеті каси з документами тут; позначте прочитаним, коли різницю пояснено.",
        ),
    )
}

/// A refused package.
pub(crate) fn delivery_refused(register: &Register, why: &str, numbers: &[String]) -> NewAlert {
    let (id, list) = (&register.id, some(numbers));
    about(
        register,
        DELIVERY_REFUSED,
        Severity::Critical,
        Words::new(
            format!("Register {id}: the tax service does not take its offline documents ({why}): {list}."),
            format!("Каса {id}: податкова не приймає її офлайн-документи ({why}): {list}."),
        ),
        Words::new(
            "Call the provider's support with these numbers. Never clean the register with Remove: that loses them.",
            "Зверніться з цими номерами до підтримки провайдера. Не очищуйте касу з Remove: документи буде втрачено.",
        ),
    )
}

/// Offline documents that do not go out.
pub(crate) fn delivery_slow(register: &Register, numbers: &[String]) -> NewAlert {
    let (id, list) = (&register.id, some(numbers));
    about(
        register,
        DELIVERY_SLOW,
        Severity::Warning,
        Words::new(
            format!("Register {id}: documents registered offline are still not at the tax service: {list}."),
            format!("Каса {id}: документи, зареєстровані офлайн, досі не передано до податкової: {list}."),
        ),
        Words::new(
            "The provider delivers them by itself; if they are here in a few hours, call its support.",
            "Провайдер передає їх сам; якщо за кілька годин вони ще тут, зверніться до його підтримки.",
        ),
    )
}

/// A shift near the end of what the law allows, or past it.
pub(crate) fn shift_closing(register: &Register, opened: UnixMillis, left: Option<Duration>) -> NewAlert {
    let (id, since) = (&register.id, for_people(opened));
    let (severity, text) = match left {
        None => (
            Severity::Critical,
            Words::new(
                format!("Register {id}: its shift, opened {since}, is older than 24 hours and still not closed."),
                format!("Каса {id}: зміні, відкритій {since}, понад 24 години, і її досі не закрито."),
            ),
        ),
        Some(left) => {
            let minutes = left.as_secs() / 60;
            let severity = if minutes < 15 {
                Severity::Critical
            } else {
                Severity::Warning
            };
            (
                severity,
                Words::new(
                    format!(
                        "Register {id}: its shift, opened {since}, is still open and must be closed within {minutes} min."
                    ),
                    format!("Каса {id}: зміну, відкриту {since}, ще не закрито; на це лишилося {minutes} хв."),
                ),
            )
        }
    };
    about(
        register,
        SHIFT_CLOSING,
        severity,
        text,
        Words::new(
            "Kasyr keeps trying. Look at the register's other alerts; if the provider does not answer, close the shift in its cabinet.",
            "Kasyr пробує далі. Перегляньте інші попередження каси; якщо провайдер не відповідає, закрийте зміну в його кабінеті.",
        ),
    )
}

/// What the law lets a register work without the tax service, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// 36 hours in one session.
    Session,
    /// 168 hours in a calendar month.
    Month,
}

impl Limit {
    pub(crate) const fn minutes(self) -> u64 {
        match self {
            Self::Session => OFFLINE_SESSION_MINUTES,
            Self::Month => OFFLINE_MONTH_MINUTES,
        }
    }

    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Session => OFFLINE_SESSION,
            Self::Month => OFFLINE_MONTH,
        }
    }
}

/// Offline minutes at 80 % of a limit and more; nothing below.
pub(crate) fn offline_time(register: &Register, limit: Limit, used: u64) -> Option<NewAlert> {
    let most = limit.minutes();
    let per_cent = used.saturating_mul(100) / most;
    let severity = match per_cent {
        0..80 => return None,
        80..95 => Severity::Warning,
        95.. => Severity::Critical,
    };
    let id = &register.id;
    let hours = most.saturating_sub(used) / 60;
    let (what, what_uk) = match limit {
        Limit::Session => ("this offline session", "цієї офлайн-сесії"),
        Limit::Month => ("this month's offline time", "офлайн-часу цього місяця"),
    };
    Some(about(
        register,
        limit.kind(),
        severity,
        Words::new(
            format!(
                "Register {id}: {used} of {most} minutes of {what} are used ({per_cent} %). While it stays offline the limit is reached in about {hours} h; then the tax service blocks the register."
            ),
            format!(
                "Каса {id}: використано {used} з {most} хвилин {what_uk} ({per_cent} %). Якщо каса лишиться офлайн, межу буде досягнуто приблизно за {hours} год; далі податкова блокує касу."
            ),
        ),
        Words::new(
            "Get the link to the tax service back: ask the provider what is wrong.",
            "Відновіть зв'язок з податковою: дізнайтеся в провайдера, що сталося.",
        ),
    ))
}

/// A certificate or licence that ends: 30, 7 and 1 days ahead.
pub(crate) fn ends_soon(
    register: &Register,
    kind: &'static str,
    until: UnixMillis,
    now: UnixMillis,
) -> Option<NewAlert> {
    const DAY: u64 = 24 * 3600;
    let left = until.since(now).as_secs();
    let severity = match left.div_ceil(DAY) {
        0..=7 => Severity::Critical,
        8..=30 => Severity::Warning,
        _ => return None,
    };
    let (id, date, days) = (&register.id, for_people(until), left / DAY);
    let (what, what_uk, ended_uk) = if kind == CERTIFICATE {
        ("the certificate of its key", "сертифікат її ключа", "закінчився")
    } else {
        ("its provider's licence", "ліцензія провайдера", "закінчилася")
    };
    let text = match (left, days) {
        (0, _) => Words::new(
            format!("Register {id}: {what} ended {date}."),
            format!("Каса {id}: {what_uk} {ended_uk} {date}."),
        ),
        (_, 0 | 1) => Words::new(
            format!("Register {id}: {what} ends {date}: within two days."),
            format!("Каса {id}: {what_uk} діє лише до {date}: менш ніж два дні."),
        ),
        _ => Words::new(
            format!("Register {id}: {what} ends {date}, in {days} days."),
            format!("Каса {id}: {what_uk} діє до {date}, лишилося днів: {days}."),
        ),
    };
    Some(about(
        register,
        kind,
        severity,
        text,
        Words::new(
            "Renew it before that day; after it no receipt can be registered.",
            "Подовжте до цього дня; потім жоден чек не зареєструється.",
        ),
    ))
}

/// A cancelled registration.
pub(crate) fn cancelled(register: &Register) -> NewAlert {
    let id = &register.id;
    about(
        register,
        CANCELLED,
        Severity::Critical,
        Words::new(
            format!(
                "Register {id}: its registration is cancelled. Kasyr closes the shift; no receipt can be registered."
            ),
            format!("Каса {id}: її реєстрацію скасовано. Kasyr закриває зміну; чеки реєструвати не можна."),
        ),
        Words::new(
            "Register the cash register anew at the tax service, or point the payment source at another one.",
            "Зареєструйте касу в податковій знову або спрямуйте джерело оплат на іншу.",
        ),
    )
}

/// At most ten numbers; whoever needs more looks at the documents.
fn some(numbers: &[String]) -> String {
    let shown = numbers
        .iter()
        .take(10)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    match numbers.len() {
        0..=10 => shown,
        more => format!("{shown} … ({more})"),
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::{MerchantId, RegisterId, RegisterNumber};
    use domain::refund::RefundPolicy;
    use domain::tax::VatScheme;
    use ledger::settings::{Credentials, Provider};

    use super::*;

    fn register() -> Register {
        Register {
            id: RegisterId::parse("flowers-1").unwrap(),
            merchant: MerchantId::parse("flowers").unwrap(),
            provider: Provider::ALL[0],
            fiscal_number: RegisterNumber::parse("4000999001").unwrap(),
            base_url: String::new(),
            close_at: None,
            refund_policy: RefundPolicy::StornoFirst,
            vat: VatScheme::NotAPayer,
            credentials: Credentials::Stored,
            options: std::collections::BTreeMap::new(),
            stand_in: None,
            failures: 0,
            failing_since: None,
        }
    }

    fn severity(alert: Option<NewAlert>) -> Option<&'static str> {
        alert.map(|alert| alert.severity.as_str())
    }

    #[test]
    fn offline_time_is_told_at_80_and_at_95_per_cent() {
        let table = [
            (Limit::Session, 1727, None),
            (Limit::Session, 1728, Some("warning")),
            (Limit::Session, 2051, Some("warning")),
            (Limit::Session, 2052, Some("critical")),
            (Limit::Session, 2160, Some("critical")),
            (Limit::Month, 8063, None),
            (Limit::Month, 8064, Some("warning")),
            (Limit::Month, 9576, Some("critical")),
            (Limit::Month, 20_000, Some("critical")),
        ];
        for (limit, used, expected) in table {
            let told = severity(offline_time(&register(), limit, used));
            assert_eq!(told, expected, "{used} minutes of {limit:?}");
        }
        let told = offline_time(&register(), Limit::Session, 1800).unwrap();
        assert!(told.text.en.contains("in about 6 h"), "{told:?}");
    }

    #[test]
    fn what_ends_is_told_30_and_7_days_ahead() {
        const DAY: u64 = 24 * 3600;
        let now = UnixMillis(1_772_700_000_000);
        let table = [
            (31 * DAY, None),
            (30 * DAY, Some("warning")),
            (8 * DAY, Some("warning")),
            (7 * DAY, Some("critical")),
            (DAY, Some("critical")),
            (0, Some("critical")),
        ];
        for (left, expected) in table {
            let until = now.plus(Duration::from_secs(left));
            for kind in [CERTIFICATE, LICENCE] {
                let told = severity(ends_soon(&register(), kind, until, now));
                assert_eq!(told, expected, "{} days", left / DAY);
            }
        }
        let over = ends_soon(&register(), LICENCE, now.minus(Duration::from_secs(DAY)), now).unwrap();
        assert!(over.text.en.contains("ended"), "{over:?}");
    }

    #[test]
    fn a_shift_that_gets_too_old_is_told_ever_more_urgently() {
        let left = |minutes: u64| Some(Duration::from_secs(minutes * 60));
        let opened = UnixMillis(1_772_700_000_000);
        let table = [
            (left(60), "warning"),
            (left(15), "warning"),
            (left(14), "critical"),
            (None, "critical"),
        ];
        for (left, expected) in table {
            let told = shift_closing(&register(), opened, left);
            assert_eq!(told.severity.as_str(), expected, "{left:?}");
            assert!(!told.text.uk.is_empty() && !told.next_step.uk.is_empty());
        }
    }

    #[test]
    fn a_long_list_of_numbers_is_cut() {
        let numbers: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        assert_eq!(some(&numbers), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 … (12)");
        assert_eq!(some(&numbers[..1]), "0");
    }
}
