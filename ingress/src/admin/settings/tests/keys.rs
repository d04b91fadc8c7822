use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use ledger::people::Reach;
use tower::ServiceExt as _;

use super::bed::{Bed, Page, baker, form, olena, page};
use crate::admin::settings::api_keys;
use crate::admin::visitor::Visitor;
use crate::router;

async fn add(bed: &Bed, who: Visitor, fields: &[(&str, &str)]) -> Page {
    page(api_keys::new::add(State(bed.app.clone()), who, form(fields).await).await).await
}

/// What an order's look-up answers to this key.
async fn used(bed: &Bed, key: &str) -> StatusCode {
    let request = Request::get("/v1/orders/none").header("authorization", format!("Bearer {key}"));
    let request = request.body(Body::empty()).unwrap();
    router(bed.app.clone()).oneshot(request).await.unwrap().status()
}

pub fn shown(page: &Page) -> String {
    let (_, rest) = page.html.split_once("data-copy=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_key_is_shown_once_works_and_stops_when_it_is_revoked() {
    let bed = Bed::two_merchants().await;
    let fields = [("merchant", "flowers"), ("id", "shop"), ("scope-receipts", "yes")];
    let added = add(&bed, olena(), &fields).await;
    assert_eq!(added.status, StatusCode::OK);
    let key = shown(&added);
    assert_eq!(key.len(), 43);
    assert_eq!(
        used(&bed, &key).await,
        StatusCode::NOT_FOUND,
        "known, and there is no such order"
    );
    let twice = add(&bed, olena(), &fields).await;
    twice.says("There is a key of this name already.").does_not_say(&key);

    let revoke = async |who: Visitor| {
        let named = form(&[("merchant", "flowers"), ("id", "shop")]).await;
        page(api_keys::revoke::revoke(State(bed.app.clone()), who, named).await)
            .await
            .status
    };
    assert_eq!(revoke(baker()).await, StatusCode::NOT_FOUND);
    assert_eq!(used(&bed, &key).await, StatusCode::NOT_FOUND, "it still works");
    assert_eq!(revoke(olena()).await, StatusCode::SEE_OTHER);
    assert_eq!(
        used(&bed, &key).await,
        StatusCode::UNAUTHORIZED,
        "at once, whatever was remembered"
    );
    assert_eq!(revoke(olena()).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_key_needs_a_merchant_within_reach_a_name_and_something_to_do() {
    let bed = Bed::two_merchants().await;
    let long = "x".repeat(201);
    let table: [(&[(&str, &str)], &str); 4] = [
        (
            &[("merchant", "flowers"), ("id", "shop"), ("scope-events", "yes")],
            "Choose a merchant.",
        ),
        (
            &[("merchant", "bakery"), ("id", ""), ("scope-events", "yes")],
            "Fill this in.",
        ),
        (
            &[("merchant", "bakery"), ("id", &long), ("scope-events", "yes")],
            "200 characters at most",
        ),
        (&[("merchant", "bakery"), ("id", "shop")], "Let the key do something"),
    ];
    for (fields, text) in table {
        let refused = add(&bed, baker(), fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        refused.says(text);
    }
    assert!(bed.app.ledger.api_keys(&Reach::Everything).await.unwrap().is_empty());
}
