use super::receiver::{call, exchange};
use super::*;

pub(super) const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A served simulator and its address.
pub(super) async fn served() -> (Simulator, String) {
    let sim = simulator();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, sim.clone(), std::future::pending()));
    (sim, base)
}

/// A signed 1.0 request for the key `test`.
pub(super) fn signed(fields: &[(&str, &str)]) -> String {
    let mut request: serde_json::Map<String, Value> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).into()))
        .collect();
    request.insert(
        "signature".into(),
        signature::sign("test", fields.iter().copied()).into(),
    );
    serde_json::json!({ "request": request }).to_string()
}

pub(super) async fn ask(base: &str, path: &str, fields: &[(&str, &str)]) -> Value {
    let (status, body) = call(base, path, JSON, &signed(fields)).await.unwrap();
    assert_eq!(status, 200);
    json(body.as_bytes())["response"].clone()
}

const PURCHASE: [(&str, &str); 6] = [
    ("order_id", "shop-1"),
    ("merchant_id", "1396424"),
    ("order_desc", "Замовлення 1"),
    ("amount", "26750"),
    ("currency", "UAH"),
    ("version", "1.0.1"),
];
const ORDER: [(&str, &str); 2] = [("order_id", "shop-1"), ("merchant_id", "1396424")];

fn with<'a>(fields: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<_> = fields
        .iter()
        .copied()
        .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name))
        .collect();
    all.extend_from_slice(changes);
    all
}

#[tokio::test]
async fn an_order_is_bought_asked_about_and_refunded_over_http() {
    let (sim, base) = served().await;
    let bought = ask(&base, "/api/checkout/url/", &PURCHASE).await;
    assert!(bought["payment_id"].is_string());
    let page = bought["checkout_url"]
        .as_str()
        .unwrap()
        .strip_prefix(&base)
        .unwrap()
        .to_owned();
    assert_eq!(
        exchange(&base, "POST", &format!("{page}/pay"), FORM, "")
            .await
            .unwrap()
            .0,
        303
    );
    assert!(
        exchange(&base, "GET", &page, FORM, "")
            .await
            .unwrap()
            .1
            .contains("267.50 UAH")
    );

    let status = ask(&base, "/api/status/order_id", &with(&ORDER, &[("version", "1.0.1")])).await;
    assert!(verifies(status.to_string().as_bytes()));
    assert_eq!(status["order_status"], "approved");
    assert!(status["additional_info"].is_string() && status["response_signature_string"].is_string());

    let refund = with(
        &ORDER,
        &[("amount", "12750"), ("currency", "UAH"), ("reverse_id", "rf-1")],
    );
    for _ in 0..2 {
        let reversed = ask(&base, "/api/reverse/order_id", &refund).await;
        assert!(verifies(reversed.to_string().as_bytes()));
        assert_eq!(
            (&reversed["reverse_status"], &reversed["reversal_amount"]),
            (&"approved".into(), &"12750".into()),
            "{reversed}"
        );
        assert!(reversed["transaction_id"].is_string());
    }
    assert_eq!(sim.order(TEST_MERCHANT, "shop-1").unwrap().refunded, 12750);
    let list = ask(&base, "/api/transaction_list", &ORDER).await;
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!(
        (&list[1]["tran_type"], &list[1]["parent_tran_id"]),
        (&"reverse".into(), &list[0]["id"])
    );
}

