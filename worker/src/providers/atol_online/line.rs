//! A line as ATOL Online takes it.

use ::atol_online::{Item, Measure, Money, PaymentMethod, PaymentObject, Quantity, Vat, VatType};
use domain::basket::{Line, Unit};

/// The longest name of a line.
const NAME: usize = 128;
/// The longest name of a unit.
const UNIT: usize = 16;
/// The cut end of a name that is longer.
const CUT: &str = "…";

/// One line. Its sum is what was paid for it, and its price × quantity is exactly that: v5 refuses anything else, and
/// v4 has no discounts any more, so a register would make another total of it.
pub(super) fn item(line: &Line, kind: VatType, payment_object: PaymentObject) -> Item {
    let sum = Money::from_kopecks(line.paid().minor());
    let told = Quantity::from_thousandths(line.quantity.thousandths());
    let (name, price, quantity, unit) = match unit_price(told, sum, line.price.minor()) {
        Some(price) => (cut(&line.name, NAME), price, told, unit(&line.unit)),
        None => (
            with_quantity(line),
            sum,
            Quantity::from_thousandths(1000),
            Measure::Piece,
        ),
    };
    Item {
        name,
        price,
        quantity,
        sum,
        unit,
        payment_method: PaymentMethod::FullPayment,
        payment_object,
        vat: Vat {
            sum: kind.rate().map(|_| kind.contained(sum)),
            kind,
        },
    }
}

/// The price of one unit at which so much costs exactly `sum`: the shop's own if there is no discount, else the
/// discounted one. `None`: no whole number of kopecks does, such as three for 1.00.
fn unit_price(quantity: Quantity, sum: Money, own: u64) -> Option<Money> {
    let thousandths = u128::from(quantity.thousandths());
    // The nearest price; its cost is less than half a quantity of kopecks away from the sum.
    let nearest = (u128::from(sum.kopecks()) * 1000 + thousandths / 2).checked_div(thousandths)?;
    [own, u64::try_from(nearest).ok()?]
        .into_iter()
        .map(Money::from_kopecks)
        .find(|price| quantity.cost(*price) == Some(sum))
}

/// Where no price fits, the line is sold as one thing, and its name says how much of it there is.
fn with_quantity(line: &Line) -> String {
    let quantity = format!(", {} {}", line.quantity, line.unit.name);
    let quantity = cut(quantity.trim_end(), NAME / 2);
    let left = NAME - quantity.chars().count();
    cut(&line.name, left) + &quantity
}

/// Shops' names may be longer than a receipt's: the beginning tells what it is.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept.trim_end().to_owned() + CUT
}

/// The units that have a number of their own in FFD 1.2; others keep their name, which v4 prints.
fn unit(unit: &Unit) -> Measure {
    let name = unit.name.trim().trim_end_matches('.').to_lowercase();
    match name.as_str() {
        "шт" | "од" | "pc" | "pcs" => Measure::Piece,
        "г" | "гр" | "g" => Measure::Gram,
        "кг" | "kg" => Measure::Kilogram,
        "т" => Measure::Tonne,
        "см" | "cm" => Measure::Centimetre,
        "м" | "m" => Measure::Metre,
        "м2" | "м²" | "кв. м" => Measure::SquareMetre,
        "мл" | "ml" => Measure::Millilitre,
        "л" | "l" => Measure::Litre,
        "м3" | "м³" | "куб. м" => Measure::CubicMetre,
        "год" | "ч" | "h" => Measure::Hour,
        "хв" | "мин" | "min" => Measure::Minute,
        "доба" | "сут" => Measure::Day,
        _ => Measure::Other(cut(unit.name.trim(), UNIT)),
    }
}

#[cfg(test)]
mod tests;
