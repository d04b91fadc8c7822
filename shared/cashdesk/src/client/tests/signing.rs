//! Tokens, keys and what is never seen of them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use url::Url;
use wire::Tokens;

use super::*;
use crate::fake::{Fake, Seen, api_token, http, login};
use crate::{AskXReport, Class, Client, Error};

/// Gives tokens 1, 2, … and takes those from `good` on.
async fn issuer(good: u32) -> Fake {
    let issued = AtomicU32::new(0);
    Fake::start(move |seen| {
        if seen.line.ends_with("/authenticate") {
            let number = issued.fetch_add(1, Ordering::SeqCst) + 1;
            return ok(&format!(
                r#"{{"token":"canary.{number}","token_expires_at":"21.11.2199 09:30"}}"#
            ));
        }
        let number = seen
            .header("authorization")
            .and_then(|token| token.strip_prefix("Bearer canary."));
        match number.and_then(|number| number.parse::<u32>().ok()) {
            Some(number) if number >= good => ok(r#"{"shift_state":true}"#),
            _ => refused(401, "Токен недійсний"),
        }
    })
    .await
}

fn lines(fake: &Fake) -> Vec<String> {
    let last = |seen: Seen| seen.line.rsplit('/').next().unwrap().to_owned();
    fake.seen().into_iter().map(last).collect()
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_kept_for_every_client_of_the_account() {
    let fake = issuer(1).await;
    let tokens = Tokens::default();
    for _ in 0..2 {
        let timeout = Duration::from_secs(10);
        let client = Client::new(http(), fake.url.clone(), login(), tokens.clone(), timeout);
        client.ping(NUM_FISCAL).await.result.unwrap();
        client
            .within(Duration::from_secs(5))
            .ping(NUM_FISCAL)
            .await
            .result
            .unwrap();
    }
    assert_eq!(lines(&fake), ["authenticate", "ping", "ping", "ping", "ping"]);
    let asked = &fake.seen()[0];
    assert_eq!(
        asked.body,
        r#"{"email":"canary@shop.example","password":"canary-password"}"#
    );
    assert_eq!(asked.header("authorization"), None);
    assert_eq!(fake.seen()[1].header("authorization"), Some("Bearer canary.1"));
}

#[tokio::test]
async fn several_calls_at_once_log_in_once() {
    let fake = issuer(1).await;
    let client = fake.client_of(login());
    let one = || async { client.ping(NUM_FISCAL).await.result.unwrap() };
    tokio::join!(one(), one(), one(), one());
    let lines = lines(&fake);
    assert_eq!(
        lines.iter().filter(|line| *line == "authenticate").count(),
        1,
        "{lines:?}"
    );
    assert_eq!(lines.len(), 5);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_and_the_request_is_sent_once_more() {
    let fake = issuer(2).await;
    let client = fake.client_of(login());
    let exchange = client.x_report(&AskXReport::totals(NUM_FISCAL)).await;
    assert_eq!(exchange.record.http_status, Some(200));
    exchange.result.unwrap();
    assert_eq!(lines(&fake), ["authenticate", "xReport", "authenticate", "xReport"]);
    let bodies: Vec<String> = fake.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies[1], bodies[3]);

    let fake = issuer(9).await;
    let exchange = fake.client_of(login()).register_check(&sale()).await;
    let error = exchange.result.unwrap_err();
    assert!(matches!(error, Error::Unauthorized), "{error:?}");
    assert_eq!(error.class(), Class::Misconfigured);
    assert_eq!(exchange.record.http_status, Some(401));
    assert_eq!(lines(&fake), ["authenticate", "sale", "authenticate", "sale"]);
}

#[tokio::test]
async fn a_refused_permanent_key_is_not_tried_again() {
    let fake = Fake::start(|_| refused(401, "x")).await;
    let error = fake.client().register_check(&sale()).await.result.unwrap_err();
    assert!(matches!(error, Error::Unauthorized), "{error:?}");
    assert_eq!(fake.seen().len(), 1);
}

#[tokio::test]
async fn without_a_login_nothing_was_done() {
    for (step, class) in [
        (refused(401, "Невірний пароль"), Class::Misconfigured),
        (refused(422, "Невірний пароль"), Class::Misconfigured),
        (Step::Answer(503, "<html>".to_owned()), Class::NotDone),
        (Step::Answer(429, String::new()), Class::NotDone),
        (Step::HangUp, Class::NotDone),
        (ok("{}"), Class::NotDone),
    ] {
        let told = format!("{step:?}");
        let fake = Fake::script([step]).await;
        let exchange = fake.client_of(login()).register_check(&sale()).await;
        let error = exchange.result.unwrap_err();
        assert!(matches!(error, Error::NotLoggedIn(_)), "{told}: {error:?}");
        assert_eq!(error.class(), class, "{told}");
        assert_eq!(
            (exchange.record.command, exchange.record.http_status),
            ("check/sale", None)
        );
        assert_eq!(lines(&fake), ["authenticate"], "{told}");
    }
}

#[tokio::test]
async fn a_login_is_checked_with_the_password_each_time() {
    let fake = issuer(1).await;
    let client = fake.client_of(login());
    for _ in 0..2 {
        let exchange = client.check_login().await;
        let checked = exchange.result.unwrap().value;
        assert_eq!(checked.token_expires_at.as_deref(), Some("21.11.2199 09:30"));
        assert_eq!(exchange.record.request["email"], "***");
        assert_eq!(exchange.record.response.unwrap().get("token"), None);
    }
    assert_eq!(lines(&fake), ["authenticate", "authenticate"]);
}

#[tokio::test]
async fn a_permanent_key_is_checked_by_the_list_of_registers_whatever_its_shape() {
    for (step, good) in [
        (ok("[]"), true),
        (ok(r#"{"items":[]}"#), true),
        (ok("<html>"), false),
        (ok(r#"{"message":"Ключ недійсний","type":"ERROR"}"#), false),
        (refused(401, "x"), false),
    ] {
        let told = format!("{step:?}");
        let fake = Fake::script([step]).await;
        let checked = fake.client().check_login().await.result;
        assert_eq!(checked.is_ok(), good, "{told}: {checked:?}");
        assert_eq!(lines(&fake), ["tax_objects?api_token=canary-api-key"]);
    }
}

#[tokio::test]
async fn the_word_before_a_token_is_added_only_where_it_is_missing() {
    for token in ["canary", "Bearer canary", "bearer canary"] {
        let body = format!(r#"{{"token":"{token}"}}"#);
        let fake = Fake::script([ok(&body), ok("{}")]).await;
        fake.client_of(login()).ping(NUM_FISCAL).await.result.unwrap();
        let sent = fake.seen()[1].header("authorization").unwrap().to_owned();
        assert_eq!(sent.to_lowercase(), "bearer canary", "{token}");
    }
}

#[tokio::test]
async fn no_secret_is_in_a_record_an_error_or_a_debug() {
    for credentials in [login(), api_token()] {
        let echo = "canary-api-key canary-password canary@shop.example canary.1";
        let fake = Fake::start(move |seen| match seen.line.ends_with("/authenticate") {
            true => ok(r#"{"token":"canary.1"}"#),
            false => Step::Answer(
                400,
                format!(r#"{{"message":"{echo}","type":"ERROR","api_token":"canary","note":"{echo}"}}"#),
            ),
        })
        .await;
        let client = fake.client_of(credentials.clone());
        let exchange = client.register_check(&sale()).await;
        let error = exchange.result.as_ref().unwrap_err().to_string();
        assert!(error.contains("***"), "{error}");
        let own = match &credentials {
            crate::Credentials::Login { .. } => ["canary-password", "canary@shop", "canary.1"].as_slice(),
            crate::Credentials::ApiToken { .. } => &["canary-api-key"],
        };
        for secret in own {
            assert!(
                fake.seen().iter().any(|seen| format!("{seen:?}").contains(secret)),
                "{secret} was not sent"
            );
            for seen in [&error, &format!("{exchange:?}"), &format!("{client:?}")] {
                assert!(!seen.contains(secret), "{secret} in {seen}");
            }
        }
    }
}

#[tokio::test]
async fn an_address_with_the_key_is_in_no_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let gone = Client::new(http(), url, api_token(), Tokens::default(), Duration::from_secs(10));
    let fake = Fake::start(|_| Step::HangUp).await;
    for client in [gone, fake.client()] {
        let error = client.register_check(&sale()).await.result.unwrap_err();
        let mut chain = format!("{error:?}");
        let mut source: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = source {
            chain += &error.to_string();
            source = error.source();
        }
        assert!(!chain.contains("canary"), "{chain}");
    }
}

#[test]
fn a_client_says_how_long_a_call_may_take() {
    let url = || Url::parse("https://canary:canary@till.example/canary").unwrap();
    let client = |credentials| Client::new(http(), url(), credentials, Tokens::default(), Duration::from_secs(40));
    assert_eq!(client(api_token()).longest(), Duration::from_secs(40));
    assert_eq!(client(login()).longest(), Duration::from_secs(2 * (40 + 80)));
    assert_eq!(
        client(login()).within(Duration::from_secs(15)).longest(),
        Duration::from_secs(2 * (15 + 80))
    );
    assert_eq!(
        format!("{:?}", client(login())),
        "Client { host: Some(\"till.example\"), credentials: Login { developer_id: \"Крамниця Inc\", .. }, \
         timeout: 40s, .. }"
    );
}
