//! A register at ATOL Online, of which only the login can be checked.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use ledger::people::Reach;
use ledger::settings::{Credentials, Provider};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::bed::{Bed, Page, form, named, olena, page, visitor};
use super::play::{Play, play};
use crate::admin::language::Language;
use crate::admin::settings::registers::{edit, new, save};

const PASSWORD: &str = "canary-password-0002";
const TOKEN: &str = "/possystem/v5/getToken";

/// An ATOL Online that takes every login.
async fn atol() -> (Play, String) {
    let (play, url) = play().await;
    play.answers(
        TOKEN,
        json!({"error": null, "token": "canary-token", "timestamp": "21.11.2026 10:00:00"}),
    );
    (play, format!("{url}/possystem/v5"))
}

/// A whole form, with some fields another way.
fn typed<'a>(base_url: &'a str, others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("merchant", "flowers"),
        ("id", "flowers-1"),
        ("provider", "atol-online"),
        ("base_url", base_url),
        ("number", "7"),
        ("way", "login"),
        ("login", "shop-login"),
        ("login_password", PASSWORD),
        ("option-group_code", "group_1"),
        ("option-protocol", "v5"),
        ("option-inn", "1234567890"),
        ("option-payment_address", "https://shop.example"),
        ("option-email", "shop@shop.example"),
        ("option-sno", "osn"),
        ("vat", "none"),
    ];
    for (name, value) in others {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

async fn check(bed: &Bed, fields: &[(&str, &str)]) -> Page {
    page(new::check(State(bed.app.clone()), olena(), form(fields).await).await).await
}

async fn check_known(bed: &Bed, fields: &[(&str, &str)]) -> Page {
    page(edit::check(State(bed.app.clone()), olena(), named("flowers-1"), form(fields).await).await).await
}

async fn save_it(bed: &Bed, draft: &str) -> Page {
    page(save::save(State(bed.app.clone()), olena(), form(&[("draft", draft)]).await).await).await
}

#[tokio::test]
async fn the_login_is_checked_and_what_cannot_be_checked_is_said() {
    let (bed, (play, url)) = (Bed::two_merchants().await, atol().await);
    let checked = check(&bed, &typed(&url, &[])).await;
    assert_eq!(checked.status, StatusCode::OK);
    checked
        .says("Not all is checked")
        .says("Group code, INN and the system of taxation cannot be checked without a receipt")
        .says("Save the register")
        .does_not_say("All is well")
        .does_not_say("Certificate")
        .does_not_say("Shift")
        .does_not_say(PASSWORD);
    let asked = play.asked();
    let [asked] = asked.as_slice() else {
        panic!("{asked:?}");
    };
    assert_eq!((asked.path.as_str(), asked.query.as_str()), (TOKEN, ""));
    assert!(asked.body.contains(PASSWORD) && asked.body.contains("shop-login"));
    let saved = save_it(&bed, &checked.hidden("draft")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let register = bed.register("flowers-1").await.unwrap();
    assert_eq!(register.provider, Provider::AtolOnline);
    assert_eq!(register.fiscal_number.to_string(), "7");
    assert_eq!(register.close_at, None);
    assert_eq!(register.option("group_code"), Some("group_1"));
    assert_eq!(register.option("sno"), Some("osn"));
    assert_eq!(register.option("buyer_contact"), None);
    let Credentials::Login { login, password } = &register.credentials else {
        panic!("{register:?}");
    };
    assert_eq!((login.as_str(), password.expose_secret()), ("shop-login", PASSWORD));
}

#[tokio::test]
async fn an_address_may_leave_out_its_version() {
    let (bed, (play, url)) = (Bed::two_merchants().await, atol().await);
    for base_url in [url.trim_end_matches("/v5"), &format!("{url}/")] {
        check(&bed, &typed(base_url, &[])).await.says("Save the register");
        assert_eq!(play.paths(), [TOKEN]);
    }
    check(&bed, &typed(&url, &[("option-protocol", "v4")]))
        .await
        .says("The version at the address's end is not the protocol's.");
    assert!(play.asked().is_empty());
}

#[tokio::test]
async fn each_trouble_is_told_in_both_languages_and_nothing_is_saved() {
    let refused = |code: i64| {
        let error = json!({"error_id": "e", "code": code, "text": format!("слова {code}"), "type": "system"});
        json!({"error": error, "timestamp": "21.11.2026 10:00:00"}).to_string()
    };
    let table = [
        (
            401,
            refused(12),
            "The login or the password is wrong.",
            "Логін чи пароль неправильні.",
        ),
        (
            403,
            refused(14),
            "ATOL Online has blocked this account.",
            "ATOL Online заблокував",
        ),
        (
            401,
            refused(21),
            "another version of the protocol",
            "за іншою версією протоколу",
        ),
        (400, refused(40), "ATOL Online refused.", "слова 40"),
        (
            500,
            refused(50),
            "ATOL Online gave no answer.",
            "ATOL Online не дав відповіді.",
        ),
        (
            502,
            String::new(),
            "ATOL Online gave no answer.",
            "ATOL Online не дав відповіді.",
        ),
        (
            429,
            String::new(),
            "ATOL Online gave no answer.",
            "ATOL Online не дав відповіді.",
        ),
        (
            404,
            String::new(),
            "This is not ATOL Online's address.",
            "За цією адресою не ATOL Online.",
        ),
        (
            302,
            String::new(),
            "This is not ATOL Online's address.",
            "За цією адресою не ATOL Online.",
        ),
        (
            200,
            "<html>".to_owned(),
            "This is not ATOL Online's address.",
            "За цією адресою не ATOL Online.",
        ),
    ];
    for (status, body, en, uk) in table {
        let (bed, (play, url)) = (Bed::two_merchants().await, atol().await);
        play.answers_with(TOKEN, StatusCode::from_u16(status).unwrap(), &body);
        let answer = check(&bed, &typed(&url, &[])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{status}");
        answer.says(en).does_not_say(PASSWORD).does_not_say("Save the register");
        let mut ukrainian = visitor("oksana", Reach::Everything);
        ukrainian.language = Language::Uk;
        let fields = form(&typed(&url, &[])).await;
        page(new::check(State(bed.app.clone()), ukrainian, fields).await)
            .await
            .says(uk);
        assert!(bed.register("flowers-1").await.is_none());
    }
}

#[tokio::test]
async fn what_others_have_is_neither_shown_nor_taken() {
    let (bed, (play, url)) = (Bed::two_merchants().await, atol().await);
    let uri: Uri = "/settings/registers/new?provider=atol-online&merchant=flowers"
        .parse()
        .unwrap();
    page(new::show(State(bed.app.clone()), olena(), uri).await)
        .await
        .says("https://online.atol.ru/possystem/v5")
        .says("First Kasyr checks login and password with ATOL Online")
        .says("Your own number of it, for people")
        .says("<option value=\"v5\" selected>")
        .does_not_say("name=\"close_at\"")
        .does_not_say("name=\"refund_policy\"")
        .does_not_say("KeyPin")
        .does_not_say("API key")
        .does_not_say("fiscal number")
        .does_not_say("20 %")
        .does_not_say("option-developer_id");
    let table: [(&[(&str, &str)], &str); 8] = [
        (&[("way", "api_token"), ("api_token", "1")], "Choose a way to sign."),
        (&[("number", "")], "Fill this in."),
        (&[("option-group_code", "")], "Fill this in."),
        (&[("option-inn", "12345")], "An INN has 10 or 12 digits."),
        (&[("option-inn", "12345678901234")], "Too long: 12 characters at most."),
        (&[("option-sno", "")], "The protocol v5 needs it."),
        (&[("option-sno", "none")], "Choose one of those offered."),
        (&[("option-protocol", "")], "Fill this in."),
    ];
    for (others, text) in table {
        let answer = check(&bed, &typed(&url, others)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{others:?}");
        answer.says(text).says("shop@shop.example");
    }
    assert!(play.asked().is_empty(), "nobody is asked about what is wrong");
}

#[tokio::test]
async fn options_are_shown_and_edited_and_a_busy_register_is_no_obstacle() {
    let (bed, (play, url)) = (Bed::two_merchants().await, atol().await);
    let checked = check(&bed, &typed(&url, &[])).await;
    save_it(&bed, &checked.hidden("draft")).await;
    let id = bed.register("flowers-1").await.unwrap().id;
    let long = std::time::Duration::from_secs(60);
    let lease = bed.app.ledger.acquire_lease(&id, "a worker", long).await.unwrap();
    assert!(lease.is_some());
    page(edit::show(State(bed.app.clone()), olena(), named("flowers-1")).await)
        .await
        .says("value=\"shop-login\"")
        .says("value=\"1234567890\"")
        .says("<option value=\"osn\" selected>")
        .does_not_say(PASSWORD);
    let fields = typed(
        &url,
        &[
            ("login_password", ""),
            ("option-email", "new@shop.example"),
            ("option-sno", "patent"),
        ],
    );
    let checked = check_known(&bed, &fields).await;
    checked.says("Save the register");
    save_it(&bed, &checked.hidden("draft")).await;
    let register = bed.register("flowers-1").await.unwrap();
    assert_eq!(register.option("email"), Some("new@shop.example"));
    assert_eq!(register.option("sno"), Some("patent"));
    play.asked();

    let (thief, elsewhere) = atol().await;
    check_known(&bed, &typed(&elsewhere, &[("login_password", "")]))
        .await
        .says("The address is another one");
    assert!(thief.asked().is_empty());
}

#[tokio::test]
async fn another_providers_draft_lends_it_no_secret() {
    let (bed, (play, url)) = (Bed::two_merchants().await, atol().await);
    let draft = check(&bed, &typed(&url, &[])).await.hidden("draft");
    play.asked();
    let others = [
        ("provider", "cashdesk"),
        ("login_password", ""),
        ("option-developer_id", "Квіти"),
        ("close_at", ""),
        ("draft", draft.as_str()),
    ];
    check(&bed, &typed(&url, &others)).await.says("Fill this in.");
    assert!(play.asked().is_empty());
}
