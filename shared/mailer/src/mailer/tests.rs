mod failures;
mod security;

use std::time::Duration;

use super::{MAX_LETTERS, Mailer, Times};
use crate::error::SendError;
use crate::fake::{Act, Fake};
use crate::letter::{Letter, bytes, tests::letter};
use crate::smtp_url::SmtpUrl;

/// Long enough for a busy machine; nothing that answers waits for it.
const PATIENT: Times = Times {
    connect: Duration::from_secs(20),
    command: Duration::from_secs(20),
    letter: Duration::from_secs(20),
};

fn mailer(url: &str, times: Times) -> Mailer {
    Mailer::new(&SmtpUrl::parse(url).unwrap(), times).unwrap()
}

fn plain(fake: &Fake) -> Mailer {
    mailer(&format!("smtp://127.0.0.1:{}?tls=none", fake.port), PATIENT)
}

/// Everything that an error may bring to a log.
fn whole_text(error: &SendError) -> String {
    let mut text = format!("{error:?} {error}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text} {error:?} {error}");
        source = error.source();
    }
    text
}

#[tokio::test]
async fn a_letter_arrives_byte_for_byte() {
    let fake = Fake::start(&[]).await;
    let mut letter = letter();
    letter.text = "a\r\n.\r\n..b\r\n.".to_owned();
    let sent = plain(&fake).send(&letter).await.unwrap();

    assert_eq!(
        sent.reply.to_string(),
        "250 2.0.0 Ok: queued as 4XyZ for o***@example.org"
    );
    let expected = bytes(&letter).unwrap();
    assert!(String::from_utf8(expected.clone()).unwrap().contains("\r\n.\r\n"));
    assert_eq!(fake.letters(), std::slice::from_ref(&expected));
    assert_eq!(
        fake.lines(),
        [
            "EHLO [127.0.0.1]".to_owned(),
            format!("MAIL FROM:<shop@example.com> SIZE={}", expected.len()),
            "RCPT TO:<olena.k@example.org>".to_owned(),
            "DATA".to_owned(),
        ]
    );
}

#[tokio::test]
async fn a_size_is_told_only_to_a_server_that_asks() {
    let fake = Fake::start(&[("EHLO", Act::Say("250 fake"))]).await;
    plain(&fake).send(&letter()).await.unwrap();
    assert!(fake.lines().contains(&"MAIL FROM:<shop@example.com>".to_owned()));
}

#[tokio::test]
async fn letters_share_a_connection() {
    let fake = Fake::start(&[]).await;
    let mailer = plain(&fake);
    for _ in 0..3 {
        mailer.clone().send(&letter()).await.unwrap();
    }
    assert_eq!((fake.connections(), fake.letters().len()), (1, 3));
    let resets = fake.lines().iter().filter(|line| *line == "RSET").count();
    assert_eq!(resets, 2);

    mailer.close().await;
    assert_eq!(fake.lines().last().unwrap(), "QUIT");
}

#[tokio::test]
async fn a_connection_is_given_up_after_many_letters() {
    let fake = Fake::start(&[]).await;
    let mailer = plain(&fake);
    for _ in 0..=MAX_LETTERS {
        mailer.send(&letter()).await.unwrap();
    }
    assert_eq!(fake.connections(), 2);
    assert!(fake.lines().contains(&"QUIT".to_owned()));
}

#[tokio::test]
async fn letters_at_the_same_time_do_not_wait_for_each_other() {
    let fake = Fake::start(&[]).await;
    let mailer = plain(&fake);
    let sends: Vec<_> = (0..8)
        .map(|_| {
            let mailer = mailer.clone();
            tokio::spawn(async move { mailer.send(&letter()).await.map(drop) })
        })
        .collect();
    for send in sends {
        send.await.unwrap().unwrap();
    }
    assert_eq!(fake.letters().len(), 8);
    assert!(mailer.0.idle.lock().unwrap().len() <= super::MAX_IDLE);
}

#[tokio::test]
async fn a_connection_that_died_while_idle_is_replaced_unnoticed() {
    let fake = Fake::start(&[("RSET", Act::HangUp)]).await;
    let mailer = plain(&fake);
    for _ in 0..3 {
        mailer.send(&letter()).await.unwrap();
    }
    assert_eq!((fake.connections(), fake.letters().len()), (3, 3));
}

#[tokio::test]
async fn a_refused_recipient_does_not_cost_the_connection() {
    let fake = Fake::start(&[("RCPT TO:<nobody", Act::Say("550 5.1.1 no such user"))]).await;
    let mailer = plain(&fake);
    let nobody = Letter {
        to: crate::Address::parse("nobody@example.org").unwrap(),
        ..letter()
    };
    mailer.send(&nobody).await.unwrap_err();
    mailer.send(&letter()).await.unwrap();
    assert_eq!((fake.connections(), fake.letters().len()), (1, 1));
}

#[tokio::test]
async fn a_server_that_is_closing_is_not_asked_again_on_the_same_connection() {
    let fake = Fake::start(&[("RCPT TO:<nobody", Act::Say("421 4.3.2 closing"))]).await;
    let mailer = plain(&fake);
    let nobody = Letter {
        to: crate::Address::parse("nobody@example.org").unwrap(),
        ..letter()
    };
    mailer.send(&nobody).await.unwrap_err();
    mailer.send(&letter()).await.unwrap();
    assert_eq!(fake.connections(), 2);
    assert!(!fake.lines().contains(&"RSET".to_owned()));
}

#[test]
fn the_whole_time_is_known_beforehand() {
    let times = Times {
        connect: Duration::from_secs(10),
        command: Duration::from_secs(5),
        letter: Duration::from_secs(60),
    };
    assert_eq!(times.all(), Duration::from_secs(10 + 4 * 5 + 60 + 1));
}
