use super::*;

/// The messages that the steps make, to a shop that takes them.
async fn told(switches: Switches, steps: impl FnOnce(&Simulator, PaymentId), new: NewPayment) -> Vec<Value> {
    let (sim, shop) = (simulator(), Shop::answering(accepted).await);
    sim.set_switches(switches);
    let id = sim.create(new.callback_url(&shop.url)).unwrap();
    steps(&sim, id);
    let summary = sim.deliver_pending().await;
    assert_eq!(summary.acknowledged, summary.tried);
    shop.got().iter().map(Got::json).collect()
}

fn states(told: &[Value]) -> Vec<&str> {
    told.iter()
        .map(|message| message["transactionStatus"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_message_is_signed_json() {
    let told = told(
        Switches::default(),
        |sim, id| sim.pay(id).unwrap(),
        order("http://127.0.0.1:1/"),
    )
    .await;
    let wanted = json!({
        "merchantAccount": "sandbox_merchant", "orderReference": "shop-1001", "amount": 267.5, "currency": "UAH",
        "authCode": "541963", "cardPan": "42****4242", "transactionStatus": "Approved", "reason": "Ok",
        "reasonCode": 1100, "createdDate": 1_741_176_239, "processingDate": 1_741_176_239,
        "merchantSignature": "65caa2aa4900b148677a0ea463ee07e3",
    });
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&told[0][name], value, "{name}");
    }
}

#[tokio::test]
async fn a_sum_is_signed_in_the_digits_it_is_sent_in() {
    let switches = Switches {
        amounts: Writing::TwoDecimals,
        ..Switches::default()
    };
    let (sim, shop) = (simulator(), Shop::answering(accepted).await);
    sim.set_switches(switches);
    sim.paid(order(&shop.url)).unwrap();
    sim.deliver_pending().await;
    let body = String::from_utf8(shop.got()[0].body.to_vec()).unwrap();
    assert!(body.contains("\"amount\":267.50,"), "{body}");
    assert!(body.contains("1f5d01ada3396a34d63e70c470b3ce45"), "{body}");
}

#[tokio::test]
async fn only_a_signed_accept_ends_the_retries() {
    let sim = simulator();
    let shop = Shop::answering(accepted).await;
    let answer = |status: &str, order: &str, signature: String| {
        json!({ "orderReference": order, "status": status, "time": 5, "signature": signature }).to_string()
    };
    let good = || hmac(&["shop-1001", "accept", "5"]);
    let refused = [
        (String::new(), "not JSON"),
        ("[]".to_owned(), "not accept"),
        (
            answer("decline", "shop-1001", hmac(&["shop-1001", "decline", "5"])),
            "not accept",
        ),
        (
            answer("accept", "shop-1002", hmac(&["shop-1002", "accept", "5"])),
            "another order",
        ),
        (answer("accept", "shop-1001", good().to_uppercase()), "does not fit"),
        (
            answer(
                "accept",
                "shop-1001",
                hmac_under("other", &["shop-1001", "accept", "5"]),
            ),
            "does not fit",
        ),
    ];
    let answers: Vec<(u16, String)> = refused.iter().map(|(body, _)| (200, body.clone())).collect();
    shop.first_answers(&answers);
    shop.first_answers(&[(503, answer("accept", "shop-1001", good()))]);
    sim.paid(order(&shop.url)).unwrap();
    for (_, why) in &refused {
        assert_eq!(sim.deliver_pending().await.failed, 1, "{why}");
        let outcome = sim.attempts().pop().unwrap().outcome;
        assert!(
            matches!(&outcome, AttemptOutcome::NotAccepted(said) if said.contains(why)),
            "{outcome:?}"
        );
        sim.advance(Duration::from_secs(3600));
    }
    assert_eq!(sim.deliver_pending().await.failed, 1);
    sim.advance(Duration::from_secs(3600));
    assert_eq!(sim.deliver_pending().await.acknowledged, 1);
    assert_eq!(sim.payments()[0].acknowledgements.len(), 1);
}

#[tokio::test]
async fn it_is_tried_for_four_days_and_any_200_will_do_if_so_switched() {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    sim.paid(order(&shop.url)).unwrap();
    let start = sim.clock().now_ms();
    while sim.deliver_pending().await.waiting > 0 {
        sim.advance(Duration::from_secs(60));
    }
    let last = sim.attempts().pop().unwrap();
    assert_eq!((last.number, (last.at_ms - start) / 3_600_000), (99, 95));
    sim.set_switches(Switches {
        any_answer_accepts: true,
        ..Switches::default()
    });
    sim.paid(NewPayment::new("b", 1).callback_url(&shop.url)).unwrap();
    assert_eq!(sim.deliver_pending().await.acknowledged, 1);
}

#[tokio::test]
async fn each_stage_has_its_status() {
    type Steps = fn(&Simulator, PaymentId);
    let single: [(Steps, &[&str]); 4] = [
        (
            |sim, id| {
                sim.decline(id).unwrap();
                sim.pay(id).unwrap();
            },
            &["Declined", "Approved"],
        ),
        (|sim, id| sim.expire(id).unwrap(), &["Expired"]),
        (
            |sim, id| {
                sim.pay(id).unwrap();
                sim.refund_all(id).unwrap();
            },
            &["Approved", "Refunded"],
        ),
        (|sim, id| sim.announce(id).unwrap(), &[]),
    ];
    for (steps, wanted) in single {
        let told = told(Switches::default(), steps, NewPayment::new("a", 1000)).await;
        assert_eq!(states(&told), wanted);
    }
    let double: [(Steps, &[&str]); 2] = [
        (
            |sim, id| {
                sim.pay(id).unwrap();
                sim.capture(id, 700).unwrap();
            },
            &["WaitingAuthComplete", "Approved"],
        ),
        (
            |sim, id| {
                sim.pay(id).unwrap();
                sim.refund_all(id).unwrap();
            },
            &["WaitingAuthComplete", "Voided"],
        ),
    ];
    for (steps, wanted) in double {
        let told = told(Switches::default(), steps, NewPayment::new("a", 1000).two_stage()).await;
        assert_eq!(states(&told), wanted);
    }
}

#[tokio::test]
async fn a_refund_in_parts_is_told_in_either_way() {
    let part = |sim: &Simulator, id: PaymentId| {
        sim.pay(id).unwrap();
        sim.refund(id, 250).unwrap();
    };
    let usual = told(Switches::default(), part, NewPayment::new("a", 1000)).await;
    assert_eq!(
        (states(&usual), &usual[1]["amount"]),
        (vec!["Approved", "Refunded"], &json!(10))
    );
    let other = Switches {
        partial_refund: PartialRefund::StaysApproved,
        refunded_amount: RefundedAmount::Refund,
        ..Switches::default()
    };
    let other = told(other, part, NewPayment::new("a", 1000)).await;
    assert_eq!(
        (states(&other), &other[1]["amount"]),
        (vec!["Approved", "Approved"], &json!(2.5))
    );
    let silent = Switches {
        silent_refunds: true,
        ..Switches::default()
    };
    assert_eq!(told(silent, part, NewPayment::new("a", 1000)).await.len(), 1);
}

#[tokio::test]
async fn a_message_travels_in_three_forms() {
    let table = [
        (BodyForm::Json, "application/json", '{'),
        (BodyForm::JsonCalledForm, "application/x-www-form-urlencoded", '{'),
        (BodyForm::FormName, "application/x-www-form-urlencoded", '%'),
    ];
    for (body, content_type, first) in table {
        let (sim, shop) = (simulator(), Shop::answering(accepted).await);
        sim.set_switches(Switches {
            body,
            ..Switches::default()
        });
        sim.paid(order(&shop.url)).unwrap();
        assert_eq!(sim.deliver_pending().await.acknowledged, 1, "{body:?}");
        let got = &shop.got()[0];
        assert_eq!(got.header("content-type"), content_type);
        assert!(got.body.starts_with(first.to_string().as_bytes()), "{body:?}");
    }
}

#[tokio::test]
async fn spoilt_messages_fail_as_meant() {
    let fits = |message: &Value| {
        let text = |name: &str| match &message[name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let values: Vec<String> = signature::PAYMENT.iter().map(|name| text(name)).collect();
        message["merchantSignature"] == signature::sign("sandbox-secret-key", &values)
    };
    let sim = simulator();
    let id = sim.paid(order("http://127.0.0.1:1/")).unwrap();
    let spoilt = |fault: CallbackFault| sim.callback_for(id, Some(&fault)).unwrap().unwrap();
    let json = |posted: &Posted| serde_json::from_slice::<Value>(&posted.body).unwrap();
    assert!(fits(&json(&sim.callback_for(id, None).unwrap().unwrap())));
    assert!(!fits(&json(&spoilt(CallbackFault::WrongSignature))));
    let unknown = json(&spoilt(CallbackFault::UnknownField));
    assert!(fits(&unknown) && unknown["loyalty_points"] == 7);
    assert_eq!(spoilt(CallbackFault::WrongContentType).content_type, "text/plain");
    assert!(serde_json::from_slice::<Value>(&spoilt(CallbackFault::TruncatedBody).body).is_err());
}
