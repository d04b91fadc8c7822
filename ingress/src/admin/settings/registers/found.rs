//! What the provider told, as people read it.

use std::time::Duration;

use domain::ids::RegisterNumber;
use domain::time::UnixMillis;
use ledger::settings::Provider;
use maud::{Markup, html};

use super::super::super::language::Language;
use super::super::super::parts::{self, Tone, badge};
use super::super::probe::{Certificate, KeyFacts, Listed, Place, RegisterFacts, Unit};
use super::about;
use super::typed::Typed;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// From here on a certificate's end is a warning, as the alert has it.
const SOON: u64 = 30;

/// What the provider told.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub provider: Provider,
    pub key: KeyFacts,
    /// The register that was chosen.
    pub register: Option<RegisterFacts>,
    /// Numbers that other registers have.
    pub taken: Vec<RegisterNumber>,
}

impl Found {
    /// Every register the key may work.
    pub fn numbers(&self) -> Vec<RegisterNumber> {
        let listed = self.key.units.iter().flat_map(|unit| &unit.registers);
        listed.map(|listed| listed.number.clone()).collect()
    }

    /// The register, if there is no choice.
    pub fn only(&self) -> Option<RegisterNumber> {
        let mut free = self.numbers();
        free.retain(|number| !self.taken.contains(number));
        match free.as_slice() {
            [only] => Some(only.clone()),
            [] | [_, ..] => None,
        }
    }

    /// Is there nothing that only people can compare?
    pub fn is_whole(&self) -> bool {
        self.register.as_ref().is_none_or(|register| register.told)
    }

    /// The choice of a register. `chosen`: its number as typed.
    pub fn choice(&self, l: Language, chosen: &str) -> Markup {
        let listed = self.numbers();
        let other = !chosen.is_empty() && !listed.iter().any(|number| number.to_string() == chosen);
        html! {
            @for unit in &self.key.units {
                @for register in &unit.registers { (self.offer(l, unit, register, chosen)) }
            }
            @if other {
                div.tick { label {
                    input type="radio" name="number" value=(chosen) checked;
                    span { (chosen) " — " (l.say("ключ її не показує", "the key does not show it")) }
                } }
            }
        }
    }

    fn offer(&self, l: Language, unit: &Unit, register: &Listed, chosen: &str) -> Markup {
        let number = register.number.to_string();
        let taken = self.taken.contains(&register.number);
        html! {
            div.tick { label {
                input type="radio" name="number" value=(number) checked[number == chosen && !taken] disabled[taken];
                span {
                    strong { (number) } " " (register.name) " — " (both(&unit.name, &unit.address)) " "
                    @if taken { (badge(Tone::Quiet, l.say("вже додано", "added already"))) " " }
                    @if register.cancelled { (badge(Tone::Bad, l.say("реєстрацію скасовано", "registration cancelled"))) }
                }
            } }
        }
    }

