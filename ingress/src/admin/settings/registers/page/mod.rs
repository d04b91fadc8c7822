//! The page of a register that is being set up: what was found, then the form.

mod fields;
mod key;

use axum::response::Html;
use ledger::settings::{Merchant, Provider, Register, SecretInfo};
use maud::{Markup, html};

use super::super::super::page;
use super::super::super::parts::{self, Tone, badge};
use super::super::super::visitor::Visitor;
use super::super::problems::Problems;
use super::about;
use super::draft::{Checked, Draft};
use super::typed::Typed;
use crate::AppState;

/// What the page shows.
pub(super) struct Page<'a> {
    visitor: &'a Visitor,
    merchants: &'a [Merchant],
    known: Option<&'a Register>,
    /// What is told of its key.
    secret: Option<SecretInfo>,
    typed: Typed,
    /// Its id and itself.
    draft: Option<(&'a str, &'a Draft)>,
    problems: Problems,
    said: Markup,
}

impl<'a> Page<'a> {
    /// Before any check.
    pub fn empty(visitor: &'a Visitor, merchants: &'a [Merchant], known: Option<&'a Register>, typed: Typed) -> Self {
        Self {
            visitor,
            merchants,
            known,
            secret: None,
            typed,
            draft: None,
            problems: Problems::default(),
            said: html! {},
        }
    }

    /// The same with what is told of the key that is kept.
    pub fn kept(mut self, secret: Option<SecretInfo>) -> Self {
        self.secret = secret;
        self
    }

    /// After one.
    pub fn checked(
        visitor: &'a Visitor,
        merchants: &'a [Merchant],
        known: Option<&'a Register>,
        id: &'a str,
        draft: &'a Draft,
        problems: Problems,
    ) -> Self {
        Self {
            visitor,
            merchants,
            known,
            secret: None,
            typed: draft.typed.clone(),
            draft: Some((id, draft)),
            problems,
            said: html! {},
        }
    }

    /// With what was just done.
    pub fn saying(self, said: Markup) -> Self {
        Self { said, ..self }
    }

    pub fn show(&self, app: &AppState) -> Html<String> {
        let l = self.visitor.language;
        let title = match self.known {
            Some(register) => format!("{} {}", l.say("Каса", "Register"), register.id),
            None => l.say("Нова каса", "New register").to_owned(),
        };
        let back = html! { a.button href="/settings" { (l.say("До налаштувань", "To the settings")) } };
        let body = html! {
            (parts::heading(&title, back))
            (self.said)
            @if self.merchants.is_empty() {
                section.card { (parts::empty(html! {
                    (l.say("Спершу додайте продавця: каса належить йому. ", "Add a merchant first: a register belongs to one. "))
                    a href="/settings/merchants/new" { (l.say("Додати продавця", "Add a merchant")) }
                })) }
            } @else {
                @if self.known.is_none() { (self.choice_of_provider()) }
                @if let Some((id, draft)) = self.draft { (self.outcome(app, id, draft)) }
                section.card {
                    p.soft { (self.promise()) }
                    (self.form())
                }
            }
        };
        page::of(self.visitor, &title, &body)
    }

    /// A provider's form is another one, so the provider comes first; the merchant stays.
    fn choice_of_provider(&self) -> Markup {
        let l = self.visitor.language;
        let link = |provider: Provider| {
            let pairs = [("provider", provider.as_str()), ("merchant", &self.typed.merchant)];
            parts::link("/settings/registers/new", pairs)
        };
        html! {
            nav.menu aria-label=(l.say("Постачальник", "Provider")) {
                @for provider in Provider::ALL.iter().copied() {
                    a href=(link(provider)) aria-current=[(provider == self.provider()).then_some("page")] { (provider.name()) }
                }
            }
        }
    }

    fn provider(&self) -> Provider {
        self.typed.provider()
    }

    fn promise(&self) -> String {
        let said = if about::lists_registers(self.provider()) {
            self.visitor.say(
                "Спершу Kasyr перевірить ключ і касу в {name} і покаже, що знайшов. До того нічого не зберігається.",
                "First Kasyr checks key and register with {name} and shows what it found. Nothing is saved before that.",
            )
        } else {
            self.visitor.say(
                "Спершу Kasyr перевірить логін і пароль у {name}. До того нічого не зберігається.",
                "First Kasyr checks login and password with {name}. Nothing is saved before that.",
            )
        };
        said.replace("{name}", self.provider().name())
    }

