//! The plain part.

use super::{LetterLinks, Told};

pub(super) fn text(told: &Told<'_>, links: &LetterLinks) -> String {
    let mut parts = Vec::new();
    if let Some((mark, means)) = told.test {
        parts.push([mark].into_iter().chain(means).collect::<Vec<_>>().join("\n"));
    }
    parts.push(told.heading().to_owned());
    parts.push(told.opening());
    let facts: Vec<String> = told
        .facts()
        .into_iter()
        .map(|(label, value)| format!("{label}: {value}"))
        .collect();
    parts.push(facts.join("\n"));
    parts.push(format!("{}:\n{}", told.page_label(), links.receipt_page));
    parts.extend(told.link.map(|link| format!("{}:\n{link}", told.link_label())));
    parts.extend(told.note.map(str::to_owned));
    parts.push(told.closing().to_owned());
    format!("{}\n", parts.join("\n\n"))
}
