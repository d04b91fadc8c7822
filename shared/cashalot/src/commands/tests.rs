//! Every command over a socket: what is sent, and that nothing secret stays behind.

use std::fmt::Debug;

use serde_json::{Value, json};
use wire::Exchange;

use super::*;
use crate::fake::{Fake, Step, http_answer};
use crate::{Check, CheckHead, CheckTotal, Client, DocSubType, DocType, Error, Money};

const REGISTRAR: RegistrarNumber = RegistrarNumber(4_000_999_001);
const CANARY: &str = "canary";

fn keys() -> Auth {
    Auth::Keys {
        certificate: "canary-certificate".into(),
        private_key: "canary-private-key".into(),
        password: "canary-password".into(),
    }
}

fn check() -> Check {
    Check {
        total: Some(CheckTotal::new(Money::from_kopecks(25_000))),
        ..Check::new(CheckHead::new(DocType::SaleGoods, DocSubType::CheckGoods))
    }
}

/// An answer every command can read, with every secret field and a message that repeats `echo`.
fn answer(echo: &str) -> String {
    json!({
        "NumFiscal": "9000000101", "NumLocal": 41, "OrderDateTime": "2026-03-05T09:00:01.1234567+02:00", "Offline": false,
        "Shifts": [{ "ShiftId": 1 }], "Documents": [{ "NumFiscal": "9000000101", "NumLocal": 41 }],
        "TaxObjects": [{ "Name": "Каса", "TransactionsRegistrars": [{ "NumFiscal": 4_000_999_001_u64 }] }],
        "OfflineSeed": "canary-seed", "Certificate": "canary-certificate", "Password": "canary-password",
        "Echo": { "PrivateKey": "canary-private-key", "KeyPin": "canary-pin", "PhoneNumber": "canary-phone", "List": [echo] },
        "Visualization": "Y2FuYXJ5", "Data": "canary", "ResultText": format!("with {echo}"),
        "ErrorCode": "Ok", "ErrorMessage": format!("with {echo}"),
    })
    .to_string()
}

/// Runs one command; returns the sent JSON after checking that no secret stays in what the caller keeps.
/// `echo` is a secret that goes out with it and comes back in a message.
async fn sent<T: Debug>(auth: Auth, echo: &str, call: impl AsyncFnOnce(&Client) -> Exchange<T, Error>) -> Value {
    let fake = Fake::start([Step::Answer(http_answer(200, &answer(echo)))]).await;
    let client = fake.client(auth);
    let Exchange { result, record } = call(&client).await;
    for kept in [
        format!("{record:?}"),
        record.request.to_string(),
        format!("{:?}", record.response),
        format!("{client:?}"),
    ] {
        assert!(!kept.to_lowercase().contains(CANARY), "{}: {kept}", record.command);
    }
    assert!(result.is_ok(), "{}: {result:?}", record.command);
    let answer = record.response.unwrap();
    assert_eq!(answer["Visualization"], "[8 characters]");
    assert_eq!(answer["ErrorCode"], "Ok");
    let bodies = fake.bodies();
    assert_eq!(bodies.len(), 1);
    assert!(bodies[0].contains(echo), "only what was sent can come back");
    serde_json::from_str(&bodies[0]).unwrap()
}

/// The key's fields added to a request, as they must be on the wire.
fn with_keys(mut request: Value) -> Value {
    request["Certificate"] = "canary-certificate".into();
    request["PrivateKey"] = "canary-private-key".into();
    request["Password"] = "canary-password".into();
    request
}

