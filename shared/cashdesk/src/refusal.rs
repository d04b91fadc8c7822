//! What a refusal means. CashDesk has no error codes, so the HTTP status comes first, the words of the message second,
//! and `Shift-state` third (sheet §9). Words are hints: none of them makes a refusal into something that was done.

use crate::error::Level;

/// What a failure means for the caller's next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Nothing happened; the same request may be sent again later.
    NotDone,
    /// It may have happened. Ask first (sheet §10); never repeat a document on a guess.
    Unknown,
    /// Not done: a shift is open. For an opening that is success.
    ShiftAlreadyOpen,
    /// Not done: the shift is closed. Open it, then send once more.
    ShiftClosed,
    /// No link to the tax service: most likely not done, later. It comes under the same status as a permanent refusal
    /// and is told by its words only, so ask before sending again.
    TaxServiceAway,
    /// Not done: the cashier's key is not there. A person has to act.
    KeyAbsent,
    /// A report has to wait until the offline checks of its period are sent.
    QueueNotEmpty,
    /// There is no such thing.
    NotFound,
    /// Not done: token, password, `developer-id`, address or register. Every other request will fail the same way.
    Misconfigured,
    /// Not done because of what this request says; sent unchanged it is refused again.
    Refused,
}

/// What a request does, as far as a refusal's meaning depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    /// Changes nothing.
    Reading,
    /// Reads one thing by its id.
    One,
    /// Reads a period's report.
    Period,
    /// Opens a shift.
    Opening,
    /// Makes a document in an open shift.
    InShift,
    /// Makes a document, opening the shift if need be.
    OpeningItself,
}

impl Asks {
    /// Does it leave everything as it is?
    pub(crate) const fn only_reads(self) -> bool {
        match self {
            Self::Reading | Self::One | Self::Period => true,
            Self::Opening | Self::InShift | Self::OpeningItself => false,
        }
    }
}

/// What came with a refusal.
pub(crate) struct Said<'a> {
    pub http_status: u16,
    pub message: &'a str,
    pub level: Option<&'a Level>,
    pub shift_open: Option<bool>,
}

pub(crate) fn class(said: &Said<'_>, asks: Asks) -> Class {
    match said.http_status {
        401 | 403 | 405 => return Class::Misconfigured,
        404 if asks == Asks::One => return Class::NotFound,
        404 => return Class::Misconfigured,
        429 => return Class::NotDone,
        _ => {}
    }
    if asks == Asks::Period && said.level == Some(&Level::Warning) {
        return Class::QueueNotEmpty;
    }
    if let Some(class) = told_by(said.message) {
        return class;
    }
    match (asks, said.shift_open) {
        (Asks::Opening, Some(true)) => Class::ShiftAlreadyOpen,
        (Asks::InShift, Some(false)) => Class::ShiftClosed,
        (Asks::Opening, Some(false) | None)
        | (Asks::InShift, Some(true) | None)
        | (Asks::Reading | Asks::One | Asks::Period | Asks::OpeningItself, _) => Class::Refused,
    }
}

/// What the words say, if they say anything we know.
fn told_by(message: &str) -> Option<Class> {
    let text = plain(message);
    let has = |needles: &[&str]| needles.iter().any(|needle| text.contains(needle));
    let is_shift = has(&["змін", "shift"]);

    if has(&["developer-id", "developer_id", "api_token", "токен"]) {
        return Some(Class::Misconfigured);
    }
    if is_shift && has(&["вже відкри", "уже відкри", "already open"]) {
        return Some(Class::ShiftAlreadyOpen);
    }
    // Not the stem alone: «закрити зміну» says what is to be done, not what is.
    let closed = [
        "закрита",
        "закрито",
        "не відкрита",
        "не відкрито",
        "немає відкрит",
        "відкрийте",
    ];
    if is_shift && (has(&closed) || has(&["not open", "is closed"])) {
        return Some(Class::ShiftClosed);
    }
    // Whole words: «ключ» also sits in «підключення» and «виключно».
    let keys = ["ключ", "ключа", "ключі", "ключів", "ключем", "ключу", "кеп"];
    if text
        .split(|c: char| !c.is_alphabetic())
        .any(|word| keys.contains(&word))
    {
        return Some(Class::KeyAbsent);
    }
    let service = has(&["дпс", "податков", "фіскальн"]);
    let silent = has(&["недоступ", "не відповіда", "тайм-аут", "таймаут", "timeout"]);
    if has(&["звязок", "звязку", "зєднан"]) || service && silent {
        return Some(Class::TaxServiceAway);
    }
    None
}

