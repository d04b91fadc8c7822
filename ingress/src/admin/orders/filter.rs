//! What orders are looked for, as the address says it.

use domain::ids::{MerchantId, RegisterId};
use ledger::fiscalization::Fiscalization;
use ledger::search::OrderFilter;
use maud::{Markup, html};
use serde::Deserialize;

use super::super::language::Language;
use super::super::parts::{self, Field};
use super::super::words;
use crate::day;

/// As the address says it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    text: String,
    status: String,
    register: String,
    merchant: String,
    from: String,
    to: String,
    after: String,
}

impl Wish {
    /// What cannot be read is no condition; the form shows what was taken.
    pub fn filter(&self) -> OrderFilter {
        OrderFilter {
            text: self.text.trim().to_owned(),
            merchant: MerchantId::parse(self.merchant.trim()).ok(),
            register: RegisterId::parse(self.register.trim()).ok(),
            status: Fiscalization::parse(&self.status),
            kind: None,
            from: day::midnight(&self.from, 0),
            to: day::midnight(&self.to, 1),
            amount: None,
        }
    }

    /// The last order of the page before.
    pub fn after(&self) -> Option<&str> {
        Some(self.after.as_str()).filter(|after| !after.is_empty())
    }

    /// Is anything asked for?
    pub fn is_empty(&self) -> bool {
        self.pairs().iter().all(|(_, value)| value.trim().is_empty())
    }

    fn pairs(&self) -> [(&'static str, &str); 6] {
        [
            ("text", &self.text),
            ("status", &self.status),
            ("register", &self.register),
            ("merchant", &self.merchant),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }

    /// The same conditions at another place of the list, or elsewhere.
    pub fn link(&self, path: &str, after: Option<&str>) -> String {
        parts::link(
            path,
            self.pairs().into_iter().chain(after.map(|after| ("after", after))),
        )
    }

    /// The form.
    pub fn form(&self, l: Language) -> Markup {
        let statuses: Vec<(&str, &str)> = std::iter::once(("", l.say("будь-який", "any")))
            .chain(Fiscalization::ALL.map(|status| (status.as_str(), words::status(l, status).1)))
            .collect();
        html! {
            form.filters method="get" action="/orders" role="search" {
                div.field.wide {
                    label for="search" { (l.say("Пошук", "Search")) }
                    input #search type="search" name="text" value=(self.text) autocomplete="off" aria-describedby="search-about";
                }
                (parts::select(l.say("Стан", "Status"), "status", &self.status, &statuses))
                (Field::text(l.say("Каса", "Register"), "register", &self.register))
                (Field { kind: "date", ..Field::text(l.say("Від", "From"), "from", &self.from) })
                (Field { kind: "date", ..Field::text(l.say("До", "To"), "to", &self.to) })
                @if !self.merchant.is_empty() { input type="hidden" name="merchant" value=(self.merchant); }
                button.main type="submit" { (l.say("Шукати", "Search")) }
            }
            p.hint #search-about { (l.say(
                "Номер замовлення, фіскальний номер, останні 4 цифри картки, e-mail або сума, наприклад 267,50.",
                "Order id, fiscal number, the card's last 4 digits, e-mail, or an amount such as 267.50.",
            )) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_what_was_asked() {
        let wish = Wish {
            text: "a&b".to_owned(),
            status: "held".to_owned(),
            ..Wish::default()
        };
        assert_eq!(
            wish.link("/orders", Some("x")),
            "/orders?text=a%26b&status=held&after=x"
        );
        assert_eq!(Wish::default().link("/orders", None), "/orders");
        assert!(Wish::default().is_empty() && !wish.is_empty());
    }
}
