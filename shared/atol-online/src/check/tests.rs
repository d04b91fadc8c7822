//! One row for each limit: what is done to a good document, for which version, and what is found.

use wire::Personal;

use super::*;
use crate::body::samples::{correction, item, sale, vat};
use crate::{Measure, Money, Payment, PaymentObject, PaymentType, Quantity, UserProps};

type Change = fn(&mut Document);

/// Looks at a changed document. An expected text of `ok` finds nothing.
fn check(document: fn() -> Document, version: Version, name: &str, change: Change, expected: &str) {
    let mut document = document();
    change(&mut document);
    let found: Vec<String> = match document.check(version) {
        Ok(()) => vec!["ok".to_owned()],
        Err(problems) => problems.iter().map(Problem::to_string).collect(),
    };
    assert_eq!(found.join(" | "), expected, "{version} {name}");
}

/// Both versions find the same.
fn both(rows: &[(&str, Change, &str)]) {
    for version in [Version::V4, Version::V5] {
        for (name, change, expected) in rows {
            check(sale, version, name, *change, expected);
        }
    }
}

fn personal(text: &str) -> Option<Personal> {
    Some(Personal::new(text))
}

fn money(kopecks: u64) -> Money {
    Money::from_kopecks(kopecks)
}

fn pay(kind: PaymentType, kopecks: u64) -> Payment {
    Payment {
        kind,
        sum: money(kopecks),
    }
}

/// One line of one piece, and a total and a payment that fit it.
fn worth(document: &mut Document, kopecks: u64) {
    document.receipt.items = vec![item()];
    let line = &mut document.receipt.items[0];
    (line.price, line.sum) = (money(kopecks), money(kopecks));
    line.quantity = Quantity::from_thousandths(1000);
    document.receipt.total = money(kopecks);
    document.receipt.payments = vec![pay(PaymentType::Cash, kopecks)];
}

#[test]
fn good_documents_have_no_problems() {
    for version in [Version::V4, Version::V5] {
        check(sale, version, "sale", |_| {}, "ok");
        check(correction, version, "correction", |_| {}, "ok");
        let newer: Change = |d| d.operation = Operation::SellRefundCorrection;
        check(correction, version, "refund correction", newer, "ok");
    }
}

#[test]
fn lengths_are_counted_in_characters() {
    both(&[
        ("longest id", |d| d.external_id = "ї".repeat(128), "ok"),
        (
            "id",
            |d| d.external_id = "i".repeat(129),
            "external_id: 1 to 128 characters",
        ),
        ("no id", |d| d.external_id.clear(), "external_id: 1 to 128 characters"),
        ("longest name", |d| d.receipt.items[0].name = "Ж".repeat(128), "ok"),
        (
            "name",
            |d| d.receipt.items[0].name = "Ж".repeat(129),
            "items[1].name: 1 to 128 characters",
        ),
        (
            "no name",
            |d| d.receipt.items[0].name.clear(),
            "items[1].name: 1 to 128 characters",
        ),
        (
            "buyer",
            |d| d.receipt.client.name = personal(&"n".repeat(257)),
            "client.name: 1 to 256 characters",
        ),
        (
            "address",
            |d| d.receipt.company.payment_address.clear(),
            "company.payment_address: 1 to 256 characters",
        ),
        (
            "long address",
            |d| d.receipt.company.payment_address = "a".repeat(257),
            "company.payment_address: 1 to 256 characters",
        ),
        (
            "location",
            |d| d.receipt.company.location = Some("a".repeat(257)),
            "company.location: 1 to 256 characters",
        ),
        (
            "no location",
            |d| d.receipt.company.location = Some(String::new()),
            "company.location: 1 to 256 characters",
        ),
        (
            "cashier",
            |d| d.receipt.cashier = personal(&"c".repeat(65)),
            "cashier: 1 to 64 characters",
        ),
        (
            "device",
            |d| d.receipt.device_number = Some("1".repeat(21)),
            "device_number: 1 to 20 characters",
        ),
        (
            "check props",
            |d| d.receipt.additional_check_props = Some("a".repeat(17)),
            "additional_check_props: 1 to 16 characters",
        ),
        (
            "user props",
            |d| {
                d.receipt.additional_user_props = Some(UserProps {
                    name: "n".repeat(65),
                    value: Personal::new(""),
                });
            },
            "additional_user_props.name: 1 to 64 characters | additional_user_props.value: 1 to 256 characters",
        ),
    ]);
}

