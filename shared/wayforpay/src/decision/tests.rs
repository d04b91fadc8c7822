use serde_json::Value;

use super::{Anomaly, Decision, Quiet};
use crate::Snapshot;
use crate::callback::messages::{Message, credentials};
use crate::callback::{open, open_callback};

fn message(changes: &[(&str, Value)]) -> String {
    changes
        .iter()
        .fold(Message::paid(), |message, (name, value)| {
            message.with(name, value.clone())
        })
        .json()
}

fn told(changes: &[(&str, Value)]) -> Decision {
    open_callback(message(changes).as_bytes(), &credentials())
        .unwrap()
        .decide()
}

fn answered(changes: &[(&str, Value)]) -> Snapshot {
    open(&wire::read_object(&message(changes)).unwrap(), &credentials()).unwrap()
}

#[test]
fn every_status_is_decided() {
    for (status, expected) in [
        ("Approved", Decision::Sale { amount: 26_750 }),
        ("WaitingAuthComplete", Decision::Held),
        ("Refunded", Decision::AskStatus),
        ("Voided", Decision::Voided),
        ("RefundInProcessing", Decision::NoAction(Quiet::RefundWaits)),
        ("Declined", Decision::NoAction(Quiet::Declined)),
        ("Expired", Decision::NoAction(Quiet::Expired)),
        ("Pending", Decision::NoAction(Quiet::Processing)),
        ("InProcessing", Decision::NoAction(Quiet::Processing)),
        ("inProcessing", Decision::NoAction(Quiet::Processing)),
        ("Created", Decision::NoAction(Quiet::Processing)),
        (
            "Dancing",
            Decision::Anomaly(Anomaly::UnknownStatus("Dancing".to_owned())),
        ),
    ] {
        assert_eq!(told(&[("transactionStatus", status.into())]), expected, "{status}");
    }
}

#[test]
fn the_status_answer_says_how_much_was_given_back() {
    for status in ["Approved", "Refunded"] {
        for (amount, expected) in [
            (
                100.25,
                Decision::Refund {
                    sale_amount: 26_750,
                    refunded_total: 10_025,
                    full: false,
                },
            ),
            (
                267.5,
                Decision::Refund {
                    sale_amount: 26_750,
                    refunded_total: 26_750,
                    full: true,
                },
            ),
            (
                267.51,
                Decision::Anomaly(Anomaly::RefundAboveAmount {
                    sale_amount: 26_750,
                    refunded_total: 26_751,
                }),
            ),
        ] {
            let changes = [("transactionStatus", status.into()), ("refundAmount", amount.into())];
            assert_eq!(answered(&changes).decide(), expected, "{status} {amount}");
        }
    }
    let none = answered(&[("refundAmount", 0.into())]).decide();
    assert_eq!(none, Decision::Sale { amount: 26_750 });
    let silent = answered(&[("transactionStatus", "Refunded".into()), ("refundAmount", 0.into())]).decide();
    assert_eq!(silent, Decision::AskStatus);
}

#[test]
fn what_does_not_add_up_waits_for_a_person() {
    let foreign = |currency: &str| Anomaly::ForeignCurrency {
        currency: currency.to_owned(),
        amount: 26_750,
    };
    for (change, expected) in [
        (("currency", "USD".into()), foreign("USD")),
        (("currency", Value::Null), foreign("")),
        (("amount", 0.into()), Anomaly::NoAmount),
        (("amount", Value::Null), Anomaly::NoAmount),
    ] {
        assert_eq!(
            told(std::slice::from_ref(&change)),
            Decision::Anomaly(expected),
            "{change:?}"
        );
    }
}
