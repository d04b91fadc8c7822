use domain::basket::{Basket, Unit};
use domain::event::PaymentMeans;
use domain::money::Kopecks;
use domain::quantity::Quantity;
use domain::receipt::MismatchPolicy;
use domain::tax::{Rate, VatLetter, VatScheme};
use domain::time::UnixMillis;
use ledger::settings::Register;
use ledger::tape::Due;

use super::super::tests::{document, register};
use super::*;

const AT: UnixMillis = UnixMillis(1_795_245_340_000);

fn kopecks(minor: u64) -> Kopecks {
    Kopecks::from_minor(minor).unwrap()
}

fn letter(text: &str) -> VatLetter {
    VatLetter::parse(text).unwrap()
}

fn scheme() -> VatScheme {
    let rates = [("А", 2_000), ("Б", 1_000)].map(|(name, rate)| (letter(name), Rate::from_basis_points(rate).unwrap()));
    VatScheme::letters(letter("А"), rates.into()).unwrap()
}

/// Two notebooks at 20 %, and half a kilogram of tea at 10 % with a discount.
fn lines() -> Vec<Line> {
    let notebook = Line::with_total("Зошит", Quantity::parse("2").unwrap(), kopecks(15_000), kopecks(30_000)).unwrap();
    let tea = Line::with_total(
        "Чай",
        Quantity::parse("0.5").unwrap(),
        kopecks(100_000),
        kopecks(45_000),
    )
    .unwrap();
    vec![
        notebook,
        Line {
            unit: Unit::kilogram(),
            letter: Some(letter("Б")),
            ..tea
        },
    ]
}

fn receipt(lines: Vec<Line>, vat: &VatScheme) -> receipt::Receipt {
    let basket = Basket::new(lines).unwrap();
    let total = basket.total();
    receipt::Receipt::sale(basket, total, MismatchPolicy::Hold, vat, PaymentMeans::default()).unwrap()
}

fn buyer(email: Option<&str>, phone: Option<&str>) -> ledger::orders::Buyer {
    ledger::orders::Buyer {
        email: email.map(str::to_owned),
        phone: phone.map(str::to_owned),
        locale: None,
    }
}

fn written(
    register: &Register,
    receipt: &receipt::Receipt,
    refund: bool,
    buyer: &ledger::orders::Buyer,
) -> Result<Envelope, Stop> {
    let mut document = document(Due::Ready, None);
    document.attempts = 2;
    let draft = Draft {
        what: if refund {
            What::Return(receipt, "9999-133-300")
        } else {
            What::Sale(receipt)
        },
        document: &document,
        testing: false,
        at: AT,
        buyer: Some(buyer),
    };
    write(&Setup::of(register).unwrap(), &draft).map(|text| Envelope::read(&text).unwrap())
}

fn payer(options: &[(&str, &str)]) -> Register {
    Register {
        vat: scheme(),
        ..register(options)
    }
}

/// The body over several lines, as it is easier to compare.
fn laid_out(envelope: &Envelope) -> String {
    envelope.body.replace(",\"", ",\n\"").replace("},{", "},\n{")
}

#[test]
fn a_sale_in_v4() {
    let mail = buyer(Some("buyer@mail.example"), Some("+70000000000"));
    let sale = written(&payer(&[]), &receipt(lines(), &scheme()), false, &mail).unwrap();
    assert_eq!(sale.operation(), Some(Operation::Sell));
    assert_eq!(sale.external_id, "0000000000007-3");
    assert_eq!(
        laid_out(&sale),
        r#"{"timestamp":"21.11.2026 10:15:40",
"external_id":"0000000000007-3",
"receipt":{"client":{"email":"buyer@mail.example"},
"company":{"email":"till@shop.example",
"inn":"0000000000",
"payment_address":"https://shop.example"},
"items":[{"name":"Зошит",
"price":150.00,
"quantity":2,
"sum":300.00,
"measurement_unit":"шт.",
"payment_method":"full_payment",
"payment_object":"commodity",
"vat":{"type":"vat20",
"sum":50.00}},
{"name":"Чай",
"price":900.00,
"quantity":0.5,
"sum":450.00,
"measurement_unit":"кг",
"payment_method":"full_payment",
"payment_object":"commodity",
"vat":{"type":"vat10",
"sum":40.91}}],
"payments":[{"type":1,
"sum":750.00}],
"total":750.00}}"#
    );
}