/// Lower-case, without the apostrophe in its many shapes, and without «у зв'язку з», which means "because of".
fn plain(message: &str) -> String {
    let text: String = message
        .to_lowercase()
        .chars()
        .filter(|c| !matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '"'))
        .collect();
    text.replace("у звязку з", " ").replace("в звязку з", " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(http_status: u16, message: &str, asks: Asks) -> Class {
        let said = Said {
            http_status,
            message,
            level: None,
            shift_open: None,
        };
        class(&said, asks)
    }

    #[test]
    fn the_status_goes_before_the_words() {
        for (http_status, asks, expected) in [
            (401, Asks::InShift, Class::Misconfigured),
            (403, Asks::Reading, Class::Misconfigured),
            (404, Asks::One, Class::NotFound),
            (404, Asks::InShift, Class::Misconfigured),
            (405, Asks::InShift, Class::Misconfigured),
            (429, Asks::InShift, Class::NotDone),
        ] {
            assert_eq!(
                check(http_status, "Зміна вже відкрита", asks),
                expected,
                "{http_status}"
            );
        }
    }

    #[test]
    fn words_are_recognised_in_any_case_and_with_any_apostrophe() {
        for (message, expected) in [
            ("Зміна вже відкрита", Class::ShiftAlreadyOpen),
            ("Зміну ВЖЕ ВІДКРИТО іншим касиром", Class::ShiftAlreadyOpen),
            ("Зміна закрита", Class::ShiftClosed),
            ("Зміна не відкрита. Відкрийте зміну", Class::ShiftClosed),
            ("Немає відкритої зміни", Class::ShiftClosed),
            ("Зміна вже закрита", Class::ShiftClosed),
            ("Неможливо закрити зміну: у касі є помилки", Class::Refused),
            ("Касу вже відкрито", Class::Refused),
            ("Відсутній ключ касира", Class::KeyAbsent),
            ("Ключі не завантажено", Class::KeyAbsent),
            ("Термін дії КЕП закінчився", Class::KeyAbsent),
            ("Невірний ключ api_token", Class::Misconfigured),
            ("Знижка діє виключно для карток", Class::Refused),
            ("Відсутній зв'язок з сервером ДПС", Class::TaxServiceAway),
            ("Немає зв’язку з податковою", Class::TaxServiceAway),
            ("Втрачено звʼязок", Class::TaxServiceAway),
            ("Помилка з`єднання", Class::TaxServiceAway),
            ("Сервер ДПС недоступний", Class::TaxServiceAway),
            ("Фіскальний сервер не відповідає", Class::TaxServiceAway),
            ("Товар недоступний", Class::Refused),
            ("Відхилено у зв'язку з перевищенням суми", Class::Refused),
            ("Поле developer-id дублюється", Class::Misconfigured),
            ("Сума оплат не дорівнює сумі товарів", Class::Refused),
            ("Sum of payments differs", Class::Refused),
            ("", Class::Refused),
        ] {
            assert_eq!(check(400, message, Asks::InShift), expected, "{message}");
            assert_eq!(check(422, message, Asks::OpeningItself), expected, "{message}");
        }
    }

    #[test]
    fn a_shift_state_explains_what_the_words_do_not() {
        let told = |asks, shift_open| {
            let said = Said {
                http_status: 400,
                message: "Помилка 17",
                level: Some(&Level::Error),
                shift_open: Some(shift_open),
            };
            class(&said, asks)
        };
        for (asks, shift_open, expected) in [
            (Asks::Opening, true, Class::ShiftAlreadyOpen),
            (Asks::Opening, false, Class::Refused),
            (Asks::InShift, true, Class::Refused),
            (Asks::InShift, false, Class::ShiftClosed),
            (Asks::OpeningItself, false, Class::Refused),
            (Asks::Reading, false, Class::Refused),
        ] {
            assert_eq!(told(asks, shift_open), expected, "{asks:?} {shift_open}");
        }
    }

    #[test]
    fn a_warning_makes_only_a_periods_report_wait() {
        for (asks, expected) in [
            (Asks::Period, Class::QueueNotEmpty),
            (Asks::Reading, Class::Refused),
            (Asks::InShift, Class::Refused),
        ] {
            let said = Said {
                http_status: 400,
                message: "Є невідправлені чеки",
                level: Some(&Level::Warning),
                shift_open: None,
            };
            assert_eq!(class(&said, asks), expected, "{asks:?}");
        }
    }
}
