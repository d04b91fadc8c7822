//! The choice of a merchant in a form of something that belongs to one.

use ledger::settings::Merchant;
use maud::{Markup, html};

use super::super::language::Language;
use super::super::parts;
use super::problems::Problems;

const FIELD: &str = "merchant";

/// The field, with what is wrong with it.
pub(super) fn field(l: Language, merchants: &[Merchant], chosen: &str, problems: &Problems) -> Markup {
    let options: Vec<(&str, &str)> = merchants
        .iter()
        .map(|merchant| (merchant.id.as_str(), merchant.name.as_str()))
        .collect();
    html! {
        (parts::select(l.say("Продавець", "Merchant"), FIELD, chosen, &options))
        (problems.line(FIELD))
    }
}

/// The merchant that was chosen, or that none was is told.
pub(super) fn find<'a>(
    l: Language,
    merchants: &'a [Merchant],
    chosen: &str,
    problems: &mut Problems,
) -> Option<&'a Merchant> {
    let found = merchants.iter().find(|merchant| merchant.id.as_str() == chosen);
    problems.keep(FIELD, found.ok_or(l.say("Виберіть продавця.", "Choose a merchant.")))
}

/// Instead of a form: there is no merchant that it could be about.
pub(super) fn none_yet(l: Language) -> Markup {
    parts::empty(html! {
        (l.say("Спершу додайте продавця. ", "Add a merchant first. "))
        a href="/settings/merchants/new" { (l.say("Додати продавця", "Add a merchant")) }
    })
}
