//! Whether a check is right (sheet §14.5), and the draft it becomes.

use super::config::TaxRate;
use super::document::{DocKind, Draft, Payment, Product, ProductExtras, TaxLine};
use super::refusal::Refusal;
use super::switches::Switches;
use super::wire::{CheckBody, PaymentBody, ProductBody, Whole};
use crate::decimal::Decimal;

pub(super) fn check(kind: DocKind, body: CheckBody, rates: &[TaxRate], switches: &Switches) -> Result<Draft, Refusal> {
    let products = body.products.into_iter();
    let products: Vec<Product> = products
        .map(|product| line(product, rates, switches))
        .collect::<Result<_, _>>()?;
    let payments: Vec<Payment> = body.payments.into_iter().map(payment).collect::<Result<_, _>>()?;
    if products.is_empty() {
        return Err(Refusal::field("products", "Чек не містить товарів"));
    }
    if payments.is_empty() {
        return Err(Refusal::field("payments", "Чек не містить оплат"));
    }
    let global_discount = kopecks("global_discount", body.global_discount)?.unwrap_or(0);
    let round = kopecks("round_sum", body.round_sum)?.unwrap_or(0);
    let total = kopecks("total_sum", body.total_sum)?.ok_or_else(|| missing("total_sum"))?;
    let draft = Draft {
        kind,
        local_number: body.local_number.map(|Whole(number)| number),
        sum_kopecks: total,
        round_kopecks: round,
        global_discount_kopecks: global_discount,
        taxes: taxes(&products, global_discount),
        products,
        payments,
        footer: body.footer,
        foreign: false,
    };
    totals(&draft)?;
    Ok(draft)
}

/// The sums agree with each other, and cash is rounded as it must be.
fn totals(draft: &Draft) -> Result<(), Refusal> {
    let lines: i64 = draft.products.iter().map(net).sum();
    let exact = lines - draft.global_discount_kopecks;
    let paid: i64 = draft.payments.iter().map(|payment| payment.sum_kopecks).sum();
    if draft.global_discount_kopecks < 0 || exact < 0 {
        return Err(Refusal::field("global_discount", "Знижка більша за суму товарів"));
    }
    if exact + draft.round_kopecks != draft.sum_kopecks {
        return Err(Refusal::field(
            "total_sum",
            "Сума чека не дорівнює сумі товарів з урахуванням знижок і заокруглення",
        ));
    }
    if paid != draft.sum_kopecks {
        return Err(Refusal::field("payments", "Сума оплат не дорівнює сумі чека"));
    }
    let has_cash = draft.payments.iter().any(|payment| payment.code == 0);
    let round = if has_cash {
        let cash = exact - (paid - draft.cash());
        to_ten_kopecks(cash) - cash
    } else {
        0
    };
    if round != draft.round_kopecks {
        return Err(Refusal::field("round_sum", "Готівку заокруглено неправильно"));
    }
    Ok(())
}

/// Endings 1 to 4 go down, 5 to 9 go up.
fn to_ten_kopecks(kopecks: i64) -> i64 {
    (kopecks + 5).div_euclid(10) * 10
}

fn net(product: &Product) -> i64 {
    product.cost_kopecks - product.discount_kopecks
}

fn line(body: ProductBody, rates: &[TaxRate], switches: &Switches) -> Result<Product, Refusal> {
    let name = body.name.ok_or_else(|| missing("products.name"))?;
    let amount = body.amount.ok_or_else(|| missing("products.amount"))?;
    let amount = amount.thousandths().filter(|amount| *amount > 0).ok_or_else(|| {
        Refusal::field(
            "products.amount",
            "Кількість товару має щонайбільше три знаки після коми",
        )
    })?;
    let price = body.price.ok_or_else(|| missing("products.price"))?;
    let cost = kopecks("products.cost", body.cost)?.ok_or_else(|| missing("products.cost"))?;
    if price.millionths() < 0 || Some(cost) != cost_of(amount, price) {
        return Err(Refusal::field(
            "products.cost",
            "Вартість товару не дорівнює ціні, помноженій на кількість",
        ));
    }
    let discount = kopecks("products.sum_discount", body.sum_discount)?.unwrap_or(0);
    if !(0..=cost).contains(&discount) {
        return Err(Refusal::field(
            "products.sum_discount",
            "Знижка більша за вартість товару",
        ));
    }
    let tax_prc = rate(body.letters.as_deref(), body.tax_prc, rates, switches)?;
    Ok(Product {
        name,
        code: body.code,
        amount_thousandths: amount,
        cost_kopecks: cost,
        discount_kopecks: discount,
        letters: body.letters,
        tax_prc,
        price,
        extras: ProductExtras {
            uktzed: body.uktzed,
            unit_code: body.unit_code,
            unit_name: body.unit_name,
            bar_code: body.bar_code,
            excise_barcode: body.excise_barcode,
            excise_letter: body.excise_letter,
        },
    })
}