#[tokio::test]
async fn commands_that_need_no_key_send_none() {
    assert_eq!(
        sent(keys(), "", async |client| client.server_state().await).await,
        json!({ "Command": "ServerState" })
    );
    let get_check = GetCheck {
        registrar: REGISTRAR,
        fiscal_number: "9000000120".to_owned(),
        view: DocumentView::OriginalXml,
        qr_code: true,
        as_html: false,
    };
    assert_eq!(
        sent(keys(), "", async |client| client.get_check(&get_check).await).await,
        json!({ "Command": "GetCheck", "RegistrarNumFiscal": 4_000_999_001_u64, "NumFiscal": "9000000120",
            "Type": "OriginalXml", "GetQrCode": true })
    );
    let get_z_rep = GetZRep {
        registrar: REGISTRAR,
        fiscal_number: "9000000130".to_owned(),
        view: DocumentView::Visualization,
        as_html: true,
    };
    assert_eq!(
        sent(keys(), "", async |client| client.get_z_rep(&get_z_rep).await).await,
        json!({ "Command": "GetZRep", "RegistrarNumFiscal": 4_000_999_001_u64, "NumFiscal": "9000000130",
            "Type": "Visualization", "VisAsHtml": true })
    );
    let setup = SetupRegistrar {
        registrar: REGISTRAR,
        work_mode: WorkMode::DisableOffline,
        send_to_cabinet: false,
    };
    assert_eq!(
        sent(keys(), "", async |client| client.setup_registrar(&setup).await).await,
        json!({ "Command": "SetupRegistrar", "NumFiscal": 4_000_999_001_u64, "WorkMode": "DisableOffline",
            "SendToCabinet": false })
    );
}

#[tokio::test]
async fn a_certificate_is_asked_about_with_nothing_else_and_setup_sends_the_key_it_was_given() {
    let auth = keys();
    let certificate = auth.certificate().unwrap();
    assert_eq!(
        sent(
            Auth::KeyPin("canary-pin".into()),
            "canary-certificate",
            async |client| client.certificate_info(certificate).await
        )
        .await,
        json!({ "Command": "CertificateInfo", "Certificate": "canary-certificate" })
    );
    assert_eq!(
        sent(Auth::Stored, "canary-private-key", async |client| client
            .setup(&keys())
            .await)
        .await,
        with_keys(json!({ "Command": "Setup" }))
    );
}

#[tokio::test]
async fn a_check_is_sent_with_its_options_and_the_key() {
    let uid = Uuid::from_u128(7);
    let request = RegisterCheck {
        registrar: REGISTRAR,
        check: check(),
        auto_open_shift: true,
        qr_size: Some(256),
        visualization: Some(Rendering::Html),
        storned_check: Some(check()),
        uid: Some(uid),
    };
    let check =
        json!({ "CHECKHEAD": { "DOCTYPE": "SaleGoods", "DOCSUBTYPE": "CheckGoods" }, "CHECKTOTAL": { "SUM": 250.00 } });
    assert_eq!(
        sent(keys(), "canary-password", async |client| client
            .register_check(&request)
            .await)
        .await,
        with_keys(
            json!({ "Command": "RegisterCheck", "NumFiscal": 4_000_999_001_u64, "UID": uid.to_string(),
            "AutoOpenShift": true, "GetQrCode": true, "QrSize": 256, "Visualization": true, "VisAsHtml": true,
            "Check": check, "StornedCheck": check })
        )
    );
    let plain = RegisterCheck {
        auto_open_shift: false,
        qr_size: None,
        visualization: None,
        storned_check: None,
        uid: None,
        ..request
    };
    assert_eq!(
        sent(Auth::SmartId, "", async |client| client.register_check(&plain).await).await,
        json!({ "Command": "RegisterCheck", "NumFiscal": 4_000_999_001_u64, "AutoOpenShift": false, "GetQrCode": false,
            "Visualization": false, "UseSmartId": true, "Check": check })
    );
}

