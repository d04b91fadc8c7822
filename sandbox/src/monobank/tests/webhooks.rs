use super::*;

type Steps = fn(&Simulator, PaymentId);

async fn told(switches: Switches, steps: Steps, new: NewPayment) -> Vec<Value> {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    sim.set_switches(switches);
    let id = sim.create(new.callback_url(&shop.url)).unwrap();
    steps(&sim, id);
    sim.deliver_pending().await;
    shop.got().iter().map(Got::json).collect()
}

fn states(told: &[Value]) -> Vec<&str> {
    told.iter().map(|webhook| webhook["status"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_webhook_is_the_invoice_with_a_signature_beside_it() {
    let (sim, shop) = (simulator(), Shop::start(&[]).await);
    let id = sim.create(order(&shop.url)).unwrap();
    sim.advance(Duration::from_secs(30));
    sim.pay(id).unwrap();
    sim.deliver_pending().await;
    let got = shop.got();
    assert_eq!(got[1].header("content-type"), "application/json");
    assert!(got.iter().all(|got| got_fits(&sim, got)));
    let webhook = got[1].json();
    let wanted = json!({
        "invoiceId": "p2_5A0000001", "status": "success", "amount": 26_750, "ccy": 980, "finalAmount": 26_750,
        "createdDate": "2025-03-05T12:03:59Z", "modifiedDate": "2025-03-05T12:04:29Z", "reference": "shop-1001",
    });
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&webhook[name], value, "{name}");
    }
    assert_eq!(webhook["paymentInfo"]["paymentMethod"], "pan");
    assert!(webhook.get("cancelList").is_none() && webhook.get("failureReason").is_none());
    assert_eq!(got[0].json()["status"], "processing");
}

#[tokio::test]
async fn each_stage_has_its_status_and_an_expiry_is_not_told() {
    let table: [(Steps, bool, &[&str]); 4] = [
        (
            |sim, id| {
                sim.decline(id).unwrap();
                sim.pay(id).unwrap();
            },
            false,
            &["failure", "processing", "success"],
        ),
        (
            |sim, id| {
                sim.pay(id).unwrap();
                sim.capture(id, 700).unwrap();
                sim.refund_all(id).unwrap();
            },
            true,
            &["processing", "hold", "success", "reversed"],
        ),
        (
            |sim, id| {
                sim.pay(id).unwrap();
                sim.refund_all(id).unwrap();
            },
            true,
            &["processing", "hold", "reversed"],
        ),
        (|sim, id| sim.expire(id).unwrap(), false, &[]),
    ];
    for (steps, two_stage, wanted) in table {
        let new = NewPayment {
            two_stage,
            ..NewPayment::new("a", 1000)
        };
        assert_eq!(states(&told(Switches::default(), steps, new).await), wanted);
    }
    let quiet = Switches {
        processing_webhooks: false,
        ..Switches::default()
    };
    let told = told(quiet, |sim, id| sim.pay(id).unwrap(), NewPayment::new("a", 1)).await;
    assert_eq!(states(&told), ["success"]);
}

#[tokio::test]
async fn sums_change_with_captures_and_returns() {
    let steps: Steps = |sim, id| {
        sim.pay(id).unwrap();
        sim.capture(id, 700).unwrap();
        sim.refund(id, 250).unwrap();
        sim.refund_all(id).unwrap();
    };
    let new = || NewPayment::new("a", 1000).two_stage();
    let usual = told(Switches::default(), steps, new()).await;
    let sums: Vec<&Value> = usual.iter().map(|webhook| &webhook["finalAmount"]).collect();
    assert_eq!(sums, [1000, 1000, 700, 450, 0]);
    assert!(usual.iter().all(|webhook| webhook["amount"] == 1000));
    assert_eq!(states(&usual)[3..], ["success", "reversed"]);
    let cancels = usual[4]["cancelList"].as_array().unwrap();
    let sums: Vec<&Value> = cancels.iter().map(|cancel| &cancel["amount"]).collect();
    assert_eq!(
        (sums, &cancels[1]["status"]),
        (vec![&json!(250), &json!(450)], &json!("success"))
    );
    let other = Switches {
        partial_refund: PartialRefund::BecomesReversed,
        ..Switches::default()
    };
    assert_eq!(states(&told(other, steps, new()).await)[3..], ["reversed", "reversed"]);
    let silent = Switches {
        silent_refunds: true,
        ..Switches::default()
    };
    assert_eq!(told(silent, steps, new()).await.len(), 3);
}

#[tokio::test]
async fn it_is_posted_three_times_at_most() {
    let (sim, shop) = (simulator(), Shop::start(&[500; 9]).await);
    sim.set_switches(Switches {
        processing_webhooks: false,
        ..Switches::default()
    });
    sim.paid(order(&shop.url)).unwrap();
    for (pause, given_up) in [(0, 0), (60, 0), (600, 1)] {
        sim.advance(Duration::from_secs(pause));
        let summary = sim.deliver_pending().await;
        assert_eq!((summary.failed, summary.given_up), (1, given_up));
    }
    assert_eq!((shop.got().len(), sim.waiting_callbacks()), (3, 0));
}
