//! Carried baskets.

use domain::basket::{Basket, Line};
use domain::event::CarriedBasket;
use domain::money::Kopecks;
use domain::quantity::Quantity;
use wire::{Good, Goods};

use crate::Fingerprint;

/// The longest article a receipt carries (`cashalot.md` §6.5, CODE), in characters.
const MAX_CODE: usize = 64;

/// The basket as a receipt can have it.
pub(crate) fn basket(goods: &Goods) -> CarriedBasket {
    match goods {
        Goods::Absent => CarriedBasket::Absent,
        Goods::Broken(why) => CarriedBasket::Broken(why.clone()),
        Goods::Lines(lines) => {
            let lines: Result<Vec<Line>, String> = lines.iter().enumerate().map(line).collect();
            match lines.and_then(|lines| Basket::new(lines).map_err(|error| error.to_string())) {
                Ok(basket) => CarriedBasket::Lines(basket),
                Err(why) => CarriedBasket::Broken(why),
            }
        }
    }
}

fn line((index, good): (usize, &Good)) -> Result<Line, String> {
    let wrong = |why: String| format!("line {}: {why}", index + 1);
    let kopecks = |minor: u64| Kopecks::from_minor(minor).map_err(|error| wrong(error.to_string()));
    let quantity = Quantity::from_thousandths(good.quantity_thousandths).map_err(|error| wrong(error.to_string()))?;
    let (price, total) = (kopecks(good.price_kopecks)?, kopecks(good.total_kopecks)?);
    let line = Line::with_total(&good.name, quantity, price, total).map_err(|error| wrong(error.to_string()))?;
    Ok(Line {
        code: good.code.clone().filter(|code| fits(code)),
        ..line
    })
}

/// An article the receipt cannot carry is left out: it is not mandatory.
fn fits(code: &str) -> bool {
    !code.is_empty() && code.chars().count() <= MAX_CODE && !code.chars().any(char::is_control)
}

/// Adds the basket to what must not change.
pub(crate) fn fingerprint(fingerprint: &mut Fingerprint, goods: &Goods) {
    match goods {
        Goods::Absent => {
            fingerprint.text(None);
        }
        Goods::Broken(_) => {
            fingerprint.text(Some("broken"));
        }
        Goods::Lines(lines) => {
            for good in lines {
                fingerprint
                    .text(Some(&good.name))
                    .text(good.code.as_deref())
                    .number(Some(good.price_kopecks))
                    .number(Some(good.quantity_thousandths))
                    .number(Some(good.total_kopecks));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(name: &str, quantity_thousandths: u64) -> Good {
        Good {
            name: name.to_owned(),
            code: Some("a\u{7}b".to_owned()),
            price_kopecks: 10_000,
            quantity_thousandths,
            total_kopecks: 20_000,
        }
    }

    #[test]
    fn a_basket_a_receipt_can_have_is_carried_and_another_says_why_not() {
        match basket(&Goods::Lines(vec![good("Чай", 2_000)])) {
            CarriedBasket::Lines(basket) => {
                assert_eq!(basket.total().minor(), 20_000);
                assert_eq!(basket.lines()[0].code, None);
            }
            other => panic!("{other:?}"),
        }
        match basket(&Goods::Lines(vec![good("Чай", 2_000), good("", 2_000)])) {
            CarriedBasket::Broken(why) => assert!(why.starts_with("line 2: "), "{why}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(basket(&Goods::Absent), CarriedBasket::Absent);
    }
}