#[test]
fn a_refund_in_v5_of_one_who_pays_no_vat() {
    let phone = buyer(None, Some("+7 (000) 000-00-00"));
    let options = [("protocol", "v5"), ("sno", "usn_income"), ("payment_object", "service")];
    let register = Register {
        base_url: "https://kassa.example/possystem/v5".to_owned(),
        ..register(&options)
    };
    let refund = receipt(lines()[..1].to_vec(), &VatScheme::NotAPayer);
    let refund = written(&register, &refund, true, &phone).unwrap();
    assert_eq!(refund.operation(), Some(Operation::SellRefund));
    assert_eq!(
        laid_out(&refund),
        r#"{"timestamp":"21.11.2026 10:15:40",
"external_id":"0000000000007-3",
"receipt":{"client":{"phone":"+70000000000"},
"company":{"email":"till@shop.example",
"sno":"usn_income",
"inn":"0000000000",
"payment_address":"https://shop.example"},
"items":[{"name":"Зошит",
"price":150.00,
"quantity":2,
"measure":0,
"sum":300.00,
"payment_method":"full_payment",
"payment_object":4,
"vat":{"type":"none"}}],
"payments":[{"type":1,
"sum":300.00}],
"total":300.00}}"#
    );
}

#[test]
fn a_buyer_without_a_contact_has_the_shops_or_a_person_must_help() {
    let nobody = buyer(Some(" "), None);
    let sale = receipt(lines(), &scheme());
    let stop = written(&payer(&[]), &sale, false, &nobody).err().unwrap();
    assert_eq!(stop.reason, HoldReason::RefusedByProvider);
    assert!(stop.text.contains("buyer_contact"), "{}", stop.text);
    let shops = payer(&[("buyer_contact", "receipts@shop.example")]);
    let sale = written(&shops, &sale, false, &nobody).unwrap();
    assert!(sale.body.contains(r#""client":{"email":"receipts@shop.example"}"#));
}

#[test]
fn what_the_protocol_does_not_take_is_held_with_the_lines_named() {
    let mail = buyer(Some("buyer@mail.example"), None);
    let dear = Line::single("Яхта", kopecks(4_294_967_296)).unwrap();
    let sale = receipt(vec![lines().remove(0), dear], &scheme());
    let stop = written(&payer(&[]), &sale, false, &mail).err().unwrap();
    assert_eq!(stop.reason, HoldReason::BasketUnusable);
    assert!(stop.text.contains("items[2].sum"), "{}", stop.text);
    assert!(!stop.text.contains("Яхта"), "{}", stop.text);

    let many = vec![lines().remove(0); 101];
    let stop = written(&payer(&[]), &receipt(many, &scheme()), false, &mail)
        .err()
        .unwrap();
    assert!(stop.text.contains("items: 1 to 100"), "{}", stop.text);

    let long = buyer(Some(&("a".repeat(64) + "@mail.example")), None);
    let stop = written(&payer(&[]), &receipt(lines(), &scheme()), false, &long)
        .err()
        .unwrap();
    assert_eq!(stop.reason, HoldReason::RefusedByProvider);
    assert!(!stop.text.contains("mail.example"), "{}", stop.text);
}

#[test]
fn a_letter_without_a_type_is_named_by_its_line() {
    let rate = Rate::from_basis_points(2_300).unwrap();
    let scheme = VatScheme::letters(letter("А"), [(letter("А"), rate)].into()).unwrap();
    let register = Register {
        vat: scheme.clone(),
        ..register(&[])
    };
    let sale = receipt(lines()[..1].to_vec(), &scheme);
    let mail = buyer(Some("buyer@mail.example"), None);
    let stop = written(&register, &sale, false, &mail).err().unwrap();
    assert_eq!(stop.reason, HoldReason::UnknownVatLetter);
    assert!(stop.text.starts_with("line 1:"), "{}", stop.text);
}
