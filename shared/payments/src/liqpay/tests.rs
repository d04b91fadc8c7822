use liqpay::Status;
use wire::Goods;

use super::*;

fn snapshot() -> Snapshot {
    Snapshot {
        order_id: "shop-1001".to_owned(),
        payment_id: Some("7".to_owned()),
        action: Some(Action::Pay),
        status: Status::Success,
        amount: Some(26_750),
        currency: Some("UAH".to_owned()),
        amount_debit: None,
        currency_debit: None,
        refund_amount: None,
        refund_date_last: None,
        completion_date: None,
        masked_card: None,
        card_type: None,
        auth_code: None,
        rrn: None,
        err_code: None,
        goods: Goods::Absent,
    }
}

fn refunded() -> Snapshot {
    Snapshot {
        refund_amount: Some(10_000),
        refund_date_last: Some("1".to_owned()),
        ..snapshot()
    }
}

#[test]
fn a_status_without_refunds_confirms_a_refund_of_the_same_payment_only() {
    let told = event(&refunded()).unwrap();
    let hold = Snapshot {
        action: Some(Action::Hold),
        status: Status::Reversed,
        ..snapshot()
    };
    let with = |change: fn(&mut Snapshot)| {
        let mut answer = snapshot();
        change(&mut answer);
        answer
    };
    for (answer, confirms) in [
        (snapshot(), true),
        (with(|answer| answer.status = Status::Reversed), true),
        (with(|answer| answer.status = Status::WaitReserve), true),
        (hold, true),
        // It does speak about refunds, so it is the answer.
        (with(|answer| answer.refund_amount = Some(0)), false),
        (refunded(), false),
        (with(|answer| answer.status = Status::Failure), false),
        (with(|answer| answer.status = Status::HoldWait), false),
        (with(|answer| answer.payment_id = Some("8".to_owned())), false),
        (with(|answer| answer.amount = Some(26_751)), false),
        (with(|answer| answer.currency = Some("USD".to_owned())), false),
    ] {
        assert_eq!(confirms_refund(&answer, &told), confirms, "{answer:?}");
    }
    let sale = event(&snapshot()).unwrap();
    assert!(!confirms_refund(&snapshot(), &sale), "there is no refund to confirm");
}

#[test]
fn the_key_is_the_state_and_the_fingerprint_the_money() {
    let (paid, part) = (snapshot(), refunded());
    let later = Snapshot {
        refund_date_last: Some("2".to_owned()),
        ..refunded()
    };
    assert_ne!(key(&paid), key(&part));
    assert_ne!(key(&part), key(&later));
    let dearer = Snapshot {
        amount: Some(1),
        ..snapshot()
    };
    assert_eq!(key(&paid), key(&dearer));
    assert_ne!(fingerprint(&paid), fingerprint(&dearer));
}
