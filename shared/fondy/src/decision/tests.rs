use super::*;
use crate::callback::messages::{Message, of_the_sheet, test_credentials};
use crate::open_callback;

fn decide(message: Message) -> Decision {
    open_callback(None, message.signed().json().as_bytes(), &test_credentials())
        .unwrap()
        .decide()
}

fn c1(changes: &[(&str, &str)]) -> Message {
    changes
        .iter()
        .fold(Message::c1(), |message, (name, value)| message.with(name, *value))
}

fn refund(sale_amount: u64, refunded_total: u64) -> Decision {
    Decision::Refund {
        sale_amount,
        refunded_total,
        full: sale_amount == refunded_total,
    }
}

#[test]
fn the_callbacks_of_the_sheet_are_decided() {
    let expected = [
        ("C1", Decision::Sale { amount: 26_750 }),
        ("C2", refund(26_750, 12_750)),
        ("C3", refund(26_750, 26_750)),
        ("C4", Decision::NoAction(Quiet::Declined)),
        ("C5", Decision::Sale { amount: 26_750 }),
        ("C6", Decision::NoAction(Quiet::Expired)),
        ("C7", Decision::NoAction(Quiet::Processing)),
        ("C8", Decision::Captured { amount: 20_000 }),
    ];
    for ((name, message, _), (expected_name, decision)) in of_the_sheet().into_iter().zip(expected) {
        assert_eq!(name, expected_name);
        assert_eq!(decide(message), decision, "{name}");
    }
}

#[test]
fn decisions_follow_the_order_of_the_sheet() {
    use Anomaly as A;
    use Decision as D;
    const HOLD: &str = r#"{"capture_status":"hold"}"#;
    const CAPTURED: &str = r#"{"capture_status":"captured","capture_amount":null}"#;
    const PARTIAL: &str = r#"{"capture_status":"captured","capture_amount":200.00}"#;
    const ABOVE: &str = r#"{"capture_status":"captured","capture_amount":300}"#;
    const NOTHING: &str = r#"{"capture_status":"captured","capture_amount":0}"#;
    let gel = ("currency", "GEL");
    let info = |text| ("additional_info", text);
    let reversed = |amount| [("order_status", "reversed"), ("reversal_amount", amount)];
    let cases: Vec<(Vec<(&str, &str)>, D)> = vec![
        (vec![("order_status", "created")], D::NoAction(Quiet::Created)),
        // The reversed total leads, whatever the status says.
        (vec![("reversal_amount", "1")], refund(26_750, 1)),
        (vec![("reversal_amount", "26750")], refund(26_750, 26_750)),
        (
            vec![("tran_type", "reverse"), ("reversal_amount", "100")],
            refund(26_750, 100),
        ),
        (reversed("12750").to_vec(), refund(26_750, 12_750)),
        (reversed("0").to_vec(), D::AskStatus(AskReason::ReversedWithoutAmount)),
        (reversed("").to_vec(), D::AskStatus(AskReason::ReversedWithoutAmount)),
        (
            vec![("tran_type", "reverse")],
            D::AskStatus(AskReason::ReversedWithoutAmount),
        ),
        (
            vec![("reversal_amount", "26751")],
            D::Anomaly(A::ReversalAboveAmount {
                sale_amount: 26_750,
                refunded_total: 26_751,
            }),
        ),
        // Holds and captures.
        (vec![info(HOLD)], D::Held),
        (vec![info(CAPTURED)], D::Captured { amount: 26_750 }),
        (vec![info(PARTIAL)], D::Captured { amount: 20_000 }),
        (vec![("tran_type", "capture")], D::Captured { amount: 26_750 }),
        (
            vec![info(ABOVE)],
            D::Anomaly(A::CaptureAboveAmount {
                held: 26_750,
                captured: 30_000,
            }),
        ),
        (vec![info(NOTHING)], D::Anomaly(A::ZeroAmount)),
        (
            vec![info(PARTIAL), ("reversal_amount", "20000")],
            refund(20_000, 20_000),
        ),
        (vec![info(PARTIAL), ("reversal_amount", "5000")], refund(20_000, 5_000)),
        (
            vec![info(PARTIAL), ("reversal_amount", "20001")],
            D::Anomaly(A::ReversalAboveAmount {
                sale_amount: 20_000,
                refunded_total: 20_001,
            }),
        ),
        (
            [&reversed("26750")[..], &[info(HOLD)]].concat(),
            D::NoAction(Quiet::HoldReleased),
        ),
        (
            vec![info(HOLD), ("reversal_amount", "5")],
            D::Anomaly(A::PartialReversalOfHold {
                held: 26_750,
                reversed: 5,
            }),
        ),
        (
            vec![info(r#"{"capture_status":"reversed"}"#)],
            D::AskStatus(AskReason::CaptureStatus("reversed".into())),
        ),
        (
            vec![info(r#"{"capture_status":"created"}"#)],
            D::AskStatus(AskReason::CaptureStatus("created".into())),
        ),
        // What is no sale in any state.
        (
            vec![("tran_type", "verification"), ("reversal_amount", "26750")],
            D::Verification,
        ),
        (vec![("verification_status", "verified")], D::Verification),
        (vec![("tran_type", "p2p credit")], D::NoAction(Quiet::Payout)),
        (vec![("tran_type", "settlement")], D::NoAction(Quiet::Settlement)),
        // Converted orders: the charge is what counts.
        (
            vec![gel, ("amount", "1000"), ("actual_amount", "15118")],
            D::Sale { amount: 15_118 },
        ),
        (
            vec![
                gel,
                ("amount", "1000"),
                ("actual_amount", "15118"),
                ("reversal_amount", "48"),
            ],
            refund(15_118, 48),
        ),
        (
            vec![("actual_currency", "EUR")],
            D::Anomaly(A::ForeignCurrency {
                currency: "EUR".into(),
                amount: 26_750,
            }),
        ),
        (
            vec![gel, ("actual_currency", "")],
            D::Anomaly(A::ForeignCurrency {
                currency: "GEL".into(),
                amount: 26_750,
            }),
        ),
        (
            // The charge's currency without its amount says nothing about `amount`.
            vec![gel, ("actual_amount", "")],
            D::Anomaly(A::ForeignCurrency {
                currency: "GEL".into(),
                amount: 26_750,
            }),
        ),
        (
            vec![("actual_currency", "USD"), ("reversal_amount", "1")],
            D::Anomaly(A::ForeignCurrency {
                currency: "USD".into(),
                amount: 26_750,
            }),
        ),
        (
            vec![("actual_currency", "USD"), ("order_status", "declined")],
            D::NoAction(Quiet::Declined),
        ),
        (vec![gel, info(PARTIAL)], D::Anomaly(A::CaptureCurrencyUnclear)),
        (
            vec![("actual_amount", ""), ("actual_currency", "")],
            D::Sale { amount: 26_750 },
        ),
        // What is not known is not guessed.
        (
            vec![("order_status", "captured")],
            D::Anomaly(A::UnknownStatus("captured".into())),
        ),
        (
            vec![("tran_type", "lottery")],
            D::Anomaly(A::UnknownTranType("lottery".into())),
        ),
        (vec![("amount", "0"), ("actual_amount", "0")], D::Anomaly(A::ZeroAmount)),
    ];
    for (changes, expected) in cases {
        assert_eq!(decide(c1(&changes)), expected, "{changes:?}");
    }
}
