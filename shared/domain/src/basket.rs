//! What was bought: lines with quantities and prices.

use crate::money::Kopecks;
use crate::quantity::Quantity;
use crate::tax::VatLetter;

/// One line of a receipt. `cost - discount` is what the buyer paid for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The shop's article, if it has one.
    pub code: Option<String>,
    /// What it is, as the buyer will read it.
    pub name: String,
    /// Commodity code (УКТЗЕД) where the law asks for it: 4, 6, 8 or 10 digits.
    pub uktzed: Option<String>,
    /// The unit, e.g. «шт», with its code.
    pub unit: Unit,
    /// How much of it.
    pub quantity: Quantity,
    /// Price of one unit.
    pub price: Kopecks,
    /// `quantity × price`, rounded half up.
    pub cost: Kopecks,
    /// Taken off `cost`.
    pub discount: Kopecks,
    /// The VAT letter, when the shop gave one.
    pub letter: Option<VatLetter>,
}

/// A unit of measure: code and short name (`cashalot.md` §6.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Code in the state classifier, e.g. 2009.
    pub code: u32,
    /// Short name, e.g. «шт».
    pub name: String,
}

impl Unit {
    /// Pieces, «шт».
    pub fn piece() -> Self {
        Self {
            code: 2009,
            name: "шт".to_owned(),
        }
    }

    /// Kilograms, «кг».
    pub fn kilogram() -> Self {
        Self {
            code: 301,
            name: "кг".to_owned(),
        }
    }

    /// Litres, «л».
    pub fn litre() -> Self {
        Self {
            code: 138,
            name: "л".to_owned(),
        }
    }
}

/// Why a line or a basket is not acceptable. The line number counts from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BasketError {
    /// No lines, or only lines that cost nothing.
    #[error("the basket has no line that costs anything")]
    Empty,
    /// A line without a name.
    #[error("a line has no name")]
    NoName,
    /// A name the receipt cannot carry (`cashalot.md` §6.5).
    #[error("a line's name has more than {max} characters")]
    NameTooLong {
        /// The limit in characters.
        max: usize,
    },
    /// A control character in a name.
    #[error("a line's name has a control character")]
    ControlCharacter,
    /// Amounts too large to add or multiply.
    #[error("the amounts of the basket are too large")]
    TooLarge,
    /// More lines than anybody sells at once.
    #[error("the basket has more than {max} lines")]
    TooManyLines {
        /// The limit.
        max: usize,
    },
}

/// The longest name of a line (`cashalot.md` §6.5, NAME).
pub const MAX_NAME: usize = 1024;
/// More lines than this are refused.
pub const MAX_LINES: usize = 1000;

impl Line {
    /// A line whose total is known. The shop's total wins over quantity × price: a lower total is a
    /// discount; for a higher one the price rises to the next kopeck that reaches it and the
    /// rounding rest becomes a discount (`fondy.md` §9).
    pub fn with_total(name: &str, quantity: Quantity, price: Kopecks, total: Kopecks) -> Result<Self, BasketError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(BasketError::NoName);
        }
        if name.chars().count() > MAX_NAME {
            return Err(BasketError::NameTooLong { max: MAX_NAME });
        }
        if name.chars().any(char::is_control) {
            return Err(BasketError::ControlCharacter);
        }
        let mut price = price;
        let mut cost = quantity.cost_at(price).ok_or(BasketError::TooLarge)?;
        if cost < total {
            price = quantity.price_reaching(total).ok_or(BasketError::TooLarge)?;
            cost = quantity.cost_at(price).ok_or(BasketError::TooLarge)?;
        }
        let discount = cost.checked_sub(total).ok_or(BasketError::TooLarge)?;
        Ok(Self {
            code: None,
            name: name.to_owned(),
            uktzed: None,
            unit: Unit::piece(),
            quantity,
            price,
            cost,
            discount,
            letter: None,
        })
    }

    /// One piece of something for `total`.
    pub fn single(name: &str, total: Kopecks) -> Result<Self, BasketError> {
        Self::with_total(name, Quantity::ONE, total, total)
    }

    /// What the buyer paid for this line.
    pub fn paid(&self) -> Kopecks {
        self.cost.checked_sub(self.discount).unwrap_or(Kopecks::ZERO)
    }
}

/// Lines that together cost something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basket {
    lines: Vec<Line>,
    total: Kopecks,
}

impl Basket {
    /// Lines that cost nothing are left out: a receipt line needs a sum.
    pub fn new(lines: Vec<Line>) -> Result<Self, BasketError> {
        if lines.len() > MAX_LINES {
            return Err(BasketError::TooManyLines { max: MAX_LINES });
        }
        let lines: Vec<Line> = lines.into_iter().filter(|line| !line.paid().is_zero()).collect();
        // Costs before discounts must fit as well: they are printed and added up by the register.
        Kopecks::sum(lines.iter().map(|line| line.cost)).ok_or(BasketError::TooLarge)?;
        let total = Kopecks::sum(lines.iter().map(Line::paid)).ok_or(BasketError::TooLarge)?;
        if total.is_zero() {
            return Err(BasketError::Empty);
        }
        Ok(Self { lines, total })
    }

    /// The lines, at least one.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What the buyer pays for all of it.
    pub const fn total(&self) -> Kopecks {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kopecks(minor: u64) -> Kopecks {
        Kopecks::from_minor(minor).unwrap()
    }

    #[test]
    fn the_shops_line_total_wins() {
        for (quantity, price, total, expected_price, expected_cost, expected_discount) in [
            ("0.2", 70_000, 14_000, 70_000, 14_000, 0),
            ("2", 10_000, 18_000, 10_000, 20_000, 2_000),
            ("3", 33, 100, 34, 102, 2),
            ("1", 100, 105, 105, 105, 0),
        ] {
            let line = Line::with_total(
                "Кеш’ю 🌰",
                Quantity::parse(quantity).unwrap(),
                kopecks(price),
                kopecks(total),
            )
            .unwrap();
            let found = (
                line.price.minor(),
                line.cost.minor(),
                line.discount.minor(),
                line.paid().minor(),
            );
            assert_eq!(
                found,
                (expected_price, expected_cost, expected_discount, total),
                "{quantity} x {price} = {total}"
            );
        }
    }

    #[test]
    fn names_are_checked() {
        let one = |name: &str| Line::single(name, kopecks(100)).map(|line| line.name);
        assert_eq!(one("  Чай "), Ok("Чай".to_owned()));
        assert_eq!(one(" "), Err(BasketError::NoName));
        assert_eq!(one("a\u{7}b"), Err(BasketError::ControlCharacter));
        assert_eq!(one(&"ї".repeat(1025)), Err(BasketError::NameTooLong { max: 1024 }));
    }

    #[test]
    fn lines_that_cost_nothing_are_left_out_and_nothing_at_all_is_refused() {
        let gift = Line::single("Листівка", Kopecks::ZERO).unwrap();
        let tea = Line::single("Чай", kopecks(5_000)).unwrap();
        let basket = Basket::new(vec![gift.clone(), tea]).unwrap();
        assert_eq!((basket.lines().len(), basket.total().minor()), (1, 5_000));
        assert_eq!(Basket::new(vec![gift]), Err(BasketError::Empty));
    }
}
