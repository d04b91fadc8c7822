//! Headers, tokens, paths.

use serde_json::{Value, json};

use super::{Bed, DEFAULT_API_TOKEN, DEFAULT_EMAIL, DEFAULT_PASSWORD, Fault, FaultKind, REGISTER, RegisterSetup};
use super::{Config, OTHER};

const ACCEPT: (&str, &str) = ("Accept", "application/json");
const JSON: (&str, &str) = ("Content-Type", "application/json");
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const DEVELOPER: (&str, &str) = ("developer-id", "kasyr");

async fn sign_in(bed: &Bed) -> Value {
    let body = json!({ "email": DEFAULT_EMAIL, "password": DEFAULT_PASSWORD });
    let reply = bed.call("POST authenticate", &body).await;
    assert_eq!(reply.status(), 200, "{}", reply.body());
    reply.json()
}

#[tokio::test]
async fn every_header_is_asked_for_with_its_own_status() {
    let bed = Bed::start().await;
    let bearer = format!("Bearer {DEFAULT_API_TOKEN}");
    let known = ("Authorization", bearer.as_str());
    let body = json!({ "num_fiscal": REGISTER }).to_string();
    let twice = json!({ "num_fiscal": REGISTER, "developer-id": "kasyr" }).to_string();
    let inside = json!({ "num_fiscal": REGISTER, "api_token": DEFAULT_API_TOKEN }).to_string();
    let form = format!("num_fiscal={REGISTER}&api_token={DEFAULT_API_TOKEN}");
    let plain = "POST /api/v2/shift/ping";
    let query = format!("{plain}?api_token={DEFAULT_API_TOKEN}");
    let wrong = ("Authorization", "Bearer nobody");
    let rows = [
        ("all", plain, vec![ACCEPT, JSON, DEVELOPER, known], body.as_str(), 200),
        ("no developer", plain, vec![ACCEPT, JSON, known], body.as_str(), 403),
        (
            "an empty developer",
            plain,
            vec![ACCEPT, JSON, ("developer-id", " "), known],
            body.as_str(),
            403,
        ),
        (
            "the developer twice",
            plain,
            vec![ACCEPT, JSON, DEVELOPER, known],
            twice.as_str(),
            400,
        ),
        ("no accept", plain, vec![JSON, DEVELOPER, known], body.as_str(), 400),
        (
            "another accept",
            plain,
            vec![("Accept", "text/html"), JSON, DEVELOPER, known],
            body.as_str(),
            400,
        ),
        (
            "no content type",
            plain,
            vec![ACCEPT, DEVELOPER, known],
            body.as_str(),
            400,
        ),
        ("no token", plain, vec![ACCEPT, JSON, DEVELOPER], body.as_str(), 401),
        (
            "a wrong token",
            plain,
            vec![ACCEPT, JSON, DEVELOPER, wrong],
            body.as_str(),
            401,
        ),
        (
            "the header decides",
            plain,
            vec![ACCEPT, JSON, DEVELOPER, wrong],
            inside.as_str(),
            401,
        ),
        (
            "a token in the body",
            plain,
            vec![ACCEPT, JSON, DEVELOPER],
            inside.as_str(),
            200,
        ),
        (
            "a token in the query",
            query.as_str(),
            vec![ACCEPT, JSON, DEVELOPER],
            body.as_str(),
            200,
        ),
        ("a form", plain, vec![ACCEPT, FORM, DEVELOPER], form.as_str(), 200),
        ("no JSON", plain, vec![ACCEPT, JSON, DEVELOPER, known], "[1]", 400),
    ];
    for (name, request, headers, body, status) in rows {
        let reply = bed.exchange(request, &headers, body.as_bytes()).await;
        assert_eq!(reply.status(), status, "{name}: {}", reply.body());
        if status != 200 {
            assert!(
                reply.json()["message"].as_str().is_some_and(|text| !text.is_empty()),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn paths_and_methods_are_the_protocols() {
    let bed = Bed::start().await;
    let rows = [
        ("GET shift", 405),
        ("PUT check/sale", 405),
        ("POST tax_objects/4000777001", 405),
        ("POST nowhere", 404),
        ("GET tax_objects/x", 404),
        ("GET checks/not-a-uuid/text", 404),
        ("POST tax_objects", 200),
    ];
    for (request, status) in rows {
        assert_eq!(bed.call(request, &json!({})).await.status(), status, "{request}");
    }
}

#[tokio::test]
async fn a_token_is_given_for_the_password_and_ends_on_command_and_with_time() {
    let bed = Bed::start().await;
    let answer = sign_in(&bed).await;
    assert_eq!(answer["token_expires_at"], "21.11.2027 10:15");
    assert_eq!(
        (&answer["active_rro"], &answer["opened_shift"]),
        (&json!(true), &Value::Null)
    );
    assert!(answer["user"]["full_name"].is_string() && answer["user"]["uuid"].is_string());
    let use_token = async |token: &Value| {
        let bearer = format!("Bearer {}", token.as_str().unwrap());
        let headers = [ACCEPT, JSON, DEVELOPER, ("Authorization", bearer.as_str())];
        bed.exchange("POST /api/v2/tax_objects", &headers, b"{}").await.status()
    };
    assert_eq!(use_token(&answer["token"]).await, 200);
    bed.simulator.expire_tokens();
    assert_eq!(use_token(&answer["token"]).await, 401);
    assert_eq!(
        bed.call("POST tax_objects", &json!({})).await.status(),
        200,
        "the permanent key stays"
    );
    let fresh = sign_in(&bed).await;
    bed.simulator.inject(Fault::once(FaultKind::ExpireToken));
    assert_eq!(use_token(&fresh["token"]).await, 401);
    let old = sign_in(&bed).await;
    bed.simulator.advance_clock(Config::default().token_lifetime);
    assert_eq!(use_token(&old["token"]).await, 401);
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let bed = Bed::start().await;
    for body in [
        json!({ "email": DEFAULT_EMAIL, "password": "x" }),
        json!({ "email": DEFAULT_EMAIL }),
        json!({}),
    ] {
        assert_eq!(bed.call("POST authenticate", &body).await.status(), 401, "{body}");
    }
}

#[tokio::test]
async fn the_token_may_come_with_its_prefix() {
    let bed = Bed::start().await;
    bed.switch(|switches| switches.bearer_in_token = true);
    let token = sign_in(&bed).await["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("Bearer "), "{token}");
    let headers = [ACCEPT, JSON, DEVELOPER, ("Authorization", token.as_str())];
    assert_eq!(
        bed.exchange("POST /api/v2/tax_objects", &headers, b"{}").await.status(),
        200
    );
}

#[tokio::test]
async fn opened_shift_may_be_another_registers() {
    let bed = Bed::start().await;
    bed.simulator.add_register(RegisterSetup::new(OTHER));
    bed.simulator.apply(&FaultKind::ForeignShift, Some(OTHER));
    assert_eq!(sign_in(&bed).await["opened_shift"], OTHER);
}

#[tokio::test]
async fn registers_are_listed_and_shown_one_by_one() {
    let bed = Bed::start().await;
    let list = bed.call("POST tax_objects", &json!({})).await.json();
    assert_eq!(list["data"][0]["num_fiscal"], REGISTER);
    assert_eq!(list["data"][0]["shift"], Value::Null);
    bed.open().await;
    let reply = bed.call(&format!("GET tax_objects/{REGISTER}"), &Value::Null).await;
    assert_eq!(reply.header("shift-state"), Some("true"));
    let one = &reply.json()["data"];
    assert_eq!(
        (&one["shift"]["state"], &one["shift"]["offline"]),
        (&json!("OPENED"), &json!(false))
    );
    assert_eq!(one["shift"]["open_date"], "21.11.2026 10:15:41");
    assert_eq!(bed.call("GET tax_objects/1", &Value::Null).await.status(), 400);
}

#[tokio::test]
async fn the_key_is_told_alive_or_not() {
    let bed = Bed::start().await;
    let ask = async |drfo: &str| bed.call(&format!("GET key-heartbeat?drfo={drfo}"), &Value::Null).await;
    assert_eq!(ask("9999999999").await.json()["is_alive"], true);
    bed.simulator.set_key(REGISTER, false);
    assert_eq!(ask("9999999999").await.json()["is_alive"], false);
    assert_eq!(ask("1").await.status(), 400);
}

#[tokio::test]
async fn the_transcript_keeps_methods_and_no_secrets() {
    let bed = Bed::start().await;
    sign_in(&bed).await;
    bed.open().await;
    let requests = bed.simulator.requests(REGISTER);
    assert_eq!(requests.len(), 1);
    let kept = (requests[0].command, requests[0].action, requests[0].status);
    assert_eq!(kept, ("shift", Some("OPEN_SHIFT"), Some(200)));
    assert_eq!(bed.simulator.requests(0)[0].command, "authenticate");
    let text = format!("{requests:?}{:?}{:?}", bed.simulator.requests(0), Config::default());
    assert!(!text.contains(DEFAULT_API_TOKEN) && !text.contains(DEFAULT_PASSWORD));
}
