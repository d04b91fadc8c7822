//! One line of a receipt in words.

use domain::basket::Line;

use crate::amount;
use crate::language::Language;
use crate::one_line::one_line;

/// One line of a receipt.
pub(crate) struct Item {
    pub name: String,
    /// Commodity code and article, where the line has them.
    pub remarks: Vec<String>,
    /// `2 шт`.
    pub quantity: String,
    pub price: String,
    /// Before the discount.
    pub cost: String,
    pub letter: Option<String>,
    /// With its sign.
    pub discount: Option<String>,
}

impl Item {
    pub(crate) fn of(line: &Line, language: Language) -> Self {
        let uktzed = line.uktzed.as_ref().map(|code| format!("УКТЗЕД {}", one_line(code)));
        let article = line
            .code
            .as_ref()
            .map(|code| format!("{} {}", language.say("Код", "Code"), one_line(code)));
        Self {
            name: one_line(&line.name),
            remarks: [uktzed, article].into_iter().flatten().collect(),
            quantity: format!(
                "{} {}",
                amount::quantity(line.quantity, language),
                one_line(&line.unit.name)
            ),
            price: amount::money(line.price, language),
            cost: amount::money(line.cost, language),
            letter: line.letter.map(|letter| letter.to_string()),
            discount: (!line.discount.is_zero()).then(|| format!("-{}", amount::money(line.discount, language))),
        }
    }

    /// `2 шт × 125,00`.
    pub(crate) fn how(&self) -> String {
        format!("{} × {}", self.quantity, self.price)
    }
}

/// The word before a line's discount.
pub(crate) const fn discount_label(language: Language) -> &'static str {
    language.say("Знижка", "Discount")
}
