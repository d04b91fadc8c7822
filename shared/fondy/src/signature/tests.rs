use super::*;
use crate::Credentials;
use crate::callback::messages::{B1, Message, of_the_sheet};
use crate::callback::{CallbackError, check_v1};
use crate::envelope::{self, Envelope};

/// In both directions: what is signed, and whether what is received with that signature verifies.
fn check(name: &str, key: &str, fields: &[(&str, &str)], expected: &str) {
    verify(name, key, fields, expected);
    let key = SecretString::from(key);
    let forwards = sign_v1(&key, fields.iter().copied());
    let backwards = sign_v1(&key, fields.iter().rev().copied());
    assert_eq!(forwards, expected, "{name}");
    assert_eq!(backwards, expected, "{name}, fields in another order");
}

fn verify(name: &str, key: &str, fields: &[(&str, &str)], signature: &str) {
    let told = |fields: &[(&str, &str)]| {
        let mut message = Message(Vec::new());
        for (name, value) in fields {
            message = message.with(name, *value);
        }
        message.with("signature", signature)
    };
    let numbers = |message: Message| {
        let number = |value: &serde_json::Value| value.as_str().and_then(|text| text.parse::<u32>().ok());
        let fields = message.0.into_iter().map(|(name, value)| match number(&value) {
            Some(number) if number.to_string() == value.as_str().unwrap_or_default() => (name, number.into()),
            Some(_) | None => (name, value),
        });
        Message(fields.collect())
    };
    let credentials = Credentials {
        merchant_id: 1_396_424,
        key: SecretString::from(key),
    };
    let verdict = |content_type: &str, body: &str| match envelope::read(Some(content_type), body.as_bytes()) {
        Ok(Envelope::V1(fields)) => check_v1(&fields, &credentials),
        Ok(Envelope::V2 { .. }) => panic!("{name} is of version 1"),
        Err(error) => panic!("{name}: {error}"),
    };
    const JSON: &str = "application/json";
    const FORM: &str = "application/x-www-form-urlencoded";
    assert_eq!(verdict(JSON, &told(fields).json()), Ok(()), "{name} as JSON");
    assert_eq!(
        verdict(JSON, &numbers(told(fields)).json()),
        Ok(()),
        "{name} with numbers"
    );
    assert_eq!(verdict(FORM, &told(fields).form()), Ok(()), "{name} as a form");
    for place in 0..fields.len() {
        let mut altered = fields.to_vec();
        altered[place].1 = "altered";
        let refused = verdict(JSON, &told(&altered).json());
        assert_eq!(
            refused,
            Err(CallbackError::WrongSignature),
            "{name}, {}",
            fields[place].0
        );
    }
}

#[test]
fn published_request_vectors_are_reproduced() {
    check(
        "R1",
        "test",
        &[
            ("amount", "1000"),
            ("currency", "USD"),
            ("merchant_id", "1396424"),
            ("order_desc", "Test payment"),
            ("order_id", "TestOrder2"),
            ("server_callback_url", "http://myshop/callback/"),
        ],
        "91ea7da493a8367410fe3d7f877fb5e0ed666490",
    );
    check(
        "R2",
        "test",
        &[
            ("amount", "125"),
            ("currency", "USD"),
            ("merchant_id", "1396424"),
            ("order_desc", "test order"),
            ("order_id", "test123456"),
        ],
        "df38818facfbfd79953fa847667dac73a1291127",
    );
    for (order_id, expected) in [
        ("TestOrder2", "bb0798a53ab63eb99584859ba46deb9d461b3993"),
        ("test_12343242111", "64bbd2d53ee60f88b8184751cc05bd0a846f5768"),
    ] {
        check(
            "R3",
            "test",
            &[("merchant_id", "1396424"), ("order_id", order_id), ("version", "1.0.1")],
            expected,
        );
    }
    check(
        "R4",
        "test",
        &[
            ("amount", "100"),
            ("currency", "UAH"),
            ("merchant_id", "1396424"),
            ("order_id", "test_12343242113"),
            ("version", "1.0.1"),
        ],
        "1efcb015c89da38977ae1e734aade413b95ca900",
    );
    check(
        "R5, empty values dropped",
        "test",
        &[
            ("merchant_id", "1396424"),
            ("order_id", "test_12343242111"),
            ("response_code", ""),
            ("response_description", ""),
            ("response_status", "success"),
            ("reversal_amount", "16"),
            ("reverse_id", ""),
            ("reverse_status", "approved"),
            ("transaction_id", "2011273408"),
        ],
        "c703b3ce82aecfd2de633319685223347140717d",
    );
}

