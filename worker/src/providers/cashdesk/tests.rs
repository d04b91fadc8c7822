use domain::basket::{Basket, Line, Unit};
use domain::document::Kind;
use domain::event::PaymentMeans;
use domain::ids::DocumentId;
use domain::money::Kopecks;
use domain::quantity::Quantity;
use domain::receipt::{MismatchPolicy, Receipt};
use domain::tax::{Rate, VatLetter};
use domain::time::UnixMillis;
use ledger::tape::DueDocument;

use super::*;
use crate::providers::{Draft, What};

fn kopecks(minor: u64) -> Kopecks {
    Kopecks::from_minor(minor).unwrap()
}

fn till(footer: Option<&str>) -> Writer {
    Writer {
        number: 4_000_000_017,
        footer: footer.map(str::to_owned),
    }
}

fn payer() -> VatScheme {
    let (a, b) = (VatLetter::parse("A").unwrap(), VatLetter::parse("Б").unwrap());
    let rate = |points| Rate::from_basis_points(points).unwrap();
    VatScheme::letters(a, [(a, rate(2_000)), (b, rate(0))].into()).unwrap()
}

fn document(number: Option<i64>) -> DueDocument {
    let id = DocumentId::from_uuid(uuid::Uuid::nil());
    let means = PaymentMeans::default();
    let mut document = DueDocument::in_doubt(id, Kind::Sale, kopecks(100), means, UnixMillis(0), None);
    document.number = number;
    document
}

fn written(till: &Writer, what: What<'_>, number: Option<i64>) -> Result<String, crate::compose::Stop> {
    till.written(&Draft {
        buyer: None,
        what,
        document: &document(number),
        testing: false,
        at: UnixMillis(0),
    })
}

fn receipt(lines: Vec<Line>, vat: &VatScheme) -> Receipt {
    let basket = Basket::new(lines).unwrap();
    let paid = basket.total();
    Receipt::sale(basket, paid, MismatchPolicy::Hold, vat, PaymentMeans::default()).unwrap()
}

fn line(quantity: &str, price: u64, total: u64) -> Line {
    Line::with_total(
        "Мигдаль",
        Quantity::parse(quantity).unwrap(),
        kopecks(price),
        kopecks(total),
    )
    .unwrap()
}

#[test]
fn a_sale_says_lines_discounts_rates_and_our_number() {
    let nuts = Line {
        code: Some("N-1".to_owned()),
        unit: Unit::kilogram(),
        ..line("0.2", 70_000, 13_000)
    };
    let bag = Line {
        letter: Some(VatLetter::parse("Б").unwrap()),
        ..line("1", 500, 500)
    };
    let vat = payer();
    let sold = receipt(vec![nuts, bag], &vat);
    let text = written(&till(Some("Дякуємо")), What::Sale(&sold), Some(90_017)).unwrap();
    let expected = concat!(
        r#"{"num_fiscal":4000000017,"action_type":"Z_SALE","local_number":90017,"total_sum":135.00,"#,
        r#""products":[{"code":"N-1","unit_code":"301","unit_name":"кг","name":"Мигдаль","amount":0.2,"price":700.00,"#,
        r#""cost":140.00,"sum_discount":10.00,"letters":"А","tax_prc":20},"#,
        r#"{"unit_code":"2009","unit_name":"шт","name":"Мигдаль","amount":1,"price":5.00,"cost":5.00,"#,
        r#""letters":"Б","tax_prc":0}],"#,
        r#""payments":[{"code":1,"name":"Картка","sum":135.00}],"open_shift":true,"footer":"Дякуємо","#,
        r#""no_pdf":true,"no_qr":true,"no_text_print":true}"#,
    );
    assert_eq!(text, expected);
    let read: Check = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
}