#[test]
fn contacts_and_numbers_of_taxpayers_are_looked_at() {
    both(&[
        (
            "nobody",
            |d| d.receipt.client.email = None,
            "client: an e-mail or a phone, or both",
        ),
        (
            "only a phone",
            |d| {
                d.receipt.client.email = None;
                d.receipt.client.phone = personal("+79000000001");
            },
            "ok",
        ),
        (
            "not an e-mail",
            |d| d.receipt.client.email = personal("buyer"),
            "client.email: an e-mail address",
        ),
        (
            "no host",
            |d| d.receipt.client.email = personal("buyer@"),
            "client.email: an e-mail address",
        ),
        (
            "long e-mail",
            |d| d.receipt.client.email = Some(Personal::new(format!("{}@mail.example", "b".repeat(53)))),
            "client.email: 1 to 64 characters",
        ),
        (
            "company's e-mail",
            |d| d.receipt.company.email.clear(),
            "company.email: 1 to 64 characters | company.email: an e-mail address",
        ),
        (
            "longest phone",
            |d| d.receipt.client.phone = personal("+123456789012345678"),
            "ok",
        ),
        (
            "long phone",
            |d| d.receipt.client.phone = personal("+1234567890123456789"),
            "client.phone: a plus sign and 1 to 18 digits",
        ),
        (
            "phone",
            |d| d.receipt.client.phone = personal("+7 900"),
            "client.phone: a plus sign and 1 to 18 digits",
        ),
        (
            "sole trader",
            |d| d.receipt.company.inn = "000000000000".to_owned(),
            "ok",
        ),
        (
            "inn",
            |d| d.receipt.company.inn = "00000000000".to_owned(),
            "company.inn: 10 or 12 digits",
        ),
        (
            "letters",
            |d| d.receipt.company.inn = "000000000x".to_owned(),
            "company.inn: 10 or 12 digits",
        ),
        (
            "buyer's inn",
            |d| d.receipt.client.inn = personal("1"),
            "client.inn: 10 or 12 digits",
        ),
    ]);
}

#[test]
fn callback_addresses_fit_the_mask() {
    both(&[
        ("none", |d| d.callback_url = None, "ok"),
        (
            "longest",
            |d| d.callback_url = Some(format!("https://gw.example/{}", "a".repeat(237)).into()),
            "ok",
        ),
        (
            "long",
            |d| d.callback_url = Some(format!("https://gw.example/{}", "a".repeat(238)).into()),
            "callback_url: 1 to 256 characters",
        ),
    ]);
    let mut document = sale();
    document.callback_url = Some("https://user:canary@gw.example/".into());
    let problems = document.check(Version::V4).unwrap_err();
    assert_eq!(problems, [Problem::new("callback_url", callback_url::ALLOWED)]);
}

/// So many of the sample's lines, paid in full.
fn lines(document: &mut Document, count: usize) {
    let total = 30_000 * u64::try_from(count).unwrap();
    document.receipt.items = vec![item(); count];
    document.receipt.total = money(total);
    document.receipt.payments = vec![pay(PaymentType::Cash, total)];
}

fn quantity(document: &mut Document, thousandths: u64) {
    worth(document, 0);
    document.receipt.items[0].quantity = Quantity::from_thousandths(thousandths);
}

#[test]
fn lines_are_looked_at_one_by_one() {
    both(&[
        ("none", |d| lines(d, 0), "items: 1 to 100 of them"),
        ("a hundred", |d| lines(d, 100), "ok"),
        ("more", |d| lines(d, 101), "items: 1 to 100 of them"),
        ("the dearest", |d| worth(d, 4_294_967_295), "ok"),
        (
            "too dear",
            |d| worth(d, 4_294_967_296),
            "items[1].price: up to 42949672.95 | items[1].sum: up to 42949672.95 | \
             items[1].quantity: price × quantity up to 42949672.95",
        ),
        ("free", |d| worth(d, 0), "ok"),
        ("nothing", |d| quantity(d, 0), "items[1].quantity: 0.001 to 99999.999"),
        ("least", |d| quantity(d, 1), "ok"),
        ("most", |d| quantity(d, 99_999_999), "ok"),
        (
            "too much",
            |d| quantity(d, 100_000_000),
            "items[1].quantity: 0.001 to 99999.999",
        ),
        (
            "the second",
            |d| {
                lines(d, 2);
                d.receipt.items[1].name.clear();
            },
            "items[2].name: 1 to 128 characters",
        ),
    ]);
}

