//! Callbacks that are not to be believed: each is answered as the table says, nothing is stored.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use ingress::Limits;

use crate::bed::{Bed, config};
use crate::sign::{sale, v2};

#[tokio::test]
async fn bad_callbacks_are_answered_as_the_table_says_and_nothing_is_stored() {
    let bed = Bed::start().await;
    let good = sale().json();
    let v2_order = r#"{"order_id":"1"}"#;
    for (body, expected) in [
        (String::new(), "400 broken_json"),
        ("{".to_owned(), "400 broken_json"),
        (good[..good.len() - 9].to_owned(), "400 broken_json"),
        ("[]".to_owned(), "400 not_an_object"),
        ("7".to_owned(), "400 not_an_object"),
        ("{}".to_owned(), "400 missing_signature"),
        (good.replace("signature", "signatura"), "400 missing_signature"),
        (sale().json_signed(""), "400 missing_signature"),
        (sale().json_signed("0"), "400 wrong_signature"),
        (
            sale().json_signed(&sale().signature().to_uppercase()),
            "400 wrong_signature",
        ),
        (good.replace("26750", "26751"), "400 wrong_signature"),
        (good.replace("shop-1001", "shop-1002"), "400 wrong_signature"),
        (good.replace("approved", "approve\\u0000"), "400 wrong_signature"),
        (good.replace(r#""eci":"5""#, r#""eci":["5"]"#), "400 nested_value"),
        (
            good.replace(r#""eci":"5""#, r#""eci":"5","eci":"5""#),
            "400 duplicate_field",
        ),
        (sale().with("merchant_id", "600001").json(), "400 wrong_merchant"),
        (sale().without("reversal_amount").json(), "400 missing_field"),
        (
            sale().without("reversal_amount").with("reversal_zzz", "0").json(),
            "400 missing_field",
        ),
        (sale().with("amount", "-26750").json(), "400 bad_field"),
        (sale().with("amount", "267.50").json(), "400 bad_field"),
        (sale().with("amount", "99999999999999999999").json(), "400 bad_field"),
        (sale().with("payment_id", "x").json(), "400 bad_field"),
        (sale().with("order_id", "a\u{0}b").json(), "400 bad_field"),
        (sale().with("order_id", "a\nb").json(), "400 bad_field"),
        (sale().with("order_id", &"a".repeat(1025)).json(), "400 bad_field"),
        (sale().with("additional_info", "{").json(), "400 bad_field"),
        (v2(v2_order).replace("signature", "sgn"), "400 missing_signature"),
        (
            v2(v2_order).replacen("\"data\":\"", "\"data\":\"A", 1),
            "400 wrong_signature",
        ),
        (v2(v2_order), "400 missing_field"),
    ] {
        let answer = bed.callback(body.clone()).await;
        assert_eq!(answer.verdict(), expected, "{body}");
        assert!(!answer.body.contains("canary"), "{}", answer.body);
    }
    assert_eq!((bed.stored().await.len(), bed.bells().await), (0, 0));
}

#[tokio::test]
async fn bad_bytes_and_forms_are_refused() {
    let bed = Bed::start().await;
    let form = "application/x-www-form-urlencoded";
    for (content_type, body, expected) in [
        ("application/json", &[0xff, 0xfe][..], "400 "),
        (form, b"a=%FF&signature=x", "400 "),
        (form, b"a=%zz", "400 "),
        (form, b"order_id=1&signature=0", "400 wrong_signature"),
        ("application/xml", b"<order/>", "400 "),
    ] {
        let request = Request::post("/callbacks/flowers-fondy")
            .header("content-type", content_type)
            .body(Body::from(body.to_vec()))
            .unwrap();
        let verdict = bed.send(request).await.verdict();
        assert!(verdict.starts_with(expected), "{content_type} {body:?}: {verdict}");
    }
    assert_eq!(bed.stored().await.len(), 0);
}

#[tokio::test]
async fn only_known_sources_are_served() {
    let bed = Bed::start().await;
    for source in ["nobody", "flowers-fondy2", "%00", "%D1%84", "a%2Fb", &"a".repeat(300)] {
        let answer = bed.callback_to(source, sale().json()).await;
        assert_eq!(answer.verdict(), "404 unknown_source", "{source}");
    }
    assert_eq!(bed.callback_to("%FF", "").await.verdict(), "400 bad_path");
    let get = Request::get("/callbacks/flowers-fondy").body(Body::empty()).unwrap();
    assert_eq!(bed.send(get).await.verdict(), "405 method_not_allowed");
    let elsewhere = bed.ask(Method::POST, "/callbacks/flowers-fondy/", "x", "").await;
    assert_eq!(elsewhere.verdict(), "404 route_not_found");
}

#[tokio::test]
async fn large_bodies_are_refused_whether_announced_or_not() {
    let bed = Bed::start().await;
    let just_fits = sale().with("merchant_data", &"x".repeat(250_000)).json();
    assert_eq!(bed.callback(just_fits).await.verdict(), "200");
    for size in [256 * 1024 + 1, 10 * 1024 * 1024, 20 * 1024 * 1024] {
        let announced = bed.callback(vec![b' '; size]).await;
        assert_eq!(announced.verdict(), "413 body_too_large", "{size}");
    }
    for chunks in [5, usize::MAX] {
        let chunk = Bytes::from(vec![b' '; 64 * 1024]);
        let unannounced = stream::repeat(Ok::<_, Infallible>(chunk)).take(chunks);
        let answer = bed.callback(Body::from_stream(unannounced)).await;
        assert_eq!(answer.verdict(), "413 body_too_large", "{chunks}");
    }
    assert_eq!(bed.stored().await.len(), 1);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_in_time_is_given_up() {
    let mut config = config();
    config.limits = Limits {
        body_within: Duration::from_millis(50),
        ..config.limits
    };
    let bed = Bed::start_with(config).await;
    let begun = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{"))]);
    let answer = bed.callback(Body::from_stream(begun.chain(stream::pending()))).await;
    assert_eq!(answer.verdict(), "408 body_too_slow");
    assert_eq!(bed.stored().await.len(), 0);
}
