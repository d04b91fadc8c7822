//! The operator's side of a register: what is shown, what can be asked, who may.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use domain::ids::RegisterId;
use domain::money::Kopecks;
use domain::shift::ShiftSums;
use domain::time::UnixMillis;
use ledger::actions::{Ask, End, LOSE_DOCUMENTS};
use ledger::alerts::{EVENT_CONFLICT, NewAlert, Severity, Words};
use ledger::day::Facts;
use queue::Kind;
use serde_json::{Value, json};

use crate::bed::{Answer, Bed, OPERATOR, READER, SHOP};
use crate::tape::{Hand, PICTURE};

const REGISTER: &str = "/v1/registers/flowers-1";

async fn get(bed: &Bed, path: &str) -> Answer {
    bed.ask(Method::GET, path, OPERATOR, "").await
}

async fn post(bed: &Bed, path: &str, body: &str) -> Answer {
    bed.ask(Method::POST, path, OPERATOR, body.to_owned()).await
}

/// `POST …/cash-in` or `…/cash-out`.
async fn cash(bed: &Bed, path: &str, key: &str, body: &str) -> Answer {
    let request = Request::post(format!("{REGISTER}/{path}"))
        .header("authorization", format!("Bearer {OPERATOR}"))
        .header("idempotency-key", key);
    bed.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn end(bed: &Bed, id: &str, done: bool, result: &str) {
    let end = End {
        done,
        result: result.to_owned(),
    };
    let ledger = &bed.parts.ledger;
    ledger.end_action(id, &end, ledger.now()).await.unwrap();
}

fn flowers_1() -> RegisterId {
    RegisterId::parse("flowers-1").unwrap()
}

#[tokio::test]
async fn only_an_operator_of_its_merchant_reaches_a_register() {
    let bed = Bed::start().await;
    let document = "/v1/documents/0190f2a0-0000-7000-8000-000000000000";
    let of_bakery = bed
        .parts
        .ledger
        .ask(
            &RegisterId::parse("bakery-1").unwrap(),
            Ask::Sync,
            "",
            "test",
            bed.parts.ledger.now(),
        )
        .await
        .unwrap();
    let foreign_action = format!("/v1/actions/{}", of_bakery.id);
    for (method, path, missing) in [
        (
            Method::GET,
            "/v1/registers/bakery-1".to_owned(),
            "404 register_not_found",
        ),
        (
            Method::GET,
            "/v1/registers/flowers-9".to_owned(),
            "404 register_not_found",
        ),
        (Method::GET, "/v1/registers/a%20b".to_owned(), "404 register_not_found"),
        (Method::GET, "/v1/registers/%FF".to_owned(), "400 bad_path"),
        (
            Method::GET,
            "/v1/registers/bakery-1/totals".to_owned(),
            "404 register_not_found",
        ),
        (
            Method::POST,
            "/v1/registers/bakery-1/totals".to_owned(),
            "404 register_not_found",
        ),
        (
            Method::POST,
            "/v1/registers/bakery-1/close-shift".to_owned(),
            "404 register_not_found",
        ),
        (
            Method::POST,
            "/v1/registers/bakery-1/z-report".to_owned(),
            "404 register_not_found",
        ),
        (
            Method::POST,
            "/v1/registers/bakery-1/cleanup".to_owned(),
            "404 register_not_found",
        ),
        (
            Method::POST,
            "/v1/registers/bakery-1/sync".to_owned(),
            "404 register_not_found",
        ),
        (
            Method::POST,
            "/v1/registers/bakery-1/cash-in".to_owned(),
            "404 register_not_found",
        ),
        (
            Method::POST,
            "/v1/registers/bakery-1/cash-out".to_owned(),
            "404 register_not_found",
        ),
        (Method::GET, foreign_action, "404 action_not_found"),
        (Method::GET, "/v1/actions/7".to_owned(), "404 action_not_found"),
        (Method::GET, "/v1/actions/a%00b".to_owned(), "404 action_not_found"),
        (Method::POST, format!("{document}/fetch"), "404 document_not_found"),
        (
            Method::POST,
            "/v1/alerts/7/acknowledge".to_owned(),
            "404 alert_not_found",
        ),
        (
            Method::POST,
            "/v1/alerts/a%00b/acknowledge".to_owned(),
            "404 alert_not_found",
        ),
    ] {
        let stranger = bed.ask(method.clone(), &path, SHOP, "{}").await;
        assert_eq!(stranger.verdict(), "403 missing_scope", "{method} {path}");
        let operator = bed.ask(method.clone(), &path, OPERATOR, "{}").await;
        assert_eq!(operator.verdict(), missing, "{method} {path}");
    }
    let alerts = bed.ask(Method::GET, "/v1/alerts", READER, "").await;
    assert_eq!(alerts.verdict(), "403 missing_scope");
    assert_eq!(bed.parts.doorbell.depth(Kind::WorkRegister).await, Some(0));
}

#[tokio::test]
async fn a_register_nobody_looked_at_says_so() {
    let bed = Bed::start().await;
    let shown = get(&bed, REGISTER).await.json();
    assert_eq!(
        shown,
        json!({
            "id": "flowers-1",
            "fiscal_number": "4000999001",
            "provider": "cashalot",
            "can": {
                "close_shift": true, "z_report": true, "totals": true, "cleanup": true, "cash": true, "fetch": true,
                "work_offline": true,
            },
            "close_at": null,
            "reachable": { "seen_at": null, "failures": 0, "trouble": null, "tax_service": null },
            "shift": {
                "open": null, "opened_at": null, "close_due": null, "must_close_by": null, "operator": null,
                "z_present": false,
            },
            "offline": {
                "documents": 0, "undelivered": null, "delivery_trouble": null,
                "session_minutes": 0, "session_limit": 2160, "month_minutes": 0, "month_limit": 10080,
            },
            "cancelled": false,
            "licence_until": null,
            "certificate_until": null,
            "documents": { "due": 0, "in_doubt": 0, "held": 0 },
            "shifts": [],
            "actions": [],
        })
    );
    let totals = get(&bed, &format!("{REGISTER}/totals")).await.json();
    assert_eq!((&totals["shift"], &totals["as_of"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_register_is_shown_as_the_last_look_found_it() {
    let bed = Bed::start().await;
    let opened = UnixMillis(1_741_183_439_000);
    let facts = Facts {
        shift_open: Some(true),
        session_minutes: 30,
        month_minutes: 100,
        undelivered: Some(false),
        licence_until: Some(1_741_183_439_000),
        tax_service: Some(true),
        ..Facts::default()
    };
    Hand::on(&bed.parts.ledger, "flowers-1")
        .await
        .sees(&facts, opened)
        .await;
    cash(&bed, "cash-in", "k", r#"{"amount":"100.00"}"#).await;
    post(&bed, &format!("{REGISTER}/sync"), "").await;
    let shown = get(&bed, REGISTER).await.json();
    assert_eq!(
        shown["shift"],
        json!({
            "open": true, "opened_at": "2025-03-05T14:03:59Z", "close_due": "2025-03-06T13:03:59Z",
            "must_close_by": "2025-03-06T14:03:59Z", "operator": "Касир Приклад", "z_present": false,
        })
    );
    assert_eq!(shown["offline"]["month_minutes"], 130);
    assert_eq!(shown["licence_until"], "2025-03-05T14:03:59Z");
    assert_eq!(shown["documents"], json!({ "due": 1, "in_doubt": 0, "held": 0 }));
    assert_eq!(shown["shifts"][0]["closed_at"], Value::Null);
    assert_eq!(shown["actions"][0]["ask"], "sync");
    assert_eq!(shown["actions"][0]["status"], "asked");
    assert!(shown["reachable"]["seen_at"].is_string());
}

#[tokio::test]
async fn what_is_asked_twice_is_one_action_and_can_be_followed() {
    let bed = Bed::start().await;
    for (path, ask) in [
        ("close-shift", "close"),
        ("z-report", "z_report"),
        ("totals", "totals"),
        ("cleanup", "cleanup"),
        ("sync", "sync"),
    ] {
        let first = post(&bed, &format!("{REGISTER}/{path}"), "").await;
        let again = post(&bed, &format!("{REGISTER}/{path}"), "").await;
        assert_eq!((first.status.as_u16(), again.status.as_u16()), (202, 202), "{path}");
        assert_eq!(first.json(), again.json());
        let id = first.json()["action_id"].as_str().unwrap().to_owned();
        assert_eq!(first.json(), json!({ "action_id": id, "status": "asked" }));
        let location = first.headers["location"].to_str().unwrap().to_owned();
        assert_eq!(location, format!("/v1/actions/{id}"));
        let shown = get(&bed, &location).await.json();
        assert_eq!(
            (&shown["ask"], &shown["status"], &shown["asked_by"], &shown["ended_at"]),
            (
                &json!(ask),
                &json!("asked"),
                &json!("API key operator of flowers"),
                &Value::Null
            )
        );
        end(&bed, &id, path != "sync", "so it was").await;
        let shown = get(&bed, &location).await.json();
        let status = if path == "sync" { "refused" } else { "done" };
        assert_eq!(shown["status"], status);
        assert!(shown["ended_at"].is_string() && shown["result"].is_string(), "{shown}");
        // What was done can be asked anew.
        let anew = post(&bed, &format!("{REGISTER}/{path}"), "").await;
        assert_ne!(anew.json()["action_id"], id.as_str());
    }
    // However often: one bell for the register.
    assert_eq!(bed.parts.doorbell.depth(Kind::WorkRegister).await, Some(1));
    assert!(
        bed.parts
            .ledger
            .has_due(&flowers_1(), bed.parts.ledger.now())
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn documents_are_lost_only_in_so_many_words() {
    let bed = Bed::start().await;
    let path = format!("{REGISTER}/cleanup");
    for (body, expected, field) in [
        ("[]", "400 broken_json", ""),
        (r#"{"remove":"yes"}"#, "422 bad_field", "remove"),
        (r#"{"remove":1}"#, "422 bad_field", "remove"),
        (r#"{"remove":true,"confirm":"yes"}"#, "422 bad_field", "confirm"),
        (
            r#"{"confirm":"lose undelivered documents"}"#,
            "422 bad_field",
            "confirm",
        ),
        (r#"{"delete":true}"#, "422 unknown_field", "delete"),
    ] {
        let answer = post(&bed, &path, body).await;
        assert_eq!(answer.verdict(), expected, "{body}");
        assert_eq!(answer.json()["field"].as_str().unwrap_or(""), field, "{body}");
    }
    let ledger = &bed.parts.ledger;
    assert!(ledger.open_actions(&flowers_1()).await.unwrap().is_empty());
    for (body, ask, subject) in [
        ("", Ask::Cleanup, ""),
        ("{}", Ask::Cleanup, ""),
        (r#"{"remove":false}"#, Ask::Cleanup, ""),
        (r#"{"remove":true}"#, Ask::Remove, ""),
        (
            r#"{"remove":true,"confirm":"lose undelivered documents"}"#,
            Ask::Remove,
            LOSE_DOCUMENTS,
        ),
    ] {
        let answer = post(&bed, &path, body).await;
        let id = answer.json()["action_id"].as_str().unwrap().to_owned();
        let action = ledger.action(&id).await.unwrap().unwrap();
        assert_eq!((action.ask, action.subject.as_str()), (ask, subject), "{body}");
    }
}

#[tokio::test]
async fn cash_is_planned_once_for_a_key() {
    let bed = Bed::start().await;
    let first = cash(&bed, "cash-in", "morning", r#"{"amount":"100.00"}"#).await;
    let again = cash(&bed, "cash-in", "morning", r#"{"amount":100}"#).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (202, 202));
    assert_eq!(
        (&first.json()["status"], &again.json()["status"]),
        (&json!("accepted"), &json!("already_accepted"))
    );
    assert_eq!(first.json()["document_id"], again.json()["document_id"]);
    let location = first.headers["location"].to_str().unwrap().to_owned();
    let shown = bed.ask(Method::GET, &location, READER, "").await.json();
    assert_eq!(
        (&shown["kind"], &shown["amount"], &shown["state"], &shown["order_id"]),
        (&json!("cash_in"), &json!("100.00"), &json!("ready"), &Value::Null)
    );
    for (path, body) in [
        ("cash-in", r#"{"amount":"100.01"}"#),
        ("cash-out", r#"{"amount":"100.00"}"#),
    ] {
        let other = cash(&bed, path, "morning", body).await;
        assert_eq!(other.verdict(), "422 repeated_key_different_body", "{path} {body}");
    }
    assert_eq!(bed.parts.doorbell.depth(Kind::WorkRegister).await, Some(1));
}

#[tokio::test]
async fn bad_cash_is_answered_as_the_table_says_and_nothing_is_planned() {
    let bed = Bed::start().await;
    for (key, body, expected) in [
        ("", r#"{"amount":"1"}"#, "400 bad_idempotency_key"),
        ("a b", r#"{"amount":"1"}"#, "400 bad_idempotency_key"),
        ("k", "", "400 broken_json"),
        ("k", "{}", "422 missing_field"),
        ("k", r#"{"amount":"0"}"#, "422 zero_amount"),
        ("k", r#"{"amount":"-1"}"#, "422 negative_amount"),
        ("k", r#"{"amount":"1.001"}"#, "422 bad_amount"),
        ("k", r#"{"amount":"100000000000"}"#, "422 amount_too_large"),
        ("k", r#"{"amount":"1","currency":"UAH"}"#, "422 unknown_field"),
    ] {
        for path in ["cash-in", "cash-out"] {
            let answer = cash(&bed, path, key, body).await;
            assert_eq!(answer.verdict(), expected, "{path} {key} {body}");
        }
    }
    let planned = bed.parts.ledger.recent_documents(None, 10).await.unwrap();
    assert!(planned.is_empty());
}

#[tokio::test]
async fn totals_stand_side_by_side() {
    let bed = Bed::start().await;
    let ledger = &bed.parts.ledger;
    cash(&bed, "cash-in", "k", r#"{"amount":"100.00"}"#).await;
    let hand = Hand::on(ledger, "flowers-1").await;
    let facts = Facts {
        shift_open: Some(true),
        ..Facts::default()
    };
    hand.sees(&facts, ledger.now().minus(Duration::from_secs(3600))).await;
    hand.registers_the_next(2).await;
    let shift = ledger.recent_shifts(&flowers_1(), 1).await.unwrap().remove(0);
    let theirs = ShiftSums {
        cash_in: Kopecks::from_minor(9_000).unwrap(),
        ..ShiftSums::default()
    };
    ledger
        .note_totals(&shift.id, &theirs, UnixMillis(1_741_183_439_000))
        .await
        .unwrap();
    let shown = get(&bed, &format!("{REGISTER}/totals")).await.json();
    assert_eq!(shown["as_of"], "2025-03-05T14:03:59Z");
    assert_eq!(shown["shift"]["open"], true);
    assert_eq!(
        (&shown["register"]["cash_in"], &shown["ours"]["cash_in"]),
        (&json!("90.00"), &json!("100.00"))
    );
    assert_eq!(
        shown["differences"],
        json!([{ "figure": "cash_in", "register": "90.00", "ours": "100.00" }])
    );
}

#[tokio::test]
async fn the_provider_s_rendering_is_shown_once_it_was_fetched_and_may_do_nothing() {
    let bed = Bed::start().await;
    let ledger = &bed.parts.ledger;
    let planned = cash(&bed, "cash-in", "k", r#"{"amount":"100.00"}"#).await.json();
    let path = format!("/v1/documents/{}", planned["document_id"].as_str().unwrap());
    let waiting = post(&bed, &format!("{path}/fetch"), "").await;
    assert_eq!(waiting.verdict(), "409 document_not_registered");
    assert_eq!(
        get(&bed, &format!("{path}/qr.png")).await.verdict(),
        "404 no_qr_picture"
    );

    let id = Hand::on(ledger, "flowers-1").await.registers_the_next(2).await;
    for page in ["provider.txt", "provider.html"] {
        let answer = get(&bed, &format!("{path}/{page}")).await;
        assert_eq!(answer.verdict(), "404 not_fetched");
        assert!(answer.json()["detail"].as_str().unwrap().contains("/fetch"));
    }
    let asked = post(&bed, &format!("{path}/fetch"), "").await;
    let action = asked.json()["action_id"].as_str().unwrap().to_owned();
    let action = ledger.action(&action).await.unwrap().unwrap();
    assert_eq!((action.ask, action.subject), (Ask::Fetch, id.to_string()));

    let now = ledger.now();
    ledger
        .keep_rendering(id, false, "ФОП Приклад\n100.00", now)
        .await
        .unwrap();
    ledger
        .keep_rendering(id, true, "<script>1</script>", now)
        .await
        .unwrap();
    for key in [READER, OPERATOR] {
        let text = bed.ask(Method::GET, &format!("{path}/provider.txt"), key, "").await;
        assert_eq!((text.status.as_u16(), text.body.as_str()), (200, "ФОП Приклад\n100.00"));
        assert_eq!(text.headers["content-type"], "text/plain; charset=utf-8");
        let page = bed.ask(Method::GET, &format!("{path}/provider.html"), key, "").await;
        assert_eq!(page.body, "<script>1</script>");
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(
            page.headers["content-security-policy"],
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
        );
        let picture = bed.ask(Method::GET, &format!("{path}/qr.png"), key, "").await;
        assert_eq!(picture.headers["content-type"], "image/gif", "{PICTURE}");
        for answer in [&text, &page, &picture] {
            assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        }
    }
    // Another merchant's: as if there were none.
    for page in ["provider.txt", "provider.html", "qr.png"] {
        let other = bed
            .ask(Method::GET, &format!("{path}/{page}"), crate::bed::BAKERY, "")
            .await;
        assert_eq!(other.verdict(), "404 document_not_found");
    }
}

#[tokio::test]
async fn alerts_are_listed_and_acknowledged() {
    let bed = Bed::start().await;
    let ledger = &bed.parts.ledger;
    let mut alert = NewAlert {
        kind: "register_trouble",
        subject: "flowers-1".to_owned(),
        severity: Severity::Critical,
        merchant: Some(domain::ids::MerchantId::parse("flowers").unwrap()),
        register: Some(flowers_1()),
        text: Words::new("It is broken.", "Зламано."),
        next_step: Words::new("Mend it.", "Полагодьте."),
    };
    ledger.raise_alert(&alert, ledger.now()).await.unwrap();
    // It happened, and nothing undoes it: seen is done.
    alert.kind = EVENT_CONFLICT;
    ledger.raise_alert(&alert, ledger.now()).await.unwrap();
    alert.merchant = Some(domain::ids::MerchantId::parse("bakery").unwrap());
    alert.subject = "bakery".to_owned();
    ledger.raise_alert(&alert, ledger.now()).await.unwrap();

    let listed = get(&bed, "/v1/alerts").await.json()["alerts"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
    let first = &listed[0];
    assert_eq!(first["next_step"], json!({ "en": "Mend it.", "uk": "Полагодьте." }));
    assert_eq!(
        (&first["acknowledged"], &first["register"]),
        (&Value::Null, &json!("flowers-1"))
    );
    for (alert, closed) in [(&listed[0], false), (&listed[1], true)] {
        let path = format!("/v1/alerts/{}/acknowledge", alert["id"].as_str().unwrap());
        for _ in 0..2 {
            let answer = post(&bed, &path, "").await;
            assert_eq!(answer.verdict(), "200", "{}", answer.body);
            assert_eq!(answer.json()["closed"], closed, "{alert}");
        }
    }
    let open = get(&bed, "/v1/alerts").await.json()["alerts"].clone();
    assert_eq!(open.as_array().unwrap().len(), 1);
    assert_eq!(open[0]["acknowledged"]["by"], "API key operator of flowers");
    let all = get(&bed, "/v1/alerts?all=true").await.json()["alerts"].clone();
    assert_eq!(all.as_array().unwrap().len(), 2);
    for query in ["all=1", "every=true", "all"] {
        let answer = get(&bed, &format!("/v1/alerts?{query}")).await;
        assert_eq!(answer.verdict(), "422 bad_query", "{query}");
    }
    let foreign = ledger
        .open_alerts(Some(&domain::ids::MerchantId::parse("bakery").unwrap()))
        .await
        .unwrap();
    let foreign = post(&bed, &format!("/v1/alerts/{}/acknowledge", foreign[0].id), "").await;
    assert_eq!(foreign.verdict(), "404 alert_not_found");
}
