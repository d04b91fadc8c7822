//! The fields of a user.

use domain::ids::MerchantId;
use ledger::people::{Reach, Role};
use ledger::settings::Merchant;
use maud::{Markup, html};

use super::super::error::PageError;
use super::super::form::Form;
use super::super::language::Language;
use super::super::parts::{self, Field};
use super::super::visitor::Visitor;
use super::super::words;
use crate::AppState;

/// What the form says, or said before it was refused.
#[derive(Clone)]
pub(super) struct Fields {
    pub login: String,
    pub name: String,
    pub role: Role,
    pub reach: Reach,
    pub language: String,
    pub enabled: bool,
}

impl Fields {
    /// An operator of nobody yet.
    pub fn blank(l: Language) -> Self {
        Self {
            login: String::new(),
            name: String::new(),
            role: Role::Operator,
            reach: Reach::Merchants(Vec::new()),
            language: l.as_str().to_owned(),
            enabled: true,
        }
    }

    pub fn read(form: &Form) -> Result<Self, PageError> {
        let merchants = form
            .all("merchant")
            .iter()
            .map(|id| MerchantId::parse(id))
            .collect::<Result<_, _>>();
        Ok(Self {
            login: form.text("login").to_owned(),
            name: form.text("name").to_owned(),
            role: Role::parse(form.text("role")).ok_or(PageError::BadForm)?,
            reach: if form.ticked("everything") {
                Reach::Everything
            } else {
                Reach::Merchants(merchants.map_err(|_| PageError::BadForm)?)
            },
            language: form.text("language").to_owned(),
            enabled: !form.ticked("disabled"),
        })
    }
}

/// The merchants this administrator can give.
pub(super) async fn merchants(app: &AppState, visitor: &Visitor) -> Result<Vec<Merchant>, PageError> {
    Ok(app.ledger.merchants(visitor.reach()).await?)
}

/// Role and reach; name and language.
pub(super) fn show(visitor: &Visitor, fields: &Fields, merchants: &[Merchant]) -> Markup {
    let l = visitor.language;
    html! {
        (Field { required: true, ..Field::text(l.say("Ім'я", "Name"), "name", &fields.name) })
        fieldset {
            legend { (l.say("Що може робити", "What they may do")) }
            @for role in Role::ALL {
                div.tick { label {
                    input type="radio" name="role" value=(role.as_str()) checked[role == fields.role];
                    span { b { (words::role(l, role)) } ": " (what(l, role)) }
                } }
            }
        }
        fieldset {
            legend { (l.say("Кого бачить", "Whose data they see")) }
            @if *visitor.reach() == Reach::Everything {
                (parts::tick(l.say("Усіх продавців, також майбутніх", "Every merchant, future ones too"), "everything",
                    fields.reach == Reach::Everything, ""))
            }
            @for merchant in merchants {
                div.tick { label {
                    input type="checkbox" name="merchant" value=(merchant.id)
                        checked[fields.reach != Reach::Everything && fields.reach.sees(merchant.id.as_str())];
                    span { (merchant.name) " (" (merchant.id) ")" }
                } }
            }
        }
    }
}

fn what(l: Language, role: Role) -> &'static str {
    match role {
        Role::Administrator => l.say(
            "усе, також налаштування, ключі й користувачі",
            "everything, also settings, keys and users",
        ),
        Role::Operator => l.say(
            "дивиться і діє: надсилає ще раз, закриває зміни",
            "sees and acts: resends, closes shifts",
        ),
        Role::Accountant => l.say(
            "дивиться й вивантажує, нічого не змінює",
            "sees and exports, changes nothing",
        ),
    }
}
