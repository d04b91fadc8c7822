//! What is told apart on raw sockets.

use tokio::net::TcpListener;

use super::*;
use crate::body::samples::sale;
use crate::error::{Class, Flaw};
use crate::fake::{Fake, Step, answer, http, refusal};
use crate::report::State;
use crate::report::tests::DONE;

const UUID: &str = "5e1f0000-0000-4000-8000-000000000001";

fn body() -> String {
    sale().to_body(Version::V4).unwrap()
}

fn accepted() -> Step {
    answer(
        200,
        format!(r#"{{"uuid":"{UUID}","timestamp":"21.11.2026 10:15:41","status":"wait","error":null}}"#),
    )
}

fn duplicate(uuid: &str) -> String {
    format!(
        r#"{{{uuid}"status":"wait","timestamp":"21.11.2026 10:20:00",
           "error":{{"error_id":"e","code":33,"text":"known","type":"system"}}}}"#
    )
}

async fn registering(step: Step) -> (Fake, Exchange<Registered, Error>) {
    let fake = Fake::start([step]).await;
    let exchange = fake.client().register(Operation::Sell, &body()).await;
    (fake, exchange)
}

async fn reporting(step: Step) -> Exchange<Report, Error> {
    Fake::start([step]).await.client().report(UUID).await
}