#[test]
fn sums_fit_together() {
    both(&[
        (
            "short",
            |d| d.receipt.payments[0].sum = money(29_999),
            "payments: together at least the total",
        ),
        (
            "cashless above",
            |d| d.receipt.payments[0].sum = money(30_001),
            "payments: cashless money up to the total",
        ),
        (
            "change",
            |d| d.receipt.payments = vec![pay(PaymentType::Cash, 50_000)],
            "ok",
        ),
        (
            "nobody pays",
            |d| d.receipt.payments.clear(),
            "payments: 1 to 10 of them | payments: together at least the total",
        ),
        (
            "ten",
            |d| d.receipt.payments = vec![pay(PaymentType::Cash, 3_000); 10],
            "ok",
        ),
        (
            "eleven",
            |d| d.receipt.payments = vec![pay(PaymentType::Cash, 3_000); 11],
            "payments: 1 to 10 of them",
        ),
        (
            "large",
            |d| d.receipt.payments = vec![pay(PaymentType::Cash, 10_000_000_000)],
            "payments[1].sum: up to 99999999.99",
        ),
        (
            "extended",
            |d| d.receipt.payments = vec![pay(PaymentType::Extended(9), 30_000)],
            "ok",
        ),
        (
            "unknown",
            |d| d.receipt.payments = vec![pay(PaymentType::Extended(4), 30_000)],
            "payments[1].type: extended types are 5 to 9",
        ),
        ("no taxes", |d| d.receipt.vats.clear(), "ok"),
        ("six", |d| d.receipt.vats = vec![vat("vat10", 1); 6], "ok"),
        (
            "seven",
            |d| d.receipt.vats = vec![vat("vat10", 1); 7],
            "vats: 0 to 6 of them",
        ),
        (
            "a large tax",
            |d| d.receipt.vats[0].sum = Some(money(10_000_000_000)),
            "vats[1].sum: up to 99999999.99",
        ),
        (
            "a line's tax",
            |d| d.receipt.items[0].vat.sum = Some(money(10_000_000_000)),
            "items[1].vat.sum: up to 99999999.99",
        ),
    ]);
    let huge: Change = |d| {
        d.receipt.items.clear();
        d.receipt.total = money(10_000_000_000);
        d.receipt.payments = vec![pay(PaymentType::Cash, 9_999_999_999); 2];
    };
    let expected =
        "items: 1 to 100 of them | total: up to 99999999.99 | total: the sum of the lines, give or take 99 kopecks";
    check(sale, Version::V4, "huge", huge, expected);
}

