use super::*;

/// The fields of every callback that the steps make.
async fn told(switches: Switches, steps: impl FnOnce(&Simulator, PaymentId), new: NewPayment) -> Vec<Value> {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    sim.set_switches(switches);
    let id = sim.create(new.callback_url(&shop.url)).unwrap();
    steps(&sim, id);
    sim.deliver_pending().await;
    shop.got().iter().map(Got::data).collect()
}

#[tokio::test]
async fn a_callback_is_a_signed_form() {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    sim.paid(order(&shop.url)).unwrap();
    sim.deliver_pending().await;
    let got = &shop.got()[0];
    assert_eq!(got.header("content-type"), "application/x-www-form-urlencoded");
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&got.body).into_owned().collect();
    let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["data", "signature"]);
    assert_eq!(form[1].1, liqpay_signature("sandbox-private-key", &form[0].1));
    let data = got.data();
    let wanted = json!({
        "action": "pay", "status": "success", "version": 3, "type": "buy", "paytype": "card",
        "public_key": "sandbox_i00000000001", "order_id": "shop-1001", "amount": 267.5, "currency": "UAH",
        "payment_id": 2_400_000_001_u64, "create_date": 1_741_176_239_000_u64, "end_date": 1_741_176_239_000_u64,
    });
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&data[name], value, "{name}");
    }
    assert!(data.get("refund_amount").is_none() && data.get("err_code").is_none());
}

#[tokio::test]
async fn each_stage_has_its_status() {
    let single = || NewPayment::new("a", 1000);
    let told_of = |new: NewPayment, steps: fn(&Simulator, PaymentId)| async move {
        let told = told(Switches::default(), steps, new).await;
        told.iter()
            .map(|data| data["status"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let declined = told_of(single(), |sim, id| {
        sim.decline(id).unwrap();
        sim.pay(id).unwrap();
    });
    assert_eq!(declined.await, ["failure", "success"]);
    let held = told_of(single().two_stage(), |sim, id| {
        sim.pay(id).unwrap();
        sim.capture(id, 700).unwrap();
    });
    assert_eq!(held.await, ["hold_wait", "success"]);
    let released = told_of(single().two_stage(), |sim, id| {
        sim.pay(id).unwrap();
        sim.refund_all(id).unwrap();
    });
    assert_eq!(released.await, ["hold_wait", "reversed"]);
    let tried = NewPayment { test: true, ..single() };
    assert_eq!(told_of(tried, |sim, id| sim.pay(id).unwrap()).await, ["sandbox"]);
    assert!(told_of(single(), |sim, id| sim.expire(id).unwrap()).await.is_empty());
}

#[tokio::test]
async fn a_refund_in_parts_is_told_in_either_way() {
    let twice = |sim: &Simulator, id: PaymentId| {
        sim.pay(id).unwrap();
        sim.refund(id, 100).unwrap();
        sim.refund(id, 250).unwrap();
    };
    let new = || NewPayment::new("a", 1000);
    let last = |told: Vec<Value>| {
        let last = told.last().unwrap().clone();
        (told.len(), last["status"].clone(), last["refund_amount"].clone())
    };
    let usual = told(Switches::default(), twice, new()).await;
    assert_eq!(last(usual), (3, json!("success"), json!(3.5)));
    let other = Switches {
        partial_refund: PartialRefund::BecomesReversed,
        refund_amount: RefundAmount::Last,
        ..Switches::default()
    };
    assert_eq!(
        last(told(other, twice, new()).await),
        (3, json!("reversed"), json!(2.5))
    );
    let silent = Switches {
        refund_callbacks: false,
        refund_amount: RefundAmount::Absent,
        ..Switches::default()
    };
    assert_eq!(
        last(told(silent, twice, new()).await),
        (1, json!("success"), Value::Null)
    );
}

#[tokio::test]
async fn a_part_of_a_hold_is_told_in_either_way() {
    let part = |sim: &Simulator, id: PaymentId| {
        sim.pay(id).unwrap();
        sim.capture(id, 700).unwrap();
    };
    let new = || NewPayment::new("a", 1000).two_stage();
    let usual = told(Switches::default(), part, new()).await;
    assert_eq!((&usual[0]["amount"], &usual[1]["amount"]), (&json!(10.0), &json!(7.0)));
    assert!(usual[1].get("completion_date").is_some());
    let held = Switches {
        captured_amount: CapturedAmount::Held,
        ..Switches::default()
    };
    assert_eq!(told(held, part, new()).await[1]["amount"], json!(10.0));
}

#[tokio::test]
async fn an_expiry_is_told_if_so_switched() {
    let told_of = Switches {
        expiry_callbacks: true,
        version: 7,
        ..Switches::default()
    };
    let told = told(told_of, |sim, id| sim.expire(id).unwrap(), NewPayment::new("a", 1)).await;
    assert_eq!((&told[0]["status"], &told[0]["version"]), (&json!("error"), &json!(7)));
}
