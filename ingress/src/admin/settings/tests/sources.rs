use axum::extract::State;
use axum::http::{StatusCode, Uri};
use domain::event::Fact;
use domain::ids::SourceId;
use ledger::settings::{Credentials, Provider, ReceiptMaker, Register, Settings, Source};
use secrecy::ExposeSecret as _;
use std::time::Duration;
use tokio::net::TcpListener;

use super::bed::{Bed, Page, baker, form, named, olena, page, register};
use crate::admin::settings::sources::{edit, new, test};
use crate::{IngressConfig, router};

const SECRET: &str = "canary-payment-key";

fn typed<'a>(others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("id", "flowers-fondy"),
        ("kind", "fondy"),
        ("register", "flowers-1"),
        ("account", "77"),
        ("secret", SECRET),
        ("api_url", "https://pay.fondy.eu"),
        ("confirm", "yes"),
        ("on_mismatch", "hold"),
    ];
    for (name, value) in others {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

async fn with_registers(bed: Bed) -> Bed {
    let till = |merchant: &str, id: &str, number: &str| {
        register(merchant, id, number, "http://127.0.0.1:1/", Credentials::Stored)
    };
    bed.apply(Settings {
        merchants: vec![super::bed::merchant("flowers"), super::bed::merchant("bakery")],
        registers: vec![
            till("flowers", "flowers-1", "4000999001"),
            till("bakery", "bakery-1", "4000999002"),
            Register {
                provider: Provider::CashDesk,
                ..till("flowers", "flowers-desk", "4000999003")
            },
        ],
        ..Settings::default()
    })
    .await;
    bed
}

async fn add(bed: &Bed, fields: &[(&str, &str)]) -> Page {
    page(new::add(State(bed.app.clone()), olena(), form(fields).await).await).await
}

async fn find(bed: &Bed) -> Option<Source> {
    let id = SourceId::parse("flowers-fondy").unwrap();
    bed.app.ledger.source(&id).await.unwrap()
}

#[tokio::test]
async fn who_makes_the_receipts_is_chosen_and_stays_when_nobody_says_otherwise() {
    let bed = with_registers(Bed::empty().await).await;
    add(&bed, &typed(&[])).await;
    assert_eq!(find(&bed).await.unwrap().makes_receipts, ReceiptMaker::Kasyr);
    let save = async |others: &[(&str, &str)]| {
        let fields = form(&typed(others)).await;
        let saved = edit::change(State(bed.app.clone()), olena(), named("flowers-fondy"), fields);
        page(saved.await).await
    };
    save(&[("mode", "gateway-fiscalizes")]).await;
    assert_eq!(find(&bed).await.unwrap().makes_receipts, ReceiptMaker::Gateway);
    // An earlier version's form, still open.
    save(&[]).await;
    assert_eq!(find(&bed).await.unwrap().makes_receipts, ReceiptMaker::Gateway);
    let refused = save(&[("mode", "nobody")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shown = edit::show(
        State(bed.app.clone()),
        olena(),
        named("flowers-fondy"),
        Uri::from_static("/x"),
    );
    page(shown.await)
        .await
        .says("each payment gets two receipts")
        .says("<option value=\"gateway-fiscalizes\" selected");
}

#[tokio::test]
async fn a_source_is_added_changed_and_its_secret_stays_unless_another_is_given() {
    let bed = with_registers(Bed::empty().await).await;
    let added = add(&bed, &typed(&[])).await;
    assert_eq!(added.location, "/settings/sources/flowers-fondy/edit?done=saved");
    let source = find(&bed).await.unwrap();
    assert_eq!(
        (source.merchant.as_str(), source.gateway_merchant_id(), source.confirm),
        ("flowers", Some(77), true)
    );

    let shown = edit::show(
        State(bed.app.clone()),
        olena(),
        named("flowers-fondy"),
        Uri::from_static("/x?done=saved"),
    );
    let shown = page(shown.await).await;
    shown
        .says("Saved.")
        .says("http://127.0.0.1:8080/callbacks/flowers-fondy")
        .says("Send a test")
        .does_not_say(SECRET)
        .does_not_say("bakery-1");

    let mut fields = typed(&[("secret", ""), ("account", "78"), ("id", "other")]);
    fields.retain(|(name, _)| *name != "confirm");
    let changed = edit::change(
        State(bed.app.clone()),
        olena(),
        named("flowers-fondy"),
        form(&fields).await,
    );
    assert_eq!(page(changed.await).await.status, StatusCode::SEE_OTHER);
    let source = find(&bed).await.unwrap();
    assert_eq!((source.account.as_str(), source.confirm), ("78", false));
    assert_eq!(source.secret.expose_secret(), SECRET);
    assert_eq!(bed.app.ledger.sources().await.unwrap().len(), 1, "the id stays");
}

async fn change(bed: &Bed, fields: &[(&str, &str)]) -> Page {
    let answer = edit::change(
        State(bed.app.clone()),
        olena(),
        named("flowers-fondy"),
        form(fields).await,
    );
    page(answer.await).await
}

async fn show(bed: &Bed) -> Page {
    let uri = Uri::from_static("/x");
    page(edit::show(State(bed.app.clone()), olena(), named("flowers-fondy"), uri).await).await
}

#[tokio::test]
async fn a_changed_key_leaves_the_one_before_for_as_long_as_was_chosen() {
    let bed = with_registers(Bed::empty().await).await;
    add(&bed, &typed(&[])).await;
    show(&bed).await.does_not_say("are believed until");
    change(
        &bed,
        &typed(&[("secret", "another canary"), ("old_secret_hours", "48")]),
    )
    .await;
    let shown = show(&bed).await;
    shown.says("are believed until").does_not_say("canary");
    let source = find(&bed).await.unwrap();
    let old = source.secret_before.unwrap();
    assert_eq!((old.secret.expose_secret(), source.old_secret_hours), (SECRET, 48));
    // Somebody else has learnt the old one: it ends now, although the new one stays.
    change(&bed, &typed(&[("secret", ""), ("old_secret_hours", "0")])).await;
    show(&bed).await.does_not_say("are believed until");
    let source = find(&bed).await.unwrap();
    assert_eq!(source.secret.expose_secret(), "another canary");
    assert!(source.secret_before.is_none());
    for wrong in ["721", "-1", "a day"] {
        let refused = change(&bed, &typed(&[("old_secret_hours", wrong)])).await;
        refused.says("from 0 to 720").does_not_say("canary");
    }
}

#[tokio::test]
async fn the_page_keeps_what_it_does_not_ask_and_the_list_it_does() {
    let bed = with_registers(Bed::empty().await).await;
    add(&bed, &typed(&[("allowed_addresses", "54.154.216.60, 10.1.2.3/8")])).await;
    let mut source = find(&bed).await.unwrap();
    source.technical = true;
    source.makes_receipts = ReceiptMaker::Gateway;
    bed.apply(Settings {
        sources: vec![source],
        ..Settings::default()
    })
    .await;
    show(&bed).await.says("54.154.216.60 10.0.0.0/8").says("3.75.125.89");
    change(&bed, &typed(&[("allowed_addresses", "")])).await;
    let source = find(&bed).await.unwrap();
    assert!(source.allowed_addresses.is_empty());
    assert_eq!((source.technical, source.makes_receipts), (true, ReceiptMaker::Gateway));
}

#[tokio::test]
async fn every_problem_of_a_source_stands_at_its_field() {
    let bed = with_registers(Bed::empty().await).await;
    add(&bed, &typed(&[])).await;
    let table: [(&str, &str, &str); 10] = [
        ("id", "flowers-fondy", "There is such a source already."),
        ("id", "", "Fill this in."),
        ("kind", "stripe", "Choose one of those offered."),
        ("register", "nowhere", "Choose one of those offered."),
        ("account", "+77", "has only digits"),
        ("account", "99999999999999999999", "has only digits"),
        ("secret", "", "Fill this in."),
        ("api_url", "pay.fondy.eu", "must begin with https://"),
        ("on_mismatch", "shrug", "Choose one of those offered."),
        (
            "allowed_addresses",
            "54.154.216.60 fondy.eu",
            "Only IP addresses or networks",
        ),
    ];
    for (field, value, text) in table {
        let answer = add(&bed, &typed(&[("id", "another"), (field, value)])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        answer.says(text).does_not_say(SECRET);
    }
    assert_eq!(bed.app.ledger.sources().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_public_test_merchant_is_refused_in_production() {
    let config = IngressConfig {
        production: true,
        ..IngressConfig::default()
    };
    let bed = with_registers(Bed::with(config).await).await;
    let refused = add(&bed, &typed(&[("account", "1396424")])).await;
    refused.says("refused in production");
    assert!(find(&bed).await.is_none());
}

#[tokio::test]
async fn another_merchants_source_and_register_are_not_there() {
    let bed = with_registers(Bed::empty().await).await;
    add(&bed, &typed(&[])).await;
    let app = || State(bed.app.clone());
    let tried = page(test::send(app(), baker(), named("flowers-fondy")).await).await;
    assert_eq!(tried.status, StatusCode::NOT_FOUND);
    let changed = edit::change(app(), baker(), named("flowers-fondy"), form(&typed(&[])).await).await;
    assert_eq!(page(changed).await.status, StatusCode::NOT_FOUND);
    let foreign = new::add(app(), baker(), form(&typed(&[("id", "mine")])).await).await;
    page(foreign).await.says("Choose one of those offered.");
    let moved = edit::change(
        app(),
        olena(),
        named("flowers-fondy"),
        form(&typed(&[("register", "bakery-1")])).await,
    );
    page(moved.await).await.says("Choose one of those offered.");
}

/// Kasyr itself, or something else, at its public address.
async fn at_public_address(router: impl FnOnce(&Bed) -> axum::Router) -> (Bed, Page) {
    at_public_address_with(&[], router).await
}

async fn at_public_address_with(others: &[(&str, &str)], router: impl FnOnce(&Bed) -> axum::Router) -> (Bed, Page) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let config = IngressConfig {
        public_url: Some(format!("http://{}", listener.local_addr().unwrap())),
        ..IngressConfig::default()
    };
    let bed = with_registers(Bed::with(config).await).await;
    add(&bed, &typed(others)).await;
    let router = router(&bed);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let sent = page(test::send(State(bed.app.clone()), olena(), named("flowers-fondy")).await).await;
    (bed, sent)
}

#[tokio::test]
async fn a_test_callback_arrives_fits_and_leads_to_nothing_however_often() {
    let (bed, sent) = at_public_address(|bed| router(bed.app.clone())).await;
    sent.says("Answered 200 in").says("kasyr-test-flowers-fondy");
    let again = page(test::send(State(bed.app.clone()), olena(), named("flowers-fondy")).await).await;
    again.says("Answered 200 in");
    let later = ledger::wall_clock().plus(Duration::from_secs(60));
    let events = bed.app.ledger.due_events(later, Duration::ZERO, 10).await.unwrap();
    assert_eq!(events.len(), 1, "a hundred tests leave one line");
    let event = bed.app.ledger.pending_event(events[0]).await.unwrap().unwrap().event;
    assert!(matches!(event.fact, Fact::Nothing { .. }), "{:?}", event.fact);
    assert_eq!(bed.app.ledger.open_alerts(None).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_test_arrives_at_every_kind_of_source() {
    for (kind, account, text) in [
        ("liqpay", "i12345678901", "Answered 200 in"),
        ("wayforpay", "flowers_com_ua", "Answered 200 in"),
        ("monobank", "", "It can be reached"),
    ] {
        let others = [("kind", kind), ("account", account)];
        let (bed, sent) = at_public_address_with(&others, |bed| router(bed.app.clone())).await;
        sent.says(text);
        let later = ledger::wall_clock().plus(Duration::from_secs(60));
        for id in bed.app.ledger.due_events(later, Duration::ZERO, 10).await.unwrap() {
            let event = bed.app.ledger.pending_event(id).await.unwrap().unwrap().event;
            assert!(matches!(event.fact, Fact::Nothing { .. }), "{kind}: {:?}", event.fact);
        }
    }
}

#[tokio::test]
async fn each_kind_has_its_own_address_and_rules() {
    let bed = with_registers(Bed::empty().await).await;
    let liqpay = typed(&[("kind", "liqpay"), ("account", "i12345678901")]);
    assert_eq!(add(&bed, &liqpay).await.status, StatusCode::SEE_OTHER);
    let source = find(&bed).await.unwrap();
    assert_eq!(
        (source.account.as_str(), source.api_url.as_str()),
        ("i12345678901", "https://www.liqpay.ua")
    );
    let shown = edit::show(
        State(bed.app.clone()),
        olena(),
        named("flowers-fondy"),
        Uri::from_static("/x"),
    );
    page(shown.await).await.says("server_url").does_not_say(SECRET);
    for (others, text) in [
        (vec![("kind", "liqpay"), ("account", "")], "An account's name"),
        (vec![("kind", "wayforpay"), ("account", "a;b")], "An account's name"),
        (
            vec![("kind", "monobank"), ("account", ""), ("confirm", "")],
            "names no merchant",
        ),
    ] {
        let others = [others, vec![("id", "another")]].concat();
        let mut fields = typed(&others);
        fields.retain(|(name, value)| *name != "confirm" || !value.is_empty());
        let answer = add(&bed, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{others:?}");
        answer.says(text);
    }
}

#[tokio::test]
async fn a_test_callback_that_does_not_arrive_says_what_to_do() {
    let (_, moved) = at_public_address(|_| {
        let redirect = || async { (StatusCode::MOVED_PERMANENTLY, [("location", "https://127.0.0.1:1/")]) };
        axum::Router::new().fallback(redirect)
    })
    .await;
    moved.says("Redirected 301").says("do not follow redirects");
    for (status, text) in [
        (StatusCode::BAD_REQUEST, "did not accept the signature"),
        (StatusCode::FORBIDDEN, "without a password"),
        (StatusCode::NOT_FOUND, "no such source at this address"),
        (StatusCode::BAD_GATEWAY, "The server failed"),
        (StatusCode::IM_A_TEAPOT, "somebody else is at this address"),
        (StatusCode::NO_CONTENT, "somebody else is at this address"),
    ] {
        let (_, refused) =
            at_public_address(move |_| axum::Router::new().fallback(move || async move { status })).await;
        refused.says(&format!("Refused {}", status.as_u16())).says(text);
    }
    let config = IngressConfig {
        public_url: Some("http://127.0.0.1:1".to_owned()),
        ..IngressConfig::default()
    };
    let bed = with_registers(Bed::with(config).await).await;
    add(&bed, &typed(&[])).await;
    let away = page(test::send(State(bed.app.clone()), olena(), named("flowers-fondy")).await).await;
    away.says("Not reached").says("KASYR_PUBLIC_URL").does_not_say(SECRET);
}

fn notices<'a>(others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("kind", "cashdesk"),
        ("register", "flowers-desk"),
        ("account", ""),
        ("secret", ""),
    ];
    typed(&[&usual, others].concat())
}

#[tokio::test]
async fn the_address_of_a_providers_notices_is_shown_whole_once_where_kasyr_made_its_secret() {
    let bed = with_registers(Bed::empty().await).await;
    let added = add(&bed, &notices(&[])).await;
    let source = find(&bed).await.unwrap();
    let secret = source.secret.expose_secret();
    assert_eq!((secret.len(), source.confirm, source.api_url.as_str()), (43, true, ""));
    added.says(&format!("http://127.0.0.1:8080/callbacks/flowers-fondy/{secret}"));
    show(&bed)
        .await
        .says("http://127.0.0.1:8080/callbacks/flowers-fondy/SECRET")
        .says("set on")
        .does_not_say(secret);
    // Unticked, and with what another kind left standing.
    let mut fields = notices(&[("api_url", "https://pay.fondy.eu")]);
    fields.retain(|(name, _)| *name != "confirm");
    assert_eq!(change(&bed, &fields).await.status, StatusCode::SEE_OTHER);
    let changed = find(&bed).await.unwrap();
    assert_eq!((changed.confirm, changed.api_url.as_str()), (true, ""));
    assert_eq!(changed.secret.expose_secret(), secret);
}

#[tokio::test]
async fn a_typed_secret_of_notices_must_fit_into_an_address_and_is_not_shown() {
    let bed = with_registers(Bed::empty().await).await;
    for (field, value, text) in [
        ("secret", "short-canary", "at least 16 latin letters"),
        ("secret", "canary/canary/canary", "at least 16 latin letters"),
        ("account", "77", "leave the field empty"),
        ("register", "flowers-1", "choose a register that works through it"),
    ] {
        let answer = add(&bed, &notices(&[("secret", "canary-path-secret"), (field, value)])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        answer.says(text).does_not_say("canary");
    }
    let added = add(&bed, &notices(&[("secret", "canary-path-secret")])).await;
    assert_eq!(added.location, "/settings/sources/flowers-fondy/edit?done=saved");
    show(&bed).await.does_not_say("canary");
    // A payment key that is no secret for an address cannot become one.
    change(&bed, &typed(&[("secret", "a payment key")])).await;
    let refused = change(&bed, &notices(&[])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
