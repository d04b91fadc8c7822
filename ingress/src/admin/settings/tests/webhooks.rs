use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::MerchantId;
use ledger::people::Reach;
use ledger::settings::{WebhookFormat, WebhookKeys};
use secrecy::ExposeSecret as _;

use super::bed::{Bed, Page, baker, form, olena, page};
use super::keys::shown;
use crate::admin::settings::webhooks;
use crate::admin::visitor::Visitor;

const URL: &str = "https://shop.example/fiscal";
const THEIRS: &str = "canary-hook-of-theirs";

async fn add(bed: &Bed, fields: &[(&str, &str)]) -> Page {
    page(webhooks::new::add(State(bed.app.clone()), olena(), form(fields).await).await).await
}

async fn kept(bed: &Bed, merchant: &str) -> WebhookKeys {
    let merchant = MerchantId::parse(merchant).unwrap();
    let now = bed.app.ledger.now();
    bed.app.ledger.webhook(&merchant, URL, now).await.unwrap().unwrap()
}

fn secrets(keys: &WebhookKeys) -> Vec<&str> {
    keys.secrets.iter().map(|secret| secret.expose_secret()).collect()
}

#[tokio::test]
async fn a_webhook_is_kept_with_a_secret_of_ours_or_theirs_and_removed() {
    let bed = Bed::two_merchants().await;
    let made = add(&bed, &[("merchant", "flowers"), ("url", URL), ("secret", "")]).await;
    let secret = shown(&made);
    assert!(secret.starts_with("whsec_"), "{secret}");
    made.says("webhook-signature");
    assert_eq!(kept(&bed, "flowers").await.format, WebhookFormat::Receipt);
    let again = add(&bed, &[("merchant", "flowers"), ("url", URL), ("secret", THEIRS)]).await;
    assert_eq!(
        again.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a secret is not replaced by the way"
    );
    again.does_not_say(THEIRS);
    let event = [
        ("merchant", "bakery"),
        ("url", URL),
        ("secret", THEIRS),
        ("format", "event"),
    ];
    let theirs = add(&bed, &event).await;
    assert_eq!(
        (theirs.status, theirs.location.as_str()),
        (StatusCode::SEE_OTHER, "/settings?done=saved")
    );
    let keys = kept(&bed, "bakery").await;
    assert_eq!((keys.format, secrets(&keys)), (WebhookFormat::Event, vec![THEIRS]));

    let remove = async |who: Visitor| {
        let named = form(&[("merchant", "flowers"), ("url", URL)]).await;
        page(webhooks::remove::remove(State(bed.app.clone()), who, named).await)
            .await
            .status
    };
    assert_eq!(remove(baker()).await, StatusCode::NOT_FOUND);
    assert_eq!(remove(olena()).await, StatusCode::SEE_OTHER);
    let left = bed.app.ledger.shop_webhooks(&Reach::Everything).await.unwrap();
    assert_eq!(left.len(), 1);
}

#[tokio::test]
async fn what_could_not_be_sent_or_signed_is_refused() {
    let bed = Bed::two_merchants().await;
    for (url, secret, text) in [
        ("shop.example", THEIRS, "must begin with https://"),
        ("https://user:word@shop.example/", THEIRS, "no user and password"),
        (URL, "too-short", "16 characters at least"),
        (URL, "whsec_???", "Base64 must follow"),
    ] {
        let refused = add(&bed, &[("merchant", "flowers"), ("url", url), ("secret", secret)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{url} {secret}");
        refused.says(text).does_not_say(secret);
    }
    assert!(
        bed.app
            .ledger
            .shop_webhooks(&Reach::Everything)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_new_secret_is_shown_once_and_the_old_one_counts_for_a_day() {
    let bed = Bed::two_merchants().await;
    add(&bed, &[("merchant", "flowers"), ("url", URL), ("secret", THEIRS)]).await;
    let change = async |who: Visitor| {
        let named = form(&[("merchant", "flowers"), ("url", URL)]).await;
        page(webhooks::secret::change(State(bed.app.clone()), who, named).await).await
    };
    assert_eq!(change(baker()).await.status, StatusCode::NOT_FOUND);
    let changed = change(olena()).await;
    changed.says("For a day").does_not_say(THEIRS);
    let new = shown(&changed);
    let keys = kept(&bed, "flowers").await;
    assert_eq!(secrets(&keys), [new.as_str(), THEIRS]);
    let merchant = MerchantId::parse("flowers").unwrap();
    let tomorrow = bed
        .app
        .ledger
        .now()
        .plus(std::time::Duration::from_secs(24 * 3600 + 60));
    let later = bed.app.ledger.webhook(&merchant, URL, tomorrow).await.unwrap().unwrap();
    assert_eq!(secrets(&later), [new.as_str()]);
}

#[tokio::test]
async fn another_shape_leaves_the_secrets_as_they_are() {
    let bed = Bed::two_merchants().await;
    add(&bed, &[("merchant", "flowers"), ("url", URL), ("secret", THEIRS)]).await;
    let named = [("merchant", "flowers"), ("url", URL)];
    let rotated = webhooks::secret::change(State(bed.app.clone()), olena(), form(&named).await).await;
    let new = shown(&page(rotated).await);
    let change = async |who: Visitor, format: &str| {
        let fields = form(&[named[0], named[1], ("format", format)]).await;
        page(webhooks::format::change(State(bed.app.clone()), who, fields).await)
            .await
            .status
    };
    assert_eq!(change(baker(), "event").await, StatusCode::NOT_FOUND);
    assert_eq!(change(olena(), "xml").await, StatusCode::BAD_REQUEST);
    assert_eq!(change(olena(), "event").await, StatusCode::SEE_OTHER);
    let keys = kept(&bed, "flowers").await;
    assert_eq!(keys.format, WebhookFormat::Event);
    assert_eq!(secrets(&keys), [new.as_str(), THEIRS], "both still count");
}
