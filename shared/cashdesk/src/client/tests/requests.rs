//! What reaches CashDesk, and what its answers become.

use serde_json::{Value, json};
use wire::Personal;

use super::*;
use crate::fake::{Fake, Seen, login};
use crate::{AskPeriod, AskXReport, CashMove, CheckType, OpenShift, ServiceDocument, ZReport};

fn only(fake: &Fake) -> Seen {
    let seen = fake.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    seen.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_sale_is_sent_as_it_was_kept_and_its_answer_is_the_check() {
    let fake = Fake::script([Step::InShift(201, SOLD.to_owned(), "true")]).await;
    let kept = serde_json::to_string(&sale()).unwrap();
    let exchange = fake
        .client()
        .register_check(&serde_json::from_str(&kept).unwrap())
        .await;
    let answer = exchange.result.unwrap();
    assert_eq!(answer.shift_open, Some(true));
    let check = answer.value;
    assert_eq!((check.num_fiscal, check.check_type), (NUM_FISCAL, CheckType::Sale));
    assert_eq!(
        (check.order_num.as_deref(), check.uuid.as_deref()),
        (Some("TST_a1"), Some("6f0c5a3e"))
    );
    assert_eq!(check.data.total_sum, Some(Money::from_kopecks(12_411)));

    let seen = only(&fake);
    assert_eq!(seen.line, "POST /api/v2/check/sale?api_token=canary-api-key");
    assert_eq!(seen.body, kept);
    let record = exchange.record;
    assert_eq!((record.command, record.http_status), ("check/sale", Some(201)));
    assert_eq!(record.request["local_number"], 90_017);
    assert_eq!(record.response.unwrap()["qr"], "[0 characters]");
}

#[tokio::test]
async fn every_request_carries_the_three_headers_and_the_developer_only_there() {
    let fake = Fake::start(|_| ok("{}")).await;
    let client = fake.client();
    client.ping(NUM_FISCAL).await;
    client.tax_object(NUM_FISCAL).await;
    client.check_text("u", 48).await;
    client.register_check(&sale()).await;
    client.check_login().await;
    fake.client_of(login()).check_login().await;
    let seen = fake.seen();
    assert_eq!(seen.len(), 6);
    for request in seen {
        assert_eq!(request.header("accept"), Some("application/json"), "{request:?}");
        assert_eq!(request.header("content-type"), Some("application/json"), "{request:?}");
        assert_eq!(request.header("developer-id"), Some("Крамниця Inc"), "{request:?}");
        assert!(
            !request.body.contains("developer") && !request.line.contains("developer"),
            "{request:?}"
        );
    }
}

#[tokio::test]
async fn each_method_asks_its_own_address() {
    let fake = Fake::start(|_| ok("{}")).await;
    let client = fake.client();
    let day = jiff::civil::date(2026, 11, 21);
    let n = NUM_FISCAL;
    client.tax_objects().await;
    client.tax_object(n).await;
    client.key_heartbeat(&Personal::new("1234567890")).await;
    client.open_shift(&OpenShift::new(n)).await;
    client.z_report(&ZReport::new(n)).await;
    client.x_report(&AskXReport::with_checks(n)).await;
    client.period_report(&AskPeriod::new(n, day, day)).await;
    client.last_check(n).await;
    client.ping(n).await;
    client
        .service(&ServiceDocument::new(n, CashMove::Out, Money::from_kopecks(100)))
        .await;
    client.check_text("a-b", 48).await;
    client.check_qr("a-b").await;
    client.check_json("a-b").await;

    let key = "canary-api-key";
    let forms = json!({"num_fiscal": n, "no_pdf": true, "no_text_print": true, "api_token": key});
    let with = |more: Value| {
        let mut body = forms.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let bare = json!({"num_fiscal": n, "api_token": key});
    let period = json!({"from": "21.11.2026", "to": "21.11.2026", "include_checks": true});
    let service = json!({"num_fiscal": n, "action_type": "SERVICE_OUTPUT", "type": 0, "name": "ГОТІВКА", "sum": 1.0,
        "no_pdf": true});
    let expected = [
        ("POST /api/v2/tax_objects?api_token=canary-api-key", json!({})),
        (
            "GET /api/v2/tax_objects/4000000017?api_token=canary-api-key",
            Value::Null,
        ),
        (
            "GET /api/v2/key-heartbeat?drfo=1234567890&api_token=canary-api-key",
            Value::Null,
        ),
        ("POST /api/v2/shift", with(json!({"action_type": "OPEN_SHIFT"}))),
        ("POST /api/v2/shift", with(json!({"action_type": "Z_REPORT"}))),
        ("POST /api/v2/shift/xReport", with(json!({"include_checks": true}))),
        ("POST /api/v2/shift/zReport/period", with(period)),
        ("POST /api/v2/shift/lastCheck", bare.clone()),
        ("POST /api/v2/shift/ping", bare),
        ("POST /api/v2/check/service?api_token=canary-api-key", service),
        (
            "GET /api/v2/checks/a-b/text?print_width=48&api_token=canary-api-key",
            Value::Null,
        ),
        ("GET /api/v2/checks/a-b/qr?api_token=canary-api-key", Value::Null),
        ("GET /api/v2/checks/a-b/json?api_token=canary-api-key", Value::Null),
    ];
    let seen = fake.seen();
    assert_eq!(seen.len(), expected.len());
    for (is, (line, body)) in seen.iter().zip(expected) {
        let sent: Value = serde_json::from_str(&is.body).unwrap_or_default();
        assert_eq!((is.line.as_str(), sent), (line, body));
    }
}

#[tokio::test]
async fn answers_become_what_they_say() {
    let fake = Fake::start(|seen| match seen.line.split(['?', ' ']).nth(1) {
        Some("/api/v2/shift") => Step::InShift(
            200,
            r#"{"uuid":"b1","cash_in_box":"624,10","text_print":"0KfQldCa","pdf":"YQ=="}"#.to_owned(),
            "0",
        ),
        Some("/api/v2/shift/xReport") => ok(r#"{"shift_state":"1","checks_list":[]}"#),
        Some("/api/v2/shift/lastCheck") => ok(r#"{"ORDERNUM":null,"local_number":null}"#),
        Some("/api/v2/shift/ping") => ok(r#"{"user_signature":{"user_id":7,"full_name":"Касир"}}"#),
        Some("/api/v2/check/service") => ok(r#"{"uuid":"c1","local_number":12}"#),
        Some("/api/v2/checks/c1/json") => ok(SOLD),
        _ => ok("[]"),
    })
    .await;
    let client = fake.client();
    let closed = client
        .z_report(&ZReport {
            no_text_print: false,
            ..ZReport::new(NUM_FISCAL)
        })
        .await
        .result
        .unwrap();
    assert_eq!(closed.shift_open, Some(false));
    assert_eq!(closed.value.uuid.as_deref(), Some("b1"));
    assert_eq!(closed.value.cash_in_box, Some(Money::from_kopecks(62_410)));
    assert_eq!(
        (closed.value.parts.text.as_deref(), closed.value.parts.pdf),
        (Some("ЧЕК"), None)
    );

    let x = client.x_report(&AskXReport::totals(NUM_FISCAL)).await.result.unwrap();
    assert_eq!(
        (x.shift_open, x.value.shift_state, x.value.checks),
        (None, Some(true), Some(vec![]))
    );
    assert_eq!(client.last_check(NUM_FISCAL).await.result.unwrap().value, None);
    let ping = client.ping(NUM_FISCAL).await;
    assert_eq!(ping.result.unwrap().value.user_id.as_deref(), Some("7"));
    assert_eq!(ping.record.response.unwrap()["user_signature"]["full_name"], "***");
    // The register's own counter is no other number than ours, for none was sent.
    let moved = ServiceDocument::new(NUM_FISCAL, CashMove::In, Money::from_kopecks(100));
    let moved = client.service(&moved).await.result.unwrap().value;
    assert_eq!(
        (moved.check_type, moved.local_number),
        (CheckType::ServiceInput, Some(12))
    );
    let json = client.check_json("c1").await.result.unwrap().value;
    assert_eq!(json.order_num.as_deref(), Some("TST_a1"));
    assert_eq!(client.tax_objects().await.result.unwrap().value, vec![]);
}

#[test]
fn a_call_may_be_spawned_on_any_thread() {
    fn sendable(future: impl Future + Send) {
        drop(future);
    }
    let url = url::Url::parse("http://127.0.0.1:1/").unwrap();
    let timeout = std::time::Duration::from_secs(40);
    let client = crate::Client::new(crate::fake::http(), url, login(), wire::Tokens::default(), timeout);
    sendable(client.register_check(&sale()));
    sendable(client.tax_objects());
    sendable(client.check_login());
}
