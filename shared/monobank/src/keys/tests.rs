use wire::CallbackError;

use super::{KeyError, Keys, PAUSE_MS};
use crate::client::peer::bank;
use crate::webhook::messages::{Bank, paid};

fn key(bank: &Bank) -> (u16, String) {
    (200, format!(r#"{{"key":"{}"}}"#, bank.key()))
}

#[tokio::test]
async fn a_key_is_fetched_once_and_again_when_it_changed() {
    let (old, new) = (Bank::new(), Bank::new());
    let (client, asked) = bank(vec![key(&old), key(&new)]).await;
    let keys = Keys::default();
    let body = paid().to_string();
    for now in [0, 1, 2] {
        let opened = keys.open(&client, body.as_bytes(), Some(&old.sign(&body)), now).await;
        assert_eq!(opened.unwrap().invoice_id, "p2_9ZgpZVsl3");
    }
    let opened = keys
        .open(&client, body.as_bytes(), Some(&new.sign(&body)), PAUSE_MS)
        .await;
    assert!(opened.is_ok());
    assert_eq!(asked.await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_flood_of_wrong_signatures_is_one_question() {
    let (genuine, stranger) = (Bank::new(), Bank::new());
    let (client, asked) = bank(vec![key(&genuine), key(&genuine)]).await;
    let keys = Keys::default();
    let body = paid().to_string();
    let forged = stranger.sign(&body);
    for now in 0..100 {
        let opened = keys.open(&client, body.as_bytes(), Some(&forged), now).await;
        let refused = matches!(opened, Err(KeyError::Callback(CallbackError::WrongSignature)));
        assert!(refused, "{opened:?}");
    }
    // The flood does not keep genuine ones out, and some time later the bank is asked once more.
    let opened = keys
        .open(&client, body.as_bytes(), Some(&genuine.sign(&body)), 101)
        .await;
    assert!(opened.is_ok());
    let _ = keys.open(&client, body.as_bytes(), Some(&forged), PAUSE_MS).await;
    assert_eq!(asked.await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_bank_that_is_away_is_not_asked_for_each_webhook() {
    let genuine = Bank::new();
    let (client, asked) = bank(vec![(500, String::new()), key(&genuine)]).await;
    let keys = Keys::default();
    let body = paid().to_string();
    let sign = genuine.sign(&body);
    let opened = keys.open(&client, body.as_bytes(), Some(&sign), 0).await;
    assert!(matches!(opened, Err(KeyError::NoKey(_))), "{opened:?}");
    let opened = keys.open(&client, body.as_bytes(), Some(&sign), 1).await;
    assert!(matches!(opened, Err(KeyError::TooSoon)), "{opened:?}");
    assert!(keys.open(&client, body.as_bytes(), Some(&sign), PAUSE_MS).await.is_ok());
    assert_eq!(asked.await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_webhook_without_a_signature_asks_nobody() {
    let (client, asked) = bank(vec![]).await;
    let opened = Keys::default().open(&client, b"{}", None, 0).await;
    assert!(matches!(
        opened,
        Err(KeyError::Callback(CallbackError::MissingSignature))
    ));
    assert!(asked.await.unwrap().is_empty());
}
