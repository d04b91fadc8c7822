//! How a call fails, and what may be done then.

use std::time::Duration;

use tokio::net::TcpListener;
use url::Url;
use wire::Tokens;

use super::*;
use crate::fake::{Fake, api_token, http};
use crate::{AskPeriod, AskXReport, Class, Client, Error, Flaw, OpenShift};

fn to(url: Url, timeout: Duration) -> Client {
    Client::new(http(), url, api_token(), Tokens::default(), timeout)
}

#[tokio::test]
async fn a_refused_port_proves_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let exchange = to(url, Duration::from_secs(10)).register_check(&sale()).await;
    let error = exchange.result.unwrap_err();
    assert!(matches!(error, Error::NotSent(_)), "{error:?}");
    assert_eq!(error.class(), Class::NotDone);
    assert_eq!((exchange.record.http_status, exchange.record.response), (None, None));
    assert_eq!(exchange.record.request["local_number"], 90_017);
}

#[tokio::test]
async fn what_cannot_be_sent_at_all_is_our_mistake() {
    let ftp = to(Url::parse("ftp://127.0.0.1/").unwrap(), Duration::from_secs(10));
    let http_url = || Url::parse("http://127.0.0.1:1/").unwrap();
    let broken = crate::Credentials::ApiToken {
        token: "k".into(),
        developer_id: "two\nlines".to_owned(),
    };
    let header = Client::new(http(), http_url(), broken, Tokens::default(), Duration::from_secs(10));
    for client in [ftp, header] {
        let error = client.register_check(&sale()).await.result.unwrap_err();
        assert!(matches!(error, Error::NotSent(_)), "{error:?}");
        assert_eq!(error.class(), Class::Misconfigured);
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_after_sending_is_doubt_and_nothing_is_sent_again() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{".to_vec();
    let table = [
        ("hang up", Step::HangUp, None),
        ("not HTTP", Step::Raw(b"hello\r\n\r\n".to_vec()), None),
        ("half an answer", Step::Raw(half), Some(200)),
    ];
    for (name, step, http_status) in table {
        let fake = Fake::start(move |_| step.clone()).await;
        let exchange = fake.client().register_check(&sale()).await;
        let error = exchange.result.unwrap_err();
        assert!(matches!(error, Error::NoAnswer { .. }), "{name}: {error:?}");
        assert_eq!(error.class(), Class::Unknown, "{name}");
        assert_eq!(exchange.record.http_status, http_status, "{name}");
        assert_eq!(fake.seen().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn silence_ends_at_the_time_limit_and_is_doubt() {
    let fake = Fake::start(|_| Step::Hang).await;
    let client = to(fake.url.clone(), Duration::from_secs(60)).within(Duration::from_millis(100));
    let exchange = client.register_check(&sale()).await;
    let Err(Error::NoAnswer { waited, .. }) = exchange.result else {
        panic!("{exchange:?}")
    };
    assert!(waited >= Duration::from_millis(100), "{waited:?}");
    assert!(exchange.record.duration >= waited);
}

#[tokio::test]
async fn an_answer_that_says_nothing_trustworthy_is_doubt() {
    let other_number = SOLD.replace("90017", "90018");
    let other_register = SOLD.replace("4000000017", "4000000018");
    let other_kind = SOLD.replace("Z_SALE", "Z_RETURN");
    let table = [
        (500, r#"{"message":"Помилка","type":"ERROR"}"#, Flaw::Status),
        (502, "<html>", Flaw::Status),
        (302, SOLD, Flaw::Status),
        (408, "", Flaw::Status),
        (400, "<html>", Flaw::NoMessage),
        (400, "", Flaw::NoMessage),
        (400, "{}", Flaw::NoMessage),
        (200, "", Flaw::NotJson),
        (200, "<html>", Flaw::NotJson),
        (200, &SOLD[..100], Flaw::NotJson),
        (200, "[]", Flaw::NotJson),
        (200, "{}", Flaw::Missing("uuid")),
        (200, r#"{"message":"Помилка","type":"ERROR"}"#, Flaw::Missing("uuid")),
        (200, &other_number, Flaw::OtherDocument),
        (200, &other_register, Flaw::OtherDocument),
        (200, &other_kind, Flaw::OtherDocument),
    ];
    for (status, body, flaw) in table {
        let step = Step::Answer(status, body.to_owned());
        let fake = Fake::start(move |_| step.clone()).await;
        let exchange = fake.client().register_check(&sale()).await;
        let error = exchange.result.unwrap_err();
        assert!(
            matches!(error, Error::BadAnswer { http_status, reason } if (http_status, reason) == (status, flaw)),
            "{status} {body}: {error:?}"
        );
        assert_eq!(error.class(), Class::Unknown);
        assert_eq!(exchange.record.http_status, Some(status));
        assert_eq!(fake.seen().len(), 1, "{status} {body}: sent again");
    }
}

#[tokio::test]
async fn a_refusal_is_told_by_its_status_words_and_head() {
    let table = [
        (refused(400, "Зміна закрита"), Class::ShiftClosed),
        (refused(422, "Сума оплат не дорівнює сумі товарів"), Class::Refused),
        (refused(400, "Відсутній зв’язок з ДПС"), Class::TaxServiceAway),
        (refused(400, "Ключ касира відсутній"), Class::KeyAbsent),
        (refused(403, "x"), Class::Misconfigured),
        (Step::Answer(403, "<html>".to_owned()), Class::Misconfigured),
        (Step::Answer(404, "<html>".to_owned()), Class::Misconfigured),
        (Step::Answer(429, String::new()), Class::NotDone),
        (
            Step::Answer(422, r#"{"message":"Дані","errors":{"a":["b"]}}"#.to_owned()),
            Class::Refused,
        ),
        (
            Step::Answer(400, r#"{"errors":{"total_sum":["x"]}}"#.to_owned()),
            Class::Refused,
        ),
        (
            Step::InShift(400, r#"{"message":"Помилка 17"}"#.to_owned(), "false"),
            Class::ShiftClosed,
        ),
        (
            Step::InShift(400, r#"{"message":"Помилка 17"}"#.to_owned(), "true"),
            Class::Refused,
        ),
    ];
    for (step, class) in table {
        let told = format!("{step:?}");
        let fake = Fake::script([step]).await;
        let error = fake.client().register_check(&sale()).await.result.unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{told}: {error:?}");
        assert_eq!(error.class(), class, "{told}");
    }
}

#[tokio::test]
async fn a_refusal_keeps_its_words_short_its_level_and_the_shift() {
    let body = format!(
        r#"{{"message":"Зміна вже відкрита\n{}","type":"WARNING"}}"#,
        "x".repeat(900)
    );
    let fake = Fake::script([Step::InShift(400, body, "True")]).await;
    let error = fake
        .client()
        .open_shift(&OpenShift::new(NUM_FISCAL))
        .await
        .result
        .unwrap_err();
    assert_eq!(error.class(), Class::ShiftAlreadyOpen);
    let Error::Refused {
        message,
        level,
        shift_open,
        ..
    } = error
    else {
        panic!("{error:?}")
    };
    assert!(message.starts_with("Зміна вже відкритаx"), "{message}");
    assert_eq!(message.chars().count(), 300);
    assert_eq!((level, shift_open), (Some(crate::Level::Warning), Some(true)));
}

#[tokio::test]
async fn an_error_under_200_is_never_an_empty_report() {
    let warning = r#"{"message":"Є невідправлені чеки","type":"WARNING"}"#;
    let fake = Fake::start(move |_| ok(warning)).await;
    let client = fake.client();
    let x = client.x_report(&AskXReport::with_checks(NUM_FISCAL)).await;
    assert_eq!(x.result.unwrap_err().class(), Class::Refused);
    let day = jiff::civil::date(2026, 11, 21);
    let period = client.period_report(&AskPeriod::new(NUM_FISCAL, day, day)).await;
    assert_eq!(period.result.unwrap_err().class(), Class::QueueNotEmpty);
}

#[tokio::test]
async fn a_check_that_is_not_there_is_not_a_wrong_address() {
    let fake = Fake::start(|_| refused(404, "Чек не знайдено")).await;
    let error = fake.client().check_json("u").await.result.unwrap_err();
    assert_eq!(error.class(), Class::NotFound);
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut_off() {
    let endless = ok(&"x".repeat(super::super::MAX_ANSWER_BYTES + 1));
    let fake = Fake::start(move |_| endless.clone()).await;
    let exchange = fake.client().register_check(&sale()).await;
    let too_large = Flaw::TooLarge;
    assert!(
        matches!(exchange.result, Err(Error::BadAnswer { reason, .. }) if reason == too_large),
        "{exchange:?}"
    );
    assert_eq!(exchange.record.http_status, Some(200));
}
