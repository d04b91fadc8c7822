use serde_json::Value;

use super::{Anomaly, Decision, Quiet};
use crate::snapshot;
use crate::webhook::messages::{paid, refund, with};

fn decide(body: &Value) -> Decision {
    let text = body.to_string();
    snapshot::read(&wire::read_object(&text).unwrap(), false)
        .unwrap()
        .decide()
}

fn refunded(sale_amount: u64, refunded_total: u64) -> Decision {
    Decision::Refund {
        sale_amount,
        refunded_total,
        full: sale_amount == refunded_total,
    }
}

#[test]
fn every_status_is_decided() {
    for (status, expected) in [
        ("success", Decision::Sale { amount: 4_200 }),
        ("hold", Decision::Held),
        ("reversed", Decision::Voided),
        ("created", Decision::NoAction(Quiet::Created)),
        ("processing", Decision::NoAction(Quiet::Processing)),
        ("failure", Decision::NoAction(Quiet::Failed)),
        ("expired", Decision::NoAction(Quiet::Expired)),
        (
            "dancing",
            Decision::Anomaly(Anomaly::UnknownStatus("dancing".to_owned())),
        ),
    ] {
        assert_eq!(decide(&with(paid(), "status", status)), expected, "{status}");
    }
}

#[test]
fn what_was_charged_is_read_whichever_way_the_final_amount_counts() {
    let body = |final_amount: u64, refunds: &[Value]| {
        with(
            with(paid(), "finalAmount", final_amount),
            "cancelList",
            refunds.to_vec(),
        )
    };
    let back = |amount| vec![refund("success", amount)];
    for (final_amount, refunds, expected) in [
        (4_200, vec![], Decision::Sale { amount: 4_200 }),
        (3_000, vec![], Decision::Sale { amount: 3_000 }),
        (4_200, vec![refund("processing", 100)], Decision::Sale { amount: 4_200 }),
        (4_200, vec![refund("failure", 100)], Decision::Sale { amount: 4_200 }),
        (4_100, back(100), refunded(4_200, 100)),
        (4_200, back(100), refunded(4_200, 100)),
        (0, back(4_200), refunded(4_200, 4_200)),
        (
            4_000,
            vec![refund("success", 100), refund("success", 100)],
            refunded(4_200, 200),
        ),
        (
            3_000,
            back(500),
            Decision::Anomaly(Anomaly::SumsUnclear {
                amount: 4_200,
                final_amount: 3_000,
                refunded: 500,
            }),
        ),
        (
            4_300,
            vec![],
            Decision::Anomaly(Anomaly::ChargedAboveAmount {
                amount: 4_200,
                charged: 4_300,
            }),
        ),
        (0, vec![], Decision::Anomaly(Anomaly::ZeroAmount)),
        (
            4_200,
            back(4_201),
            Decision::Anomaly(Anomaly::RefundAboveAmount {
                sale_amount: 4_200,
                refunded_total: 4_201,
            }),
        ),
    ] {
        assert_eq!(
            decide(&body(final_amount, &refunds)),
            expected,
            "{final_amount} {refunds:?}"
        );
    }
    assert_eq!(
        decide(&with(paid(), "finalAmount", None::<u8>)),
        Decision::Sale { amount: 4_200 }
    );
}

#[test]
fn reversed_in_part_is_a_partial_refund_and_whole_is_for_the_records_to_tell() {
    let reversed = |final_amount: u64, amount: u64| {
        let body = with(with(paid(), "status", "reversed"), "finalAmount", final_amount);
        decide(&with(body, "cancelList", vec![refund("success", amount)]))
    };
    assert_eq!(reversed(4_100, 100), refunded(4_200, 100));
    assert_eq!(reversed(0, 4_200), Decision::Voided);
    assert_eq!(reversed(4_200, 4_200), Decision::Voided);
}

#[test]
fn other_currencies_wait_for_a_person() {
    for (change, currency) in [(Value::from(840), 840), (Value::Null, 0)] {
        let expected = Anomaly::ForeignCurrency {
            currency,
            amount: 4_200,
        };
        assert_eq!(decide(&with(paid(), "ccy", change)), Decision::Anomaly(expected));
    }
}
