use super::*;
use fondy::{KktPayment, read_kkt_logs};

fn entry() -> KktEntry {
    KktEntry {
        transaction_id: "7".to_owned(),
        kind: TranType::Purchase,
        uid: None,
        total: 26_750,
        lines: vec![line_of("Мигдаль", 14_000), line_of("Кешью", 12_750)],
        payments: vec![KktPayment {
            form: None,
            sum: 26_750,
            system: Some("Fondy VISA".to_owned()),
            masked_card: Some("444455XXXXXX1111".to_owned()),
            auth_code: None,
            rrn: Some("111".to_owned()),
        }],
        register_number: Some("4000000000".to_owned()),
        local_number: Some(5),
        registered_at: Some("2025-03-05T14:03:59".to_owned()),
        offline: false,
        cashier: None,
        seller: Some("Продавець".to_owned()),
        tin: None,
        unit: None,
        address: None,
        code: KktCode::Accepted,
        fiscal_number: Some("123456789".to_owned()),
    }
}

fn line_of(name: &str, cost: u64) -> KktLine {
    KktLine {
        code: None,
        name: name.to_owned(),
        description: None,
        unit: Some("кг".to_owned()),
        quantity_thousandths: 1_000,
        price: cost,
        cost,
    }
}

fn only(entry: KktEntry) -> Found {
    let logs = KktLogs {
        entries: vec![entry],
        unreadable: Vec::new(),
    };
    let [found] = <[Found; 1]>::try_from(found(&logs)).unwrap();
    found
}

fn receipt_of(entry: KktEntry) -> FoundReceipt {
    match only(entry) {
        Found::Receipt(receipt) => *receipt,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_registered_document_is_a_receipt_with_its_lines() {
    let receipt = receipt_of(entry());
    assert_eq!((receipt.kind, receipt.amount.minor()), (Kind::Sale, 26_750));
    let names: Vec<&str> = receipt
        .receipt
        .basket
        .lines()
        .iter()
        .map(|line| line.name.as_str())
        .collect();
    assert_eq!(names, ["Мигдаль", "Кешью"]);
    assert_eq!(receipt.receipt.basket.lines()[0].unit.name, "кг");
    assert_eq!(receipt.receipt.means.masked_card.as_deref(), Some("444455XXXXXX1111"));
    assert_eq!(receipt.maker.name.as_deref(), Some("Продавець"));
}

#[test]
fn lines_that_do_not_add_up_are_told_as_one() {
    for lines in [
        vec![],
        vec![line_of("Мигдаль", 14_000)],
        vec![line_of("", 30_000)],
        vec![KktLine {
            quantity_thousandths: 0,
            ..line_of("Мигдаль", 26_750)
        }],
    ] {
        let receipt = receipt_of(KktEntry { lines, ..entry() });
        let [line] = receipt.receipt.basket.lines() else {
            panic!("{receipt:?}")
        };
        assert_eq!((line.name.as_str(), line.paid().minor()), (WHOLE, 26_750));
    }
}

#[test]
fn what_is_no_receipt_is_told_apart() {
    let transaction = "7".to_owned();
    for (entry, expected) in [
        (
            KktEntry {
                code: KktCode::Refused("9".to_owned()),
                ..entry()
            },
            Found::Refused {
                transaction: transaction.clone(),
                code: "9".to_owned(),
            },
        ),
        (
            KktEntry {
                code: KktCode::Absent,
                ..entry()
            },
            Found::Unanswered {
                transaction: transaction.clone(),
            },
        ),
        (
            KktEntry {
                fiscal_number: None,
                ..entry()
            },
            Found::Unanswered {
                transaction: transaction.clone(),
            },
        ),
        (
            KktEntry {
                kind: TranType::Other("gift".to_owned()),
                ..entry()
            },
            Found::Unclear {
                transaction: transaction.clone(),
                why: "the kind of movement is not known".to_owned(),
            },
        ),
        (
            KktEntry { total: 0, ..entry() },
            Found::Unclear {
                transaction,
                why: "its sum is zero".to_owned(),
            },
        ),
    ] {
        assert_eq!(only(entry), expected);
    }
    let verification = KktEntry {
        kind: TranType::Verification,
        ..entry()
    };
    let logs = KktLogs {
        entries: vec![verification],
        unreadable: Vec::new(),
    };
    assert_eq!(found(&logs), []);
}

#[test]
fn a_capture_is_a_sale_and_a_reversal_a_return() {
    for (kind, expected) in [(TranType::Capture, Kind::Sale), (TranType::Reverse, Kind::Return)] {
        assert_eq!(receipt_of(KktEntry { kind, ..entry() }).kind, expected);
    }
}

#[test]
fn of_several_attempts_the_registered_one_counts_wherever_it_stands() {
    let refused = KktEntry {
        code: KktCode::Refused("9".to_owned()),
        ..entry()
    };
    for entries in [
        vec![refused.clone(), entry()],
        vec![entry(), refused.clone()],
        vec![refused.clone(), refused.clone(), entry(), refused],
    ] {
        let logs = KktLogs {
            entries,
            unreadable: Vec::new(),
        };
        assert!(matches!(found(&logs).as_slice(), [Found::Receipt(_)]), "{logs:?}");
    }
}

#[test]
fn a_whole_card_number_is_not_kept() {
    let mut whole = entry();
    whole.payments[0].masked_card = Some("4444555566661111".to_owned());
    assert_eq!(receipt_of(whole).receipt.means.masked_card, None);
}

#[test]
fn what_is_not_understood_is_told() {
    let logs = read_kkt_logs(r#"{"response":{"7":{"type":"purchase"}}}"#).unwrap();
    let expected = Found::Unclear {
        transaction: "7".to_owned(),
        why: "field \"request\" is missing".to_owned(),
    };
    assert_eq!(found(&logs), [expected]);
}