/// Price by amount, rounded half up to a kopeck; the price may have more than two decimals.
fn cost_of(amount_thousandths: i64, price: Decimal) -> Option<i64> {
    const UNIT: i128 = 10_000_000;
    let exact = i128::from(amount_thousandths) * i128::from(price.millionths());
    i64::try_from((exact + UNIT / 2).div_euclid(UNIT)).ok()
}

/// The rate of the register's group with this letter; a letter without a rate means the group's own.
fn rate(letter: Option<&str>, prc: Option<Decimal>, rates: &[TaxRate], switches: &Switches) -> Result<u8, Refusal> {
    let cyrillic = letter.map(|letter| match letter {
        "A" if switches.latin_letters => "А",
        "H" if switches.latin_letters => "Н",
        other => other,
    });
    let fits = |rate: &&TaxRate| {
        let same_prc = prc.is_none_or(|prc| prc.millionths() == i64::from(rate.prc) * 1_000_000);
        rate.letter.as_deref() == cyrillic && same_prc
    };
    let found = rates.iter().find(fits).map(|rate| rate.prc);
    found.ok_or_else(|| Refusal::field("products.letters", "Ставку податку не зареєстровано для цієї каси"))
}

fn payment(body: PaymentBody) -> Result<Payment, Refusal> {
    let Whole(code) = body.code.ok_or_else(|| missing("payments.code"))?;
    let sum = kopecks("payments.sum", body.sum)?.filter(|sum| *sum >= 0);
    let sum = sum.ok_or_else(|| missing("payments.sum"))?;
    let name = if code == 0 { "ГОТІВКА" } else { "КАРТКА" };
    Ok(Payment {
        code: i64::try_from(code).unwrap_or(i64::MAX),
        name: body.name.unwrap_or_else(|| name.to_owned()),
        sum_kopecks: sum,
        provided_kopecks: kopecks("payments.sum_provided", body.sum_provided)?.unwrap_or(sum),
        remains_kopecks: kopecks("payments.sum_remains", body.sum_remains)?.unwrap_or(0),
        terminal: body.pay_terminal,
    })
}

/// Turnovers by group in the order of the lines. A discount on the whole check is taken from the groups in turn.
fn taxes(products: &[Product], mut discount: i64) -> Vec<TaxLine> {
    let mut taxes: Vec<TaxLine> = Vec::new();
    for product in products {
        let group = |tax: &&mut TaxLine| tax.letter == product.letters && tax.prc == product.tax_prc;
        match taxes.iter_mut().find(group) {
            Some(tax) => tax.turnover_kopecks += net(product),
            None => taxes.push(TaxLine {
                letter: product.letters.clone(),
                prc: product.tax_prc,
                turnover_kopecks: net(product),
                sum_kopecks: 0,
            }),
        }
    }
    for tax in &mut taxes {
        let taken = discount.min(tax.turnover_kopecks);
        discount -= taken;
        tax.turnover_kopecks -= taken;
        tax.sum_kopecks = tax_inside(tax.turnover_kopecks, tax.prc);
    }
    taxes
}

/// The tax inside a turnover, rounded half up.
fn tax_inside(turnover: i64, prc: u8) -> i64 {
    let (part, whole) = (i64::from(prc), 100 + i64::from(prc));
    (turnover * part * 2 + whole).div_euclid(whole * 2)
}

/// Ten thousand million hryvnias: no sum of a body's lines can overflow.
const GREATEST_SUM: i64 = 1_000_000_000_000;

/// A sum in kopecks, if it is one and not absurd.
pub(super) fn kopecks(field: &'static str, sum: Option<Decimal>) -> Result<Option<i64>, Refusal> {
    let Some(sum) = sum else { return Ok(None) };
    let kopecks = sum.kopecks().filter(|kopecks| kopecks.abs() <= GREATEST_SUM);
    let kopecks = kopecks.ok_or_else(|| Refusal::field(field, "Сума має щонайбільше два знаки після коми"));
    kopecks.map(Some)
}

pub(super) fn missing(field: &'static str) -> Refusal {
    Refusal::field(field, format!("Не заповнено поле {field}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cash_is_rounded_to_ten_kopecks() {
        for (exact, rounded) in [
            (12_411, 12_410),
            (12_414, 12_410),
            (12_415, 12_420),
            (12_419, 12_420),
            (12_420, 12_420),
        ] {
            assert_eq!(to_ten_kopecks(exact), rounded, "{exact}");
        }
    }

    #[test]
    fn the_tax_is_inside_the_turnover() {
        for (turnover, prc, sum) in [(12_000, 20, 2_000), (10_700, 7, 700), (100, 20, 17), (100, 0, 0)] {
            assert_eq!(tax_inside(turnover, prc), sum, "{turnover} at {prc}");
        }
    }

    #[test]
    fn a_line_costs_its_price_by_its_amount() {
        for (amount, price, cost) in [
            (3_000, "41.37", 12_411),
            (333, "10", 333),
            (1_500, "3.33", 500),
            (1_000, "0.125", 13),
        ] {
            assert_eq!(
                Decimal::read(price).and_then(|price| cost_of(amount, price)),
                Some(cost),
                "{amount} x {price}"
            );
        }
    }
}