#[test]
fn who_pays_no_vat_sends_neither_letter_nor_rate() {
    let sold = receipt(vec![line("1", 100, 100)], &VatScheme::NotAPayer);
    let text = written(&till(None), What::Return(&sold, "TST_1"), Some(7)).unwrap();
    assert!(text.contains(r#""action_type":"Z_RETURN""#), "{text}");
    for absent in ["letters", "tax_prc", "footer", "sum_discount", "TST_1"] {
        assert!(!text.contains(absent), "{absent}: {text}");
    }
}

/// CashDesk adds up for itself: cost is price by amount, the total is costs without discounts, payments are the total.
#[test]
fn every_check_adds_up_as_cashdesk_adds_it_up() {
    for (quantity, price, total) in [
        ("1", 100, 100),
        ("0.2", 70_000, 13_000),
        ("3", 4_137, 12_411),
        ("3", 33, 100),
        ("1.053", 2_300, 2_422),
        ("0.333", 999, 300),
        ("1000000", 1, 999_999),
        ("0.001", 1, 1),
    ] {
        // A line that was read back from somewhere need not have the cost that its price gives.
        for off in [0, 1] {
            let mut one = line(quantity, price, total);
            one.cost = kopecks(one.cost.minor() + off);
            let sold = receipt(vec![one, line("2", 50, 90)], &VatScheme::NotAPayer);
            let text = written(&till(None), What::Sale(&sold), Some(1)).unwrap();
            let check: Check = serde_json::from_str(&text).unwrap();
            let mut sum = 0;
            for product in &check.products {
                let cost =
                    (product.amount.thousandths() as i128 * i128::from(product.price.kopecks()) * 2 + 1000) / 2000;
                assert_eq!(i128::from(product.cost.kopecks()), cost, "{text}");
                sum += product.cost.kopecks() - product.sum_discount.map_or(0, ::cashdesk::Money::kopecks);
            }
            assert_eq!(check.total_sum.kopecks(), sum, "{text}");
            assert_eq!(check.payments[0].sum, check.total_sum);
        }
    }
}

#[test]
fn what_could_not_be_found_again_is_not_written() {
    let sold = receipt(vec![line("1", 100, 100)], &VatScheme::NotAPayer);
    let till = till(None);
    assert!(written(&till, What::Sale(&sold), None).is_err());
    assert!(written(&till, What::Storno("TST_1"), Some(1)).is_err());
}

#[test]
fn moved_cash_names_no_number() {
    let till = till(None);
    for (kind, word) in [(Kind::CashIn, "SERVICE_INPUT"), (Kind::CashOut, "SERVICE_OUTPUT")] {
        let text = written(&till, What::Cash(kind, kopecks(50_000)), Some(7)).unwrap();
        let expected = format!(
            r#"{{"num_fiscal":4000000017,"action_type":"{word}","type":0,"name":"ГОТІВКА","sum":500.00,"no_pdf":true}}"#
        );
        assert_eq!(text, expected);
    }
}

fn view(json: &str) -> CheckView {
    ::cashdesk::read_webhook(json.as_bytes()).unwrap()
}

#[test]
fn an_answer_becomes_a_registration() {
    let online = view(
        r#"{"num_fiscal":1,"check_type":"Z_SALE","ORDERNUM":"TST_a1","ORDERDATE":"2026-11-21","ORDERTIME":"10:15:41",
            "is_offline":false,"uuid":"u","qr_data":"https://till.example/wc/1","link":"https://till.example/check/u/html",
            "local_number":7,"check_data":{"total_sum":1}}"#,
    );
    let made = registration(&online, Some(7)).unwrap();
    assert_eq!(made.fiscal_number.as_str(), "TST_a1");
    assert_eq!((made.local_number, made.presence), (7, Presence::Online));
    assert_eq!(made.registered_at, "2026-11-21T10:15:41+02:00");
    assert_eq!(made.url.as_deref(), Some("https://till.example/wc/1"));
    assert_eq!(made.provider_id.as_deref(), Some("u"));
    let offline = view(
        r#"{"num_fiscal":1,"check_type":"Z_SALE","ORDERNUM":null,"is_offline":true,"link":"https://till.example/l",
            "check_data":{"total_sum":1,"offline_id":"12.3.4567"}}"#,
    );
    let made = registration(&offline, Some(8)).unwrap();
    assert_eq!(
        (made.fiscal_number.as_str(), made.presence),
        ("12.3.4567", Presence::Offline)
    );
    assert_eq!(made.url.as_deref(), Some("https://till.example/l"));
    let nameless = view(r#"{"num_fiscal":1,"check_type":"Z_SALE","uuid":"u","check_data":{"total_sum":1}}"#);
    let failure = registration(&nameless, Some(9)).unwrap_err();
    assert_eq!((failure.class, failure.answered), (FailureClass::Unknown, true));
}

fn refused(class: ::cashdesk::Class) -> ::cashdesk::Error {
    ::cashdesk::Error::Refused {
        http_status: 400,
        message: "Ні".to_owned(),
        level: None,
        shift_open: None,
        class,
    }
}

#[test]
fn every_class_has_its_consequence() {
    use ::cashdesk::Class as C;
    use FailureClass as F;
    for (class, expected, away) in [
        (C::NotDone, F::NotDone, false),
        (C::Unknown, F::Unknown, false),
        (C::ShiftAlreadyOpen, F::Repair, false),
        (C::ShiftClosed, F::Repair, false),
        (C::TaxServiceAway, F::Unknown, true),
        (C::KeyAbsent, F::Misconfigured, false),
        (C::QueueNotEmpty, F::NotDone, true),
        (C::NotFound, F::Unrecognised, false),
        (C::Misconfigured, F::Misconfigured, false),
        (C::Refused, F::Refused, false),
    ] {
        let failure = told::failure(&refused(class));
        assert_eq!((failure.class, failure.tax_service_away), (expected, away), "{class:?}");
        assert!(failure.answered && !failure.unreachable);
        assert_eq!(failure.text, Words::new("Ні", "Ні"));
    }
    let lost = told::failure(&::cashdesk::Error::BadAnswer {
        http_status: 502,
        reason: ::cashdesk::Flaw::Status,
    });
    assert_eq!(
        (lost.class, lost.word.as_str(), lost.answered),
        (F::Unknown, "bad_answer_502", false)
    );
    assert_eq!((told::cut().class, told::cut().answered), (F::Unknown, false));
}

#[test]
fn a_shift_that_could_not_be_opened_leaves_its_document_undone() {
    use FailureClass as F;
    for class in [
        F::NotDone,
        F::Unknown,
        F::Unrecognised,
        F::Repair,
        F::Refused,
        F::Misconfigured,
    ] {
        assert!(
            !matches!(told::before(class), F::Unknown | F::Unrecognised | F::Refused),
            "{class:?}"
        );
    }
}
