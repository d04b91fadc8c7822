//! What to list of the audit.

use ledger::audit::AuditFilter;
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
    actor: String,
    action: String,
    from: String,
    to: String,
    after: String,
}

impl Wish {
    /// What cannot be read is no condition; the form shows what was taken.
    pub fn filter(&self) -> AuditFilter {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        AuditFilter {
            actor: text(&self.actor),
            action: text(&self.action),
            from: day::midnight(&self.from, 0),
            to: day::midnight(&self.to, 1),
        }
    }

    /// The last entry of the page before.
    pub fn after(&self) -> Option<&str> {
        Some(self.after.as_str()).filter(|after| !after.is_empty())
    }

    /// The same conditions at another place of the list, or elsewhere.
    pub fn link(&self, path: &str, after: Option<&str>) -> String {
        let pairs = [
            ("actor", &self.actor),
            ("action", &self.action),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let pairs = pairs.into_iter().map(|(name, value)| (name, value.as_str()));
        parts::link(path, pairs.chain(after.map(|after| ("after", after))))
    }

    /// The form.
    pub fn form(&self, l: Language) -> Markup {
        let actions: Vec<(&str, &str)> = std::iter::once(("", l.say("будь-що", "anything")))
            .chain(words::deeds(l))
            .collect();
        html! {
            form.filters method="get" action="/audit" {
                (Field::text(l.say("Хто", "Who"), "actor", &self.actor))
                (parts::select(l.say("Що", "What"), "action", &self.action, &actions))
                (Field { kind: "date", ..Field::text(l.say("Від", "From"), "from", &self.from) })
                (Field { kind: "date", ..Field::text(l.say("До", "To"), "to", &self.to) })
                button type="submit" { (l.say("Показати", "Show")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_kyiv_s_and_the_last_one_counts_whole() {
        let wish = Wish {
            from: "2025-03-05".to_owned(),
            to: "2025-03-05".to_owned(),
            ..Wish::default()
        };
        let filter = wish.filter();
        let (from, to) = (filter.from.unwrap(), filter.to.unwrap());
        assert_eq!(Language::Uk.time(from), "05.03.2025 00:00:00");
        assert_eq!(to.0 - from.0, 24 * 3_600_000);
        assert_eq!(
            wish.link("/audit", Some("x")),
            "/audit?from=2025-03-05&to=2025-03-05&after=x"
        );
    }
}
