//! What each failure tells about the letter.

use super::*;
use crate::error::Class;
use crate::fake::Script;
use crate::stage::Stage;

/// Waited for in full, so only where nothing answers.
const HASTY: Duration = Duration::from_secs(1);

/// More than all buffers between the two hold, so that the last dot cannot have been sent while nobody reads.
fn large_letter() -> Letter {
    let mut large = letter();
    large.attachments[0].bytes = vec![7; 24 << 20];
    large
}

async fn failure(script: Script, times: Times, letter: &Letter) -> SendError {
    let fake = Fake::start(script).await;
    let mailer = mailer(&format!("smtp://127.0.0.1:{}?tls=none", fake.port), times);
    mailer.send(letter).await.unwrap_err()
}

#[tokio::test]
async fn refusals_are_classed_where_they_happen() {
    const ECHO: &str = "550 5.1.1 <olena.k@example.org>: no mailbox of OLENA.K here";
    let cases: [(Script, Class); 12] = [
        (&[("GREETING", Act::Say("421 4.3.2 busy"))], Class::NotSent),
        (
            &[("GREETING", Act::Say("554 5.3.2 no service"))],
            Class::BadConfiguration,
        ),
        (&[("EHLO", Act::Say("550 who are you?"))], Class::BadConfiguration),
        (
            &[("MAIL", Act::Say("530 5.7.0 sign in first"))],
            Class::BadConfiguration,
        ),
        (&[("MAIL", Act::Say("451 4.3.0 later"))], Class::NotSent),
        (&[("RCPT", Act::Say(ECHO))], Class::BadAddress { code: 550 }),
        (
            &[("RCPT", Act::Say("450 4.2.0 <olena.k@example.org> greylisted"))],
            Class::NotSent,
        ),
        (
            &[("RCPT", Act::Say("554 5.7.1 olena.k@example.org: relay access denied"))],
            Class::BadConfiguration,
        ),
        (
            &[("DATA", Act::Say("554 5.5.1 no valid recipients"))],
            Class::RefusedForGood { code: 554 },
        ),
        (
            &[(
                ".",
                Act::Say("552-5.3.4 too large\r\n552 5.3.4 for olena.k@example.org"),
            )],
            Class::RefusedForGood { code: 552 },
        ),
        (&[(".", Act::Say("451 4.3.0 later"))], Class::NotSent),
        (&[(".", Act::Say("421 4.3.0 closing"))], Class::NotSent),
    ];
    for (script, class) in cases {
        let error = failure(script, PATIENT, &letter()).await;
        assert!(matches!(error, SendError::Refused { .. }), "{script:?}: {error:?}");
        assert_eq!(error.class(), class, "{script:?}");
        let text = whole_text(&error).to_lowercase();
        assert!(!text.contains("olena"), "{text}");
    }
}

#[tokio::test]
async fn a_lost_connection_leaves_the_letter_unknown_only_after_its_last_dot() {
    let cases: [(Script, Stage); 6] = [
        (&[("GREETING", Act::HangUp)], Stage::Greeting),
        (&[("EHLO", Act::HangUp)], Stage::Hello),
        (&[("MAIL", Act::HangUp)], Stage::Sender),
        (&[("RCPT", Act::HangUp)], Stage::Recipient),
        (&[("DATA", Act::HangUp)], Stage::Data),
        (&[(".", Act::HangUp)], Stage::Answer),
    ];
    for (script, expected) in cases {
        let error = failure(script, PATIENT, &letter()).await;
        assert!(
            matches!(error, SendError::Lost { stage, .. } if stage == expected),
            "{script:?}: {error:?}"
        );
        let class = if expected == Stage::Answer {
            Class::Unknown
        } else {
            Class::NotSent
        };
        assert_eq!(error.class(), class, "{script:?}");
    }
}

#[tokio::test]
async fn a_connection_lost_within_the_letter_means_that_it_was_not_sent() {
    let error = failure(&[("BODY", Act::HangUp)], PATIENT, &large_letter()).await;
    assert!(
        matches!(
            error,
            SendError::Lost {
                stage: Stage::Letter,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(error.class(), Class::NotSent);
}

#[tokio::test]
async fn a_silent_server_is_given_up_and_the_letter_unknown_only_after_its_last_dot() {
    let connect = Times {
        connect: HASTY,
        ..PATIENT
    };
    let command = Times {
        command: HASTY,
        ..PATIENT
    };
    let answer = Times {
        letter: HASTY,
        ..PATIENT
    };
    let cases: [(Script, Times, Stage); 6] = [
        (&[("GREETING", Act::StaySilent)], connect, Stage::Greeting),
        (&[("EHLO", Act::StaySilent)], connect, Stage::Hello),
        (&[("MAIL", Act::StaySilent)], command, Stage::Sender),
        (&[("RCPT", Act::StaySilent)], command, Stage::Recipient),
        (&[("DATA", Act::StaySilent)], command, Stage::Data),
        (&[(".", Act::StaySilent)], answer, Stage::Answer),
    ];
    let tries = cases.map(|(script, times, expected)| {
        tokio::spawn(async move { (script, expected, failure(script, times, &letter()).await) })
    });
    for one in tries {
        let (script, expected, error) = one.await.unwrap();
        assert!(
            matches!(error, SendError::Silent { stage, .. } if stage == expected),
            "{script:?}: {error:?}"
        );
        let class = if expected == Stage::Answer {
            Class::Unknown
        } else {
            Class::NotSent
        };
        assert_eq!(error.class(), class, "{script:?}");
    }
}

#[tokio::test]
async fn a_server_that_stops_reading_has_not_got_the_letter() {
    let error = failure(
        &[("BODY", Act::StaySilent)],
        Times {
            letter: HASTY,
            ..PATIENT
        },
        &large_letter(),
    )
    .await;
    assert!(
        matches!(
            error,
            SendError::Silent {
                stage: Stage::Letter,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(error.class(), Class::NotSent);
}

#[tokio::test]
async fn answers_without_meaning_are_not_guessed() {
    let cases: [(Script, Stage); 5] = [
        (&[("GREETING", Act::Say("HTTP/1.1 400 Bad Request"))], Stage::Greeting),
        (&[("RCPT", Act::Say("olena.k@example.org? yes!"))], Stage::Recipient),
        (&[("DATA", Act::Say("250 ok"))], Stage::Data),
        (&[(".", Act::Say("354 go on"))], Stage::Answer),
        (&[(".", Act::Say("olena.k@example.org has it"))], Stage::Answer),
    ];
    for (script, expected) in cases {
        let error = failure(script, PATIENT, &letter()).await;
        assert!(
            matches!(error, SendError::Nonsense { stage } if stage == expected),
            "{script:?}: {error:?}"
        );
        let class = if expected == Stage::Answer {
            Class::Unknown
        } else {
            Class::NotSent
        };
        assert_eq!(error.class(), class, "{script:?}");
        assert!(!whole_text(&error).contains("olena"));
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_has_not_got_the_letter() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mailer = mailer(&format!("smtp://127.0.0.1:{port}?tls=none"), PATIENT);
    let error = mailer.send(&letter()).await.unwrap_err();
    assert!(matches!(error, SendError::Connect(_)), "{error:?}");
    assert_eq!(error.class(), Class::NotSent);
}

#[tokio::test]
async fn a_letter_that_cannot_be_written_reaches_nobody() {
    let fake = Fake::start(&[]).await;
    let bad = Letter {
        message_id: "none".to_owned(),
        ..letter()
    };
    let error = plain(&fake).send(&bad).await.unwrap_err();
    assert_eq!((error.class(), fake.connections()), (Class::BadLetter, 0));
}
