//! What is wrong with a form, by field, in the reader's language.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::ids::IdError;
use domain::tax::TaxError;
use ledger::settings_rules::SettingError;
use maud::{Markup, html};

use super::super::language::Language;

/// The first thing that is wrong with each field.
#[derive(Clone, Debug, Default)]
pub(super) struct Problems(BTreeMap<Cow<'static, str>, String>);

impl Problems {
    /// What is wrong with a field; empty if nothing is.
    pub fn at(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    /// The same as a line under a field that has none of its own.
    pub fn line(&self, field: &str) -> Markup {
        let text = self.at(field);
        html! { @if !text.is_empty() { p.problem { (text) } } }
    }

    pub fn tell(&mut self, field: impl Into<Cow<'static, str>>, text: impl Into<String>) {
        self.0.entry(field.into()).or_insert_with(|| text.into());
    }

    /// The value, or its problem is told.
    pub fn keep<T>(&mut self, field: &'static str, result: Result<T, impl Into<String>>) -> Option<T> {
        result.map_err(|text| self.tell(field, text)).ok()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Why a text is not an id.
pub(super) fn id(l: Language, error: &IdError) -> String {
    match error {
        IdError::Empty => empty(l),
        IdError::TooLong(limit) => too_long(l, *limit),
        IdError::ControlCharacter => l
            .say(
                "Тут є символ, який не друкується.",
                "It has a character that cannot be printed.",
            )
            .to_owned(),
        IdError::NotAShortId => l
            .say(
                "Лише латинські літери, цифри, «-» і «_», без пропусків.",
                "Only latin letters, digits, “-” and “_”, without spaces.",
            )
            .to_owned(),
        IdError::NotDigits => l.say("Тут мають бути лише цифри.", "It has only digits.").to_owned(),
        IdError::NotAnId => l.say("Це не ідентифікатор.", "It is not an id.").to_owned(),
    }
}

/// Why a written setting cannot be used.
pub(super) fn setting(l: Language, error: SettingError) -> &'static str {
    match error {
        SettingError::OtherProvider(_) => l.say(
            "Ці сповіщення надсилає інший провайдер: виберіть касу, яка працює через нього.",
            "These notices come from another provider: choose a register that works through it.",
        ),
        SettingError::NotAnAddress => l.say(
            "Адреса має починатися з https:// (або http://).",
            "The address must begin with https:// (or http://).",
        ),
        SettingError::NotATimeOfDay => l.say("Час пишуть так: 23:30.", "A time of day is written like 23:30."),
        SettingError::NotAMerchantNumber => l.say(
            "Номер продавця у Fondy — лише цифри, наприклад 1396424.",
            "A merchant's number at Fondy has only digits, such as 1396424.",
        ),
        SettingError::NotAnAccount => l.say(
            "Назва облікового запису: латинські літери, цифри й знаки, без пропусків.",
            "An account's name: latin letters, digits and signs, without spaces.",
        ),
        SettingError::MustConfirm => l.say(
            "Вебхук monobank не називає продавця, тож без підтвердження банком йому не вірять.",
            "A webhook of monobank names no merchant, so it is not believed unless the bank confirms it.",
        ),
        SettingError::AlwaysConfirmed => l.say(
            "Сповіщень провайдера ніхто не підписує, тож кожне підтверджується в самого провайдера.",
            "Nothing signs a provider's notices, so each is confirmed with the provider itself.",
        ),
        SettingError::NothingElse => l.say(
            "Сповіщення провайдера не мають облікового запису й адреси API: залиште поле порожнім.",
            "A provider's notices have no account and no API address: leave the field empty.",
        ),
        SettingError::NotAPathSecret => l.say(
            "Секрет стоїть в адресі: щонайменше 16 латинських літер, цифр, «-» і «_».",
            "The secret stands in the address: at least 16 latin letters, digits, '-' and '_'.",
        ),
        SettingError::OnlyFondy => l.say(
            "Розподіл між одержувачами й чеки платіжної системи є лише у Fondy.",
            "Splits and receipts made by the payment system are Fondy's only.",
        ),
        SettingError::NotAnAddressRange => l.say(
            "Лише IP-адреси або мережі через пробіл, наприклад 54.154.216.60 чи 10.0.0.0/8.",
            "Only IP addresses or networks with spaces between them, such as 54.154.216.60 or 10.0.0.0/8.",
        ),
        SettingError::NotHours => l.say(
            "Ціле число годин, від 0 до 720 (місяць).",
            "A whole number of hours, from 0 to 720 (a month).",
        ),
    }
}

/// Why letters and rates make no sense.
pub(super) fn tax(l: Language, error: &TaxError) -> String {
    match error {
        TaxError::NotALetter => l
            .say(
                "Літера ставки — це рівно одна літера.",
                "A rate's letter is exactly one letter.",
            )
            .to_owned(),
        TaxError::RateOutOfRange => l
            .say("Ставка буває від 0 до 100 %.", "A rate is between 0 and 100 %.")
            .to_owned(),
        TaxError::NotAPercentage => l
            .say("Ставку пишуть так: 20 або 14.5.", "A rate is written like 20 or 14.5.")
            .to_owned(),
        TaxError::DefaultWithoutRate(letter) => match l {
            Language::Uk => format!("Для звичайної літери {letter} не вказано ставки."),
            Language::En => format!("The usual letter {letter} has no rate."),
        },
    }
}

pub(super) fn empty(l: Language) -> String {
    l.say("Заповніть це поле.", "Fill this in.").to_owned()
}

pub(super) fn not_offered(l: Language) -> &'static str {
    l.say("Виберіть одне з наведеного.", "Choose one of those offered.")
}

pub(super) fn too_long(l: Language, limit: usize) -> String {
    match l {
        Language::Uk => format!("Задовге: щонайбільше {limit} символів."),
        Language::En => format!("Too long: {limit} characters at most."),
    }
}

/// A name people read: 1 to 200 characters on one line.
pub(super) fn name(l: Language, text: &str) -> Result<String, String> {
    const LONGEST: usize = 200;
    match text.chars().count() {
        0 => Err(empty(l)),
        1..=LONGEST if !text.chars().any(char::is_control) => Ok(text.to_owned()),
        1..=LONGEST => Err(id(l, &IdError::ControlCharacter)),
        _ => Err(too_long(l, LONGEST)),
    }
}