#[test]
fn each_version_has_limits_of_its_own() {
    let rounded: Change = |d| {
        d.receipt.total = money(29_901);
        d.receipt.payments[0].sum = money(29_901);
    };
    let rounded_more: Change = |d| {
        d.receipt.total = money(30_100);
        d.receipt.payments[0].sum = money(30_100);
    };
    let discount: Change = |d| {
        d.receipt.items[0].sum = money(29_950);
        d.receipt.total = money(29_950);
        d.receipt.payments[0].sum = money(29_950);
    };
    let unit: Change = |d| d.receipt.items[0].unit = Measure::Other("u".repeat(17));
    let composite: Change = |d| d.receipt.items[0].payment_object = PaymentObject::Composite;
    let marked: Change = |d| d.receipt.items[0].payment_object = PaymentObject::CommodityMarked;
    let old_rate: Change = |d| d.receipt.items[0].vat = vat("vat18", 1);
    let old_refund: Change = |d| {
        d.operation = Operation::SellRefund;
        d.receipt.vats = vec![vat("vat118", 1)];
    };
    let local_phone: Change = |d| d.receipt.client.phone = personal("12345678901234567");
    let long_phone: Change = |d| d.receipt.client.phone = personal("123456789012345678");
    let no_contact: Change = |d| {
        d.receipt.client.email = personal("none");
        d.receipt.client.phone = personal("none");
        d.receipt.company.email = "none".to_owned();
    };
    let no_sno: Change = |d| d.receipt.company.sno = None;
    let cashier: Change = |d| d.receipt.cashier_inn = personal("0000000000");
    let retired = "VAT of 18 % only in refunds and corrections of v4";
    for (name, change, v4, v5) in [
        ("rounded", rounded, "ok", "total: in v5 the sum of the lines"),
        (
            "rounded more",
            rounded_more,
            "total: the sum of the lines, give or take 99 kopecks",
            "total: in v5 the sum of the lines",
        ),
        (
            "discount",
            discount,
            "ok",
            "items[1].sum: in v5 price × quantity, rounded half up to kopecks",
        ),
        ("unit", unit, "items[1].unit: up to 16 characters", "ok"),
        (
            "composite",
            composite,
            "ok",
            "items[1].payment_object: v5 does not have this payment object",
        ),
        (
            "marked",
            marked,
            "items[1].payment_object: v4 does not have this payment object",
            "ok",
        ),
        (
            "old rate",
            old_rate,
            &format!("items[1].vat.type: {retired}"),
            &format!("items[1].vat.type: {retired}"),
        ),
        ("old refund", old_refund, "ok", &format!("vats[1].type: {retired}")),
        (
            "local phone",
            local_phone,
            "ok",
            "client.phone: a plus sign and 1 to 18 digits",
        ),
        (
            "long phone",
            long_phone,
            "client.phone: 1 to 17 digits, or a plus sign and up to 18",
            "client.phone: a plus sign and 1 to 18 digits",
        ),
        (
            "no contact",
            no_contact,
            "client.email: an e-mail address | client.phone: 1 to 17 digits, or a plus sign and up to 18 | \
             company.email: an e-mail address",
            "ok",
        ),
        ("no sno", no_sno, "ok", "company.sno: v5 needs the system of taxation"),
        ("cashier", cashier, "ok", "cashier_inn: 12 digits"),
    ] {
        check(sale, Version::V4, name, change, v4);
        check(sale, Version::V5, name, change, v5);
    }
}

#[test]
fn corrections_say_why() {
    let unexplained: Change = |d| d.correction = None;
    let plain: Change = |d| d.operation = Operation::Sell;
    let number: Change = |d| d.correction.as_mut().unwrap().base_number = None;
    let long: Change = |d| d.correction.as_mut().unwrap().base_number = Some("1".repeat(33));
    let taxes: Change = |d| d.receipt.vats.clear();
    // What v4 does not write, it does not look at.
    let nobody: Change = |d| d.receipt.client.email = None;
    let lines: Change = |d| d.receipt.items.clear();
    for (name, change, v4, v5) in [
        (
            "unexplained",
            unexplained,
            "correction: a correction says why it is made",
            "correction: a correction says why it is made",
        ),
        (
            "plain",
            plain,
            "correction: only for operations that correct",
            "correction: only for operations that correct",
        ),
        ("number", number, "correction.base_number: v4 needs it", "ok"),
        (
            "long",
            long,
            "correction.base_number: 1 to 32 characters",
            "correction.base_number: 1 to 32 characters",
        ),
        ("taxes", taxes, "vats: 1 to 6 of them", "ok"),
        ("nobody", nobody, "ok", "ok"),
        (
            "lines",
            lines,
            "ok",
            "items: 1 to 100 of them | total: in v5 the sum of the lines",
        ),
    ] {
        check(correction, Version::V4, name, change, v4);
        check(correction, Version::V5, name, change, v5);
    }
}

#[test]
fn problems_hold_no_values_of_the_document() {
    let mut document = sale();
    document.receipt.client.email = personal("canary-mail");
    document.receipt.client.phone = personal("canary-phone");
    document.receipt.client.inn = personal("canary-inn");
    document.receipt.items[0].name = "canary-name".repeat(20);
    let found = format!("{:?}", document.check(Version::V5).unwrap_err());
    assert!(!found.contains("canary"), "{found}");
    assert_eq!(found.matches("Problem").count(), 4, "{found}");
}
