//! Tokens and the order of the checks (sheet §3, §16.2).

use super::transport::JSON;
use super::*;

#[tokio::test]
async fn get_token_answers_by_post_and_get_and_says_what_is_wrong() {
    let bed = Bed::start().await;
    bed.simulator.add_group(GroupSetup {
        login: "both-login".to_owned(),
        ..GroupSetup::v5("both_v5")
    });
    let login = format!("{V4}-login");
    let body = |login: &str, pass: &str| json!({ "login": login, "pass": pass }).to_string();
    let good = body(&login, DEFAULT_PASS);
    let long = body(&"x".repeat(101), DEFAULT_PASS);
    let query = format!("GET /possystem/v4/getToken?login={login}&pass={DEFAULT_PASS}");
    let rows = [
        ("POST /possystem/v4/getToken", JSON, good.clone(), (200, 0)),
        (query.as_str(), "", String::new(), (200, 0)),
        ("POST /possystem/v4/getToken", "", good.clone(), (415, 41)),
        (
            "POST /possystem/v4/getToken",
            "Content-Type: text/plain\r\n",
            good.clone(),
            (415, 41),
        ),
        ("POST /possystem/v4/getToken", JSON, "{".to_owned(), (400, 40)),
        ("POST /possystem/v4/getToken", JSON, "{}".to_owned(), (400, 13)),
        ("GET /possystem/v4/getToken", "", String::new(), (400, 13)),
        ("POST /possystem/v4/getToken", JSON, long, (400, 13)),
        ("POST /possystem/v4/getToken", JSON, body(&login, "wrong"), (401, 12)),
        (
            "POST /possystem/v4/getToken",
            JSON,
            body("nobody", DEFAULT_PASS),
            (401, 12),
        ),
        ("POST /possystem/v5/getToken", JSON, good.clone(), (401, 21)),
        ("POST /possystem/v5/getToken", JSON, body(&login, "wrong"), (401, 12)),
        (
            "POST /possystem/v4/getToken",
            JSON,
            body("both-login", DEFAULT_PASS),
            (401, 21),
        ),
    ];
    for (request, headers, body, expected) in rows {
        let reply = bed.exchange(request, headers, &body).await;
        assert_eq!(reply.refusal(), expected, "{request} {headers} {body}");
        let json = reply.json();
        assert_eq!(json["timestamp"], "05.03.2025 15:03:59", "{reply:?}");
        assert_eq!(json["token"].is_string(), expected.1 == 0, "{reply:?}");
        assert_eq!(json["error"].is_null(), expected.1 == 0, "{reply:?}");
        if expected.1 != 0 {
            let error = &json["error"];
            assert!(error["error_id"].as_str().is_some_and(|id| id.len() == 36), "{reply:?}");
            assert!(error["text"].as_str().is_some_and(|text| !text.is_empty()), "{reply:?}");
            assert_eq!(error["type"], "system");
        }
    }
    for (method, path) in [
        ("PUT", "/possystem/v4/getToken"),
        ("GET", "/possystem/v4/till_v4/sell"),
        ("GET", "/"),
        ("POST", "/possystem/v3/getToken"),
    ] {
        assert_eq!(
            bed.exchange(&format!("{method} {path}"), JSON, "{}").await.status(),
            404,
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn the_checks_come_in_the_sheets_order() {
    let bed = Bed::start().await;
    let good = bed.token(V4).await;
    bed.sell(V4, "known").await;
    let token = |token: &str| format!("Token: {token}\r\n");
    let (alive, dead) = (token(&good), token("dead"));
    let body = sale(Version::V4, "new").to_string();
    let known = sale(Version::V4, "known").to_string();
    // Each row mends the first thing that is wrong in the row before.
    let rows = [
        ("v4/till_v5/nonsense", "", "", "{", (415, 41)),
        ("v4/till_v5/nonsense", JSON, "", "{", (401, 10)),
        ("v4/till_v5/nonsense", JSON, dead.as_str(), "{", (401, 11)),
        ("v4/till_v5/nonsense", JSON, &alive, "{", (401, 20)),
        ("v4/unheard/nonsense", JSON, &alive, "{", (401, 20)),
        ("v5/till_v4/nonsense", JSON, &alive, "{", (401, 21)),
        ("v4/till_v4/nonsense", JSON, &alive, "{", (400, 31)),
        ("v4/till_v4/report", JSON, &alive, "{", (400, 31)),
        ("v4/till_v4/sell_refund_correction", JSON, &alive, "{", (400, 31)),
        ("v4/till_v4/sell", JSON, &alive, "{", (400, 40)),
        ("v4/till_v4/sell", JSON, &alive, "[]", (400, 40)),
        ("v4/till_v4/sell", JSON, &alive, r#"{"external_id":"known"}"#, (400, 32)),
        ("v4/till_v4/sell", JSON, &alive, &known, (400, 33)),
        ("v4/till_v4/sell", JSON, &alive, &body, (200, 0)),
    ];
    for (path, content_type, token, body, expected) in rows {
        let request = format!("POST /possystem/{path}");
        let reply = bed.exchange(&request, &format!("{content_type}{token}"), body).await;
        assert_eq!(reply.refusal(), expected, "{path} {content_type}{token}{body}");
        let status = match expected.1 {
            0 | 33 => "wait",
            _ => "fail",
        };
        assert_eq!(reply.json()["status"], status, "{reply:?}");
        assert_eq!(reply.json().get("uuid").is_some(), status == "wait", "{reply:?}");
    }
    assert_eq!(
        bed.simulator.accepted(V4).len(),
        2,
        "nothing that was refused was accepted"
    );
    let report = |path: &str| format!("GET /possystem/{path}");
    for (path, token, expected) in [
        ("v5/till_v5/report/x", "", (401, 10)),
        ("v5/till_v5/report/x", dead.as_str(), (401, 11)),
        ("v5/till_v5/report/x", &alive, (401, 20)),
        ("v5/till_v4/report/x", &alive, (401, 21)),
        ("v4/till_v4/report/x", &alive, (400, 30)),
    ] {
        let reply = bed.exchange(&report(path), token, "").await;
        assert_eq!(reply.refusal(), expected, "{path}");
        assert_eq!(reply.json()["status"], "fail");
    }
}

#[tokio::test]
async fn a_token_may_come_in_the_query_and_a_charset_may_be_left_out() {
    let bed = Bed::start().await;
    let token = bed.token(V4).await;
    let request = format!("POST /possystem/v4/{V4}/sell?token={token}");
    for (content_type, expected) in [
        ("application/json", 200),
        ("Application/JSON; charset=UTF-8", 200),
        ("application/json; charset=windows-1251", 415),
        ("application/jsonp", 415),
    ] {
        let body = sale(Version::V4, content_type).to_string();
        let reply = bed
            .exchange(&request, &format!("Content-Type: {content_type}\r\n"), &body)
            .await;
        assert_eq!(reply.status(), expected, "{content_type}");
    }
}

#[tokio::test]
async fn a_token_lives_its_time_and_a_second_one_is_new_or_the_same() {
    for (policy, same) in [(TokenPolicy::New, false), (TokenPolicy::Same, true)] {
        let bed = Bed::with(Config {
            token_policy: policy,
            ..Config::default()
        })
        .await;
        let first = bed.token(V4).await;
        bed.advance(SECOND * 3600 * 23);
        let second = bed.token(V4).await;
        assert_eq!(first == second, same, "{policy:?}");
        assert_eq!(bed.report_with(&first, V4, "x").await.refusal(), (400, 30), "both live");
        bed.advance(SECOND * 3600);
        assert_eq!(bed.report_with(&first, V4, "x").await.refusal(), (401, 11));
        let expected = if same { (401, 11) } else { (400, 30) };
        assert_eq!(
            bed.report_with(&second, V4, "x").await.refusal(),
            expected,
            "{policy:?}"
        );
        assert_ne!(bed.token(V4).await, first);
        bed.simulator.expire_tokens();
        assert_eq!(bed.simulator.tokens_alive(), 0);
        assert_eq!(bed.report_with(&second, V4, "x").await.refusal(), (401, 11));
    }
}

#[tokio::test]
async fn one_login_opens_all_its_groups() {
    let bed = Bed::start().await;
    bed.simulator.add_group(GroupSetup {
        login: format!("{V4}-login"),
        ..GroupSetup::v4("second_v4")
    });
    let token = bed.token(V4).await;
    for (group, expected) in [(V4, (400, 30)), ("second_v4", (400, 30)), (OTHER, (401, 20))] {
        assert_eq!(bed.report_with(&token, group, "x").await.refusal(), expected, "{group}");
    }
}

#[tokio::test]
async fn the_transcript_keeps_requests_and_no_secrets() {
    let bed = Bed::start().await;
    let token = bed.token(V4).await;
    let uuid = bed.sell(V4, "shop-1").await;
    bed.exchange(&format!("GET /possystem/v4/{V4}/report/{uuid}?token={token}"), "", "")
        .await;
    let requests = bed.simulator.requests();
    let told: Vec<_> = requests
        .iter()
        .map(|request| {
            (
                request.what.as_str(),
                request.status,
                request.code,
                request.external_id.as_deref(),
            )
        })
        .collect();
    let expected = [
        ("getToken", Some(200), None, None),
        ("getToken", Some(200), None, None),
        ("sell", Some(200), None, Some("shop-1")),
        ("report", Some(200), Some(34), None),
    ];
    assert_eq!(told, expected);
    let printed = format!(
        "{requests:?} {:?} {:?}",
        GroupSetup::v4(V4),
        bed.simulator.documents(V4)
    );
    for secret in [token.as_str(), DEFAULT_PASS, "buyer@mail.example"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}
