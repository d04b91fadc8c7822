//! `kasyr admin`.

use ledger::people::{Reach, Role};
use secrecy::{ExposeSecret as _, SecretString};

use crate::shop::{Ended, Shop};

fn token(ended: &Ended) -> SecretString {
    let (_, rest) = ended.said.split_once("http://127.0.0.1:8081/welcome/").unwrap();
    rest.split_whitespace().next().unwrap().to_owned().into()
}

#[tokio::test]
async fn an_administrator_is_made_listed_and_gets_another_link() {
    let shop = Shop::start().await;
    shop.kasyr(&["admin", "list"]).await.expect(0, &["kasyr admin create"]);
    let made = shop
        .kasyr(&[
            "admin",
            "create",
            "--login",
            "Olena",
            "--name",
            "Олена",
            "--language",
            "en",
        ])
        .await;
    made.expect(0, &["olena is an administrator now.", "once, until"]);
    let ledger = shop.ledger().await;
    let user = ledger.invitation(&token(&made), ledger.now()).await.unwrap().unwrap();
    assert_eq!(
        (user.login.as_str(), user.name.as_str(), user.language.as_str()),
        ("olena", "Олена", "en")
    );
    assert_eq!((user.role, &user.reach), (Role::Administrator, &Reach::Everything));
    shop.kasyr(&["admin", "list"]).await.expect(
        0,
        &["olena  Олена  administrator, every merchant, has not chosen a password yet"],
    );

    shop.kasyr(&["admin", "create", "--login", "olena"])
        .await
        .expect(1, &["kasyr admin reset olena"]);
    shop.kasyr(&["admin", "create", "--login", "two words"])
        .await
        .expect(1, &["cannot be a login"]);
    shop.kasyr(&["admin", "reset", "ivan"])
        .await
        .expect(1, &["There is no user \"ivan\""]);

    let code = "canary".to_owned().into();
    ledger
        .set_totp(&user.id, Some(&code), "test", ledger.now())
        .await
        .unwrap();
    let again = shop.kasyr(&["admin", "reset", "OLENA"]).await;
    again.expect(
        0,
        &["olena is signed out everywhere.", "The second step at sign-in is off"],
    );
    assert_ne!(token(&made).expose_secret(), token(&again).expose_secret());
    let works = async |ended: &Ended| {
        let found = ledger.invitation(&token(ended), ledger.now()).await.unwrap();
        found.map(|user| (user.login, user.has_totp))
    };
    assert_eq!(works(&made).await, None, "the link before it");
    assert_eq!(works(&again).await, Some(("olena".to_owned(), false)));
}