    /// All that was told, with what to mind.
    pub fn show(&self, l: Language, typed: &Typed, now: UnixMillis) -> Markup {
        let mut facts: Vec<(&'static str, Markup)> = Vec::new();
        facts.push((
            self.provider.name(),
            html! {
                (badge(Tone::Good, l.say("відповідає", "answers")))
                @if let Some(version) = &self.key.version { " " (version) }
            },
        ));
        if let Some(owner) = self.owner() {
            facts.push((l.say("Власник", "Owner"), html! { (owner) }));
        }
        if self.key.certificate != Certificate::NotNeeded {
            facts.push((
                l.say("Сертифікат", "Certificate"),
                certificate(l, self.provider, &self.key.certificate, now),
            ));
        }
        if let Some(register) = &self.register {
            facts.push((l.say("Каса", "Register"), html! { (register.number) }));
            if let Some(place) = &register.place {
                facts.push((l.say("Де", "Where"), html! { (both(&place.name, &place.address)) }));
            }
            if self.provider.capabilities().shifts {
                facts.push((l.say("Зміна", "Shift"), shift(l, register)));
            }
            if let Some(offline) = register.offline {
                facts.push((
                    l.say("Офлайн", "Offline"),
                    html! { (if offline { l.say("дозволено", "allowed") } else { l.say("не дозволено", "not allowed") }) },
                ));
            }
            if register.offline_now == Some(true) {
                facts.push((
                    l.say("Зв’язок", "Line"),
                    html! { (badge(Tone::Warn, l.say("зараз офлайн", "offline now"))) },
                ));
            }
            if let Some(until) = register.licence_until {
                facts.push((
                    l.say("Ліцензія постачальника", "Provider's licence"),
                    ends(l, until, now),
                ));
            }
        }
        html! {
            (parts::facts(facts))
            @for warning in self.warnings(l, typed) { p { (badge(Tone::Warn, l.say("Зверніть увагу", "Mind"))) " " (warning) } }
        }
    }

    /// Of the register that was chosen, else of all that the key may work.
    fn owner(&self) -> Option<&str> {
        let chosen = self.place().map(|place| place.owner.as_str());
        let all = self.key.units.iter().map(|unit| unit.owner.as_str());
        chosen.into_iter().chain(all).find(|owner| !owner.is_empty())
    }

    fn place(&self) -> Option<&Place> {
        self.register.as_ref()?.place.as_ref()
    }

    fn pays_vat(&self) -> bool {
        match self.place() {
            Some(place) => place.pays_vat,
            None => self.key.units.iter().any(|unit| unit.pays_vat),
        }
    }

    fn warnings(&self, l: Language, typed: &Typed) -> Vec<&'static str> {
        let pays_vat = self.pays_vat();
        let register = self.register.as_ref();
        let table = [
            (
                self.key.tax_service_away,
                l.say(
                    "Податкова зараз не відповідає; чеки робитимуться офлайн або пізніше.",
                    "The tax service does not answer now; receipts are made offline or later.",
                ),
            ),
            (
                register.is_some_and(|register| register.cancelled),
                l.say(
                    "Реєстрацію цієї каси скасовано; залишилося закрити її зміну.",
                    "This register's registration is cancelled; only its shift is left to be closed.",
                ),
            ),
            (
                register.is_some_and(|register| register.testing),
                l.say(
                    "Відкрито тестову зміну: її чеки не є фіскальними. Закрийте її перед роботою.",
                    "A test shift is open: its receipts are not fiscal. Close it before working.",
                ),
            ),
            (
                pays_vat && typed.vat == "none",
                l.say(
                    "Власник — платник ПДВ, а вибрано «без ПДВ».",
                    "The owner pays VAT, but “no VAT” is chosen.",
                ),
            ),
            (
                typed.base_url.starts_with("http://"),
                l.say(
                    "Адреса без TLS (http://): ключ і пароль ідуть відкрито. Так можна лише в межах одного сервера.",
                    "The address has no TLS (http://): key and password travel in clear. Only within one machine is that right.",
                ),
            ),
        ];
        let unseen = about::unseen(l, self.provider).filter(|_| !self.is_whole());
        let others = table.into_iter().filter(|(is, _)| *is).map(|(_, text)| text);
        unseen.into_iter().chain(others).collect()
    }
}

fn both(one: &str, other: &str) -> String {
    let parts: Vec<&str> = [one, other].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

fn certificate(l: Language, provider: Provider, certificate: &Certificate, now: UnixMillis) -> Markup {
    let name = provider.name();
    match certificate {
        Certificate::NotNeeded => html! {},
        Certificate::AtProvider => match l {
            Language::Uk => html! { span.soft { "ключ зберігається в " (name) "; його строк видно лише там" } },
            Language::En => html! { span.soft { "the key lies at " (name) "; when it ends is seen only there" } },
        },
        Certificate::NotTold => {
            html! { span.soft { (name) (l.say(" про нього не сказав", " did not tell")) } }
        }
        Certificate::Known {
            owner,
            tax_number,
            until,
        } => html! {
            @if let Some(owner) = owner { (owner) }
            @if let Some(number) = tax_number { " (" (number) ")" }
            @if let Some(until) = until { br; (ends(l, *until, now)) }
        },
    }
}

/// Until when, and how many days that is.
fn ends(l: Language, until: UnixMillis, now: UnixMillis) -> Markup {
    let days = until.since(now).as_secs() / DAY.as_secs();
    let left = l.count(days, ["день", "дні", "днів"], ["day left", "days left"]);
    let (tone, text) = if until <= now {
        (Tone::Bad, l.say("строк минув", "expired").to_owned())
    } else if days <= SOON {
        (Tone::Warn, left)
    } else {
        (Tone::Good, left)
    };
    html! { (l.say("до ", "until ")) (l.date(until)) " " (badge(tone, text)) }
}

fn shift(l: Language, register: &RegisterFacts) -> Markup {
    match (register.shift_open, &register.operator) {
        (Some(true), Some(operator)) => html! { (l.say("відкрита, ", "open, ")) (operator) },
        (Some(true), None) => html! { (l.say("відкрита", "open")) },
        (Some(false), _) => html! { (l.say("закрита; перший чек її відкриє", "closed; the first receipt opens it")) },
        (None, _) => html! { (l.say("не сказано", "not told")) },
    }
}
