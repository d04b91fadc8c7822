//! The ways to sign that a provider has.

use ledger::settings::Provider;
use maud::{Markup, html};

use super::super::super::super::language::Language;
use super::super::super::super::parts::Field;
use super::super::super::secret::secret_line;
use super::super::draft::Checked;
use super::super::key::Way;
use super::Page;

impl Page<'_> {
    pub(super) fn key(&self) -> Markup {
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
                @for way in self.ways() {
                    div.choice {
                        div.tick { label {
                            input type="radio" name="way" value=(way.as_str()) checked[way.as_str() == self.typed.way];
                            span { (words(l, self.provider(), way)) }
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

    /// Those the provider has.
    fn ways(&self) -> impl Iterator<Item = Way> {
        let keys = self.provider().keys();
        Way::ALL.into_iter().filter(|way| keys.contains(&way.kind()))
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
                (Field {
                    hint: login_hint(l, self.provider()),
                    problem: self.problems.at("login"),
                    ..Field::text(l.say("Логін", "Login"), "login", &self.typed.login)
                })
                (field("password", l.say("Пароль", "Password"), "login_password", ""))
            },
            Way::ApiToken => html! {
                (field("password", l.say("Ключ API", "API key"), "api_token",
                    l.say("Його створюють у кабінеті; він не має строку.", "It is made in the cabinet and has no end.")))
            },
        }
    }
}

fn words(l: Language, provider: Provider, way: Way) -> &'static str {
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
        Way::Login => match provider {
            Provider::CashDesk => l.say(
                "Користувач кабінету: e-mail і пароль",
                "The cabinet's user: e-mail and password",
            ),
            Provider::Cashalot | Provider::AtolOnline => l.say("Логін і пароль", "Login and password"),
        },
        Way::ApiToken => l.say("Постійний ключ API", "Permanent API key"),
    }
}

fn login_hint(l: Language, provider: Provider) -> &'static str {
    match provider {
        Provider::CashDesk => l.say(
            "E-mail, з яким заходять у кабінет CashDesk.",
            "The e-mail that opens CashDesk's cabinet.",
        ),
        Provider::Cashalot | Provider::AtolOnline => l.say(
            "Логін для API з кабінету, а не той, з яким у нього заходять.",
            "The API's login from the cabinet, not the one that opens it.",
        ),
    }
}

const fn has_secret(way: Way) -> bool {
    match way {
        Way::Keys | Way::KeyPin | Way::Login | Way::ApiToken => true,
        Way::SmartId | Way::Stored => false,
    }
}