#[tokio::test]
async fn transaction_amounts_are_floats_in_major_units() {
    let (sim, base) = served().await;
    let order = sim.create_order(sheet_order("shop-1", 2000, 1)).unwrap();
    sim.pay(&order).unwrap();
    sim.reverse(&order, 1055).unwrap();
    let (_, body) = call(&base, "/api/transaction_list", JSON, &signed(&ORDER))
        .await
        .unwrap();
    assert!(
        body.contains(r#""amount":20.0,"actual_amount":20.0,"reversal_amount":10.55,"capture_amount":null"#),
        "{body}"
    );
    let unknown = ask(&base, "/api/transaction_list", &with(&ORDER, &[("order_id", "none")])).await;
    assert_eq!(unknown, serde_json::json!([]));
}

#[tokio::test]
async fn wrong_requests_get_the_gateways_numbers() {
    let (sim, base) = served().await;
    let order = sim.create_order(sheet_order("shop-1", 100, 1)).unwrap();
    sim.pay(&order).unwrap();
    let table: Vec<(&str, String, u64)> = vec![
        ("/api/checkout/url", signed(&PURCHASE), 1013),
        ("/api/checkout/url", signed(&with(&PURCHASE, &[("order_id", "")])), 1009),
        (
            "/api/checkout/url",
            signed(&with(&PURCHASE, &[("order_id", "b"), ("amount", "0")])),
            1023,
        ),
        (
            "/api/checkout/url",
            signed(&with(&PURCHASE, &[("order_id", "b"), ("amount", "1.5")])),
            1007,
        ),
        (
            "/api/checkout/url",
            signed(&with(&PURCHASE, &[("order_id", "b"), ("order_desc", "a|b")])),
            1034,
        ),
        ("/api/checkout/url", signed(&with(&PURCHASE, &[("version", "3")])), 1007),
        ("/api/checkout/url", signed(&PURCHASE[1..]), 1011),
        (
            "/api/status/order_id",
            signed(&with(&ORDER, &[("order_id", "none")])),
            1018,
        ),
        (
            "/api/status/order_id",
            signed(&with(&ORDER, &[("merchant_id", "5")])),
            1016,
        ),
        (
            "/api/status/order_id",
            signed(&ORDER).replace("\"signature\":\"", "\"signature\":\"z"),
            1007,
        ),
        ("/api/status/order_id", signed(&ORDER).replace("shop-1", "shop-2"), 1014),
        (
            "/api/status/order_id",
            r#"{"request":{"order_id":"shop-1","merchant_id":1396424}}"#.into(),
            1011,
        ),
        ("/api/status/order_id", r#"{"request":{}}"#.into(), 1010),
        ("/api/status/order_id", "{}".into(), 1010),
        ("/api/status/order_id", String::new(), 1010),
        ("/api/status/order_id", "{".into(), 1007),
        // An unknown field takes no part: signed it spoils the signature, unsigned it is ignored.
        (
            "/api/status/order_id",
            signed(&with(&ORDER, &[("debug_data", "x")])),
            1014,
        ),
        (
            "/api/reverse/order_id",
            signed(&with(&ORDER, &[("amount", "1"), ("currency", "EUR")])),
            1007,
        ),
        (
            "/api/capture/order_id",
            signed(&with(&ORDER, &[("amount", "1"), ("currency", "UAH")])),
            1100,
        ),
    ];
    for (path, body, code) in table {
        let (status, answer) = call(&base, path, JSON, &body).await.unwrap();
        let answer = json(answer.as_bytes())["response"].clone();
        assert_eq!(
            (status, answer["error_code"].as_u64()),
            (200, Some(code)),
            "{path} {body}"
        );
        assert!(answer["response_status"] == "failure" && answer.get("signature").is_none());
    }
    let unsigned_extra = signed(&ORDER).replace("\"merchant_id\"", "\"debug_data\":[1],\"merchant_id\"");
    let (_, answer) = call(&base, "/api/status/order_id", JSON, &unsigned_extra)
        .await
        .unwrap();
    assert_eq!(json(answer.as_bytes())["response"]["order_status"], "approved");
    let (_, answer) = call(&base, "/api/status/order_id", "text/xml", "<request/>")
        .await
        .unwrap();
    assert!(answer.contains("\"error_code\":1021"));
    let upper = signature::sign("test", ORDER).to_uppercase();
    let form = format!("order_id=shop-1&merchant_id=1396424&signature={upper}");
    assert!(
        call(&base, "/api/status/order_id", FORM, &form)
            .await
            .unwrap()
            .1
            .contains("error_code=1014")
    );
    assert!(
        call(&base, "/api/transaction_list", FORM, &form)
            .await
            .unwrap()
            .1
            .contains("error_code=1021")
    );
    let (status, text) = call(&base, "/api/nothing", JSON, "{}").await.unwrap();
    assert!(status == 404 && serde_json::from_str::<Value>(&text).is_err());
}

#[tokio::test]
async fn forms_are_answered_as_forms_and_numbers_are_as_good_as_texts() {
    let (sim, base) = served().await;
    let order = sim.create_order(sheet_order("shop-1", 100, 1)).unwrap();
    sim.pay(&order).unwrap();
    let form = format!(
        "order_id=shop-1&merchant_id=1396424&signature={}",
        signature::sign("test", ORDER)
    );
    let (_, answer) = call(&base, "/api/status/order_id/", FORM, &form).await.unwrap();
    assert!(answer.contains("order_status=approved") && !answer.contains('{'));
    let numeric = signed(&ORDER).replace("\"1396424\"", "1396424");
    let (_, answer) = call(&base, "/api/status/order_id", JSON, &numeric).await.unwrap();
    assert_eq!(json(answer.as_bytes())["response"]["order_status"], "approved");
}

#[tokio::test]
async fn refusals_of_a_reversal_are_declined_answers() {
    let (sim, base) = served().await;
    for (order_id, preauth) in [("open", false), ("paid", false), ("held", true)] {
        let order = sim
            .create_order(NewOrder {
                preauth,
                ..sheet_order(order_id, 100, 1)
            })
            .unwrap();
        if order_id != "open" {
            sim.pay(&order).unwrap();
        }
    }
    for (order_id, amount, code) in [("open", "100", 1100), ("paid", "101", 1069), ("held", "50", 1084)] {
        let fields = with(
            &ORDER,
            &[("order_id", order_id), ("amount", amount), ("currency", "UAH")],
        );
        let answer = ask(&base, "/api/reverse/order_id", &fields).await;
        assert_eq!(
            (&answer["response_status"], &answer["reverse_status"]),
            (&"success".into(), &"declined".into())
        );
        assert_eq!(answer["response_code"], code, "{order_id}");
    }
    let refund = with(
        &ORDER,
        &[
            ("order_id", "paid"),
            ("amount", "60"),
            ("currency", "UAH"),
            ("reverse_id", "r"),
        ],
    );
    ask(&base, "/api/reverse/order_id", &refund).await;
    let other = ask(&base, "/api/reverse/order_id", &with(&refund, &[("amount", "40")])).await;
    assert_eq!(other["error_code"], 1007);
}

#[tokio::test]
async fn a_capture_is_answered_without_a_signature_and_repeats_safely() {
    let (sim, base) = served().await;
    let order = sim
        .create_order(NewOrder {
            preauth: true,
            ..sheet_order("shop-1", 100, 1)
        })
        .unwrap();
    sim.pay(&order).unwrap();
    let fields = with(&ORDER, &[("amount", "70"), ("currency", "UAH")]);
    for _ in 0..2 {
        let answer = ask(&base, "/api/capture/order_id", &fields).await;
        assert_eq!(answer["capture_status"], "captured");
        assert!(answer.get("signature").is_none());
    }
    let other = ask(&base, "/api/capture/order_id", &with(&fields, &[("amount", "71")])).await;
    assert_eq!(other["error_code"], 1109);
}

#[tokio::test]
async fn api_faults_happen_before_or_after_the_deed() {
    let (sim, base) = served().await;
    let refund = signed(&with(&ORDER, &[("amount", "10"), ("currency", "UAH")]));
    let order = sim.create_order(sheet_order("shop-1", 100, 1)).unwrap();
    sim.pay(&order).unwrap();
    let refunded = || sim.order(TEST_MERCHANT, "shop-1").unwrap().refunded;
    let table = [
        (ApiFault::ServerError, Some(502), 0),
        (ApiFault::ServerErrorAfter, Some(502), 10),
        (ApiFault::ResponseLost, None, 20),
        (ApiFault::ReverseDeclined(1000), Some(200), 20),
        (ApiFault::Delay(Duration::from_millis(1)), Some(200), 30),
        (ApiFault::ReverseCreated, Some(200), 30),
    ];
    for (fault, status, total) in table {
        sim.fault_next_call(Endpoint::Reverse, fault);
        let answer = call(&base, "/api/reverse/order_id", JSON, &refund).await;
        assert_eq!(answer.map(|(status, _)| status), status, "{fault:?}");
        assert_eq!(refunded(), total, "{fault:?}");
    }
    assert_eq!(sim.finish_reversals(), 1);
    assert_eq!(refunded(), 40);
}

#[tokio::test]
async fn the_hand_controls_play_a_whole_order() {
    let sim = simulator();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve_control(listener, sim.clone(), std::future::pending()));
    let steps = [
        (
            "POST",
            "/orders",
            r##"{"order_id":"a#1","amount":500}"##,
            r#""status":"created""#,
        ),
        ("POST", "/orders/1396424/a%231/pay", "", r#""status":"approved""#),
        (
            "POST",
            "/orders/1396424/a%231/reverse",
            r#"{"amount":200}"#,
            r#""refunded":200"#,
        ),
        ("POST", "/orders/1396424/a%231/reverse", "", r#""status":"reversed""#),
        ("POST", "/orders/1396424/a%231/pay", "", r#""code":1019"#),
        ("GET", "/orders/1396424/a%231", "", r#""callbacks":3"#),
        ("GET", "/orders?limit=5", "", r#"[{"#),
        ("POST", "/advance", r#"{"seconds":60}"#, r#""now_ms":1741176299000"#),
        ("POST", "/deliver", "", r#""tried":0"#),
        ("GET", "/attempts", "", "[]"),
    ];
    for (method, path, body, expected) in steps {
        let (_, answer) = exchange(&base, method, path, JSON, body).await.unwrap();
        assert!(answer.contains(expected), "{method} {path}: {answer}");
    }
}

#[tokio::test]
async fn serving_ends_with_its_shutdown_even_while_a_connection_is_open() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(serve(listener, simulator(), async { drop(stopped.await) }));
    let _open = tokio::net::TcpStream::connect(addr).await.unwrap();
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(10), serving)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}
