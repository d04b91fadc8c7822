use super::*;

#[tokio::test]
async fn an_invoice_is_made_paid_and_asked_for() {
    let bed = Bed::new().await;
    let wanted = json!({
        "amount": 26_750, "ccy": 980, "webHookUrl": "http://127.0.0.1:1/", "paymentType": "hold",
        "merchantPaymInfo": { "reference": "shop-1001", "destination": "Книги" },
    });
    let made = bed.call("POST invoice/create", wanted.clone()).await.json();
    assert_eq!(made["invoiceId"], "p2_5A0000001");
    assert_eq!(made["pageUrl"], format!("http://{}/pay/p2_5A0000001", bed.api.host()));
    let payment = bed.sim.find("sandbox_merchant", "shop-1001").unwrap();
    assert_eq!(
        (payment.amount, payment.two_stage, payment.description.as_str()),
        (26_750, true, "Книги")
    );
    assert_eq!(payment.callback_url.as_deref(), Some("http://127.0.0.1:1/"));
    let told = bed.status(payment.id).await;
    assert_eq!(
        (&told["status"], &told["destination"]),
        (&json!("created"), &json!("Книги"))
    );
    bed.sim.pay(payment.id).unwrap();
    assert_eq!(bed.status(payment.id).await["status"], "hold");
    // A reference may come again.
    assert_eq!(
        bed.call("POST invoice/create", wanted).await.json()["invoiceId"],
        "p2_5A0000002"
    );
    let dollars = bed
        .call("POST invoice/create", json!({ "amount": 1, "ccy": 840 }))
        .await;
    assert_eq!(
        (dollars.status, bed.sim.payment(PaymentId(2)).unwrap().currency),
        (200, "USD".to_owned())
    );
}

#[tokio::test]
async fn money_goes_back_once_for_one_reference() {
    let bed = Bed::new().await;
    let id = bed.sim.paid(NewPayment::new("a", 1000)).unwrap();
    let part = json!({ "amount": 250, "extRef": "first" });
    let told = bed.cancel(id, part.clone()).await.json();
    let at = "2025-03-05T12:03:59Z";
    assert_eq!(
        told,
        json!({ "status": "success", "createdDate": at, "modifiedDate": at })
    );
    assert_eq!(bed.cancel(id, part.clone()).await.status, 200);
    assert_eq!(bed.sim.payment(id).unwrap().refunded(), 250);
    assert_eq!(bed.status(id).await["cancelList"][0]["extRef"], "first");
    bed.sim.set_switches(Switches {
        ext_ref_repeats: false,
        ..Switches::default()
    });
    assert_eq!(bed.cancel(id, part).await.status, 200);
    assert_eq!(bed.sim.payment(id).unwrap().refunded(), 500);
    assert_eq!(bed.cancel(id, json!({})).await.status, 200);
    let told = bed.status(id).await;
    assert_eq!((&told["status"], &told["finalAmount"]), (&json!("reversed"), &json!(0)));
    assert_eq!(bed.cancel(id, json!({})).await.json()["errCode"], "WRONG_CANCEL_AMOUNT");
}

#[tokio::test]
async fn a_return_may_wait_or_fail() {
    let bed = Bed::new().await;
    let id = bed.sim.paid(NewPayment::new("a", 1000)).unwrap();
    bed.sim.inject_api(Fault::once(ApiFault::RefundFailed).only("cancel"));
    let reply = bed.cancel(id, json!({})).await;
    assert_eq!(
        (reply.status, &reply.json()["errCode"]),
        (500, &json!("CANCEL_NOT_AVAILABLE"))
    );
    bed.sim.inject_api(Fault::once(ApiFault::RefundPending).only("cancel"));
    assert_eq!(bed.cancel(id, json!({})).await.json()["status"], "processing");
    let told = bed.status(id).await;
    assert_eq!(
        (&told["status"], &told["cancelList"][0]["status"]),
        (&json!("success"), &json!("processing"))
    );
    bed.sim.finish_refunds(RefundState::Failed);
    assert_eq!(bed.status(id).await["cancelList"][0]["status"], "failure");
}

