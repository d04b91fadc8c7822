use super::*;
use crate::quantity::Quantity;

fn kopecks(minor: u64) -> Kopecks {
    Kopecks::from_minor(minor).unwrap()
}

fn letter(text: &str) -> VatLetter {
    VatLetter::parse(text).unwrap()
}

fn scheme() -> VatScheme {
    let rates =
        [("А", 2_000), ("Б", 700)].map(|(name, points)| (letter(name), Rate::from_basis_points(points).unwrap()));
    VatScheme::letters(letter("А"), rates.into()).unwrap()
}

fn basket(lines: &[(&str, u64, Option<&str>)]) -> Basket {
    let lines = lines
        .iter()
        .map(|(name, total, tax)| Line {
            letter: tax.map(letter),
            ..Line::single(name, kopecks(*total)).unwrap()
        })
        .collect();
    Basket::new(lines).unwrap()
}

#[test]
fn taxes_are_grouped_by_letter_and_included_in_the_price() {
    let goods = basket(&[
        ("Чай", 10_000, None),
        ("Ліки", 16_000, Some("Б")),
        ("Чашка", 2_000, Some("А")),
    ]);
    let receipt = Receipt::sale(
        goods,
        kopecks(28_000),
        MismatchPolicy::Hold,
        &scheme(),
        PaymentMeans::default(),
    )
    .unwrap();
    let rows: Vec<_> = receipt
        .taxes
        .iter()
        .map(|row| (row.letter.letter(), row.taxable.minor(), row.tax.minor()))
        .collect();
    assert_eq!(rows, [('А', 12_000, 2_000), ('Б', 16_000, 1_047)]);
    assert_eq!(receipt.basket.lines()[0].letter, Some(letter("А")));
}

#[test]
fn those_who_pay_no_vat_have_no_letters() {
    let goods = basket(&[("Чай", 10_000, Some("А"))]);
    let receipt = Receipt::sale(
        goods,
        kopecks(10_000),
        MismatchPolicy::Hold,
        &VatScheme::NotAPayer,
        PaymentMeans::default(),
    )
    .unwrap();
    assert_eq!((receipt.taxes.len(), receipt.basket.lines()[0].letter), (0, None));
}

#[test]
fn an_unknown_letter_is_named() {
    let goods = basket(&[("Вино", 10_000, Some("Г"))]);
    let refused = Receipt::sale(
        goods,
        kopecks(10_000),
        MismatchPolicy::Hold,
        &scheme(),
        PaymentMeans::default(),
    );
    assert_eq!(refused, Err(ReceiptError::UnknownLetter(letter("Г"))));
}

#[test]
fn a_basket_worth_something_else_is_held_or_adjusted() {
    let goods = || basket(&[("Чай", 10_000, None), ("Кава", 20_000, None)]);
    let make = |paid, policy| {
        Receipt::sale(
            goods(),
            kopecks(paid),
            policy,
            &VatScheme::NotAPayer,
            PaymentMeans::default(),
        )
    };
    assert_eq!(
        make(35_000, MismatchPolicy::Hold),
        Err(ReceiptError::Mismatch {
            basket: kopecks(30_000),
            paid: kopecks(35_000)
        })
    );
    let more = make(35_000, MismatchPolicy::Adjust).unwrap();
    assert_eq!(
        (more.basket.lines().len(), more.basket.lines()[2].paid().minor()),
        (3, 5_000)
    );
    let less = make(29_999, MismatchPolicy::Adjust).unwrap();
    let discounts: Vec<_> = less.basket.lines().iter().map(|line| line.discount.minor()).collect();
    assert_eq!((less.total().minor(), discounts), (29_999, vec![0, 1]));
}

#[test]
fn discounts_lower_the_taxable_sum_but_not_the_turnover() {
    let line = Line::with_total("Чай", Quantity::parse("2").unwrap(), kopecks(5_000), kopecks(8_000)).unwrap();
    let goods = Basket::new(vec![line]).unwrap();
    let receipt = Receipt::sale(
        goods,
        kopecks(8_000),
        MismatchPolicy::Hold,
        &scheme(),
        PaymentMeans::default(),
    )
    .unwrap();
    let row = &receipt.taxes[0];
    assert_eq!(
        (row.turnover.minor(), row.taxable.minor(), row.tax.minor()),
        (10_000, 8_000, 1_333)
    );
}
