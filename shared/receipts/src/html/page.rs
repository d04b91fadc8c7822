//! A page of its own for the receipt.

use maud::{DOCTYPE, html};

use super::article;
use crate::language::Language;
use crate::paper::Paper;
use crate::words::Said;

/// Where the page's links lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// The style sheet ([`super::STYLE`]).
    pub style: String,
    /// The PDF on A4.
    pub a4: String,
    /// The PDF on a roll of 80 mm.
    pub roll: String,
    /// This page in the other language.
    pub other_language: String,
    /// The receipt as the provider shows it.
    pub provider: Option<Provider>,
}

/// The provider's own rendering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// The provider's name, e.g. `Cashälot`.
    pub name: String,
    /// Where its rendering is.
    pub href: String,
}

/// The whole document. It needs a content security policy with `style-src 'self'` and nothing else, and asks not to be
/// indexed; its address is the only key to it, so no site it links to is told that address.
pub fn page(paper: &Paper, language: Language, links: &Links) -> String {
    let said = Said::of(paper, language);
    let number = said.numbers.first().map(|fact| fact.value.as_str()).unwrap_or_default();
    let seller = said.seller.first().map(String::as_str).unwrap_or_default();
    let other = language.other();
    html! {
        (DOCTYPE)
        html lang=(language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title { (said.title) " " (number) ", " (seller) }
                link rel="stylesheet" href=(links.style);
            }
            body.receipt-page {
                nav aria-label=(language.say("Дії з чеком", "What to do with the receipt")) {
                    a href=(links.a4) { "PDF A4" }
                    a href=(links.roll) { (language.say("PDF 80 мм", "PDF 80 mm")) }
                    a.language href=(links.other_language) hreflang=(other.code()) lang=(other.code()) { (other.name()) }
                }
                main { (article(paper, language)) }
                @if let Some(provider) = &links.provider {
                    p.provider {
                        a href=(provider.href) {
                            (language.say("Чек, як його показує ", "The receipt as shown by ")) (provider.name)
                        }
                    }
                }
            }
        }
    }
    .into_string()
}
