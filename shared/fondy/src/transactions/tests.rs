use super::*;

#[test]
fn amounts_are_read_exactly_and_ids_of_nineteen_digits_survive() {
    let text = r#"{"response":[
        {"id":9007199254740993,"payment_id":805243692,"parent_tran_id":null,"order_id":"shop-1001",
         "tran_type":"purchase","transaction_status":"approved","amount":267.5,"actual_amount":267.50,
         "reversal_amount":0.0,"capture_amount":null,"currency":"UAH","actual_currency":"UAH",
         "capture_status":null,"preauth":false,"timeend":"05.03.2025 14:03:59","response_code":null},
        {"id":1994930932,"parent_tran_id":9007199254740993,"tran_type":"reverse","transaction_status":"approved",
         "amount":0.29,"actual_amount":"0.29","preauth":"Y","capture_status":"captured"}]}"#;
    let list = read_transactions(text).unwrap();
    let [purchase, reversal] = list.as_slice() else {
        panic!("{list:?}");
    };
    assert_eq!(purchase.id, "9007199254740993");
    assert_eq!(
        (purchase.amount, purchase.reversal_amount, purchase.capture_amount),
        (Some(26_750), Some(0), None)
    );
    assert!(purchase.is_approved() && !purchase.preauth);
    assert_eq!(reversal.kind, TranType::Reverse);
    assert_eq!(reversal.parent.as_deref(), Some("9007199254740993"));
    assert_eq!((reversal.amount, reversal.actual_amount), (Some(29), Some(29)));
    assert_eq!(reversal.capture_status, Some(CaptureStatus::Captured));
    assert!(reversal.preauth);
}

#[test]
fn an_unknown_order_has_an_empty_list() {
    for text in [r#"{"response":[]}"#, "[]"] {
        assert_eq!(read_transactions(text).unwrap(), [], "{text}");
    }
}

#[test]
fn a_list_that_cannot_be_kept_exactly_is_refused() {
    for (text, expected) in [
        ("{}", CallbackError::MissingField("response")),
        (r#"{"response":{}}"#, CallbackError::BadField { name: "response" }),
        (r#"{"response":"x"}"#, CallbackError::BadField { name: "response" }),
        (r#"{"response":[1]}"#, CallbackError::NotAnObject),
        (r#"[{"tran_type":"purchase"}]"#, CallbackError::MissingField("id")),
        (r#"[{"id":1}]"#, CallbackError::MissingField("tran_type")),
        (
            r#"[{"id":-1,"tran_type":"purchase"}]"#,
            CallbackError::BadField { name: "id" },
        ),
        (
            r#"[{"id":1,"tran_type":"purchase","amount":0.125}]"#,
            CallbackError::BadField { name: "amount" },
        ),
        (
            r#"[{"id":1,"tran_type":"purchase","amount":-1}]"#,
            CallbackError::BadField { name: "amount" },
        ),
    ] {
        assert_eq!(read_transactions(text).unwrap_err(), expected, "{text}");
    }
}