#[test]
fn published_callback_vectors_are_reproduced() {
    let common = [
        ("card_bin", "444455"),
        ("card_type", "VISA"),
        ("masked_card", "444455XXXXXX6666"),
        ("merchant_id", "1396424"),
        ("order_status", "approved"),
        ("payment_system", "card"),
        ("response_status", "success"),
        ("reversal_amount", "0"),
        ("settlement_amount", "0"),
        ("tran_type", "purchase"),
    ];
    let p1 = [
        ("actual_amount", "3324000"),
        ("actual_currency", "UAH"),
        ("amount", "3324000"),
        ("approval_code", "027440"),
        ("currency", "UAH"),
        ("order_id", "14#1500639628"),
        ("order_time", "21.07.2017 15:20:27"),
        ("payment_id", "51247263"),
        ("rrn", "429417347068"),
        ("sender_email", "test@email.com"),
    ];
    check(
        "P1",
        "test",
        &[&common[..], &p1].concat(),
        "c2f8bce2a279594a01566d1229f9fbbf172589fa",
    );
    let p2 = [
        ("actual_amount", "111"),
        ("actual_currency", "USD"),
        ("amount", "111"),
        ("approval_code", "123456"),
        ("currency", "USD"),
        ("eci", "7"),
        ("order_id", "1396424_1da4a65b81fdaf934c535e352a776744"),
        ("order_time", "21.05.2018 13:50:55"),
        ("payment_id", "93088761"),
    ];
    check(
        "P2",
        "test",
        &[&common[..], &p2].concat(),
        "7725ca95944de78550c3ca132c1e6602707afa90",
    );
    let p3 = [
        ("actual_amount", "10000"),
        ("actual_currency", "RUB"),
        ("amount", "10000"),
        ("approval_code", "027440"),
        ("currency", "RUB"),
        ("eci", "7"),
        (
            "merchant_data",
            r#"{"cat":"123","dog":"321","llama":"321","iguana":"321"}"#,
        ),
        ("order_id", "1dd3c296-23fe-4efb-8fce-3b700d92192b"),
        ("order_time", "02.09.2019 12:37:42"),
        ("payment_id", "163225480"),
        ("rrn", "429417347068"),
    ];
    check(
        "P3",
        "test",
        &[&common[..], &p3].concat(),
        "a130a1605c931e7f6465db2e1fabe87f9121bf99",
    );
}

#[test]
fn our_own_request_vectors_are_reproduced() {
    let kkt = [("order_id", "13731336126512"), ("merchant_id", "1396424")];
    check("K1", "test", &kkt, "b995b2f2992de6f16f47bff43bb2d2c3c7cca744");
    check(
        "K4",
        "Qw3rtyTestKey01",
        &kkt,
        "6ca9810d2f705d8257cbf41a7dd158ef33fb1859",
    );
    for (receipt_type, expected) in [
        ("receipt", "c4c87ea08e13d939a049e793fc334d56f3a5b0de"),
        ("zreport", "795425d8f9023044c59a7b1f595378511b497fe9"),
    ] {
        let fields = [
            ("merchant_id", "1396424"),
            ("receipt_type", receipt_type),
            ("transaction_id", "1499968937"),
        ];
        check(receipt_type, "test", &fields, expected);
    }
    let v1 = [
        ("amount", "26750"),
        ("currency", "UAH"),
        ("merchant_id", "1396424"),
        ("order_id", "shop-1001"),
    ];
    check("V1", "test", &v1, "c3734295860a28a419bb4d16fd32001e7c6227a6");
    let v2 = [
        ("amount", "12750"),
        ("comment", "Повернення: кеш’ю"),
        ("currency", "UAH"),
        ("merchant_id", "1396424"),
        ("order_id", "shop-1001"),
        ("reverse_id", "rf-1"),
        ("version", "1.0.1"),
    ];
    check("V2", "test", &v2, "ae6b5914e2294fda98b768792e82620a3c8cbffd");
    let v3 = [
        ("amount", "26750"),
        ("currency", "UAH"),
        ("merchant_id", "1396424"),
        ("order_desc", "Замовлення 1001"),
        ("order_id", "shop-1001"),
        ("reservation_data", B1),
        ("response_url", ""),
        ("server_callback_url", "https://shop.example/fondy/cb?s=1"),
        ("version", "1.0.1"),
    ];
    check("V3", "test", &v3, "fea0cc52fa53a3852c91140fd4f73e5c35bf8f08");
}

