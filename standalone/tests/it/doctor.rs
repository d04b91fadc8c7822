//! `kasyr doctor` and `kasyr alerts`.

use domain::ids::MerchantId;
use ledger::alerts::{EVENT_CONFLICT, NewAlert, Severity, Words};

use crate::shop::Shop;

#[tokio::test]
async fn a_healthy_shop_needs_nobody() {
    let shop = Shop::start().await;
    shop.kasyr(&["doctor"])
        .await
        .expect(0, &["Cashälot answers", "has not looked at it yet", "All is well."]);
    let licence = shop.cashalot.now() + jiff::SignedDuration::from_hours(100 * 24);
    shop.cashalot.set_licence(crate::shop::NUMBER, Some(licence));
    shop.kasyr(&["cash-in", "flowers-1", "100", "--key", "k"])
        .await
        .expect(0, &[]);
    shop.kasyr(&["doctor"]).await.expect(
        0,
        &[
            "its shift is open since",
            "the law allows it until",
            "0 of 2160 in this session, 0 of 10080 this month",
            "every document is at the tax service",
            "! until when its key is valid was not told (a key kept at the provider",
            "✔ the provider's licence is valid until",
            "documents: 0 due, 0 in doubt, 0 on hold",
            "All is well.",
        ],
    );
    // It passes by itself.
    shop.cashalot.set_fsko(false);
    shop.kasyr(&["doctor"])
        .await
        .expect(0, &["! Cashälot answers, the tax service does not"]);
}

#[tokio::test]
async fn an_alert_needs_a_person_until_somebody_knows_of_it() {
    let shop = Shop::start().await;
    shop.kasyr(&["alerts"]).await.expect(0, &["Nothing needs a person."]);
    let ledger = shop.ledger().await;
    let mut alert = NewAlert {
        kind: "shift_closing",
        subject: "flowers-1".to_owned(),
        severity: Severity::Critical,
        merchant: Some(MerchantId::parse("flowers").unwrap()),
        register: Some(Shop::register()),
        text: Words::new("It is broken.", "Зламано."),
        next_step: Words::new("Mend it.", "Полагодьте."),
    };
    ledger.raise_alert(&alert, ledger.now()).await.unwrap();
    alert.kind = EVENT_CONFLICT;
    alert.register = None;
    alert.text.en = "It came twice.".to_owned();
    ledger.raise_alert(&alert, ledger.now()).await.unwrap();
    shop.kasyr(&["doctor"]).await.expect(
        1,
        &[
            "Something needs a person:",
            "✘ flowers-1: It is broken.",
            "✘ alerts: It came twice.",
            "→ Mend it.",
        ],
    );
    for alert in ledger.open_alerts(None).await.unwrap() {
        shop.kasyr(&["alerts"]).await.expect(0, &[&alert.id, "→ Mend it."]);
        shop.kasyr(&["alerts", "ack", &alert.id])
            .await
            .expect(0, &["acknowledged"]);
    }
    shop.kasyr(&["doctor"])
        .await
        .expect(0, &["! It is broken. (known to command line)"]);
    let listed = shop.kasyr(&["alerts"]).await;
    listed.expect(0, &["It is broken.", "known to command line"]);
    assert!(!listed.said.contains("It came twice."));
    shop.kasyr(&["alerts", "--all"])
        .await
        .expect(0, &["It came twice.", ", closed "]);
}

#[tokio::test]
async fn a_provider_that_is_away_needs_a_person() {
    let shop = Shop::without_provider().await;
    shop.kasyr(&["doctor"]).await.expect(
        1,
        &[
            "flowers-1: Cashälot cannot be reached",
            "→ check base_url and the network",
        ],
    );
}
