mod shop;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use standardwebhooks::Webhook;

use super::*;
use crate::verdict::Verdict;
use shop::{Act, Shop};

const BODY: &[u8] = "{\"name\":\"Зошит\"}".as_bytes();
const OLD: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const NEW: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn hooks(private_addresses: PrivateAddresses, timeout: Duration) -> Hooks {
    // A second test finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Hooks::new(Policy {
        private_addresses,
        connect_timeout: timeout,
        timeout,
    })
    .unwrap()
}

/// Long enough for a busy machine; nothing that answers waits for it.
const PATIENT: Duration = Duration::from_secs(20);

fn patient() -> Hooks {
    hooks(PrivateAddresses::Allowed, PATIENT)
}

/// Now, for the verifier looks at its own clock.
fn hook() -> Hook {
    let now = jiff::Timestamp::now().as_second();
    let secrets = [NEW.into(), OLD.into()];
    Hook::signed(&secrets, "msg_1", now, Bytes::from_static(BODY)).unwrap()
}

fn endpoint(text: &str) -> Endpoint {
    Endpoint::parse(text).unwrap()
}

/// Everything that an error may bring to a log.
fn whole_text(error: &PostError) -> String {
    let mut text = format!("{error:?} {error}");
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text} {error:?} {error}");
        source = error.source();
    }
    text
}

#[tokio::test]
async fn an_independent_verifier_accepts_what_arrives() {
    let shop = Shop::start(Act::Answer("204 No Content", "", "")).await;
    let result = patient().post(&endpoint(&shop.url("/fiscal?key=1")), &hook()).await;
    assert_eq!(Verdict::of(&result), Verdict::Done);

    let request = shop.request();
    assert!(
        request.head.starts_with("POST /fiscal?key=1 HTTP/1.1\r\n"),
        "{}",
        request.head
    );
    assert_eq!(request.body, BODY);
    let mut headers = HeaderMap::new();
    for line in request.head.lines().skip(1) {
        let (name, value) = line.split_once(": ").unwrap();
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
    }
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["webhook-id"], "msg_1");
    for secret in [OLD, NEW] {
        Webhook::new(secret).unwrap().verify(BODY, &headers).unwrap();
    }
    let other = Webhook::new("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA==").unwrap();
    other.verify(BODY, &headers).unwrap_err();
    Webhook::new(OLD).unwrap().verify(b"{}", &headers).unwrap_err();
}

#[tokio::test]
async fn answers_are_judged() {
    let trouble = |seconds: Option<u64>| Verdict::EndpointTrouble {
        retry_after: seconds.map(Duration::from_secs),
    };
    for (status, header, verdict) in [
        ("200 OK", "", Verdict::Done),
        ("410 Gone", "", Verdict::Gone),
        ("422 Unprocessable Content", "", Verdict::RefusedThis),
        ("429 Too Many Requests", "retry-after: 30\r\n", trouble(Some(30))),
        ("503 Service Unavailable", "retry-after: x\r\n", trouble(None)),
    ] {
        let shop = Shop::start(Act::Answer(status, header, "canary")).await;
        let result = patient().post(&endpoint(&shop.url("/")), &hook()).await;
        assert_eq!(Verdict::of(&result), verdict, "{status}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Shop::start(Act::Answer("200 OK", "", "")).await;
    let header: &'static str = Box::leak(format!("location: {}\r\n", elsewhere.url("/")).into_boxed_str());
    for status in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let shop = Shop::start(Act::Answer(status, header, "")).await;
        let result = patient().post(&endpoint(&shop.url("/")), &hook()).await;
        assert_eq!(Verdict::of(&result), Verdict::Redirected, "{status}");
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn an_answer_without_an_end_is_an_answer() {
    for act in [Act::AnswerForever, Act::AnswerHalf] {
        let shop = Shop::start(act).await;
        let result = patient().post(&endpoint(&shop.url("/")), &hook()).await;
        assert_eq!(Verdict::of(&result), Verdict::Done);
    }
}

#[tokio::test]
async fn not_more_than_the_beginning_of_an_answer_is_read() {
    let shop = Shop::start(Act::AnswerForever).await;
    let response = patient().http.post(shop.url("/")).body("{}").send().await.unwrap();
    // It has no end of its own.
    tokio::time::timeout(PATIENT / 4, pass_over(response)).await.unwrap();
}

#[tokio::test]
async fn without_an_answer_the_endpoint_is_in_trouble() {
    let trouble = Verdict::EndpointTrouble { retry_after: None };

    let shop = Shop::start(Act::HangUp).await;
    let result = patient().post(&endpoint(&shop.url("/canary?canary=1")), &hook()).await;
    assert!(matches!(result, Err(PostError::Lost(_))), "{result:?}");
    assert_eq!(Verdict::of(&result), trouble);
    assert!(!whole_text(&result.unwrap_err()).contains("canary"));

    let shop = Shop::start(Act::StaySilent).await;
    let hasty = hooks(PrivateAddresses::Allowed, Duration::from_millis(500));
    let result = hasty.post(&endpoint(&shop.url("/canary?canary=1")), &hook()).await;
    assert!(matches!(result, Err(PostError::Silent { .. })), "{result:?}");
    assert_eq!(Verdict::of(&result), trouble);
    assert!(!whole_text(&result.unwrap_err()).contains("canary"));

    let nobody = shop::nobody().await;
    for url in [
        format!("http://{nobody}/canary?canary=1"),
        // Not TLS on the other side.
        Shop::start(Act::HangUp)
            .await
            .url("/canary?canary=1")
            .replace("http:", "https:"),
    ] {
        let result = patient().post(&endpoint(&url), &hook()).await;
        assert!(matches!(result, Err(PostError::Connect(_))), "{result:?}");
        assert_eq!(Verdict::of(&result), trouble);
        assert!(!whole_text(&result.unwrap_err()).contains("canary"));
    }
}

#[tokio::test]
async fn private_addresses_are_refused_before_anything_is_sent() {
    let shop = Shop::start(Act::Answer("200 OK", "", "")).await;
    let port = shop.port();
    let hooks = hooks(PrivateAddresses::Refused, PATIENT);
    for host in [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "10.0.0.1",
        "169.254.169.254",
        "[fd00::1]",
    ] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}/canary");
            let result = hooks.post(&endpoint(&url), &hook()).await;
            assert!(matches!(result, Err(PostError::PrivateAddress)), "{url}: {result:?}");
            assert_eq!(Verdict::of(&result), Verdict::NotAllowed);
        }
    }
    assert_eq!(shop.connections(), 0);

    let allowed = patient()
        .post(&endpoint(&format!("http://localhost:{port}/")), &hook())
        .await;
    assert_eq!(Verdict::of(&allowed), Verdict::Done);
}
