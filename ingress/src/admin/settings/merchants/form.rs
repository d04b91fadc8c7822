//! The form of a merchant.

use ledger::settings::Merchant;
use maud::{Markup, html};

use super::super::super::parts::{self, Field};
use super::super::super::visitor::Visitor;
use super::super::problems::Problems;

/// What was typed.
#[derive(Default)]
pub(super) struct Typed {
    pub id: String,
    pub name: String,
}

/// `known`: the merchant whose name is edited; its id stays.
pub(super) fn form(visitor: &Visitor, known: Option<&Merchant>, typed: &Typed, problems: &Problems) -> Markup {
    let l = visitor.language;
    let action = match known {
        Some(merchant) => format!("/settings/merchants/{}/edit", merchant.id),
        None => "/settings/merchants/new".to_owned(),
    };
    parts::form(
        visitor,
        &action,
        html! {
            (Field {
                hint: l.say("Як у документах: ФОП Приклад або ТОВ «Приклад».", "As on documents: ФОП Приклад."),
                problem: problems.at("name"),
                required: true,
                ..Field::text(l.say("Назва", "Name"), "name", &typed.name)
            })
            @if known.is_none() {
                (Field {
                    hint: l.say(
                        "Коротке ім’я латиницею для адрес і файлів, наприклад flowers. Потім не змінюється.",
                        "A short name in latin letters for addresses and files, such as flowers. It cannot be changed later.",
                    ),
                    problem: problems.at("id"),
                    required: true,
                    ..Field::text(l.say("Ідентифікатор", "Id"), "id", &typed.id)
                })
            }
            button.main type="submit" { (l.say("Зберегти", "Save")) }
        },
    )
}
