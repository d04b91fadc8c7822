//! TLS and signing in.

use super::*;
use crate::error::Class;
use crate::fake::{Script, TlsAt};
use crate::stage::Stage;
use crate::tls::SetupError;

const SIGN_IN: &str = "AUTH PLAIN AHJvYm90AHNlY3JldA==";

/// `rest` begins after the port.
fn trusting(fake: &Fake, before: &str, parameters: &str) -> Mailer {
    let ca = fake.ca.display();
    mailer(&format!("{before}:{}?ca={ca}{parameters}", fake.port), PATIENT)
}

#[tokio::test]
async fn a_password_is_sent_only_after_starttls() {
    let fake = Fake::with_tls(TlsAt::Starttls, &[]).await;
    trusting(&fake, "smtp://robot:secret@localhost", "")
        .send(&letter())
        .await
        .unwrap();
    let hello = "EHLO [127.0.0.1]";
    assert_eq!(fake.lines()[..4], [hello, "STARTTLS", hello, SIGN_IN]);
    assert_eq!(fake.letters().len(), 1);
}

#[tokio::test]
async fn tls_from_the_start_needs_no_starttls() {
    let fake = Fake::with_tls(TlsAt::Start, &[]).await;
    trusting(&fake, "smtps://robot:secret@127.0.0.1", "&hello=kasyr.example.com")
        .send(&letter())
        .await
        .unwrap();
    assert_eq!(fake.lines()[..2], ["EHLO kasyr.example.com", SIGN_IN]);
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_gets_nothing() {
    let fake = Fake::with_tls(TlsAt::Starttls, &[]).await;
    let other = Fake::with_tls(TlsAt::Starttls, &[]).await;
    for parameters in ["", "&tls=opportunistic"] {
        // Vouched for is the other one.
        let ca = other.ca.display();
        let url = format!("smtp://robot:secret@localhost:{}?ca={ca}{parameters}", fake.port);
        let error = mailer(&url, PATIENT).send(&letter()).await.unwrap_err();
        assert!(matches!(error, SendError::Tls(_)), "{error:?}");
        assert_eq!(error.class(), Class::NotSent);
    }
    assert!(
        !fake
            .lines()
            .iter()
            .any(|line| line.starts_with("AUTH") || line.starts_with("MAIL"))
    );
}

#[tokio::test]
async fn without_an_offer_of_tls_nothing_is_sent_where_it_is_required() {
    let fake = Fake::start(&[]).await;
    let error = trusting(&fake, "smtp://localhost", "")
        .send(&letter())
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::NoTls), "{error:?}");
    assert_eq!(error.class(), Class::BadConfiguration);
    assert_eq!(fake.lines(), ["EHLO [127.0.0.1]"]);
}

#[tokio::test]
async fn without_an_offer_of_tls_a_password_stays_here_unless_the_server_is_this_machine() {
    let fake = Fake::start(&[]).await;
    // Leads to this machine, and is not one of its loopback names.
    let error = trusting(&fake, "smtp://robot:secret@0.0.0.0", "&tls=opportunistic")
        .send(&letter())
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::PasswordInClear), "{error:?}");
    assert_eq!(error.class(), Class::BadConfiguration);
    assert_eq!(fake.lines(), ["EHLO [127.0.0.1]"]);

    trusting(&fake, "smtp://robot:secret@localhost", "&tls=opportunistic")
        .send(&letter())
        .await
        .unwrap();
}

#[tokio::test]
async fn what_was_said_in_clear_behind_starttls_is_not_believed() {
    let script: Script = &[("STARTTLS", Act::Say("220 go ahead\r\n250 this came from somebody else"))];
    let fake = Fake::with_tls(TlsAt::Starttls, script).await;
    let error = trusting(&fake, "smtp://robot:secret@localhost", "")
        .send(&letter())
        .await
        .unwrap_err();
    assert!(
        matches!(error, SendError::Nonsense { stage: Stage::StartTls }),
        "{error:?}"
    );
    assert_eq!(error.class(), Class::NotSent);
}

#[tokio::test]
async fn a_server_with_auth_login_alone_is_signed_in_to() {
    let fake = Fake::start(&[("EHLO", Act::Say("250-fake\r\n250 auth=login xoauth2"))]).await;
    let mailer = mailer(
        &format!("smtp://robot:secret@127.0.0.1:{}?tls=none", fake.port),
        PATIENT,
    );
    mailer.send(&letter()).await.unwrap();
    assert_eq!(fake.lines()[1..4], ["AUTH LOGIN", "cm9ib3Q=", "c2VjcmV0"]);
}

#[tokio::test]
async fn a_refused_password_is_a_matter_of_settings_and_never_shown() {
    let cases: [(Script, Class); 4] = [
        (
            &[("AUTH", Act::Say("535 5.7.8 robot: bad credentials AHJvYm90AHNlY3JldA"))],
            Class::BadConfiguration,
        ),
        (&[("AUTH", Act::Say("454 4.7.0 robot: later"))], Class::NotSent),
        (&[("AUTH", Act::HangUp)], Class::NotSent),
        (&[("EHLO", Act::Say("250 fake"))], Class::BadConfiguration),
    ];
    for (script, class) in cases {
        let fake = Fake::start(script).await;
        let mailer = mailer(
            &format!("smtp://robot:secret@127.0.0.1:{}?tls=none", fake.port),
            PATIENT,
        );
        let error = mailer.send(&letter()).await.unwrap_err();
        assert_eq!(error.class(), class, "{script:?}");
        let text = whole_text(&error);
        assert!(
            !text.contains("robot") && !text.contains("secret") && !text.contains("NlY3Jl"),
            "{text}"
        );
        let shown = format!("{mailer:?}");
        assert!(!shown.contains("robot") && !shown.contains("secret"), "{shown}");
    }
}

#[test]
fn a_file_of_certificates_must_hold_some() {
    let folder = std::env::temp_dir();
    let file = folder.join(format!("mailer-empty-{}.pem", std::process::id()));
    std::fs::write(&file, "no certificate").unwrap();
    let make = |path: &str| {
        Mailer::new(
            &SmtpUrl::parse(&format!("smtps://localhost?ca={path}")).unwrap(),
            PATIENT,
        )
    };
    let empty = make(file.to_str().unwrap()).unwrap_err();
    std::fs::remove_file(&file).unwrap();
    assert!(matches!(empty, SetupError::CaEmpty { .. }), "{empty:?}");
    let missing = make("/nowhere/ca.pem").unwrap_err();
    assert!(matches!(missing, SetupError::CaUnreadable { .. }), "{missing:?}");
}
