use super::*;

/// One row: what happens, and the signature the sheet gives for the snapshot after it.
type Row = (&'static str, fn(&Simulator) -> OrderRef, &'static str);

#[test]
fn each_step_makes_the_snapshot_of_the_sheet() {
    let table: [Row; 7] = [
        (
            "C1 sale",
            |sim| paid(sim, sheet_order("shop-1001", 26750, 805_243_692)),
            "25198896733aba276e23113a9a03202aeee25209",
        ),
        (
            "C2 partial refund",
            |sim| {
                let order = paid(sim, sheet_order("shop-1001", 26750, 805_243_692));
                sim.reverse(&order, 12750).unwrap();
                order
            },
            "481631d191efec3b0d069f7a86343fe292b77f92",
        ),
        (
            "C3 full refund",
            |sim| {
                let order = paid(sim, sheet_order("shop-1001", 26750, 805_243_692));
                sim.reverse_all(&order).unwrap();
                order
            },
            "d15d28385cd884b2a4fdc86e9318c0b4f85853c4",
        ),
        (
            "C4 decline",
            |sim| {
                let order = sim.create_order(sheet_order("shop-1002", 5000, 805_243_700)).unwrap();
                sim.decline(&order).unwrap();
                order
            },
            "87422e27a9974112b6af41fcf0e20a7b7658dabf",
        ),
        (
            "C6 expired",
            |sim| {
                let terms = NewOrder {
                    sender_email: String::new(),
                    ..sheet_order("shop-1003", 1000, 805_243_701)
                };
                let order = sim.create_order(terms).unwrap();
                sim.expire(&order).unwrap();
                order
            },
            "f8bd43793b2feb6a84767c3e6cb43cd0eb8c9bb2",
        ),
        (
            "C7 failed attempt",
            |sim| {
                let order = sim.create_order(sheet_order("shop-1004", 100, 805_243_702)).unwrap();
                sim.fail_attempt(&order).unwrap();
                order
            },
            "d87ee2ac5bbaab98192618a6d54404ffe164fa68",
        ),
        (
            "C1 after a failed attempt",
            |sim| {
                let order = sim.create_order(sheet_order("shop-1001", 26750, 805_243_692)).unwrap();
                sim.fail_attempt(&order).unwrap();
                sim.pay(&order).unwrap();
                order
            },
            "25198896733aba276e23113a9a03202aeee25209",
        ),
    ];
    for (name, steps, signature) in table {
        for format in [CallbackFormat::Json, CallbackFormat::Form] {
            let sim = simulator();
            sim.add_merchant(Merchant {
                callback_format: format,
                test_mode: true,
                ..Merchant::new(TEST_MERCHANT, "test")
            });
            let order = steps(&sim);
            let body = String::from_utf8(sim.callback_for(&order).unwrap().body.to_vec()).unwrap();
            let expected = match format {
                CallbackFormat::Json => format!("\"signature\":\"{signature}\""),
                CallbackFormat::Form => format!("signature={signature}"),
            };
            assert!(body.contains(&expected), "{name} {format:?}: {body}");
            let last = sim.callbacks(&order).unwrap().pop().unwrap();
            assert_eq!(last.body, body, "{name}: what was emitted last is the current snapshot");
        }
    }
}

fn paid(sim: &Simulator, terms: NewOrder) -> OrderRef {
    let order = sim.create_order(terms).unwrap();
    sim.pay(&order).unwrap();
    order
}

fn snapshot(sim: &Simulator, order: &OrderRef) -> Value {
    let body = sim.callback_for(order).unwrap().body;
    assert!(verifies(&body));
    json(&body)
}

fn info(snapshot: &Value) -> Value {
    json(snapshot["additional_info"].as_str().unwrap().as_bytes())
}

#[test]
fn values_have_the_json_types_of_the_gateway() {
    let sim = simulator();
    let order = sim.create_order(sheet_order("shop-1001", 26750, 805_243_692)).unwrap();
    sim.decline(&order).unwrap();
    let callback = snapshot(&sim, &order);
    for name in ["merchant_id", "payment_id", "card_bin", "response_code"] {
        assert!(callback[name].is_u64(), "{name}");
    }
    for name in [
        "amount",
        "reversal_amount",
        "settlement_amount",
        "actual_amount",
        "rrn",
        "eci",
        "order_id",
    ] {
        assert!(callback[name].is_string(), "{name}");
    }
    assert!(callback.get("order_desc").is_none() && callback.get("additional_info").is_none());
    assert!(
        callback["response_signature_string"]
            .as_str()
            .unwrap()
            .starts_with("**********|26750|")
    );
}

