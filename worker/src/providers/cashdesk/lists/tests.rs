use ::cashdesk::Taxed;
use domain::tax::{Rate, VatLetter};

use super::*;

fn money(kopecks: i64) -> Option<Money> {
    Some(Money::from_kopecks(kopecks))
}

fn check(check_type: CheckType, order_num: &str, sum: i64, letter: Option<&str>) -> ReportCheck {
    ReportCheck {
        check_type: Some(check_type),
        order_num: Some(order_num.to_owned()),
        datetime: Some("21.11.2026 10:15:41".to_owned()),
        local_number: Some(7),
        sum: money(sum),
        payments: vec![PaidBy {
            code: Some(1),
            sum: money(sum),
            ..PaidBy::default()
        }],
        taxes: vec![Taxed {
            letter: letter.map(str::to_owned),
            turnover: money(sum),
            sum: money(sum / 6),
            ..Taxed::default()
        }],
    }
}

#[test]
fn checks_are_added_up_as_our_documents_are() {
    use CheckType::{Return, Sale, ServiceInput, ServiceOutput, ZReport};
    let checks = [
        check(Sale, "1", 12_000, Some("А")),
        check(Sale, "2", 600, None),
        check(Return, "3", 6_000, Some("А")),
        check(ServiceInput, "4", 500, None),
        check(ServiceOutput, "5", 200, None),
        check(ZReport, "6", 9_999, None),
    ];
    // The register's letter was declared with a Latin keyboard.
    let latin = VatLetter::parse("A").unwrap();
    let rates = [(latin, Rate::from_basis_points(2_000).unwrap())].into();
    let sums = sums(&checks, &VatScheme::letters(latin, rates).unwrap());
    assert_eq!((sums.sales.sum.minor(), sums.sales.count), (12_600, 2));
    assert_eq!((sums.returns.sum.minor(), sums.returns.count), (6_000, 1));
    assert_eq!((sums.cash_in.minor(), sums.cash_out.minor()), (500, 200));
    assert_eq!(sums.sales.forms[&domain::shift::CARD].minor(), 12_600);
    let (taxable, tax) = sums.sales.taxes[&'A'];
    assert_eq!(
        (taxable.minor(), tax.minor(), sums.sales.taxes.len()),
        (12_000, 2_000, 1)
    );
}

#[test]
fn a_list_tells_what_is_a_receipt_and_what_it_says() {
    let sale = listed(&check(CheckType::Sale, "TST_1", 100, None)).unwrap();
    let says = sale.says.unwrap();
    assert_eq!(
        (sale.local_number, sale.is_receipt, says.kind, says.amount),
        (Some(7), true, "sale", Some(100))
    );
    assert_eq!(sale.at.as_deref(), Some("2026-11-21T10:15:41+02:00"));
    for (kind, is_receipt) in [
        (CheckType::ServiceInput, true),
        (CheckType::Other("NEW".to_owned()), true),
        (CheckType::OpenShift, false),
        (CheckType::ZReport, false),
    ] {
        assert_eq!(
            listed(&check(kind.clone(), "1", 1, None)).unwrap().is_receipt,
            is_receipt,
            "{kind:?}"
        );
    }
}

#[test]
fn a_shift_over_midnight_is_asked_for_by_both_its_days() {
    let at = |text: &str| kyiv::read(text).unwrap();
    let asked =
        |from: &str, to: &str| -> Vec<String> { days(at(from), at(to)).iter().map(ToString::to_string).collect() };
    let evening = "2026-11-21T23:50:00+02:00";
    assert_eq!(asked(evening, "2026-11-21T23:59:59+02:00"), ["2026-11-21"]);
    assert_eq!(
        asked(evening, "2026-11-22T00:00:00+02:00"),
        ["2026-11-21", "2026-11-22"]
    );
    assert_eq!(asked("1970-01-01T00:00:00Z", evening).len(), MOST_DAYS);
}

#[test]
fn a_check_that_two_reports_tell_counts_once() {
    let checks = vec![
        check(CheckType::Sale, "1", 100, None),
        check(CheckType::Sale, "1", 100, None),
        check(CheckType::Sale, "2", 100, None),
    ];
    assert_eq!(once_each(checks).len(), 2);
}
