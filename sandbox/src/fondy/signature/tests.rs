use super::*;

/// The published basket of two goods, 140.00 and 127.50.
const BASKET: &str = "eyJwcm9kdWN0cyI6W3siaWQiOjEsIm5hbWUiOiLQnNC40LPQtNCw0LvRjCDQttCw0YAuIiwicHJpY2UiOjcwMC4wLCJ0b3RhbF9hbW91bnQiOjE0MC4wLCJxdWFudGl0eSI6MC4yfSx7ImlkIjoyLCJuYW1lIjoi0JrQtdGI0YzRjiDQvtGH0LjRiS4iLCJwcmljZSI6ODUwLjAsInRvdGFsX2Ftb3VudCI6MTI3LjUsInF1YW50aXR5IjowLjE1fV19";
const SPLIT_REQUEST: &str = "eyJvcmRlciI6eyJzZXJ2ZXJfY2FsbGJhY2tfdXJsIjoiaHR0cHM6Ly9zaG9wLmV4YW1wbGUvZm9uZHkvc3BsaXQtY2IiLCJjdXJyZW5jeSI6IlVBSCIsImFtb3VudCI6MTAwMDAwMCwib3JkZXJfdHlwZSI6InNldHRsZW1lbnQiLCJvcmRlcl9pZCI6InNob3AtMjAwMV9zcGxpdDEiLCJvcGVyYXRpb25faWQiOiJzaG9wLTIwMDEiLCJvcmRlcl9kZXNjIjoidGVzdCBvcmRlciIsIm1lcmNoYW50X2lkIjoxMzk2NDI0LCJyZWNlaXZlciI6W3sicmVxdWlzaXRlcyI6eyJhbW91bnQiOjYwMDAwMCwic2V0dGxlbWVudF9kZXNjcmlwdGlvbiI6ItCf0YDQuNC30L3QsNGH0LXQvdC90Y8g0L/Qu9Cw0YLQtdC20YMiLCJtZXJjaGFudF9pZCI6NTAwMDAxfSwidHlwZSI6Im1lcmNoYW50In0seyJyZXF1aXNpdGVzIjp7ImFtb3VudCI6NDAwMDAwLCJzZXR0bGVtZW50X2Rlc2NyaXB0aW9uIjoi0J/RgNC40LfQvdCw0YfQtdC90L3RjyDQv9C70LDRgtC10LbRgyIsIm1lcmNoYW50X2lkIjo2MDAwMDF9LCJ0eXBlIjoibWVyY2hhbnQifV19fQ==";
const SPLIT_CALLBACK: &str = "eyJvcmRlciI6eyJvcmRlcl9pZCI6InNob3AtMjAwMSIsIm1lcmNoYW50X2lkIjoxMzk2NDI0LCJvcmRlcl9zdGF0dXMiOiJhcHByb3ZlZCIsImFtb3VudCI6IjEwMDAwMDAiLCJjdXJyZW5jeSI6IlVBSCIsImFjdHVhbF9hbW91bnQiOiIxMDAwMDAwIiwicmV2ZXJzYWxfYW1vdW50IjoiMCIsInRyYW5fdHlwZSI6InB1cmNoYXNlIiwicGF5bWVudF9pZCI6MTU4NjE5M319";

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// The base message of the sheet's §14.3 with some fields replaced; an empty value removes one.
fn base_message<'a>(changes: Pairs<'a>) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = vec![
        ("order_id", "shop-1001"),
        ("merchant_id", "1396424"),
        ("payment_id", "805243692"),
        ("card_bin", "444455"),
        ("amount", "26750"),
        ("actual_amount", "26750"),
        ("currency", "UAH"),
        ("actual_currency", "UAH"),
        ("order_status", "approved"),
        ("response_status", "success"),
        ("tran_type", "purchase"),
        ("order_time", "05.03.2025 14:03:59"),
        ("reversal_amount", "0"),
        ("settlement_amount", "0"),
        ("masked_card", "444455XXXXXX1111"),
        ("card_type", "VISA"),
        ("eci", "5"),
        ("payment_system", "card"),
        ("approval_code", "123456"),
        ("rrn", "111111111111"),
        ("sender_email", "buyer@shop.example"),
        ("sender_cell_phone", ""),
        ("signature", "never part of itself"),
        ("response_signature_string", "never signed"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

#[test]
fn published_requests_sign_as_published() {
    let table: &[(&str, Pairs<'_>, &str)] = &[
        (
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
        ),
        (
            "test",
            &[
                ("order_id", "test123456"),
                ("order_desc", "test order"),
                ("merchant_id", "1396424"),
                ("currency", "USD"),
                ("amount", "125"),
            ],
            "df38818facfbfd79953fa847667dac73a1291127",
        ),
        (
            "test",
            &[
                ("order_id", "TestOrder2"),
                ("merchant_id", "1396424"),
                ("version", "1.0.1"),
            ],
            "bb0798a53ab63eb99584859ba46deb9d461b3993",
        ),
        (
            "test",
            &[
                ("amount", "100"),
                ("currency", "UAH"),
                ("merchant_id", "1396424"),
                ("order_id", "test_12343242113"),
                ("version", "1.0.1"),
            ],
            "1efcb015c89da38977ae1e734aade413b95ca900",
        ),
        (
            "test",
            &[
                ("merchant_id", "1396424"),
                ("order_id", "test_12343242111"),
                ("response_status", "success"),
                ("reversal_amount", "16"),
                ("reverse_status", "approved"),
                ("transaction_id", "2011273408"),
                ("reverse_id", ""),
                ("response_code", ""),
            ],
            "c703b3ce82aecfd2de633319685223347140717d",
        ),
        (
            "test",
            &[("order_id", "13731336126512"), ("merchant_id", "1396424")],
            "b995b2f2992de6f16f47bff43bb2d2c3c7cca744",
        ),
        (
            "test",
            &[
                ("transaction_id", "1499968937"),
                ("merchant_id", "1396424"),
                ("receipt_type", "receipt"),
            ],
            "c4c87ea08e13d939a049e793fc334d56f3a5b0de",
        ),
        (
            "test",
            &[
                ("transaction_id", "1499968937"),
                ("merchant_id", "1396424"),
                ("receipt_type", "zreport"),
            ],
            "795425d8f9023044c59a7b1f595378511b497fe9",
        ),
        (
            "Qw3rtyTestKey01",
            &[("order_id", "13731336126512"), ("merchant_id", "1396424")],
            "6ca9810d2f705d8257cbf41a7dd158ef33fb1859",
        ),
        (
            "test",
            &[
                ("amount", "12750"),
                ("comment", "Повернення: кеш\u{2019}ю"),
                ("currency", "UAH"),
                ("merchant_id", "1396424"),
                ("order_id", "shop-1001"),
                ("reverse_id", "rf-1"),
                ("version", "1.0.1"),
            ],
            "ae6b5914e2294fda98b768792e82620a3c8cbffd",
        ),
        (
            "test",
            &[
                ("amount", "26750"),
                ("currency", "UAH"),
                ("merchant_id", "1396424"),
                ("order_desc", "Замовлення 1001"),
                ("order_id", "shop-1001"),
                ("reservation_data", BASKET),
                ("response_url", ""),
                ("server_callback_url", "https://shop.example/fondy/cb?s=1"),
                ("version", "1.0.1"),
            ],
            "fea0cc52fa53a3852c91140fd4f73e5c35bf8f08",
        ),
    ];
    for (key, fields, expected) in table {
        assert_eq!(sign(key, fields.iter().copied()), *expected, "{fields:?}");
    }
}

#[test]
fn callbacks_sign_as_in_the_sheet() {
    let info = format!(
        "{{\"capture_status\": null, \"capture_amount\": null, \"reservation_data\": \"{BASKET}\", \"transaction_id\": 1994930931, \
         \"client_fee\": 0.0, \"payment_method\": \"card\", \"is_test\": true}}"
    );
    let captured = r#"{"capture_status": "captured", "capture_amount": 200.0, "transaction_id": 1994930955}"#;
    let table: &[(&str, Pairs<'_>, &str)] = &[
        ("sale", &[], "25198896733aba276e23113a9a03202aeee25209"),
        (
            "partial refund",
            &[("reversal_amount", "12750")],
            "481631d191efec3b0d069f7a86343fe292b77f92",
        ),
        (
            "full refund",
            &[("reversal_amount", "26750"), ("order_status", "reversed")],
            "d15d28385cd884b2a4fdc86e9318c0b4f85853c4",
        ),
        (
            "1.0.1 with a basket",
            &[
                ("fee_oplata", "0"),
                ("merchant_data", r#"{"чек":"так","каса":1}"#),
                ("additional_info", &info),
            ],
            "5e4bae8acf166e42aad3f9004b14034b18f7b5bc",
        ),
        (
            "capture",
            &[
                ("fee_oplata", "0"),
                ("tran_type", "capture"),
                ("additional_info", captured),
            ],
            "bb76d35c3fedcb8a6d594b084bb86e54daa5c3ae",
        ),
        (
            "a name is not signed",
            &[("reversal_amount", ""), ("reversal_zzz", "0")],
            "25198896733aba276e23113a9a03202aeee25209",
        ),
    ];
    for (name, changes, expected) in table {
        assert_eq!(sign("test", base_message(changes)), *expected, "{name}");
    }
}

#[test]
fn a_zero_is_signed_and_an_empty_value_leaves_no_separator() {
    let signature = sign("test", base_message(&[]));
    let zeros_dropped = sign(
        "test",
        base_message(&[("reversal_amount", ""), ("settlement_amount", "")]),
    );
    assert_eq!(zeros_dropped, "9369a7302e9897e275806f6eb6454f32ff50ec8a");
    assert_ne!(signature, zeros_dropped);
    assert_eq!(
        base_string("k", [("b", "2"), ("a", ""), ("c", "0"), ("B", " ")]),
        "k| |2|0"
    );
}

#[test]
fn protocol_2_signs_the_transmitted_text() {
    assert_eq!(
        sign_data("test", SPLIT_REQUEST),
        "0715a467a40f67b88226ee604fc5e20368f9c68e"
    );
    assert_eq!(
        sign_data("test", SPLIT_CALLBACK),
        "c5f8d6fe34db606c49d78d3c8f5acde918e64c8d"
    );
}

#[test]
fn the_hint_hides_the_key_wherever_it_occurs() {
    assert_eq!(
        masked("test", "test|test336|is_test"),
        "**********|**********336|is_**********"
    );
}
