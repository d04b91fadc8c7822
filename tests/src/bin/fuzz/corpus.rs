//! What the decoders read when all is well: the sheet's messages (fondy.md §14) and what shop plugins really
//! send.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The two goods of the documentation, raw and escaped.
const B1: &str = "eyJwcm9kdWN0cyI6W3siaWQiOjEsIm5hbWUiOiLQnNC40LPQtNCw0LvRjCDQttCw0YAuIiwicHJpY2UiOjcwMC4wLCJ0b3RhbF9hbW91bnQiOjE0MC4wLCJxdWFudGl0eSI6MC4yfSx7ImlkIjoyLCJuYW1lIjoi0JrQtdGI0YzRjiDQvtGH0LjRiS4iLCJwcmljZSI6ODUwLjAsInRvdGFsX2Ftb3VudCI6MTI3LjUsInF1YW50aXR5IjowLjE1fV19";
const B2: &str = "eyJwcm9kdWN0cyI6W3siaWQiOjEsIm5hbWUiOiJcdTA0MWNcdTA0MzhcdTA0MzNcdTA0MzRcdTA0MzBcdTA0M2JcdTA0NGMgXHUwNDM2XHUwNDMwXHUwNDQwLiIsInByaWNlIjo3MDAuMCwidG90YWxfYW1vdW50IjoxNDAuMCwicXVhbnRpdHkiOjAuMn0seyJpZCI6MiwibmFtZSI6Ilx1MDQxYVx1MDQzNVx1MDQ0OFx1MDQ0Y1x1MDQ0ZSBcdTA0M2VcdTA0NDdcdTA0MzhcdTA0NDkuIiwicHJpY2UiOjg1MC4wLCJ0b3RhbF9hbW91bnQiOjEyNy41LCJxdWFudGl0eSI6MC4xNX1dfQ==";

/// C1 of the sheet without its empty fields.
const SALE: &str = r#"{"order_id":"shop-1001","merchant_id":1396424,"payment_id":805243692,"card_bin":444455,"amount":"26750","actual_amount":"26750","currency":"UAH","actual_currency":"UAH","order_status":"approved","response_status":"success","tran_type":"purchase","order_time":"05.03.2025 14:03:59","reversal_amount":"0","settlement_amount":"0","masked_card":"444455XXXXXX1111","card_type":"VISA","eci":"5","payment_system":"card","approval_code":"123456","rrn":"111111111111","sender_email":"buyer@shop.example","response_code":"","fee":"","merchant_data":"","rectoken":"","signature":"25198896733aba276e23113a9a03202aeee25209"}"#;