#[test]
fn our_own_callback_vectors_are_reproduced() {
    for (name, message, expected) in of_the_sheet() {
        let signed = message.signed();
        let (_, signature) = signed.0.iter().find(|(n, _)| n == "signature").unwrap();
        assert_eq!(signature, expected, "{name}");
    }
}

#[test]
fn version_2_vectors_are_reproduced() {
    let s1 = "eyJvcmRlciI6eyJzZXJ2ZXJfY2FsbGJhY2tfdXJsIjoiaHR0cHM6Ly9zaG9wLmV4YW1wbGUvZm9uZHkvc3BsaXQtY2IiLCJjdXJyZW5jeSI6IlVBSCIsImFtb3VudCI6MTAwMDAwMCwib3JkZXJfdHlwZSI6InNldHRsZW1lbnQiLCJvcmRlcl9pZCI6InNob3AtMjAwMV9zcGxpdDEiLCJvcGVyYXRpb25faWQiOiJzaG9wLTIwMDEiLCJvcmRlcl9kZXNjIjoidGVzdCBvcmRlciIsIm1lcmNoYW50X2lkIjoxMzk2NDI0LCJyZWNlaXZlciI6W3sicmVxdWlzaXRlcyI6eyJhbW91bnQiOjYwMDAwMCwic2V0dGxlbWVudF9kZXNjcmlwdGlvbiI6ItCf0YDQuNC30L3QsNGH0LXQvdC90Y8g0L/Qu9Cw0YLQtdC20YMiLCJtZXJjaGFudF9pZCI6NTAwMDAxfSwidHlwZSI6Im1lcmNoYW50In0seyJyZXF1aXNpdGVzIjp7ImFtb3VudCI6NDAwMDAwLCJzZXR0bGVtZW50X2Rlc2NyaXB0aW9uIjoi0J/RgNC40LfQvdCw0YfQtdC90L3RjyDQv9C70LDRgtC10LbRgyIsIm1lcmNoYW50X2lkIjo2MDAwMDF9LCJ0eXBlIjoibWVyY2hhbnQifV19fQ==";
    let key = SecretString::from("test");
    let signature = "0715a467a40f67b88226ee604fc5e20368f9c68e";
    assert_eq!(sign_v2(&key, s1), signature);
    let order = envelope::decode_v2(s1).unwrap();
    assert!(order.contains(r#""operation_id":"shop-2001""#), "{order}");
    assert!(
        !signatures_match(&sign_v2(&key, &s1.replacen('e', "f", 1)), signature),
        "an altered text"
    );
}

#[test]
fn zeros_stay_and_the_signature_and_its_hint_are_left_out() {
    let key = SecretString::from("test");
    let plain = sign_v1(&key, [("a", "0"), ("b", "1")]);
    let with_extras = sign_v1(
        &key,
        [
            ("a", "0"),
            ("b", "1"),
            ("signature", "x"),
            ("response_signature_string", "y"),
        ],
    );
    assert_eq!(plain, with_extras);
    assert_ne!(plain, sign_v1(&key, [("b", "1")]));
    assert_ne!(plain, sign_v1(&key, [("a", " "), ("b", "1")]));
}

#[test]
fn names_sort_by_bytes() {
    let key = SecretString::from("test");
    // '_' sorts after capitals and before small letters; a locale would ignore it.
    let by_bytes = sign_v2(&key, "1|2|3");
    assert_eq!(sign_v1(&key, [("ab", "3"), ("a_b", "2"), ("aB", "1")]), by_bytes);
}

#[test]
fn comparison_takes_the_exact_lower_case_text_only() {
    let signature = sign_v2(&SecretString::from("test"), "x");
    assert!(signatures_match(&signature, &signature.clone()));
    assert!(!signatures_match(&signature, &signature.to_ascii_uppercase()));
    assert!(!signatures_match(&signature, &signature[..39]));
    assert!(!signatures_match(&signature, ""));
}
