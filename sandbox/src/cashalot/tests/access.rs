//! Sheet §2, §11.2 and §11.10.13: who may call what, and which refusal comes first.

use serde_json::{Value, json};

use super::{Bed, Credentials, DEFAULT_KEY_PIN, OTHER, REGISTER, RegisterSetup};

fn with_keys() -> Bed {
    let credentials = Some(Credentials::Keys {
        certificate: "Y2VydA==".to_owned(),
        private_key: "a2V5".to_owned(),
        password: "secret".to_owned(),
    });
    Bed::with(RegisterSetup {
        credentials,
        ..RegisterSetup::new(REGISTER)
    })
}

fn state_code(bed: &Bed, credentials: Value) -> String {
    let mut body = json!({ "Command": "TransactionsRegistrarState", "NumFiscal": REGISTER });
    body.as_object_mut()
        .unwrap()
        .extend(credentials.as_object().unwrap().clone());
    bed.raw("TransactionsRegistrarState", &body)["ErrorCode"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn credentials_are_taken_or_refused() {
    let keys = || json!({ "Certificate": "Y2VydA==", "PrivateKey": "a2V5", "Password": "secret" });
    let mut wrong = keys();
    wrong["Password"] = json!("guess");
    let mut with_pin = keys();
    with_pin["KeyPin"] = json!("guess");
    let rows = [
        (keys(), "Ok"),
        (wrong, "CryptographyError"),
        (with_pin, "CryptographyError"),
        (
            json!({ "Certificate": "Y2VydA==", "Password": "secret" }),
            "CryptographyError",
        ),
        (json!({}), "CryptographyError"),
        (json!({ "KeyPin": null }), "CryptographyError"),
        (json!({ "KeyPin": 7 }), "InvalidQueryParameter"),
        (json!({ "UseSmartId": true }), "CryptographyError"),
    ];
    for (credentials, code) in rows {
        assert_eq!(state_code(&with_keys(), credentials.clone()), code, "{credentials}");
    }
}

#[test]
fn setup_stores_the_keys_for_later_commands() {
    let bed = with_keys();
    let setup = |fields: Value| bed.raw("Setup", &fields)["ErrorCode"].clone();
    assert_eq!(setup(json!({ "Certificate": "Y2VydA==" })), "InvalidQueryParameter");
    assert_eq!(
        setup(json!({ "Certificate": "a", "PrivateKey": "b", "Password": "c" })),
        "CryptographyError"
    );
    assert_eq!(
        setup(json!({ "Certificate": "Y2VydA==", "PrivateKey": "a2V5", "Password": "secret" })),
        "Ok"
    );
    assert_eq!(state_code(&bed, json!({})), "Ok");
}

#[test]
fn smart_id_signs_for_its_register() {
    let bed = Bed::with(RegisterSetup {
        credentials: Some(Credentials::SmartId),
        ..RegisterSetup::new(REGISTER)
    });
    assert_eq!(state_code(&bed, json!({ "UseSmartId": true })), "Ok");
    assert_eq!(
        state_code(&bed, json!({ "UseSmartId": true, "Certificate": "Y2VydA==" })),
        "Ok"
    );
    assert_eq!(bed.raw("Setup", &json!({ "UseSmartId": true }))["ErrorCode"], "Ok");
    assert_eq!(state_code(&bed, json!({})), "Ok");
}

#[test]
fn the_register_is_checked_after_the_key() {
    let bed = Bed::new();
    let theirs = RegisterSetup {
        credentials: Some(Credentials::KeyPin("theirs".to_owned())),
        ..RegisterSetup::new(OTHER)
    };
    bed.simulator.add_register(theirs);
    let code = |register: Value, pin: &str| bed.code("OpenShift", json!({ "NumFiscal": register, "KeyPin": pin }));
    assert_eq!(code(json!(1), "guess"), "CryptographyError");
    assert_eq!(code(json!(1), DEFAULT_KEY_PIN), "TransactionsRegistrarAbsent");
    assert_eq!(
        code(json!(OTHER), DEFAULT_KEY_PIN),
        "OperatorAccessToTransactionsRegistrarNotGranted"
    );
    assert_eq!(code(json!("4000999002"), "theirs"), "Ok");
    assert_eq!(code(Value::Null, DEFAULT_KEY_PIN), "InvalidQueryParameter");
    assert_eq!(code(json!("каса"), DEFAULT_KEY_PIN), "InvalidQueryParameter");
}

#[test]
fn objects_lists_the_units_and_registers_of_the_key() {
    let bed = Bed::new();
    bed.simulator.add_register(RegisterSetup::new(OTHER));
    let elsewhere = RegisterSetup {
        address: "ЛЬВІВ".to_owned(),
        ..RegisterSetup::new(3)
    };
    bed.simulator.add_register(elsewhere);
    let answer = bed.ok("Objects", json!({}));
    let counts: Vec<_> = answer["TaxObjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|unit| unit["TransactionsRegistrars"].as_array().unwrap().len())
        .collect();
    assert_eq!(counts, [1, 2]);
    assert_eq!(answer["TaxObjects"][0]["ChiefCashier"], true);
    let with_unit = bed.ok("TransactionsRegistrarState", json!({ "IncludeTaxObject": true }));
    assert_eq!(
        with_unit["TaxObject"]["TransactionsRegistrars"][0]["NumFiscal"],
        json!(REGISTER)
    );
}

#[test]
fn a_certificate_tells_its_owner() {
    let bed = with_keys();
    let code = |certificate: &str| {
        bed.raw("CertificateInfo", &json!({ "Certificate": certificate }))["ErrorCode"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        bed.raw("CertificateInfo", &json!({ "Certificate": "Y2VydA==" }))["Name"],
        "Касир Приклад"
    );
    assert_eq!(code("b3RoZXI="), "CryptographyError");
    assert_eq!(code("not base64!"), "InvalidQueryParameter");
}

#[test]
fn the_end_of_a_certificate_can_be_set() {
    let bed = with_keys();
    let end = || bed.raw("CertificateInfo", &json!({ "Certificate": "Y2VydA==" }))["DtEnd"].clone();
    assert_eq!(end(), "2035-05-31T23:59:59");
    let until = "2026-07-04T20:59:59Z".parse().unwrap();
    assert!(bed.simulator.set_certificate_end(REGISTER, Some(until)));
    assert_eq!(end(), "2026-07-04T23:59:59", "Kyiv time");
    assert!(bed.simulator.set_certificate_end(REGISTER, None));
    assert_eq!(end(), "2035-05-31T23:59:59");
    assert!(!bed.simulator.set_certificate_end(OTHER, Some(until)));
}
