use serde_json::Value;

use super::{Anomaly, Decision, Quiet};
use crate::callback::messages::{Message, credentials};
use crate::callback::open_callback;

fn decide(changes: &[(&str, Value)]) -> Decision {
    let message = changes.iter().fold(Message::paid(), |message, (name, value)| {
        message.with(name, value.clone())
    });
    open_callback(message.form().as_bytes(), &credentials())
        .unwrap()
        .decide()
}

fn refund(refunded_total: u64) -> Decision {
    Decision::Refund {
        sale_amount: 26_750,
        refunded_total,
        full: refunded_total == 26_750,
    }
}

#[test]
fn every_status_is_decided() {
    let sale = Decision::Sale { amount: 26_750 };
    for (status, expected) in [
        ("success", sale.clone()),
        ("sandbox", sale.clone()),
        ("wait_accept", sale.clone()),
        ("wait_compensation", sale.clone()),
        ("wait_lc", sale.clone()),
        ("wait_reserve", sale),
        ("hold_wait", Decision::Held),
        ("reversed", Decision::AskStatus),
        ("subscribed", Decision::Anomaly(Anomaly::Subscription)),
        ("unsubscribed", Decision::NoAction(Quiet::Unsubscribed)),
        ("failure", Decision::NoAction(Quiet::Failed)),
        ("error", Decision::NoAction(Quiet::Failed)),
        ("try_again", Decision::NoAction(Quiet::Failed)),
        ("prepared", Decision::NoAction(Quiet::Processing)),
        ("processing", Decision::NoAction(Quiet::Processing)),
        ("wait_secure", Decision::NoAction(Quiet::Processing)),
        ("wait_card", Decision::NoAction(Quiet::Processing)),
        ("wait_qr", Decision::NoAction(Quiet::Processing)),
        ("wait_sender", Decision::NoAction(Quiet::Processing)),
        ("cash_wait", Decision::NoAction(Quiet::Processing)),
        ("invoice_wait", Decision::NoAction(Quiet::Processing)),
        ("3ds_verify", Decision::NoAction(Quiet::Processing)),
        ("otp_verify", Decision::NoAction(Quiet::Processing)),
        (
            "dancing",
            Decision::Anomaly(Anomaly::UnknownStatus("dancing".to_owned())),
        ),
    ] {
        assert_eq!(decide(&[("status", status.into())]), expected, "{status}");
    }
}

#[test]
fn refunds_are_seen_under_any_charged_status() {
    for status in ["success", "wait_accept", "reversed"] {
        for (amount, expected) in [
            (100.25, refund(10_025)),
            (267.5, refund(26_750)),
            (
                267.51,
                Decision::Anomaly(Anomaly::RefundAboveAmount {
                    sale_amount: 26_750,
                    refunded_total: 26_751,
                }),
            ),
        ] {
            let decided = decide(&[("status", status.into()), ("refund_amount", amount.into())]);
            assert_eq!(decided, expected, "{status} {amount}");
        }
    }
    let nothing_yet = decide(&[("refund_amount", 0.into())]);
    assert_eq!(nothing_yet, Decision::Sale { amount: 26_750 });
}

#[test]
fn a_hold_given_back_is_a_refund_only_when_it_was_charged() {
    let back = [
        ("action", "hold".into()),
        ("status", "reversed".into()),
        ("refund_amount", 267.5.into()),
    ];
    assert_eq!(decide(&back), Decision::HoldEnded { whole: true });
    let [action, status, amount] = back;
    let charged = ("completion_date", 1_740_000_002_000_u64.into());
    assert_eq!(
        decide(&[action.clone(), status.clone(), amount, charged]),
        refund(26_750)
    );
    let unsaid = decide(&[action.clone(), status.clone()]);
    assert_eq!(unsaid, Decision::HoldEnded { whole: false });
    // A part of a hold cannot be released: so much was charged.
    assert_eq!(decide(&[action, status, ("refund_amount", 100.into())]), refund(10_000));
}

#[test]
fn a_charged_hold_is_a_sale_unless_less_left_the_account() {
    let hold = ("action", Value::from("hold"));
    assert_eq!(decide(std::slice::from_ref(&hold)), Decision::Sale { amount: 26_750 });
    let with_fee = decide(&[hold.clone(), ("amount_debit", 270.into())]);
    assert_eq!(with_fee, Decision::Sale { amount: 26_750 });
    let unclear = Anomaly::CaptureUnclear {
        held: 26_750,
        debited: 20_000,
    };
    assert_eq!(
        decide(&[hold, ("amount_debit", 200.into())]),
        Decision::Anomaly(unclear)
    );
}

#[test]
fn what_does_not_add_up_waits_for_a_person() {
    let foreign = |currency: &str| Anomaly::ForeignCurrency {
        currency: currency.to_owned(),
        amount: 26_750,
    };
    for (changes, expected) in [
        (("currency", "USD".into()), foreign("USD")),
        (("currency", Value::Null), foreign("")),
        (("amount", 0.into()), Anomaly::NoAmount),
        (("amount", Value::Null), Anomaly::NoAmount),
        (("action", "regular".into()), Anomaly::RegularPayment { amount: 26_750 }),
        (("action", "subscribe".into()), Anomaly::Subscription),
        (("action", "p2p".into()), Anomaly::UnknownAction("p2p".to_owned())),
    ] {
        assert_eq!(
            decide(std::slice::from_ref(&changes)),
            Decision::Anomaly(expected),
            "{changes:?}"
        );
    }
}

#[test]
fn a_card_check_is_no_sale() {
    for status in ["success", "reversed"] {
        let decided = decide(&[("action", "auth".into()), ("status", status.into())]);
        assert_eq!(decided, Decision::NoAction(Quiet::CardCheck));
    }
}
