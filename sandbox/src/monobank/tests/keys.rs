use super::*;

/// Key, `X-Sign` and body of the documentation's example.
#[test]
fn the_published_signature_fits() {
    let key = "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowREFRY0RRZ0FFQUc1LzZ3NnZubGJZb0Zm\
               RHlYWE4vS29CbVVjTgo3NWJSUWg4MFBhaEdldnJoanFCQnI3OXNSS0JSbnpHODFUZVQ5OEFOakU1c0R3RmZ5Znhub0ZJcmZBPT0KLS0t\
               LS1FTkQgUFVCTElDIEtFWS0tLS0tCg==";
    let sign = "MEUCIQC/mVKhi8FKoayul2Mim3E2oaIOCNJk5dEXxTqbkeJSOQIgOM0hsW0qcP2H8iXy1aQYpmY0SJWEaWur7nQXlKDCFxA=";
    let body = include_str!("published.json");
    let body = body.trim_end();
    assert!(fits(key, sign, body.as_bytes()));
    assert!(!fits(key, sign, body.replace("4200", "4201").as_bytes()));
    assert!(!fits(&simulator().public_key(), sign, body.as_bytes()));
}

#[tokio::test]
async fn a_webhook_is_signed_by_the_key_that_the_bank_names() {
    let bed = Bed::new().await;
    let shop = Shop::start(&[]).await;
    bed.sim.paid(order(&shop.url)).unwrap();
    bed.sim.deliver_pending().await;
    let named = bed.call("GET pubkey", Value::Null).await.json()["key"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(named, bed.sim.public_key());
    assert!(
        shop.got()
            .iter()
            .all(|got| fits(&named, got.header("x-sign"), &got.body))
    );
    let foreign = simulator().public_key();
    assert!(
        !shop
            .got()
            .iter()
            .any(|got| fits(&foreign, got.header("x-sign"), &got.body))
    );
}

#[tokio::test]
async fn a_rotated_key_signs_from_then_on_and_may_be_named_late() {
    let bed = Bed::new().await;
    let shop = Shop::start(&[503, 503]).await;
    bed.sim.paid(order(&shop.url)).unwrap();
    bed.sim.deliver_pending().await;
    let before = bed.sim.public_key();
    let control = Door::control(&bed.sim).await;
    assert_eq!(control.json("POST /key", &Value::Null).await.status, 204);
    assert_ne!(before, bed.sim.public_key());
    bed.sim.advance(Duration::from_secs(60));
    bed.sim.deliver_pending().await;
    let got = shop.got();
    assert!(fits(&before, got[0].header("x-sign"), &got[0].body) && !got_fits(&bed.sim, &got[0]));
    assert!(got_fits(&bed.sim, &got[3]) && !fits(&before, got[3].header("x-sign"), &got[3].body));
    bed.sim.set_switches(Switches {
        stale_pubkey: true,
        ..Switches::default()
    });
    assert_eq!(bed.call("GET pubkey", Value::Null).await.json()["key"], before.as_str());
}

#[test]
fn spoilt_webhooks_fail_as_meant() {
    let sim = simulator();
    let id = sim.paid(order("http://127.0.0.1:1/")).unwrap();
    let spoilt = |fault: Option<CallbackFault>| sim.callback_for(id, fault.as_ref()).unwrap().unwrap();
    let verifies = |posted: &Posted| fits(&sim.public_key(), &posted.headers[0].1, &posted.body);
    assert!(verifies(&spoilt(None)));
    assert!(!verifies(&spoilt(Some(CallbackFault::WrongSignature))));
    assert!(!verifies(&spoilt(Some(CallbackFault::TruncatedBody))));
    let unknown = spoilt(Some(CallbackFault::UnknownField));
    let json: Value = serde_json::from_slice(&unknown.body).unwrap();
    assert!(verifies(&unknown) && json["loyalty_points"] == 7);
    assert_ne!(
        spoilt(Some(CallbackFault::WrongContentType)).content_type,
        "application/json"
    );
}
