//! The receipt itself.

use maud::{Markup, PreEscaped, html};

use crate::language::Language;
use crate::paper::Paper;
use crate::qr::Qr;
use crate::words::{AUTHORITY, Fact, Item, PRODUCER, Said, discount_label, is_web};

/// The receipt as one `<article>`. Everything is escaped; there is no inline style, script or picture from elsewhere.
pub fn article(paper: &Paper, language: Language) -> Markup {
    let said = Said::of(paper, language);
    html! {
        article.receipt lang=(language.code()) {
            (test(&said))
            header {
                h1 lang="uk" { (said.title) }
                @if let Some(translation) = said.translation { p.translation { (translation) } }
                @for (place, line) in said.seller.iter().enumerate() {
                    p.seller[place == 0] { bdi { (line) } }
                }
            }
            (items(&said))
            section {
                (facts(&said.sums))
                dl.total { div { dt { (said.total.label) } dd { (said.total.value) " ₴" } } }
                (facts(&said.taxes))
            }
            section { (facts(&said.payment)) }
            section { (facts(&said.numbers)) }
            (link(&said))
            footer { p lang="uk" { (AUTHORITY) } p { (PRODUCER) } }
            (test(&said))
        }
    }
}

fn test(said: &Said) -> Markup {
    html! {
        @if let Some((mark, means)) = said.test {
            p.test { strong lang="uk" { (mark) } @if let Some(means) = means { br; (means) } }
        }
    }
}

fn items(said: &Said) -> Markup {
    let l = said.language;
    html! {
        table.items {
            thead {
                tr {
                    th scope="col" { (l.say("Назва", "Name")) }
                    th.sum scope="col" { (l.say("Вартість", "Cost")) }
                    @if said.has_letters() { th.letter scope="col" { (l.say("ПДВ", "VAT")) } }
                }
            }
            tbody { @for one in &said.items { (item(one, said)) } }
        }
    }
}

fn item(item: &Item, said: &Said) -> Markup {
    html! {
        tr {
            th scope="row" {
                bdi.name { (item.name) }
                @for remark in &item.remarks { span.remark { (remark) } }
                span.how { (item.how()) }
            }
            td.sum { (item.cost) }
            @if said.has_letters() { td.letter { @if let Some(letter) = &item.letter { (letter) } } }
        }
        @if let Some(discount) = &item.discount {
            tr.discount {
                th scope="row" { (discount_label(said.language)) }
                td.sum { (discount) }
                @if said.has_letters() { td.letter {} }
            }
        }
    }
}

fn facts(facts: &[Fact]) -> Markup {
    html! {
        @if !facts.is_empty() {
            dl { @for fact in facts { div { dt { (fact.label) } dd { bdi { (fact.value) } } } } }
        }
    }
}

/// The code and the link beneath it; the code alone if a browser cannot follow the link.
fn link(said: &Said) -> Markup {
    let l = said.language;
    let code = said.link.as_deref().and_then(|link| Qr::of(link).ok());
    html! {
        @if said.link.is_some() || said.note.is_some() {
            figure.link {
                @if let Some(code) = code {
                    div.qr role="img" aria-label=(l.say("QR-код із посиланням на чек", "QR code with the receipt’s link")) {
                        (PreEscaped(code.svg()))
                    }
                }
                figcaption {
                    @if let Some(link) = said.link.as_deref() {
                        @if is_web(link) {
                            a href=(link) rel="noopener noreferrer" {
                                (l.say("Перевірити чек на сайті податкової служби", "Check the receipt on the site of the tax service"))
                            }
                        } @else { span { (link) } }
                    }
                    @if let Some(note) = said.note { p { (note) } }
                }
            }
        }
    }
}