#[tokio::test]
async fn a_document_is_registered_as_it_was_written() {
    let (fake, exchange) = registering(accepted()).await;
    let registered = exchange.result.unwrap();
    assert_eq!((registered.uuid.as_str(), registered.first_seen), (UUID, true));
    let seen = fake.seen();
    assert_eq!(seen[0].line, "POST /possystem/v4/getToken");
    assert_eq!(seen[0].body, r#"{"login":"canary-login","pass":"canary-pass"}"#);
    assert_eq!(seen[1].line, "POST /possystem/v4/group_1/sell");
    assert_eq!(
        (seen[1].token.as_str(), seen[1].body.as_str()),
        ("tok-1", body().as_str())
    );
    assert_eq!(seen.len(), 2);
}

#[tokio::test]
async fn a_known_id_brings_the_first_documents_uuid() {
    for status in [400, 200] {
        let (_, exchange) = registering(answer(status, duplicate(&format!(r#""uuid":"{UUID}","#)))).await;
        let registered = exchange.result.unwrap();
        assert_eq!((registered.uuid.as_str(), registered.first_seen), (UUID, false));
    }
    for uuid in ["", r#""uuid":"","#, r#""uuid":null,"#] {
        let (_, exchange) = registering(answer(400, duplicate(uuid))).await;
        let error = exchange.result.unwrap_err();
        assert!(matches!(error, Error::DuplicateWithoutUuid), "{error:?}");
        assert_eq!(error.class(), Class::Accepted);
    }
}

#[tokio::test]
async fn one_token_serves_many_and_is_renewed_once_for_all() {
    let script = std::iter::repeat_n(accepted(), 8);
    let fake = Fake::start(script).await.only_token("tok-2");
    let (client, body) = (fake.client(), body());
    let one = || client.register(Operation::Sell, &body);
    let all = tokio::join!(one(), one(), one(), one(), one(), one(), one(), one());
    let all = [all.0, all.1, all.2, all.3, all.4, all.5, all.6, all.7];
    assert!(all.iter().all(|exchange| exchange.result.is_ok()), "{all:?}");
    assert_eq!(fake.tokens_asked(), 2);
    assert!(fake.is_done());
}

#[tokio::test]
async fn clients_of_one_login_share_its_token() {
    let fake = Fake::start([accepted(), accepted()]).await;
    let tokens = Tokens::default();
    for group in ["group_1", "group_2"] {
        let credentials = Credentials {
            login: "canary-login".to_owned(),
            pass: "canary-pass".into(),
            group_code: group.to_owned(),
        };
        let timeout = Duration::from_secs(10);
        let client = Client::new(
            http(),
            fake.url.clone(),
            Version::V4,
            credentials,
            tokens.clone(),
            timeout,
        );
        assert!(client.register(Operation::Sell, &body()).await.result.is_ok());
    }
    assert_eq!(fake.tokens_asked(), 1);
    assert_eq!(fake.seen()[2].line, "POST /possystem/v4/group_2/sell");
}

#[tokio::test]
async fn a_token_is_renewed_once_and_only_for_codes_that_ask_for_it() {
    for code in [10, 11] {
        let fake = Fake::start([answer(401, refusal(code)), accepted()]).await;
        let exchange = fake.client().register(Operation::Sell, &body()).await;
        assert!(exchange.result.is_ok(), "{code}");
        assert_eq!(fake.tokens_asked(), 2, "{code}");

        let fake = Fake::start([answer(401, refusal(code)), answer(401, refusal(code)), accepted()]).await;
        let exchange = fake.client().register(Operation::Sell, &body()).await;
        assert_eq!(exchange.result.unwrap_err().class(), Class::Auth, "{code}");
        assert_eq!(fake.tokens_asked(), 2, "{code}");
        assert!(!fake.is_done(), "{code}: asked a third time");
    }
    for (status, code) in [(401, 12), (403, 14), (401, 20), (401, 21)] {
        let fake = Fake::start([answer(status, refusal(code)), accepted()]).await;
        let exchange = fake.client().register(Operation::Sell, &body()).await;
        assert_eq!(exchange.result.unwrap_err().class(), Class::Misconfigured, "{code}");
        assert_eq!(fake.tokens_asked(), 1, "{code}");
        assert!(!fake.is_done(), "{code}: asked again");
    }
    // A 401 of somebody between us and the service.
    let (fake, exchange) = registering(answer(401, "<html>")).await;
    assert_eq!(exchange.result.unwrap_err().class(), Class::Misconfigured);
    assert_eq!(fake.tokens_asked(), 1);
}

#[tokio::test]
async fn every_refusal_at_the_door_has_its_class() {
    for (status, code, class) in [
        (400, 0, Class::Unknown),
        (400, 1, Class::Unknown),
        (400, 13, Class::Refused),
        (400, 31, Class::Refused),
        (400, 32, Class::Refused),
        (400, 40, Class::Refused),
        (415, 41, Class::Misconfigured),
        (500, 50, Class::Unknown),
        (400, 77, Class::Unknown),
        // The code counts, not the status.
        (502, 32, Class::Refused),
    ] {
        let (_, exchange) = registering(answer(status, refusal(code))).await;
        let error = exchange.result.unwrap_err();
        assert_eq!(error.class(), class, "{status} {code}: {error}");
        assert_eq!(error.trouble().unwrap().code, i64::from(code));
        assert_eq!(exchange.record.http_status, Some(status));
    }
    let untyped = answer(400, r#"{"status":"fail","error":{"code":32,"text":"x"}}"#);
    assert_eq!(registering(untyped).await.1.result.unwrap_err().class(), Class::Refused);
    let drivers = answer(400, r#"{"status":"fail","error":{"code":32,"type":"driver"}}"#);
    assert_eq!(registering(drivers).await.1.result.unwrap_err().class(), Class::Unknown);
}

#[tokio::test]
async fn an_answer_that_proves_nothing_is_unknown() {
    let half = format!("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{{\"uuid\":\"{UUID}\"");
    for (name, step) in [
        ("closed", Step::Close),
        ("not HTTP", Step::Bytes(b"hello\r\n\r\n".to_vec())),
        ("half an answer", Step::Bytes(half.into_bytes())),
        ("a gateway's page", answer(502, "<html>")),
        ("unavailable", answer(503, "{}")),
        ("gateway time-out", answer(504, "")),
        ("a redirect", answer(302, "")),
        ("no JSON", answer(200, "ok")),
        ("nothing", answer(200, "{}")),
        ("no uuid", answer(200, r#"{"status":"wait","error":null}"#)),
        (
            "failed for no reason",
            answer(200, format!(r#"{{"uuid":"{UUID}","status":"fail","error":null}}"#)),
        ),
        ("too large", answer(200, "x".repeat(ANSWER_BYTES + 1))),
    ] {
        let (_, exchange) = registering(step).await;
        let error = exchange.result.unwrap_err();
        assert_eq!(error.class(), Class::Unknown, "{name}: {error:?}");
    }
    let (_, exchange) = registering(answer(429, "slow down")).await;
    assert_eq!(exchange.result.unwrap_err().class(), Class::NotDone);
}

#[tokio::test]
async fn silence_ends_at_the_time_limit() {
    let fake = Fake::start([Step::Hang]).await;
    let client = fake.client_within(Duration::from_millis(300));
    let exchange = client.register(Operation::Sell, &body()).await;
    assert_eq!(exchange.result.unwrap_err().class(), Class::Unknown);
    assert!(exchange.record.duration >= Duration::from_millis(300));
}

#[tokio::test]
async fn without_a_token_nothing_was_sent() {
    for (login, class) in [
        (answer(401, refusal(12)), Class::Misconfigured),
        (answer(403, refusal(14)), Class::Misconfigured),
        (answer(401, refusal(21)), Class::Misconfigured),
        (answer(500, refusal(50)), Class::NotDone),
        (answer(404, "<html>"), Class::Misconfigured),
        (answer(200, r#"{"error":null}"#), Class::NotDone),
        (answer(200, r#"{"token":"a\nb"}"#), Class::NotDone),
        (Step::Close, Class::NotDone),
        (Step::Hang, Class::NotDone),
    ] {
        let fake = Fake::start([accepted()]).await.logins([login.clone()]);
        let client = fake.client_within(Duration::from_millis(300));
        let exchange = client.register(Operation::Sell, &body()).await;
        let error = exchange.result.unwrap_err();
        assert_eq!(error.class(), class, "{login:?}: {error:?}");
        assert_eq!(exchange.record.command, "getToken");
        assert!(!fake.is_done(), "{login:?}: sent without a token");
    }
}

#[tokio::test]
async fn a_refused_port_proves_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let fake = Fake::start([]).await;
    let mut url = fake.url.clone();
    url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    drop(listener);
    let client = Client::new(
        http(),
        url,
        Version::V5,
        fake.client().0.credentials.clone(),
        Tokens::default(),
        Duration::from_secs(10),
    );
    let exchange = client.check_access().await;
    assert_eq!(exchange.result.unwrap_err().class(), Class::NotDone);
    assert_eq!(exchange.record.http_status, None);
}

#[tokio::test]
async fn access_is_checked_with_a_fresh_question() {
    let fake = Fake::start([accepted()]).await.logins([answer(401, refusal(21))]);
    let client = fake.client();
    let error = client.check_access().await.result.unwrap_err();
    assert_eq!(
        (error.class(), error.trouble().unwrap().code),
        (Class::Misconfigured, 21)
    );
    assert!(client.check_access().await.result.is_ok());
    assert!(client.register(Operation::Sell, &body()).await.result.is_ok());
    assert_eq!(fake.tokens_asked(), 3);
}

#[tokio::test]
async fn a_result_is_told_from_a_refused_question() {
    let fake = Fake::start([answer(200, DONE)]).await;
    let report = fake.client().report(UUID).await.result.unwrap();
    assert!(matches!(report.state, State::Done(_)));
    assert_eq!(fake.seen()[1].line, format!("GET /possystem/v4/group_1/report/{UUID}"));

    let pending = r#"{"status":"wait","error":{"code":34,"text":"no state yet","type":"system"},"callback_url":""}"#;
    assert_eq!(reporting(answer(200, pending)).await.result.unwrap().state, State::Wait);

    let failed = |kind: &str, code: i64, uuid: &str| {
        format!(r#"{{{uuid}"status":"fail","error":{{"code":{code},"text":"x","type":"{kind}"}}}}"#)
    };
    let named = format!(r#""uuid":"{UUID}","#);
    for (kind, code) in [
        ("driver", 11),
        ("driver", 30),
        ("agent", 2009),
        ("timeout", 1),
        ("system", 1),
    ] {
        let report = reporting(answer(200, failed(kind, code, &named))).await.result.unwrap();
        assert!(matches!(report.state, State::Fail(_)), "{kind} {code}");
    }
    for (status, kind, code, uuid, class) in [
        (400, "system", 30, "", Class::NotFound),
        (400, "system", 30, named.as_str(), Class::NotFound),
        (200, "system", 30, named.as_str(), Class::NotFound),
        (401, "system", 20, "", Class::Misconfigured),
        (400, "system", 1, named.as_str(), Class::Unknown),
        (500, "system", 50, "", Class::Unknown),
        (500, "driver", 262, "", Class::Unknown),
    ] {
        let error = reporting(answer(status, failed(kind, code, uuid)))
            .await
            .result
            .unwrap_err();
        assert_eq!(error.class(), class, "{status} {kind} {code} {uuid}");
    }
    let expired = Fake::start([answer(401, refusal(11)), answer(200, DONE)]).await;
    assert!(expired.client().report(UUID).await.result.is_ok());
    assert_eq!(expired.tokens_asked(), 2);
}

#[tokio::test]
async fn a_result_must_be_whole_and_the_right_one() {
    let other = reporting(answer(200, DONE.replace("5e1f", "6e1f")))
        .await
        .result
        .unwrap_err();
    assert!(matches!(other, Error::OtherDocument), "{other:?}");
    for (body, reason) in [
        (DONE.replace("fn_number", "fn_no"), Flaw::NoFiscalSign),
        (DONE.replace("done", "dropped"), Flaw::NoState),
    ] {
        let error = reporting(answer(200, body)).await.result.unwrap_err();
        assert!(
            matches!(error, Error::BadAnswer { reason: found, .. } if found == reason),
            "{error:?}"
        );
        assert_eq!(error.class(), Class::Unknown);
    }
    let page = reporting(answer(503, DONE)).await.result.unwrap_err();
    assert_eq!(page.class(), Class::Unknown);
}

#[tokio::test]
async fn nothing_secret_or_personal_is_left_in_records_errors_and_debug() {
    let repeated = r#"{"status":"fail","error":{"error_id":"e","code":32,"type":"system",
        "text":"buyer@mail.example is wrong for tok-1, canary-pass"}}"#;
    let (fake, exchange) = registering(answer(400, repeated)).await;
    let shown = format!("{exchange:?} {:?}", fake.client());
    for canary in ["buyer@mail.example", "tok-1", "7f3a", "canary-login", "canary-pass"] {
        assert!(!shown.contains(canary), "{canary}: {shown}");
    }
    assert_eq!(exchange.record.command, "sell");
    assert_eq!(exchange.record.request["external_id"], "shopA-90017-1");
    assert_eq!(exchange.record.request["receipt"]["client"]["email"], "***");

    let login = answer(
        401,
        r#"{"error":{"code":12,"type":"system","text":"no canary-pass here"}}"#,
    );
    let fake = Fake::start([]).await.logins([login]);
    let shown = format!("{:?}", fake.client().check_access().await);
    assert!(shown.contains("no *** here") && !shown.contains("canary"), "{shown}");

    let exchange = fake.client().check_access().await;
    let kept = exchange.record.response.unwrap();
    assert_eq!((kept.get("token"), kept["error"].is_null()), (None, true));
}

#[tokio::test]
async fn a_future_of_the_client_may_move_between_threads() {
    fn sendable<T: Send>(_: T) {}
    let fake = Fake::start([]).await;
    let client = fake.client();
    sendable(client.register(Operation::Sell, "{}"));
    sendable(client.report(UUID));
    sendable(client.check_access());
}
