//! What is told apart on raw sockets.

use std::collections::HashSet;
use std::time::Duration;

use tokio::net::TcpListener;
use url::Url;
use uuid::Uuid;

use super::*;
use crate::fake::{Fake, Step, http, http_answer, install_crypto};
use crate::{Class, DocSubType, DocType, Flaw, OpenShift, RegisterCheck, RegisteredDocument, RegistrarNumber};

const OPENED: &str = r#"{"NumFiscal":"9000000101","NumLocal":41,"OrderDateTime":"2026-03-05T09:00:01.1234567+02:00",
    "Offline":false,"ErrorCode":"Ok","ErrorMessage":null}"#;

fn open_shift() -> OpenShift {
    OpenShift {
        registrar: RegistrarNumber(4_000_999_001),
        testing: false,
        uid: Some(Uuid::new_v4()),
    }
}

async fn against(steps: Vec<Step>) -> (Fake, Exchange<RegisteredDocument, Error>) {
    let fake = Fake::start(steps).await;
    let exchange = fake.client(Auth::Stored).open_shift(&open_shift()).await;
    (fake, exchange)
}

#[tokio::test]
async fn a_refused_port_proves_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let exchange = Client::new(http(), url, Auth::Stored, Duration::from_secs(10))
        .open_shift(&open_shift())
        .await;
    let error = exchange.result.unwrap_err();
    assert!(matches!(error, Error::NotSent(_)), "{error:?}");
    assert_eq!(error.class(), Class::NotDone);
    assert_eq!((exchange.record.http_status, exchange.record.response), (None, None));
    assert_eq!(exchange.record.request["Command"], "OpenShift");
}

#[tokio::test]
async fn an_unknown_name_proves_that_nothing_was_sent() {
    let url = Url::parse("http://no-such-host.invalid/").unwrap();
    let exchange = Client::new(http(), url, Auth::Stored, Duration::from_secs(10))
        .open_shift(&open_shift())
        .await;
    assert!(matches!(exchange.result, Err(Error::NotSent(_))), "{exchange:?}");
}

#[tokio::test]
async fn an_address_nobody_can_post_to_proves_that_nothing_was_sent() {
    let url = Url::parse("ftp://127.0.0.1/").unwrap();
    let exchange = Client::new(http(), url, Auth::Stored, Duration::from_secs(10))
        .open_shift(&open_shift())
        .await;
    assert!(matches!(exchange.result, Err(Error::NotSent(_))), "{exchange:?}");
}

#[tokio::test]
async fn a_broken_or_stalled_tls_handshake_proves_that_nothing_was_sent() {
    for stalls in [false, true] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
        let peer = tokio::spawn(async move {
            let (socket, _) = listener.accept().await.unwrap();
            if stalls { Some((listener, socket)) } else { None }
        });
        install_crypto();
        let http = wire::http_builder()
            .connect_timeout(Duration::from_millis(50))
            .build()
            .unwrap();
        let exchange = Client::new(http, url, Auth::Stored, Duration::from_secs(10))
            .open_shift(&open_shift())
            .await;
        let held = peer.await.unwrap();
        assert!(
            matches!(exchange.result, Err(Error::NotSent(_))),
            "stalls: {stalls}, {exchange:?}"
        );
        assert_eq!(held.is_some(), stalls);
    }
}

#[tokio::test]
async fn what_may_have_reached_the_provider_is_unknown() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"NumFiscal\":\"90".to_vec();
    let half_head = b"HTTP/1.1 200 OK\r\nContent-Len".to_vec();
    let table = [
        ("close before reading", Step::CloseOnAccept, None),
        ("read, then close", Step::ReadThenClose, None),
        ("half a head", Step::AnswerThenClose(half_head), None),
        ("not HTTP", Step::AnswerThenClose(b"hello\r\n\r\n".to_vec()), None),
        ("half an answer", Step::AnswerThenClose(half), Some(200)),
    ];
    for (name, step, http_status) in table {
        let (fake, exchange) = against(vec![step, Step::Answer(http_answer(200, OPENED))]).await;
        let error = exchange.result.unwrap_err();
        assert!(matches!(error, Error::NoAnswer { .. }), "{name}: {error:?}");
        assert_eq!(error.class(), Class::Unknown, "{name}");
        assert_eq!(exchange.record.http_status, http_status, "{name}");
        assert!(!fake.is_done(), "{name}: the request was sent a second time");
        assert!(fake.bodies().len() <= 1, "{name}: {:?}", fake.bodies());
    }
}

