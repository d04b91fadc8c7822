//! `AUTH PLAIN` and `AUTH LOGIN`.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::*;

fn config() -> Config {
    let user = User {
        name: "каса".to_owned(),
        password: "canary-password".to_owned(),
    };
    Config {
        user: Some(user),
        ..Config::default()
    }
}

fn plain(name: &str, password: &str) -> String {
    STANDARD.encode(format!("\0{name}\0{password}"))
}

#[tokio::test]
async fn who_has_not_signed_in_sends_nothing() {
    let bed = Bed::with(config()).await;
    let mut client = bed.client().await;
    assert!(client.say("EHLO me").await.1.contains(&"AUTH PLAIN LOGIN".to_owned()));
    assert_eq!(client.send(&["a@b.example"], "one").await, 530);
    let wrong = plain("каса", "guess");
    assert_eq!(client.code(&format!("AUTH PLAIN {wrong}")).await, 535);
    assert_eq!(client.send(&["a@b.example"], "one").await, 530);
    let right = plain("каса", "canary-password");
    assert_eq!(client.code(&format!("AUTH PLAIN {right}")).await, 235);
    assert_eq!(client.code(&format!("AUTH PLAIN {right}")).await, 503);
    assert_eq!(client.send(&["a@b.example"], "one").await, 250);
    assert_eq!(bed.mailbox.messages()[0].user.as_deref(), Some("каса"));
    let said = format!("{:?}", bed.mailbox.dialogues());
    assert!(!said.contains(&right) && said.contains("C: AUTH PLAIN ***"), "{said}");
}

#[tokio::test]
async fn credentials_may_be_asked_for() {
    let bed = Bed::with(config()).await;
    let name = STANDARD.encode("каса");
    let password = STANDARD.encode("canary-password");
    let mut client = bed.client().await;
    assert_eq!(client.say("AUTH PLAIN").await, (334, vec![String::new()]));
    assert_eq!(client.code(&plain("каса", "canary-password")).await, 235);
    let mut client = bed.client().await;
    assert_eq!(client.say("AUTH LOGIN").await, (334, vec!["VXNlcm5hbWU6".to_owned()]));
    assert_eq!(client.say(&name).await, (334, vec!["UGFzc3dvcmQ6".to_owned()]));
    assert_eq!(client.code(&password).await, 235);
    let mut client = bed.client().await;
    assert_eq!(client.code(&format!("AUTH LOGIN {name}")).await, 334);
    assert_eq!(client.code("*").await, 501);
    assert_eq!(client.code("AUTH PLAIN nonsense!").await, 501);
    assert_eq!(client.code("AUTH CRAM-MD5").await, 504);
    assert_eq!(client.code("NOOP").await, 250);
    let said = format!("{:?}", bed.mailbox.dialogues());
    assert!(!said.contains(&password), "{said}");
}

#[tokio::test]
async fn the_right_password_can_be_refused_too() {
    let bed = Bed::with(config()).await;
    let mut client = bed.faulty(FaultKind::answer(Step::Auth, 535)).await;
    let right = plain("каса", "canary-password");
    assert_eq!(client.code(&format!("AUTH PLAIN {right}")).await, 535);
    assert_eq!(client.code(&format!("AUTH PLAIN {right}")).await, 235);
}
