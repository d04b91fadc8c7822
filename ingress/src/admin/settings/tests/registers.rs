use axum::extract::State;
use axum::http::StatusCode;
use domain::tax::VatScheme;
use ledger::settings::{Credentials, Settings};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::bed::{Bed, Page, baker, form, named, olena, page, register, visitor};
use super::provider::{PIN, Provider, provider};
use crate::admin::settings::registers::{edit, new, save};
use crate::admin::visitor::Visitor;
use ledger::people::Reach;

/// A whole form, with some fields another way.
fn typed<'a>(base_url: &'a str, others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("merchant", "flowers"),
        ("id", "flowers-1"),
        ("provider", "cashalot"),
        ("base_url", base_url),
        ("number", ""),
        ("way", "key_pin"),
        ("key_pin", PIN),
        ("vat", "none"),
        ("close_at", "23:30"),
        ("refund_policy", "storno-first"),
    ];
    for (name, value) in others {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

async fn check(bed: &Bed, who: Visitor, fields: &[(&str, &str)]) -> Page {
    page(new::check(State(bed.app.clone()), who, form(fields).await).await).await
}

async fn check_known(bed: &Bed, who: Visitor, id: &str, fields: &[(&str, &str)]) -> Page {
    page(edit::check(State(bed.app.clone()), who, named(id), form(fields).await).await).await
}

async fn save_it(bed: &Bed, who: Visitor, fields: &[(&str, &str)]) -> Page {
    page(save::save(State(bed.app.clone()), who, form(fields).await).await).await
}

#[tokio::test]
async fn a_register_is_checked_shown_and_only_then_saved() {
    let (bed, (provider, url)) = (Bed::two_merchants().await, provider(&[4_000_999_001]).await);
    let checked = check(&bed, olena(), &typed(&url, &[])).await;
    assert_eq!(checked.status, StatusCode::OK);
    checked
        .says("All is well")
        .says("ФОП Приклад")
        .says("the key lies at Cashälot")
        .says("open, Касир")
        .does_not_say(PIN);
    assert_eq!(
        provider.asked(),
        ["ServerState", "Objects", "TransactionsRegistrarState"]
    );
    assert!(bed.register("flowers-1").await.is_none(), "nothing is saved by a check");

    let draft = checked.hidden("draft");
    let saved = save_it(&bed, olena(), &[("draft", &draft)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert_eq!(saved.location, "/settings/sources/new?register=flowers-1&done=saved");
    let register = bed.register("flowers-1").await.unwrap();
    assert_eq!(register.fiscal_number.to_string(), "4000999001");
    let Credentials::KeyPin(pin) = &register.credentials else {
        panic!("{register:?}");
    };
    assert_eq!(pin.expose_secret(), PIN);
    let again = save_it(&bed, olena(), &[("draft", &draft)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "a draft is saved once");
}

#[tokio::test]
async fn of_several_registers_one_is_chosen_and_the_pin_is_not_asked_again() {
    let (bed, (provider, url)) = (
        Bed::two_merchants().await,
        provider(&[4_000_999_001, 4_000_999_002]).await,
    );
    let first = check(&bed, olena(), &typed(&url, &[])).await;
    first.says("Choose a register below").does_not_say("Save the register");
    assert_eq!(provider.asked(), ["ServerState", "Objects"]);
    let draft = first.hidden("draft");
    let saved = save_it(&bed, olena(), &[("draft", &draft)]).await;
    assert_eq!(saved.status, StatusCode::CONFLICT, "nothing was chosen");

    let chosen = typed(&url, &[("number", "4000999002"), ("key_pin", ""), ("draft", &draft)]);
    let second = check(&bed, olena(), &chosen).await;
    second.says("Save the register").says("value=\"4000999002\" checked");
    save_it(&bed, olena(), &[("draft", &second.hidden("draft"))]).await;
    let register = bed.register("flowers-1").await.unwrap();
    assert_eq!(register.fiscal_number.to_string(), "4000999002");
}

#[tokio::test]
async fn a_refused_key_cannot_be_saved_and_keeps_what_was_typed() {
    let (bed, (_, url)) = (Bed::two_merchants().await, provider(&[4_000_999_001]).await);
    let fields = typed(&url, &[("key_pin", "canary-wrong"), ("close_at", "22:15")]);
    let refused = check(&bed, olena(), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused
        .says("The PIN is wrong.")
        .says("Невірний PIN")
        .says("value=\"22:15\"")
        .does_not_say("canary-wrong")
        .does_not_say("Save unchecked");
    let draft = refused.hidden("draft");
    for fields in [
        vec![("draft", draft.as_str())],
        vec![("draft", &draft), ("unchecked", "yes")],
    ] {
        assert_eq!(save_it(&bed, olena(), &fields).await.status, StatusCode::CONFLICT);
    }
    assert!(bed.register("flowers-1").await.is_none());
}

#[tokio::test]
async fn an_unreachable_provider_can_be_done_without_only_when_somebody_says_so() {
    let bed = Bed::two_merchants().await;
    let nowhere = "http://127.0.0.1:1/";
    let no_number = check(&bed, olena(), &typed(nowhere, &[])).await;
    no_number
        .says("Nobody answers")
        .says("fill in the fiscal number")
        .does_not_say("Save unchecked");

    let with = check(&bed, olena(), &typed(nowhere, &[("number", "4000999001")])).await;
    assert_eq!(with.status, StatusCode::UNPROCESSABLE_ENTITY);
    with.says("Save unchecked");
    let draft = with.hidden("draft");
    assert_eq!(
        save_it(&bed, olena(), &[("draft", &draft)]).await.status,
        StatusCode::CONFLICT
    );
    assert!(bed.register("flowers-1").await.is_none());
    let saved = save_it(&bed, olena(), &[("draft", &draft), ("unchecked", "yes")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert!(bed.register("flowers-1").await.is_some());
}

#[tokio::test]
async fn a_draft_is_of_no_use_to_another_session_or_out_of_reach() {
    let (bed, (_, url)) = (Bed::two_merchants().await, provider(&[4_000_999_001]).await);
    let draft = check(&bed, olena(), &typed(&url, &[])).await.hidden("draft");
    let other = visitor("petro", Reach::Everything);
    assert_eq!(
        save_it(&bed, other, &[("draft", &draft)]).await.status,
        StatusCode::CONFLICT
    );
    let mut narrowed = baker();
    narrowed.session.id = olena().session.id;
    assert_eq!(
        save_it(&bed, narrowed, &[("draft", &draft)]).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(bed.register("flowers-1").await.is_none());
}

#[tokio::test]
async fn every_problem_stands_at_its_field_and_nobody_is_asked() {
    let (bed, (provider, url)) = (Bed::two_merchants().await, provider(&[4_000_999_001]).await);
    let table: [(&[(&str, &str)], &str); 12] = [
        (&[("merchant", "nobody")], "Choose a merchant."),
        (&[("id", "моя каса")], "Only latin letters"),
        (&[("base_url", "fsapi.cashalot.org.ua")], "must begin with https://"),
        (&[("number", "40-1")], "It has only digits."),
        (&[("close_at", "25:00")], "written like 23:30"),
        (&[("refund_policy", "never")], "Choose one of those offered."),
        (
            &[
                ("vat", "letters"),
                ("letter-0", "А"),
                ("rate-0", "20"),
                ("default_letter", "Б"),
            ],
            "Б has no rate",
        ),
        (
            &[
                ("vat", "letters"),
                ("letter-0", "А"),
                ("rate-0", "120"),
                ("default_letter", "А"),
            ],
            "between 0 and 100",
        ),
        (&[("way", "")], "Choose a way to sign."),
        (&[("key_pin", "")], "Fill this in."),
        (
            &[("way", "keys"), ("@certificate", "a.cer:"), ("password", "p")],
            "The file is empty.",
        ),
        (
            &[
                ("way", "keys"),
                ("@certificate", "a.cer:0x"),
                ("@private_key", "key.txt:0x"),
                ("password", "p"),
            ],
            "A key container is",
        ),
    ];
    for (others, text) in table {
        let answer = check(&bed, olena(), &typed(&url, others)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{others:?}");
        answer.says(text);
    }
    assert_eq!(provider.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn an_id_or_number_that_is_taken_is_told_before_the_provider_is_asked() {
    let (bed, (provider, url)) = (Bed::two_merchants().await, provider(&[4_000_999_001]).await);
    let theirs = register(
        "bakery",
        "bakery-1",
        "4000999001",
        "http://127.0.0.1:1/",
        Credentials::Stored,
    );
    bed.apply(Settings {
        registers: vec![theirs],
        ..Settings::default()
    })
    .await;
    let id = check(&bed, olena(), &typed(&url, &[("id", "bakery-1")])).await;
    id.says("There is a register with this id already.");
    let number = check(&bed, olena(), &typed(&url, &[("number", "4000999001")])).await;
    number.says("A register with this number is added already.");
    assert_eq!(provider.asked(), Vec::<String>::new());
    let only = check(&bed, olena(), &typed(&url, &[])).await;
    only.says("added already").does_not_say("Save the register");
}

#[tokio::test]
async fn key_files_are_encoded_and_their_certificate_is_shown() {
    let (bed, (provider, url)) = (Bed::two_merchants().await, provider(&[4_000_999_001]).await);
    let files = [
        ("way", "keys"),
        ("@certificate", "key.cer:0cert-canary"),
        ("@private_key", "Key-6.dat:0key-canary"),
        ("password", " canary password "),
    ];
    let info = |until: &str| json!({"DtEnd": until, "Name": "Власник ключа", "Edrpou": "99999999", "ErrorCode": "Ok"});
    provider.answers("CertificateInfo", info("2020-01-01T00:00:00"));
    let expired = check(&bed, olena(), &typed(&url, &files)).await;
    expired
        .says("The certificate has expired.")
        .says("Власник ключа (99999999)")
        .does_not_say("Save the register");

    provider.answers("CertificateInfo", info("2099-01-01T00:00:00"));
    let good = check(&bed, olena(), &typed(&url, &files)).await;
    good.says("Власник ключа (99999999)")
        .says("days left")
        .does_not_say("canary password");
    save_it(&bed, olena(), &[("draft", &good.hidden("draft"))]).await;
    let saved = bed.register("flowers-1").await.unwrap();
    let Credentials::Keys {
        certificate, password, ..
    } = &saved.credentials
    else {
        panic!("{saved:?}");
    };
    assert_eq!(certificate.expose_secret(), "MGNlcnQtY2FuYXJ5");
    assert_eq!(password.expose_secret(), " canary password ", "exactly as typed");
}

/// A saved register at a provider.
async fn saved() -> (Bed, Provider, String) {
    let (bed, (provider, url)) = (Bed::two_merchants().await, provider(&[4_000_999_001]).await);
    let known = register(
        "flowers",
        "flowers-1",
        "4000999001",
        &url,
        Credentials::KeyPin(PIN.into()),
    );
    bed.apply(Settings {
        registers: vec![known],
        ..Settings::default()
    })
    .await;
    (bed, provider, url)
}

#[tokio::test]
async fn an_empty_secret_keeps_the_saved_one_and_it_never_goes_to_another_address() {
    let (bed, _, url) = saved().await;
    let fields = typed(
        &url,
        &[
            ("number", "4000999001"),
            ("key_pin", ""),
            ("vat", "letters"),
            ("letter-0", "а"),
            ("rate-0", "14,5"),
            ("default_letter", "А"),
            ("id", "other"),
        ],
    );
    let checked = check_known(&bed, olena(), "flowers-1", &fields).await;
    checked.says("All is well");
    save_it(&bed, olena(), &[("draft", &checked.hidden("draft"))]).await;
    let register = bed.register("flowers-1").await.unwrap();
    let Credentials::KeyPin(pin) = &register.credentials else {
        panic!("{register:?}");
    };
    assert_eq!(pin.expose_secret(), PIN);
    let VatScheme::Letters { rates, .. } = &register.vat else {
        panic!("{register:?}");
    };
    assert_eq!(
        rates.values().map(|rate| rate.basis_points()).collect::<Vec<_>>(),
        [1450]
    );
    assert!(bed.register("other").await.is_none(), "the id stays");

    let (thief, elsewhere) = provider(&[4_000_999_001]).await;
    let draft = check_known(&bed, olena(), "flowers-1", &fields).await.hidden("draft");
    for draft in ["", draft.as_str()] {
        let fields = typed(
            &elsewhere,
            &[("number", "4000999001"), ("key_pin", ""), ("draft", draft)],
        );
        let refused = check_known(&bed, olena(), "flowers-1", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("The address is another one");
        // Nor by way of a register that is at that address already, or of a new one.
        let fields = typed(&elsewhere, &[("id", "flowers-2"), ("key_pin", ""), ("draft", draft)]);
        check(&bed, olena(), &fields).await.says("Fill this in.");
    }
    assert!(!thief.saw(PIN));
    assert_eq!(thief.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_register_at_work_is_asked_only_while_nobody_writes_on_its_tape() {
    let (bed, provider, url) = saved().await;
    let fields = typed(&url, &[("number", "4000999001"), ("key_pin", "")]);
    let id = bed.register("flowers-1").await.unwrap().id;
    let long = std::time::Duration::from_secs(60);
    let lease = bed
        .app
        .ledger
        .acquire_lease(&id, "a worker", long)
        .await
        .unwrap()
        .unwrap();
    let busy = check_known(&bed, olena(), "flowers-1", &fields).await;
    assert_eq!(busy.status, StatusCode::UNPROCESSABLE_ENTITY);
    busy.says("The register is busy.").does_not_say("Save unchecked");
    assert_eq!(provider.asked(), ["ServerState", "Objects"], "its state was not asked");

    bed.app.ledger.release_lease(&lease).await.unwrap();
    check_known(&bed, olena(), "flowers-1", &fields)
        .await
        .says("All is well");
    let next = bed.app.ledger.acquire_lease(&id, "a worker", long).await.unwrap();
    assert!(next.is_some(), "the lease was given back");
}

#[tokio::test]
async fn another_merchants_register_is_not_there() {
    let (bed, _, url) = saved().await;
    let shown = page(edit::show(State(bed.app.clone()), baker(), named("flowers-1")).await).await;
    assert_eq!(shown.status, StatusCode::NOT_FOUND);
    let checked = check_known(&bed, baker(), "flowers-1", &typed(&url, &[])).await;
    assert_eq!(checked.status, StatusCode::NOT_FOUND);
    let foreign = check(&bed, baker(), &typed(&url, &[("id", "bakery-1")])).await;
    foreign.says("Choose a merchant.");
}

#[tokio::test]
async fn the_form_of_a_saved_register_shows_all_but_its_secret() {
    let (bed, _, url) = saved().await;
    let shown = page(edit::show(State(bed.app.clone()), olena(), named("flowers-1")).await).await;
    shown
        .says(&format!("value=\"{url}\""))
        .says("value=\"4000999001\"")
        .says("fingerprint <code>")
        .does_not_say(PIN);
}
