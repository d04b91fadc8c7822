//! The provider's own settings in the form: fields by its rules, and what is wrong with them.

use std::collections::BTreeMap;

use ledger::settings::{OptionError, OptionRule, Provider};
use maud::{Markup, html};
use url::Url;

use super::super::super::form::Form;
use super::super::super::language::Language;
use super::super::super::parts::{self, Field};
use super::super::problems::{self, Problems};

/// By name; what is empty is left out.
pub(super) type Options = BTreeMap<String, String>;

/// An option's field; other fields have such names, too.
fn field(name: &str) -> String {
    format!("option-{name}")
}

/// Those the provider has, as typed.
pub(super) fn read(form: &Form, provider: Provider) -> Options {
    let typed = provider.options().iter().map(|rule| {
        let value = form.text(&field(rule.name)).trim().to_owned();
        (rule.name.to_owned(), value)
    });
    typed.filter(|(_, value)| !value.is_empty()).collect()
}

/// Tells what is wrong with them.
pub(super) fn check(
    l: Language,
    provider: Provider,
    options: &Options,
    base_url: Option<&Url>,
    problems: &mut Problems,
) {
    let given = options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for wrong in provider.check_options(given) {
        match wrong {
            OptionError::Missing(name) => problems.tell(field(name), problems::empty(l)),
            OptionError::TooLong(name, longest) => problems.tell(field(name), problems::too_long(l, longest)),
            OptionError::NotOneOf(name, _) => problems.tell(field(name), problems::not_offered(l)),
            OptionError::Unknown(name) => problems.tell(field(&name), problems::not_offered(l)),
        }
    }
    match provider {
        Provider::Cashalot | Provider::CashDesk => {}
        Provider::AtolOnline => check_atol(l, options, base_url, problems),
    }
}

/// What its rules cannot say: one depends on another.
fn check_atol(l: Language, options: &Options, base_url: Option<&Url>, problems: &mut Problems) {
    let value = |name: &str| options.get(name).map_or("", String::as_str);
    let inn = value("inn");
    let could_be = matches!(inn.len(), 10 | 12) && inn.bytes().all(|byte| byte.is_ascii_digit());
    if !inn.is_empty() && !could_be {
        problems.tell(
            field("inn"),
            l.say("ІНН — це 10 або 12 цифр.", "An INN has 10 or 12 digits."),
        );
    }
    if value("protocol") == "v5" && value("sno").is_empty() {
        problems.tell(
            field("sno"),
            l.say("Для протоколу v5 її треба вибрати.", "The protocol v5 needs it."),
        );
    }
    let last = base_url.and_then(|url| url.path_segments()?.rfind(|part| !part.is_empty()));
    if let Some(version @ ("v4" | "v5")) = last
        && version != value("protocol")
    {
        problems.tell(
            "base_url",
            l.say(
                "Версія в кінці адреси й протокол різні.",
                "The version at the address's end is not the protocol's.",
            ),
        );
    }
}

/// Their fields.
pub(super) fn fields(l: Language, provider: Provider, options: &Options, problems: &Problems) -> Markup {
    html! {
        @for rule in provider.options() {
            (one(l, rule, options.get(rule.name).map_or("", String::as_str), problems))
        }
    }
}

fn one(l: Language, rule: &OptionRule, value: &str, problems: &Problems) -> Markup {
    let (name, label) = (field(rule.name), l.say(rule.label.1, rule.label.0));
    if rule.values.is_empty() {
        return html! { (Field {
            problem: problems.at(&name),
            hint: if rule.required { "" } else { l.say("Необов’язково.", "It may be left empty.") },
            required: rule.required,
            ..Field::text(label, &name, value)
        }) };
    }
    let mut offered: Vec<(&str, &str)> = rule.values.iter().map(|value| (*value, *value)).collect();
    if !rule.required || !rule.values.contains(&value) {
        offered.insert(0, ("", l.say("не вибрано", "not chosen")));
    }
    html! {
        (parts::select(label, &name, value, &offered))
        (problems.line(&name))
    }
}
