//! The mail that brings a buyer their receipt.

mod html;
mod text;

use crate::amount;
use crate::language::Language;
use crate::one_line::one_line;
use crate::paper::{Kind, Paper};
use crate::qr::Qr;
use crate::words::{Said, is_web};

/// Pixels of a module in the mail's picture: about 200 to 400 pixels for a usual link.
const PIXELS: u32 = 5;
/// A longer name is cut in the subject.
const SUBJECT_NAME: usize = 80;

/// Where a letter's links lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterLinks {
    /// The receipt's page, absolute.
    pub receipt_page: String,
}

/// A mail without its head: whom it goes to, attachments and the rest are the mailer's matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// The plain part.
    pub text: String,
    /// The HTML part; it shows `cid:qr` where there is a code.
    pub html: String,
    /// The PNG that `cid:qr` means; `None` where there is no link (yet), or one too long for a code.
    pub qr: Option<Vec<u8>>,
}

/// The letter for this receipt. It has no picture from elsewhere and nothing that tells who reads it.
pub fn letter(paper: &Paper, language: Language, links: &LetterLinks) -> Letter {
    let said = Said::of(paper, language);
    let qr = paper
        .link
        .as_deref()
        .and_then(|link| Qr::of(link).ok())
        .and_then(|code| code.png(PIXELS).ok());
    let told = Told::of(paper, language, &said);
    Letter {
        subject: told.subject(),
        text: text::text(&told, links),
        html: html::html(&told, links, qr.is_some()),
        qr,
    }
}

/// What a letter tells.
struct Told<'a> {
    language: Language,
    kind: Kind,
    test: Option<(&'static str, Option<&'static str>)>,
    seller: String,
    order: String,
    /// With its currency.
    sum: String,
    number: String,
    moment: Option<String>,
    /// A link that may be followed.
    link: Option<&'a str>,
    note: Option<&'static str>,
}

impl<'a> Told<'a> {
    fn of(paper: &'a Paper, language: Language, said: &Said) -> Self {
        Self {
            language,
            kind: paper.kind,
            test: said.test,
            seller: one_line(&paper.seller.name),
            order: one_line(&paper.order),
            sum: format!("{} ₴", amount::money(paper.content.total(), language)),
            number: one_line(&paper.fiscal_number),
            moment: paper
                .registered_at
                .as_deref()
                .map(|iso| one_line(&crate::moment::shown(iso))),
            link: paper.link.as_deref().filter(|link| is_web(link)),
            note: said.note,
        }
    }

    fn subject(&self) -> String {
        let (seller, sum) = (shortened(&self.seller), &self.sum);
        let subject = match (self.language, self.kind) {
            (Language::Uk, Kind::Sale) => format!("Чек від {seller} на {sum}"),
            (Language::Uk, Kind::Return | Kind::Storno) => format!("Повернення {sum} від {seller}: чек"),
            (Language::En, Kind::Sale) => format!("Your receipt from {seller} for {sum}"),
            (Language::En, Kind::Return | Kind::Storno) => format!("Refund of {sum} from {seller}: your receipt"),
        };
        match self.test {
            Some(_) => format!("{} {subject}", self.language.say("[ТЕСТ]", "[TEST]")),
            None => subject,
        }
    }

    fn heading(&self) -> &'static str {
        match self.kind {
            Kind::Sale => self.language.say("Дякуємо за покупку!", "Thank you for your purchase!"),
            Kind::Return => self
                .language
                .say("Гроші повертаються до вас", "Your money is on its way back"),
            Kind::Storno => self.language.say(
                "Покупку скасовано, гроші повертаються",
                "Your purchase is cancelled, your money is on its way back",
            ),
        }
    }

    fn opening(&self) -> String {
        let (seller, sum, is_test) = (&self.seller, &self.sum, self.test.is_some());
        match (self.language, self.kind) {
            (Language::Uk, Kind::Sale) if is_test => format!("{seller} надсилає вам тестовий чек на {sum}."),
            (Language::Uk, Kind::Sale) => format!("{seller} надсилає вам фіскальний чек на {sum}."),
            (Language::Uk, Kind::Return | Kind::Storno) => {
                format!("{seller} повертає вам {sum}. Ось чек про повернення.")
            }
            (Language::En, Kind::Sale) if is_test => format!("{seller} sends you a test receipt for {sum}."),
            (Language::En, Kind::Sale) => format!("{seller} sends you the fiscal receipt for {sum}."),
            (Language::En, Kind::Return | Kind::Storno) => {
                format!("{seller} gives {sum} back to you. Here is the receipt of it.")
            }
        }
    }

    fn facts(&self) -> Vec<(&'static str, &str)> {
        let l = self.language;
        let sum = match self.kind {
            Kind::Sale => l.say("Сума", "Sum"),
            Kind::Return | Kind::Storno => l.say("Сума повернення", "Refund"),
        };
        let mut facts = vec![
            (l.say("Магазин", "Shop"), self.seller.as_str()),
            (l.say("Замовлення", "Order"), &self.order),
            (sum, &self.sum),
            (
                l.say("Фіскальний номер чека", "Fiscal number of the receipt"),
                &self.number,
            ),
        ];
        facts.extend(
            self.moment
                .as_deref()
                .map(|moment| (l.say("Дата і час", "Date and time"), moment)),
        );
        facts
    }

    const fn page_label(&self) -> &'static str {
        self.language.say("Переглянути чек", "See the receipt")
    }

    const fn link_label(&self) -> &'static str {
        self.language.say(
            "Перевірити на сайті податкової служби",
            "Check it on the site of the tax service",
        )
    }

    const fn closing(&self) -> &'static str {
        self.language.say(
            "Збережіть цей лист: чек потрібен для обміну, повернення й гарантії.",
            "Keep this letter: the receipt is needed for an exchange, a return or a warranty.",
        )
    }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= SUBJECT_NAME {
        return name.to_owned();
    }
    let kept: String = name.chars().take(SUBJECT_NAME).collect();
    format!("{}…", kept.trim_end())
}