    fn outcome(&self, app: &AppState, id: &str, draft: &Draft) -> Markup {
        let l = self.visitor.language;
        let now = app.ledger.now();
        match (&draft.checked, &draft.given) {
            (
                Checked::Told {
                    found,
                    ready: Some(register),
                },
                _,
            ) => html! {
                section.card #outcome aria-labelledby="outcome-title" {
                    h2 #outcome-title {
                        @if found.is_whole() { (badge(Tone::Good, l.say("Усе гаразд", "All is well"))) }
                        @else { (badge(Tone::Warn, l.say("Перевірено не все", "Not all is checked"))) }
                        " " (l.say("Касу можна зберегти", "The register can be saved"))
                    }
                    (found.show(l, &self.typed, now))
                    (self.save(id, &register.fiscal_number.to_string()))
                }
            },
            (Checked::Told { found, ready: None }, _) => html! {
                section.card #outcome aria-labelledby="outcome-title" {
                    h2 #outcome-title { (badge(Tone::Good, l.say("Ключ працює", "The key works"))) " "
                        (l.say("Виберіть касу нижче і перевірте її", "Choose a register below and check it")) }
                    (found.show(l, &self.typed, now))
                }
            },
            (
                Checked::Stopped {
                    obstacle,
                    found,
                    unchecked,
                },
                Some(given),
            ) => html! {
                section.card.bad #outcome role="alert" aria-labelledby="outcome-title" {
                    h2 #outcome-title { (badge(Tone::Bad, l.say("Не перевірено", "Not checked"))) }
                    (obstacle.show(l, self.provider(), &given.credentials))
                    @if let Some(found) = found { (found.show(l, &self.typed, now)) }
                    @if unchecked.is_some() { (self.save_unchecked(id)) }
                    @else if obstacle.is_outage() {
                        p.hint { (l.say(
                            "Якщо чекати не можна, впишіть фіскальний номер і перевірте: тоді касу можна буде зберегти без перевірки.",
                            "If it cannot wait, fill in the fiscal number and check: then the register can be saved unchecked.",
                        )) }
                    }
                }
            },
            (Checked::No, _) | (Checked::Stopped { .. }, None) => html! {
                section.card.bad #outcome role="alert" {
                    p { (l.say(
                        "Дещо треба виправити; усе вписане на місці.",
                        "Something needs to be corrected; all that was typed is still there.",
                    )) }
                }
            },
        }
    }

    fn save(&self, draft: &str, number: &str) -> Markup {
        let l = self.visitor.language;
        parts::form(
            self.visitor,
            "/settings/registers/save",
            html! {
                input type="hidden" name="draft" value=(draft);
                button.main type="submit" { (l.say("Зберегти касу", "Save the register")) " " (number) }
            },
        )
    }

    fn save_unchecked(&self, draft: &str) -> Markup {
        let l = self.visitor.language;
        parts::ask_first(
            self.visitor,
            "/settings/registers/save",
            l.say("Зберегти без перевірки", "Save unchecked"),
            l.say(
                "Касу буде збережено так, як вписано. Якщо ключ чи номер неправильні, чеки чекатимуть, доки ви їх не виправите.",
                "The register is saved as typed. If key or number are wrong, receipts wait until you correct them.",
            ),
            html! {
                input type="hidden" name="draft" value=(draft);
                input type="hidden" name="unchecked" value="yes";
            },
            l.say("Зберегти без перевірки", "Save unchecked"),
        )
    }

    fn form(&self) -> Markup {
        let l = self.visitor.language;
        let action = match self.known {
            Some(register) => format!("/settings/registers/{}/edit", register.id),
            None => "/settings/registers/new".to_owned(),
        };
        parts::upload_form(
            self.visitor,
            &action,
            html! {
                @if let Some((id, _)) = self.draft { input type="hidden" name="draft" value=(id); }
                input type="hidden" name="provider" value=(self.provider().as_str());
                (self.names())
                (self.address())
                (self.key())
                (self.options())
                (self.number())
                (self.taxes())
                (self.day())
                button.main type="submit" { (l.say("Перевірити", "Check")) }
            },
        )
    }

    fn problem(&self, field: &str) -> Markup {
        self.problems.line(field)
    }
}
