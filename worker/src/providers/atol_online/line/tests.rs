use ::atol_online::VatTable;
use domain::money::Kopecks;
use domain::quantity;

use super::*;

fn line(name: &str, quantity: &str, price: u64, paid: u64) -> Line {
    let quantity = quantity::Quantity::parse(quantity).unwrap();
    let kopecks = |minor| Kopecks::from_minor(minor).unwrap();
    Line::with_total(name, quantity, kopecks(price), kopecks(paid)).unwrap()
}

fn written(line: &Line) -> Item {
    item(
        line,
        VatTable::default().get("vat20").unwrap(),
        PaymentObject::Commodity,
    )
}

#[test]
fn price_by_quantity_is_always_what_was_paid() {
    for (quantity, price, paid, expected) in [
        // As the shop has it.
        ("2", 15_000, 30_000, "Чай | 150.00 × 2 = 300.00"),
        ("0.2", 70_000, 14_000, "Чай | 700.00 × 0.2 = 140.00"),
        ("1.053", 9_999, 10_529, "Чай | 99.99 × 1.053 = 105.29"),
        // A discount is in the price of one.
        ("2", 15_000, 27_000, "Чай | 135.00 × 2 = 270.00"),
        ("0.333", 10_000, 3_000, "Чай | 90.09 × 0.333 = 30.00"),
        ("1.5", 10_000, 14_999, "Чай | 99.99 × 1.5 = 149.99"),
        ("1", 15_000, 1, "Чай | 0.01 × 1 = 0.01"),
        // No price of one comes to it.
        ("3", 10_000, 10_000, "Чай, 3 шт | 100.00 × 1 = 100.00"),
        ("2", 15_000, 29_999, "Чай, 2 шт | 299.99 × 1 = 299.99"),
        ("2.5", 10_000, 24_999, "Чай, 2.5 шт | 249.99 × 1 = 249.99"),
        ("1000", 5, 1, "Чай, 1000 шт | 0.01 × 1 = 0.01"),
        // The shop's total is more than its price: the domain raised the price, and the rest is a discount.
        ("3", 33, 100, "Чай, 3 шт | 1.00 × 1 = 1.00"),
    ] {
        let found = written(&line("Чай", quantity, price, paid));
        let shown = format!("{} | {} × {} = {}", found.name, found.price, found.quantity, found.sum);
        assert_eq!(shown, expected, "{quantity} × {price} for {paid}");
        assert_eq!(found.quantity.cost(found.price), Some(found.sum), "{shown}");
        assert_eq!(found.sum.kopecks(), paid);
    }
}

#[test]
fn the_tax_is_that_of_the_sum_and_nobody_pays_it_without_vat() {
    let tea = line("Чай", "2", 15_000, 27_000);
    assert_eq!(written(&tea).vat.sum, Some(Money::from_kopecks(4_500)));
    let none = VatTable::default().get("none").unwrap();
    assert_eq!(item(&tea, none, PaymentObject::Commodity).vat.sum, None);
}

#[test]
fn a_long_name_is_cut_and_keeps_its_quantity() {
    let long = "ї".repeat(200);
    let name = written(&line(&long, "2", 100, 200)).name;
    assert_eq!(name, "ї".repeat(127) + "…");
    let name = written(&line(&long, "3", 34, 100)).name;
    assert_eq!(name, "ї".repeat(121) + "…, 3 шт");
    assert_eq!(name.chars().count(), 128);
}

#[test]
fn units_have_their_codes_and_others_their_names() {
    for (name, code) in [("шт", 0), ("шт.", 0), ("Кг", 11), ("л", 41), ("упаковка", 255)] {
        let unit = Unit {
            code: 1,
            name: name.to_owned(),
        };
        assert_eq!(super::unit(&unit).v5(), code, "{name}");
    }
    let unit = Unit {
        code: 1,
        name: "дуже довга назва одиниці".to_owned(),
    };
    assert_eq!(super::unit(&unit).v4().chars().count(), 16);
}
