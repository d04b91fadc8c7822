//! The page of a register that is being set up: what was found, then the form.

use axum::response::Html;
use domain::refund::RefundPolicy;
use ledger::settings::{Merchant, Provider, Register, SecretInfo};
use maud::{Markup, html};

use super::super::super::page;
use super::super::super::parts::{self, Field, Tone, badge};
use super::super::super::visitor::Visitor;
use super::super::merchant_choice;
use super::super::problems::Problems;
use super::super::secret::secret_line;
use super::draft::{Checked, Draft};
use super::found::Found;
use super::key::Way;
use super::typed::{LETTERS, Typed};
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
                @if let Some((id, draft)) = self.draft { (self.outcome(app, id, draft)) }
                section.card {
                    p.soft { (l.say(
                        "Спершу Kasyr перевірить ключ і касу в Cashälot і покаже, що знайшов. До того нічого не зберігається.",
                        "First Kasyr checks key and register with Cashälot and shows what it found. Nothing is saved before that.",
                    )) }
                    (self.form())
                }
            }
        };
        page::of(self.visitor, &title, &body)
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
                    h2 #outcome-title { (badge(Tone::Good, l.say("Усе гаразд", "All is well"))) " "
                        (l.say("Касу можна зберегти", "The register can be saved")) }
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
                    (obstacle.show(l, &given.credentials))
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
                (self.names())
                (self.provider())
                (self.key())
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

    fn names(&self) -> Markup {
        let l = self.visitor.language;
        html! {
            @if self.known.is_none() {
                (merchant_choice::field(l, self.merchants, &self.typed.merchant, &self.problems))
                (Field {
                    hint: l.say(
                        "Наше ім’я каси, латиницею. Потім не змінюється.",
                        "Our name of the register, in latin letters. It cannot be changed later.",
                    ),
                    problem: self.problems.at("id"),
                    required: true,
                    ..Field::text(l.say("Ідентифікатор", "Id"), "id", &self.typed.id)
                })
            }
        }
    }

    fn provider(&self) -> Markup {
        let l = self.visitor.language;
        let providers = [(Provider::Cashalot.as_str(), "Cashälot WEB API")];
        html! {
            (parts::select(l.say("Постачальник", "Provider"), "provider", &self.typed.provider, &providers))
            (self.problem("provider"))
            (Field {
                kind: "url",
                hint: l.say(
                    "Хмарний сервіс уже вписано; для свого сервера вкажіть його адресу.",
                    "The cloud service is filled in; for a server of your own give its address.",
                ),
                problem: self.problems.at("base_url"),
                required: true,
                ..Field::text(l.say("Адреса сервісу", "Address of the service"), "base_url", &self.typed.base_url)
            })
        }
    }

    fn key(&self) -> Markup {
        let l = self.visitor.language;
        let kept = self
            .draft
            .and_then(|(_, draft)| draft.given.as_ref())
            .map(|given| Way::of(&given.credentials));
        let wrong = self.draft.is_some_and(|(_, draft)| match &draft.checked {
            Checked::Stopped { obstacle, .. } => obstacle.is_the_key(),
            Checked::Told { .. } | Checked::No => false,
        });
        let saved = self.known.map(|register| Way::of(&register.credentials));
        html! {
            fieldset {
                legend { (l.say("Підпис", "Signature")) }
                (self.problem("way"))
                @for way in Way::ALL.into_iter().filter(|way| Provider::parse(&self.typed.provider).is_some_and(|provider| provider.keys().contains(&way.kind()))) {
                    div.choice {
                        div.tick { label {
                            input type="radio" name="way" value=(way.as_str()) checked[way.as_str() == self.typed.way];
                            span { (words(l, way)) }
                        } }
                        div.inside {
                            @if kept == Some(way) {
                                @if !wrong { p.hint { (l.say(
                                    "Даний ключ чекає 15 хвилин; вводити його ще раз не треба.",
                                    "The key you gave waits for 15 minutes; it need not be given again.",
                                )) } }
                            } @else if let Some(info) = self.secret.as_ref().filter(|_| saved == Some(way) && has_secret(way)) {
                                (secret_line(l, l.say("Ключ", "Key"), info))
                            }
                            (self.secrets(way))
                        }
                    }
                }
            }
        }
    }

    fn secrets(&self, way: Way) -> Markup {
        let l = self.visitor.language;
        let field = |kind, label, name, hint| Field {
            kind,
            hint,
            problem: self.problems.at(name),
            ..Field::text(label, name, "")
        };
        match way {
            Way::Keys => html! {
                (field("file", l.say("Сертифікат", "Certificate"), "certificate",
                    l.say("Файл .cer або .crt ключа для підпису.", "The .cer or .crt file of the signing key.")))
                (field("file", l.say("Контейнер ключа", "Key container"), "private_key",
                    l.say("Файл .dat (Key-6.dat), .jks, .pfx або .zs2.", "A .dat (Key-6.dat), .jks, .pfx or .zs2 file.")))
                (field("password", l.say("Пароль контейнера", "Container's password"), "password", ""))
            },
            Way::KeyPin => html! {
                (field("password", "KeyPin", "key_pin", l.say(
                    "Із кабінету Cashälot, де зберігається ключ.",
                    "From Cashälot's cabinet, where the key lies.",
                )))
            },
            Way::SmartId => html! { p.hint { (l.say(
                "Підписує хмарний сервіс; його під’єднують у кабінеті Cashälot.",
                "A cloud service signs; it is connected in Cashälot's cabinet.",
            )) } },
            Way::Stored => html! { p.hint { (l.say(
                "Ключ раніше збережено на вашому сервері Cashälot командою Setup.",
                "The key was stored at your Cashälot server with its Setup command.",
            )) } },
            Way::Login => html! {
                (field("text", l.say("Логін", "Login"), "login", ""))
                (field("password", l.say("Пароль", "Password"), "login_password", ""))
            },
            Way::ApiToken => html! {
                (field("password", l.say("Ключ API", "API key"), "api_token", ""))
            },
        }
    }

    fn number(&self) -> Markup {
        let l = self.visitor.language;
        let label = l.say("Фіскальний номер каси", "Register's fiscal number");
        match self.found() {
            Some(found) => html! {
                fieldset {
                    legend { (label) }
                    (self.problem("number"))
                    (found.choice(l, &self.typed.number))
                }
            },
            None => html! {
                (Field {
                    hint: l.say(
                        "Можна залишити порожнім: після перевірки ви виберете касу зі списку.",
                        "It may be left empty: after the check you choose the register from a list.",
                    ),
                    problem: self.problems.at("number"),
                    ..Field::text(label, "number", &self.typed.number)
                })
            },
        }
    }

    /// A list to choose from, if there is anything in it.
    fn found(&self) -> Option<&Found> {
        let found = match &self.draft?.1.checked {
            Checked::Told { found, .. } => Some(found),
            Checked::Stopped { found, .. } => found.as_ref(),
            Checked::No => None,
        };
        found.filter(|found| !found.numbers().is_empty())
    }

    fn taxes(&self) -> Markup {
        let l = self.visitor.language;
        let letters = &self.typed.letters;
        let rows = (letters.len() + 1).clamp(3, LETTERS);
        let at = |place: usize| {
            letters
                .get(place)
                .map_or(("", ""), |(letter, rate)| (letter.as_str(), rate.as_str()))
        };
        let radio = |value: &str, text: &str| {
            html! {
                div.tick { label {
                    input type="radio" name="vat" value=(value) checked[self.typed.vat == value];
                    span { (text) }
                } }
            }
        };
        html! {
            fieldset {
                legend { (l.say("ПДВ", "VAT")) }
                (self.problem("vat"))
                (radio("none", l.say("Не платник ПДВ", "Does not pay VAT")))
                div.choice {
                    (radio("letters", l.say("Платник ПДВ: літери й ставки", "Pays VAT: letters and rates")))
                    div.inside {
                        p.hint { (l.say(
                            "Літери — як у налаштуваннях каси: зазвичай А — 20 %, Б — 7 %.",
                            "The letters are the register's own: usually А is 20 %, Б is 7 %.",
                        )) }
                        @for place in 0..rows {
                            div.filters {
                                (Field::text(l.say("Літера", "Letter"), &format!("letter-{place}"), at(place).0))
                                (Field::text(l.say("Ставка, %", "Rate, %"), &format!("rate-{place}"), at(place).1))
                            }
                        }
                        (Field {
                            hint: l.say(
                                "Для товару, про який магазин нічого не сказав.",
                                "For goods of which the shop says nothing.",
                            ),
                            ..Field::text(l.say("Звичайна літера", "Usual letter"), "default_letter", &self.typed.default_letter)
                        })
                    }
                }
            }
        }
    }

    fn day(&self) -> Markup {
        let l = self.visitor.language;
        let policies = [
            (
                RefundPolicy::StornoFirst.as_str(),
                l.say("Спершу сторно, якщо ще можна", "Storno first, where it still can be"),
            ),
            (
                RefundPolicy::ReturnOnly.as_str(),
                l.say("Завжди чек повернення", "Always a return receipt"),
            ),
        ];
        html! {
            (Field {
                kind: "time",
                hint: l.say(
                    "За Києвом. Зміна закриється тоді, і в будь-якому разі за 23 години. Порожнє: лише за 23 години.",
                    "In Kyiv. The shift closes then, and in any case after 23 hours. Empty: only after 23 hours.",
                ),
                problem: self.problems.at("close_at"),
                ..Field::text(l.say("Закриття дня", "Closing time"), "close_at", &self.typed.close_at)
            })
            (parts::select(l.say("Повне повернення", "Full refund"), "refund_policy", &self.typed.refund_policy, &policies))
            (self.problem("refund_policy"))
        }
    }
}

fn words(l: super::super::super::language::Language, way: Way) -> &'static str {
    match way {
        Way::Keys => l.say("Файли ключа з паролем", "Key files with a password"),
        Way::KeyPin => l.say(
            "KeyPin: ключ у кабінеті Cashälot",
            "KeyPin: the key is in Cashälot's cabinet",
        ),
        Way::SmartId => "SmartID",
        Way::Stored => l.say(
            "Ключ збережено на сервері Cashälot",
            "The key is stored at the Cashälot server",
        ),
        Way::Login => l.say("Логін і пароль", "Login and password"),
        Way::ApiToken => l.say("Постійний ключ API", "Permanent API key"),
    }
}

const fn has_secret(way: Way) -> bool {
    match way {
        Way::Keys | Way::KeyPin | Way::Login | Way::ApiToken => true,
        Way::SmartId | Way::Stored => false,
    }
}