/// The callbacks C1 to C8 and A1, as JSON; those of 1.0.1 among them.
pub fn callbacks() -> Vec<Vec<u8>> {
    let with = |pairs: &[(&str, &str)]| {
        let replaced = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
        pairs.iter().fold(SALE.to_owned(), replaced)
    };
    let info = |info: String| {
        let text = serde_json::Value::from(info).to_string();
        with(&[(
            r#""rectoken":"""#,
            &format!(r#""fee_oplata":"0","additional_info":{text}"#),
        )])
    };
    let basket = format!(
        r#"{{"capture_status": null, "capture_amount": null, "reservation_data": "{B1}", "transaction_id": 1994930931, "client_fee": 0.0, "is_test": true}}"#
    );
    let all = vec![
        SALE.to_owned(),
        with(&[(r#""reversal_amount":"0""#, r#""reversal_amount":"12750""#)]),
        with(&[
            (r#""reversal_amount":"0""#, r#""reversal_amount":"26750""#),
            ("approved", "reversed"),
        ]),
        with(&[
            ("approved", "declined"),
            (
                r#""response_code":"""#,
                r#""response_code":1000,"response_description":"General decline""#,
            ),
            (r#""actual_amount":"26750""#, r#""actual_amount":"""#),
        ]),
        info(basket),
        info(basket_of("{}")),
        info(r#"{"capture_status": "hold", "capture_amount": null, "reservation_data": null}"#.to_owned()),
        info(r#"{"capture_status": "captured", "capture_amount": 200.0, "transaction_id": 1994930955}"#.to_owned()),
        with(&[("approved", "expired")]),
        with(&[
            ("approved", "processing"),
            (r#""response_code":"""#, r#""response_code":1051"#),
        ]),
        with(&[("reversal_amount", "reversal_zzz")]),
        with(&[
            ("UAH\",\"order_status", "GEL\",\"order_status"),
            (r#""amount":"26750""#, r#""amount":"1000""#),
        ]),
        with(&[(
            r#""merchant_data":"""#,
            r#""merchant_data":"{\"чек\":\"так\",\"каса\":1}""#,
        )]),
        format!(r#"{{"response":{SALE}}}"#),
    ];
    all.into_iter().map(String::into_bytes).collect()
}

fn basket_of(text: &str) -> String {
    serde_json::json!({ "capture_status": null, "reservation_data": text }).to_string()
}

/// Orders as they stand inside a 2.0 message: the payment, a settlement and its result.
pub fn orders() -> Vec<Vec<u8>> {
    let payment = r#"{"order":{"order_id":"shop-2001","merchant_id":1396424,"order_status":"approved","amount":"1000000","currency":"UAH","actual_amount":"1000000","reversal_amount":"0","tran_type":"purchase","payment_id":1586193}}"#;
    let settled = payment.replace(
        r#""payment_id""#,
        r#""transaction":[{"id":1,"type":"settlement","status":"approved","amount":6000.0,"fee":null,"merchant_id":500001,"receiver":[{"requisites":{"amount":600000,"merchant_id":"500001"},"type":"merchant"}]}],"payment_id""#,
    );
    let mut all = vec![payment.as_bytes().to_vec(), settled.into_bytes()];
    all.extend(callbacks().into_iter().filter_map(|callback| {
        let order: serde_json::Value = serde_json::from_slice(&callback).ok()?;
        order.get("order_id")?;
        Some(serde_json::json!({ "order": order }).to_string().into_bytes())
    }));
    all
}

/// Whole 2.0 messages, at the top level and wrapped.
pub fn envelopes() -> Vec<Vec<u8>> {
    let data = STANDARD.encode(&orders()[0]);
    let bare = format!(r#"{{"version":"2.0","data":"{data}","signature":"c5f8d6fe34db606c49d78d3c8f5acde918e64c8d"}}"#);
    let wrapped = format!(r#"{{"response":{bare}}}"#);
    vec![bare.into_bytes(), wrapped.into_bytes()]
}

/// Baskets as JSON: the documentation's, and what plugins make of it.
pub fn baskets() -> Vec<Vec<u8>> {
    let decoded = |text: &str| STANDARD.decode(text).unwrap_or_default();
    let mut all = vec![decoded(B1), decoded(B2)];
    all.extend(
        [
            "{}",
            "null",
            r#"{"products":[]}"#,
            r#"{"products":{"error":"no products"}}"#,
            r#"{"phonemobile":"380500000000","customer_name":"x","fields_custom":[{"a":1}]}"#,
            r#"{"products":[{"id":"12_0","name":"Чай \/ 1","price":"15.10","total_amount":"15.1","quantity":"1"}]}"#,
            r#"{"products":[{"id":1,"name":"вага","price":0.29,"total_amount":0.1,"quantity":0.345,"payment_object":"x"}]}"#,
            r#"{"products":[{"id":9,"name":"знижка","price":-10,"total_amount":-10.00,"quantity":1},{"total_amount":0}]}"#,
            r#"{"basket":[{"name":"Чай","price":"12.30","quantity":2,"total":"24","code":"a","vat":"А"}],"buyer":{}}"#,
            r#"[{"name":"Чай","price":1,"quantity":1}]"#,
        ]
        .map(|text| text.as_bytes().to_vec()),
    );
    all
}