#[tokio::test]
async fn silence_ends_at_the_time_limit_and_is_unknown() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{".to_vec();
    for step in [Step::ReadThenHang, Step::Answer(half)] {
        let fake = Fake::start([step.clone()]).await;
        let client = Client::new(http(), fake.url.clone(), Auth::Stored, Duration::from_millis(100));
        let exchange = client.open_shift(&open_shift()).await;
        let Err(Error::NoAnswer { waited, source }) = exchange.result else {
            panic!("{step:?}: {exchange:?}")
        };
        assert!(waited >= Duration::from_millis(100), "{waited:?}");
        assert!(exchange.record.duration >= waited);
        assert!(
            !format!("{source} {source:?}").contains(fake.url.host_str().unwrap()),
            "{source:?}"
        );
        assert_eq!(fake.bodies().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_trustworthy_is_unknown() {
    let table = [
        (500, "<html>500</html>", Flaw::Status),
        (502, "", Flaw::Status),
        (503, r#"{"ErrorCode":"ShiftNotOpened"}"#, Flaw::Status),
        (302, OPENED, Flaw::Status),
        (408, "", Flaw::Status),
        (200, "", Flaw::Empty),
        (200, " \r\n", Flaw::Empty),
        (200, "<html>", Flaw::NotJson),
        (200, r#"{"ErrorCode":"Ok","NumFiscal""#, Flaw::NotJson),
        (200, "[1]", Flaw::NotAnObject),
        (200, "null", Flaw::NotAnObject),
        (200, "{}", Flaw::NoErrorCode),
        (200, r#"{"ErrorCode":null}"#, Flaw::NoErrorCode),
        (200, r#"{"ErrorCode":"Ok"}"#, Flaw::MissingDocument),
        (400, OPENED, Flaw::OkWithFailureStatus),
    ];
    for (status, body, flaw) in table {
        let (fake, exchange) = against(vec![
            Step::Answer(http_answer(status, body)),
            Step::Answer(http_answer(200, OPENED)),
        ])
        .await;
        let error = exchange.result.unwrap_err();
        assert!(
            matches!(error, Error::BadAnswer { http_status, reason } if (http_status, reason) == (status, flaw)),
            "{status} {body}: {error:?}"
        );
        assert_eq!(error.class(), Class::Unknown);
        assert_eq!(exchange.record.http_status, Some(status));
        assert_eq!(fake.bodies().len(), 1, "{status} {body}: sent again");
    }
}

#[tokio::test]
async fn a_4xx_is_the_providers_code_if_it_has_one_and_http_refused_if_not() {
    let table = [
        (404, "<html>", Class::Misconfigured),
        (401, "", Class::Misconfigured),
        (429, "", Class::NotDone),
        (429, r#"{"ErrorCode":"InvalidTin"}"#, Class::NotDone),
        (400, r#"{"title":"Bad Request"}"#, Class::Misconfigured),
        (
            400,
            r#"{"ErrorCode":"DocumentValidationError"}"#,
            Class::DocumentRefused,
        ),
        (400, r#"{"ErrorCode":100}"#, Class::Unknown),
    ];
    for (status, body, class) in table {
        let (_, exchange) = against(vec![Step::Answer(http_answer(status, body))]).await;
        let error = exchange.result.unwrap_err();
        assert_eq!(error.class(), class, "{status} {body}: {error:?}");
    }
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut_off() {
    let endless = "x".repeat(MAX_ANSWER_BYTES + 1);
    let (_, exchange) = against(vec![Step::Answer(http_answer(200, &endless))]).await;
    assert!(matches!(
        exchange.result,
        Err(Error::BadAnswer {
            reason: Flaw::TooLarge,
            ..
        })
    ));
}

/// The server reads the second request on the reused connection and hangs up: it may have registered the document.
#[tokio::test]
async fn a_request_lost_on_a_reused_connection_is_unknown_and_is_not_sent_again() {
    let answer = || Step::Answer(http_answer(200, OPENED));
    let fake = Fake::start([answer(), Step::ReadThenClose, answer()]).await;
    let client = fake.client(Auth::Stored);
    client.open_shift(&open_shift()).await.result.unwrap();
    let error = client.open_shift(&open_shift()).await.result.unwrap_err();
    assert_eq!(error.class(), Class::Unknown, "{error:?}");
    assert_eq!(fake.bodies().len(), 2);
    assert!(!fake.is_done());
}

/// The server closes the idle connection at about the moment of the next request. Whoever wins, a request is sent at
/// most once, success means it was sent, and a loss is never called "not done".
#[tokio::test]
async fn an_idle_connection_the_server_closed_never_doubles_a_request() {
    const ROUNDS: usize = 100;
    let fake = Fake::start((0..ROUNDS * 2).map(|_| Step::AnswerThenClose(http_answer(200, OPENED)))).await;
    let client = fake.client(Auth::Stored);
    for _ in 0..ROUNDS {
        let request = open_shift();
        let uid = request.uid.unwrap().to_string();
        let exchange = client.open_shift(&request).await;
        let seen = fake.bodies().iter().filter(|body| body.contains(&uid)).count();
        match exchange.result {
            Ok(_) => assert_eq!(seen, 1),
            Err(error) => {
                assert_eq!(error.class(), Class::Unknown, "{error:?}");
                assert!(seen <= 1);
            }
        }
    }
    let bodies = fake.bodies();
    assert_eq!(
        bodies.iter().collect::<HashSet<_>>().len(),
        bodies.len(),
        "a request was sent twice"
    );
    assert!(!bodies.is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let fake = Fake::start([Step::Answer(http_answer(200, OPENED))]).await;
    let moved = format!("HTTP/1.1 307 X\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", fake.url);
    let (_, exchange) = against(vec![Step::Answer(moved.into())]).await;
    assert_eq!(exchange.result.unwrap_err().class(), Class::Unknown);
    assert!(fake.bodies().is_empty());
}

#[test]
fn debug_of_a_client_shows_no_address_secrets() {
    let url = Url::parse("https://canary:canary@till.example/canary?canary").unwrap();
    let auth = Auth::Keys {
        certificate: "canary".into(),
        private_key: "canary".into(),
        password: "canary".into(),
    };
    let client = Client::new(http(), url, auth, Duration::from_secs(20));
    assert_eq!(
        format!("{client:?}"),
        r#"Client { host: Some("till.example"), auth: Keys, timeout: 20s, .. }"#
    );
}

#[tokio::test]
async fn a_failed_call_keeps_its_request_for_the_record() {
    let fake = Fake::start([Step::ReadThenClose]).await;
    let check = crate::Check::new(crate::CheckHead::new(DocType::SaleGoods, DocSubType::CheckStorno));
    let request = RegisterCheck {
        registrar: RegistrarNumber(1),
        check,
        auto_open_shift: true,
        qr_size: None,
        visualization: None,
        storned_check: None,
        uid: None,
    };
    let exchange = fake
        .client(Auth::KeyPin("canary".into()))
        .register_check(&request)
        .await;
    assert!(fake.bodies()[0].contains("canary"));
    assert_eq!(
        exchange.record.request["Check"]["CHECKHEAD"]["DOCSUBTYPE"],
        "CheckStorno"
    );
    assert!(!format!("{exchange:?}").contains("canary"));
}

#[test]
fn a_call_may_be_spawned_on_any_thread() {
    fn sendable(future: impl Future + Send) {
        drop(future);
    }
    let url = Url::parse("http://127.0.0.1:1/").unwrap();
    let client = Client::new(http(), url, Auth::Stored, Duration::from_secs(1));
    sendable(client.open_shift(&open_shift()));
    sendable(client.objects());
}