#[tokio::test]
async fn money_is_on_the_wire_with_two_decimals() {
    let fake = Fake::start([Step::Answer(http_answer(200, &answer("")))]).await;
    let request = RegisterCheck {
        registrar: REGISTRAR,
        check: check(),
        auto_open_shift: false,
        qr_size: None,
        visualization: None,
        storned_check: None,
        uid: None,
    };
    fake.client(Auth::Stored).register_check(&request).await.result.unwrap();
    assert!(
        fake.bodies()[0].contains(r#""CHECKTOTAL":{"SUM":250.00}"#),
        "{:?}",
        fake.bodies()
    );
}

#[tokio::test]
async fn every_other_command_is_sent_with_the_key() {
    let num = 4_000_999_001_u64;
    assert_eq!(
        sent(keys(), "canary-password", async |client| client.objects().await).await,
        with_keys(json!({ "Command": "Objects" }))
    );
    let state = TransactionsRegistrarState {
        registrar: REGISTRAR,
        include_tax_object: true,
        uid: None,
    };
    assert_eq!(
        sent(keys(), "canary-password", async |client| client
            .transactions_registrar_state(&state)
            .await)
        .await,
        with_keys(json!({ "Command": "TransactionsRegistrarState", "NumFiscal": num, "IncludeTaxObject": true }))
    );
    let open = OpenShift {
        registrar: REGISTRAR,
        testing: true,
        uid: None,
    };
    assert_eq!(
        sent(keys(), "canary-password", async |client| client.open_shift(&open).await).await,
        with_keys(json!({ "Command": "OpenShift", "NumFiscal": num, "Testing": true }))
    );
    let z_rep = RegisterZRep {
        registrar: REGISTRAR,
        visualization: true,
        uid: None,
    };
    assert_eq!(
        sent(keys(), "canary-password", async |client| client
            .register_z_rep(&z_rep)
            .await)
        .await,
        with_keys(json!({ "Command": "RegisterZRep", "NumFiscal": num, "Visualization": true }))
    );
    let close = CloseShift {
        registrar: REGISTRAR,
        z_rep_auto: true,
        visualization: false,
        uid: None,
    };
    assert_eq!(
        sent(keys(), "canary-password", async |client| client
            .close_shift(&close)
            .await)
        .await,
        with_keys(json!({ "Command": "CloseShift", "NumFiscal": num, "ZRepAuto": true }))
    );
    let totals = LastShiftTotals {
        registrar: REGISTRAR,
        visualization: false,
    };
    assert_eq!(
        sent(keys(), "canary-password", async |client| client
            .last_shift_totals(&totals)
            .await)
        .await,
        with_keys(json!({ "Command": "LastShiftTotals", "NumFiscal": num }))
    );
    let cleanup = Cleanup {
        registrar: REGISTRAR,
        remove: false,
        visualization: false,
        uid: None,
    };
    assert_eq!(
        sent(keys(), "canary-password", async |client| client.cleanup(&cleanup).await).await,
        with_keys(json!({ "Command": "Cleanup", "NumFiscal": num, "Remove": false }))
    );
    let shifts = Shifts {
        registrar: REGISTRAR,
        from: "a".to_owned(),
        to: "b".to_owned(),
    };
    assert_eq!(
        sent(keys(), "canary-password", async |client| client.shifts(&shifts).await).await,
        with_keys(json!({ "Command": "Shifts", "NumFiscal": num, "From": "a", "To": "b" }))
    );
    for (shift, field, value) in [
        (ShiftRef::Id(50_001), "ShiftId", json!(50_001)),
        (
            ShiftRef::OpenedBy("9000000101".to_owned()),
            "OpenShiftFiscalNum",
            json!("9000000101"),
        ),
    ] {
        let documents = Documents {
            registrar: REGISTRAR,
            shift,
        };
        assert_eq!(
            sent(keys(), "canary-password", async |client| client
                .documents(&documents)
                .await)
            .await,
            with_keys(json!({ "Command": "Documents", "NumFiscal": num, field: value }))
        );
    }
}

#[tokio::test]
async fn a_phone_number_is_sent_and_not_kept() {
    let request = SendCheckToConsumer {
        service_type: 0,
        phone_number: "canary-phone-67".into(),
        registrar: REGISTRAR,
        fiscal_number: "9000000120".to_owned(),
        sum: Money::from_kopecks(25_000),
        order_date_time: "2026-03-05T11:22:33.1234567+02:00".to_owned(),
    };
    assert!(!format!("{request:?}").contains(CANARY));
    let wire = sent(Auth::KeyPin("canary-pin".into()), "canary-phone-67", async |client| {
        client.send_check_to_consumer(&request).await
    })
    .await;
    assert_eq!(
        (&wire["PhoneNumber"], &wire["KeyPin"]),
        (&json!("canary-phone-67"), &json!("canary-pin"))
    );
}

#[tokio::test]
async fn a_refusal_that_repeats_a_secret_is_masked_in_the_error_too() {
    let refusal = r#"{"ErrorCode":"CryptographyError","ErrorMessage":"пароль canary-password невірний"}"#;
    let fake = Fake::start([Step::Answer(http_answer(200, refusal))]).await;
    let exchange = fake.client(keys()).objects().await;
    let kept = format!("{exchange:?}");
    assert!(kept.contains("пароль *** невірний") && !kept.contains(CANARY), "{kept}");
}
