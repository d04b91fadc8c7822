//! The fields of the form, as far as the provider has them.

use domain::refund::RefundPolicy;
use maud::{Markup, html};

use super::super::super::super::parts::{self, Field};
use super::super::super::merchant_choice;
use super::super::draft::Checked;
use super::super::found::Found;
use super::super::typed::LETTERS;
use super::super::{about, options};
use super::Page;

impl Page<'_> {
    pub(super) fn names(&self) -> Markup {
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

    pub(super) fn address(&self) -> Markup {
        let l = self.visitor.language;
        html! {
            @if self.known.is_some() {
                p { (l.say("Постачальник: ", "Provider: ")) strong { (self.provider().name()) } }
            }
            (self.problem("provider"))
            (Field {
                kind: "url",
                hint: about::address_hint(l, self.provider()),
                problem: self.problems.at("base_url"),
                required: true,
                ..Field::text(l.say("Адреса сервісу", "Address of the service"), "base_url", &self.typed.base_url)
            })
        }
    }

    pub(super) fn options(&self) -> Markup {
        let l = self.visitor.language;
        html! {
            @if !self.provider().options().is_empty() {
                fieldset {
                    legend { (l.say("Налаштування ", "Settings of ")) (self.provider().name()) }
                    (options::fields(l, self.provider(), &self.typed.options, &self.problems))
                }
            }
        }
    }

    pub(super) fn number(&self) -> Markup {
        let l = self.visitor.language;
        let (label, hint) = about::number(l, self.provider());
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
                    hint,
                    problem: self.problems.at("number"),
                    required: !about::lists_registers(self.provider()),
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

    pub(super) fn taxes(&self) -> Markup {
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
                        p.hint { (about::letters_hint(l, self.provider())) }
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

    pub(super) fn day(&self) -> Markup {
        let l = self.visitor.language;
        let can = self.provider().capabilities();
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
            @if can.shifts {
                (Field {
                    kind: "time",
                    hint: l.say(
                        "За Києвом. Зміна закриється тоді, і в будь-якому разі за 23 години. Порожнє: лише за 23 години.",
                        "In Kyiv. The shift closes then, and in any case after 23 hours. Empty: only after 23 hours.",
                    ),
                    problem: self.problems.at("close_at"),
                    ..Field::text(l.say("Закриття дня", "Closing time"), "close_at", &self.typed.close_at)
                })
            }
            @if can.storno {
                (parts::select(l.say("Повне повернення", "Full refund"), "refund_policy", &self.typed.refund_policy, &policies))
                (self.problem("refund_policy"))
            }
        }
    }
}