#[test]
fn additional_info_is_spaced_text_that_keeps_the_basket() {
    let sim = simulator();
    let terms = NewOrder {
        version: Version::V1_0_1,
        reservation_data: Some("e30=".into()),
        ..sheet_order("a", 100, 1)
    };
    let order = paid(&sim, terms);
    let callback = snapshot(&sim, &order);
    let text = callback["additional_info"].as_str().unwrap();
    assert!(
        text.starts_with(r#"{"capture_status": null, "capture_amount": null, "reservation_data": "e30=", "#),
        "{text}"
    );
    assert_eq!(callback["fee_oplata"], "0");
    for (basket, expected) in [
        (BasketEcho::Null, Value::Null),
        (BasketEcho::EmptyObject, Value::from("{}")),
    ] {
        sim.set_switches(Switches {
            basket,
            ..Switches::default()
        });
        assert_eq!(info(&snapshot(&sim, &order))["reservation_data"], expected);
    }
    sim.set_switches(Switches {
        basket: BasketEcho::DiscountLine(500),
        ..Switches::default()
    });
    assert_eq!(
        info(&snapshot(&sim, &order))["reservation_data"],
        "e30=",
        "no basket to add a line to"
    );
}

#[test]
fn the_gateway_may_add_a_discount_line_to_the_basket() {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let sim = simulator();
    sim.set_switches(Switches {
        basket: BasketEcho::DiscountLine(500),
        ..Switches::default()
    });
    let basket =
        STANDARD.encode(r#"{"products":[{"id":1,"name":"Чай","price":15.00,"total_amount":15.00,"quantity":1}]}"#);
    let terms = NewOrder {
        version: Version::V1_0_1,
        reservation_data: Some(basket),
        ..sheet_order("a", 1500, 1)
    };
    let order = paid(&sim, terms);
    let echoed = info(&snapshot(&sim, &order))["reservation_data"]
        .as_str()
        .unwrap()
        .to_owned();
    let products = json(&STANDARD.decode(echoed).unwrap())["products"].clone();
    assert_eq!(products.as_array().unwrap().len(), 2);
}

#[test]
fn a_wrapped_body_holds_the_same_signed_fields() {
    let sim = simulator();
    let order = paid(&sim, sheet_order("shop-1001", 26750, 805_243_692));
    let plain = json(&sim.callback_for(&order).unwrap().body);
    sim.set_switches(Switches {
        wrapped: true,
        ..Switches::default()
    });
    assert_eq!(
        json(&sim.callback_for(&order).unwrap().body),
        serde_json::json!({ "response": plain })
    );
}

#[test]
fn a_hold_is_captured_once_and_then_refunded_in_parts() {
    let sim = simulator();
    let terms = NewOrder {
        preauth: true,
        version: Version::V1_0_1,
        ..sheet_order("a", 26750, 1)
    };
    let order = paid(&sim, terms);
    assert_eq!(info(&snapshot(&sim, &order))["capture_status"], "hold");
    assert_eq!(sim.reverse(&order, 100).unwrap_err().code, 1084);
    sim.capture(&order, 20000).unwrap();
    sim.capture(&order, 20000).unwrap();
    assert_eq!(sim.capture(&order, 19999).unwrap_err().code, 1109);
    let callback = snapshot(&sim, &order);
    assert!(
        callback["additional_info"]
            .as_str()
            .unwrap()
            .contains("\"capture_amount\": 200.0,")
    );
    assert_eq!(
        (&callback["tran_type"], &callback["order_status"]),
        (&"purchase".into(), &"approved".into())
    );
    sim.reverse(&order, 5000).unwrap();
    assert_eq!(sim.reverse(&order, 15001).unwrap_err().code, 1069);
    sim.reverse(&order, 15000).unwrap();
    let view = sim.order(TEST_MERCHANT, "a").unwrap();
    assert_eq!(
        (view.status, view.refunded, view.refundable),
        (Status::Reversed, 20000, 0)
    );
    assert_eq!(view.callbacks, 4);
}

#[test]
fn a_whole_hold_may_go_back() {
    let sim = simulator();
    let order = paid(
        &sim,
        NewOrder {
            preauth: true,
            version: Version::V1_0_1,
            ..sheet_order("a", 500, 1)
        },
    );
    sim.reverse_all(&order).unwrap();
    let callback = snapshot(&sim, &order);
    assert_eq!(
        (&callback["order_status"], &callback["reversal_amount"]),
        (&"reversed".into(), &"500".into())
    );
    assert_eq!(info(&callback)["capture_status"], "reversed");
}

#[test]
fn switches_change_only_the_words() {
    let sim = simulator();
    sim.set_switches(Switches {
        reverse_tran_type: true,
        capture_tran_type: true,
        approved_on_full_reversal: true,
        actual_is_captured: true,
        ..Switches::default()
    });
    let order = paid(
        &sim,
        NewOrder {
            preauth: true,
            ..sheet_order("a", 500, 1)
        },
    );
    sim.capture(&order, 400).unwrap();
    let captured = snapshot(&sim, &order);
    assert_eq!(
        (&captured["tran_type"], &captured["actual_amount"]),
        (&"capture".into(), &"400".into())
    );
    sim.reverse_all(&order).unwrap();
    let reversed = snapshot(&sim, &order);
    assert_eq!(
        (&reversed["tran_type"], &reversed["order_status"]),
        (&"reverse".into(), &"approved".into())
    );
    assert_eq!(sim.order(TEST_MERCHANT, "a").unwrap().status, Status::Reversed);
}

#[test]
fn a_converted_order_is_refunded_in_the_actual_currency() {
    let sim = simulator();
    let terms = NewOrder {
        currency: "USD".into(),
        ..sheet_order("a", 100, 1)
    };
    let order = sim.create_order(terms).unwrap();
    sim.pay_converted(
        &order,
        Money {
            amount: 2465,
            currency: "UAH".into(),
        },
    )
    .unwrap();
    sim.reverse(&order, 2465).unwrap();
    let callback = snapshot(&sim, &order);
    assert_eq!(callback["amount"], "100");
    assert_eq!(callback["actual_amount"], "2465");
    assert_eq!(callback["actual_currency"], "UAH");
    assert_eq!(callback["order_status"], "reversed");
}

#[test]
fn a_card_check_is_approved_and_reversed_by_itself() {
    let sim = simulator();
    let order = sim.create_order(sheet_order("a", 100, 1)).unwrap();
    sim.verify_and_auto_reverse(&order).unwrap();
    let bodies: Vec<Value> = sim
        .take_callbacks()
        .iter()
        .map(|callback| json(&callback.body))
        .collect();
    assert_eq!(
        bodies
            .iter()
            .map(|body| body["order_status"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["approved", "reversed"]
    );
    assert!(
        bodies
            .iter()
            .all(|body| body["tran_type"] == "verification" && body["verification_status"] == "verified")
    );
}

#[test]
fn finished_orders_refuse_every_further_step() {
    type Step = fn(&Simulator, &OrderRef) -> Result<CallbackId, Refusal>;
    let ends: [Step; 4] = [Simulator::pay, Simulator::decline, Simulator::expire, |sim, order| {
        sim.pay(order)?;
        sim.reverse_all(order)
    }];
    for end in ends {
        let sim = simulator();
        let order = sim.create_order(sheet_order("a", 100, 1)).unwrap();
        end(&sim, &order).unwrap();
        let before = sim.take_callbacks().len();
        for step in [
            Simulator::pay,
            Simulator::decline,
            Simulator::expire,
            Simulator::fail_attempt,
            Simulator::hold,
        ] {
            assert_eq!(step(&sim, &order).unwrap_err().code, 1019);
        }
        assert!(before > 0 && sim.take_callbacks().is_empty());
    }
}

#[test]
fn an_order_that_is_not_delayed_is_declined_by_its_first_failure() {
    let sim = simulator();
    let order = sim
        .create_order(NewOrder {
            delayed: false,
            ..sheet_order("a", 100, 1)
        })
        .unwrap();
    sim.fail_attempt(&order).unwrap();
    assert_eq!(sim.order(TEST_MERCHANT, "a").unwrap().status, Status::Declined);
}

#[test]
fn creation_refuses_what_the_gateway_refuses() {
    let sim = simulator();
    sim.create_order(sheet_order("a", 100, 1)).unwrap();
    let table = [
        (sheet_order("a", 100, 2), 1013),
        (sheet_order("", 100, 2), 1009),
        (sheet_order("b", 0, 2), 1023),
        (
            NewOrder {
                merchant_id: 5,
                ..sheet_order("b", 1, 2)
            },
            1016,
        ),
    ];
    for (terms, code) in table {
        assert_eq!(sim.create_order(terms).unwrap_err().code, code);
    }
    sim.create_order(NewOrder {
        merchant_id: 500_001,
        ..sheet_order("a", 100, 2)
    })
    .unwrap();
}

#[test]
fn protocol_2_wraps_the_order_in_signed_data() {
    let sim = simulator();
    let order = paid(
        &sim,
        NewOrder {
            version: Version::V2_0,
            ..sheet_order("a", 100, 1)
        },
    );
    for wrapped in [false, true] {
        sim.set_switches(Switches {
            wrapped,
            ..Switches::default()
        });
        let body = json(&sim.callback_for(&order).unwrap().body);
        let body = if wrapped { body["response"].clone() } else { body };
        assert_eq!(body["version"], "2.0");
        let expected = signature::sign_data("test", body["data"].as_str().unwrap());
        assert_eq!(body["signature"], expected.as_str());
        assert_eq!(decoded(&body)["order_status"], "approved");
    }
}

#[test]
fn stray_snapshots_change_nothing() {
    let sim = simulator();
    let order = paid(&sim, sheet_order("a", 100, 1));
    sim.take_callbacks();
    sim.stray_callback(&order, "expired").unwrap();
    let stray = sim.take_callbacks();
    assert!(verifies(&stray[0].body));
    assert_eq!(json(&stray[0].body)["order_status"], "expired");
    assert_eq!(sim.order(TEST_MERCHANT, "a").unwrap().status, Status::Approved);
}
