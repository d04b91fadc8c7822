//! A receipt put into words, once for all renderings. The words the law asks for are Ukrainian in every language; a
//! translation stands beside them.

mod facts;
mod item;

pub(crate) use item::{Item, discount_label};

use domain::document::Presence;
use domain::money::Kopecks;

use crate::amount;
use crate::language::Language;
use crate::one_line::one_line;
use crate::paper::{Kind, Paper, TaxId};

/// Stands under every receipt.
pub(crate) const AUTHORITY: &str = "Державна податкова служба України";
/// The producer, as a receipt must name it.
pub(crate) const PRODUCER: &str = "Kasyr";
/// What a test receipt says, large.
pub(crate) const TEST: &str = "ТЕСТОВИЙ ЧЕК. НЕ Є ФІСКАЛЬНИМ";

/// Everything a receipt shows, ready to be laid out.
pub(crate) struct Said {
    pub language: Language,
    /// «ФІСКАЛЬНИЙ ЧЕК», «ВИДАТКОВИЙ ЧЕК (повернення)».
    pub title: &'static str,
    /// What that means, where the buyer reads another language.
    pub translation: Option<&'static str>,
    /// True when it gives money back.
    pub is_refund: bool,
    /// The mark of a test receipt, and what it means.
    pub test: Option<(&'static str, Option<&'static str>)>,
    /// Name first, then unit, address and tax id.
    pub seller: Vec<String>,
    pub items: Vec<Item>,
    /// What leads to the total; empty without discounts.
    pub sums: Vec<Fact>,
    /// What was paid or goes back, without currency.
    pub total: Fact,
    pub taxes: Vec<Fact>,
    pub payment: Vec<Fact>,
    pub numbers: Vec<Fact>,
    /// The tax service's link, as received.
    pub link: Option<String>,
    /// What a buyer must know about the link.
    pub note: Option<&'static str>,
}

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    pub label: String,
    pub value: String,
}

impl Fact {
    pub(crate) fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

impl Said {
    pub(crate) fn of(paper: &Paper, language: Language) -> Self {
        Self {
            language,
            title: title(paper),
            translation: translation(paper, language),
            is_refund: is_refund(paper.kind),
            test: paper.test.then_some((TEST, test_means(language))),
            seller: seller(paper, language),
            items: paper
                .content
                .basket
                .lines()
                .iter()
                .map(|line| Item::of(line, language))
                .collect(),
            sums: sums(paper, language),
            total: total(paper, language),
            taxes: facts::taxes(paper, language),
            payment: facts::payment(paper, language),
            numbers: facts::numbers(paper, language),
            link: paper.link.clone(),
            note: note(paper, language),
        }
    }

    /// True when the lines have VAT letters.
    pub(crate) fn has_letters(&self) -> bool {
        self.items.iter().any(|item| item.letter.is_some())
    }
}

/// A link that a browser may follow; anything else is only shown.
pub(crate) fn is_web(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}

pub(crate) const fn is_refund(kind: Kind) -> bool {
    match kind {
        Kind::Sale => false,
        Kind::Return | Kind::Storno => true,
    }
}

const fn title(paper: &Paper) -> &'static str {
    match (paper.kind, paper.test) {
        (Kind::Sale, false) => "ФІСКАЛЬНИЙ ЧЕК",
        (Kind::Return, false) => "ВИДАТКОВИЙ ЧЕК (повернення)",
        (Kind::Storno, false) => "ВИДАТКОВИЙ ЧЕК (сторно)",
        (Kind::Sale, true) => "НЕФІСКАЛЬНИЙ ЧЕК",
        (Kind::Return, true) => "НЕФІСКАЛЬНИЙ ВИДАТКОВИЙ ЧЕК (повернення)",
        (Kind::Storno, true) => "НЕФІСКАЛЬНИЙ ВИДАТКОВИЙ ЧЕК (сторно)",
    }
}

const fn translation(paper: &Paper, language: Language) -> Option<&'static str> {
    match (language, paper.kind, paper.test) {
        (Language::Uk, _, _) => None,
        (Language::En, Kind::Sale, false) => Some("Fiscal receipt"),
        (Language::En, Kind::Return, false) => Some("Fiscal receipt of a refund"),
        (Language::En, Kind::Storno, false) => Some("Fiscal receipt of a cancelled sale"),
        (Language::En, Kind::Sale, true) => Some("Receipt without fiscal force"),
        (Language::En, Kind::Return, true) => Some("Receipt of a refund, without fiscal force"),
        (Language::En, Kind::Storno, true) => Some("Receipt of a cancelled sale, without fiscal force"),
    }
}

pub(crate) const fn test_means(language: Language) -> Option<&'static str> {
    match language {
        Language::Uk => None,
        Language::En => Some("A test receipt: it is not fiscal"),
    }
}

fn seller(paper: &Paper, language: Language) -> Vec<String> {
    let seller = &paper.seller;
    let tax_id = seller.tax_id.as_ref().map(|tax_id| match tax_id {
        TaxId::VatPayer(number) => format!("{} {number}", language.say("ПН", "ПН (VAT payer no.)")),
        TaxId::NonPayer(number) => format!("{} {number}", language.say("ІД", "ІД (tax id)")),
    });
    [
        Some(seller.name.clone()),
        seller.unit.clone(),
        seller.address.clone(),
        tax_id,
    ]
    .into_iter()
    .flatten()
    .map(|text| one_line(&text))
    .filter(|text| !text.is_empty())
    .collect()
}

fn sums(paper: &Paper, language: Language) -> Vec<Fact> {
    let lines = paper.content.basket.lines();
    // A basket's costs fit together (`Basket::new`), and no discount is above its cost.
    let sum = |amounts: Vec<Kopecks>| Kopecks::sum(amounts).unwrap_or(Kopecks::MAX);
    let discount = sum(lines.iter().map(|line| line.discount).collect());
    if discount.is_zero() {
        return Vec::new();
    }
    let before = sum(lines.iter().map(|line| line.cost).collect());
    vec![
        Fact::new(
            language.say("Разом без знижок", "Before discounts"),
            amount::money(before, language),
        ),
        Fact::new(
            language.say("Знижки", "Discounts"),
            format!("-{}", amount::money(discount, language)),
        ),
    ]
}

fn total(paper: &Paper, language: Language) -> Fact {
    let label = match paper.kind {
        Kind::Sale => language.say("СУМА", "TOTAL (СУМА)"),
        Kind::Return => language.say("СУМА ПОВЕРНЕННЯ", "REFUND (СУМА ПОВЕРНЕННЯ)"),
        Kind::Storno => language.say("СКАСОВАНА СУМА", "CANCELLED (СКАСОВАНА СУМА)"),
    };
    Fact::new(label, amount::money(paper.content.total(), language))
}

const fn note(paper: &Paper, language: Language) -> Option<&'static str> {
    match paper.presence {
        Presence::Online | Presence::Delivered => None,
        Presence::Offline => Some(language.say(
            "Чек зроблено без зв’язку з податковою службою. На її сайті він з’явиться, коли зв’язок відновиться.",
            "The receipt was made while the tax service could not be reached. Its site will show it once it is back.",
        )),
    }
}