#[tokio::test]
async fn holds_are_taken_and_unpaid_invoices_removed() {
    let bed = Bed::new().await;
    let held = bed.sim.paid(NewPayment::new("a", 1000).two_stage()).unwrap();
    let taken = bed
        .movement("POST invoice/finalize", held, json!({ "amount": 700 }))
        .await;
    assert_eq!(taken.json(), json!({ "status": "success" }));
    let told = bed.status(held).await;
    assert_eq!(
        (&told["status"], &told["amount"], &told["finalAmount"]),
        (&json!("success"), &json!(1000), &json!(700))
    );
    let unpaid = bed.sim.create(NewPayment::new("b", 1)).unwrap();
    assert_eq!(
        bed.movement("POST invoice/remove", unpaid, json!({})).await.json(),
        json!({})
    );
    assert_eq!(bed.status(unpaid).await["status"], "expired");
    assert_eq!(bed.movement("POST invoice/remove", held, json!({})).await.status, 400);
    let details = bed.call("GET details", Value::Null).await.json();
    assert_eq!(details["merchantId"], "sandbox_merchant");
}

#[tokio::test]
async fn wrong_requests_are_refused_in_the_banks_words() {
    let bed = Bed::new().await;
    let paid = bed.sim.paid(NewPayment::new("a", 1000)).unwrap();
    let unpaid = bed.sim.create(NewPayment::new("b", 1)).unwrap();
    let invoice = |id: PaymentId| bed.sim.payment(id).unwrap().public_id;
    let (paid, unpaid) = (invoice(paid), invoice(unpaid));
    let table = [
        ("POST invoice/create", json!({}), 400, "BAD_REQUEST"),
        ("POST invoice/create", json!({ "amount": 0 }), 400, "BAD_REQUEST"),
        ("POST invoice/create", json!({ "amount": -1 }), 400, "BAD_REQUEST"),
        (
            "POST invoice/create",
            json!({ "amount": 1, "ccy": 1 }),
            400,
            "BAD_REQUEST",
        ),
        (
            "POST invoice/create",
            json!({ "amount": 1, "paymentType": "gift" }),
            400,
            "BAD_REQUEST",
        ),
        ("POST invoice/create", Value::Null, 400, "BAD_REQUEST"),
        ("GET invoice/create", Value::Null, 405, "METHOD_NOT_ALLOWED"),
        ("GET invoice/status", Value::Null, 400, "BAD_REQUEST"),
        ("GET invoice/status?invoiceId=none", Value::Null, 404, "NOT_FOUND"),
        ("POST invoice/cancel", json!({ "invoiceId": "none" }), 404, "NOT_FOUND"),
        (
            "POST invoice/cancel",
            json!({ "invoiceId": paid, "amount": 1001 }),
            400,
            "WRONG_CANCEL_AMOUNT",
        ),
        (
            "POST invoice/cancel",
            json!({ "invoiceId": unpaid }),
            500,
            "CANCEL_NOT_AVAILABLE",
        ),
        (
            "POST invoice/finalize",
            json!({ "invoiceId": paid }),
            400,
            "BAD_REQUEST",
        ),
        ("GET statement", Value::Null, 400, "BAD_REQUEST"),
        ("GET statement?from=1&to=x", Value::Null, 400, "BAD_REQUEST"),
    ];
    for (request, body, status, code) in table {
        let reply = bed.call(request, body.clone()).await;
        assert_eq!(
            (reply.status, &reply.json()["errCode"]),
            (status, &json!(code)),
            "{request} {body}"
        );
    }
    let status = format!("GET invoice/status?invoiceId={paid}");
    for (token, wanted) in [("", 400), ("wrong", 403), ("sandbox-token", 200)] {
        assert_eq!(bed.call_as(token, &status, Value::Null).await.status, wanted, "{token}");
    }
    bed.sim.add_merchant(Merchant::new("other", "other-token"));
    assert_eq!(bed.call_as("other-token", &status, Value::Null).await.status, 404);
    bed.sim.set_switches(Switches {
        numeric_codes: true,
        ..Switches::default()
    });
    let reply = bed.call("GET invoice/status?invoiceId=none", Value::Null).await;
    assert_eq!((reply.status, &reply.json()["errCode"]), (404, &json!("1004")));
}

#[tokio::test]
async fn not_found_and_too_many_are_said_on_purpose() {
    let bed = Bed::new().await;
    for (fault, status, code) in [
        (ApiFault::NotFound, 404, "NOT_FOUND"),
        (ApiFault::TooManyRequests, 429, "TMR"),
    ] {
        bed.sim.inject_api(Fault::once(fault).only("pubkey"));
        let reply = bed.call("GET pubkey", Value::Null).await;
        assert_eq!((reply.status, &reply.json()["errCode"]), (status, &json!(code)));
    }
    assert_eq!(
        (
            bed.sim.calls_of("pubkey"),
            bed.call("GET pubkey", Value::Null).await.status
        ),
        (2, 200)
    );
}
