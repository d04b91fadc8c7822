use axum::extract::State;
use axum::http::{StatusCode, Uri};
use ledger::settings::{Credentials, Settings};

use super::bed::{Bed, Page, baker, form, named, olena, page, register};
use crate::admin::settings::{merchants, overview};
use crate::admin::visitor::Visitor;

async fn show(bed: &Bed, who: Visitor) -> Page {
    page(overview::show(State(bed.app.clone()), who, Uri::from_static("/settings")).await).await
}

#[tokio::test]
async fn the_first_start_leads_from_merchant_to_register_to_source() {
    let bed = Bed::empty().await;
    show(&bed, olena())
        .await
        .says("/settings/merchants/new")
        .does_not_say("/settings/registers/new\"");
    show(&bed, baker())
        .await
        .says("No merchant is open to you yet")
        .does_not_say("/settings/merchants/new");

    let fields = form(&[("id", "flowers"), ("name", "ФОП Приклад")]).await;
    let added = page(merchants::new::add(State(bed.app.clone()), olena(), fields).await).await;
    assert_eq!(added.location, "/settings/registers/new?merchant=flowers&done=saved");
    show(&bed, olena())
        .await
        .says("Add your first register")
        .says("No register yet.");

    bed.apply(Settings {
        registers: vec![register(
            "flowers",
            "flowers-1",
            "4000999001",
            "http://127.0.0.1:1/",
            Credentials::Stored,
        )],
        ..Settings::default()
    })
    .await;
    show(&bed, olena())
        .await
        .says("Add a payment source")
        .says("/settings/sources/new?register=flowers-1")
        .says("4000999001");
}

#[tokio::test]
async fn only_what_is_within_reach_is_shown_and_markup_stays_text() {
    let bed = Bed::two_merchants().await;
    bed.apply(Settings {
        registers: vec![register(
            "flowers",
            "flowers-1",
            "4000999001",
            "http://127.0.0.1:1/",
            Credentials::Stored,
        )],
        ..Settings::default()
    })
    .await;
    show(&bed, olena())
        .await
        .says("flowers-1")
        .says("ФОП &lt;b&gt;bakery&lt;/b&gt;")
        .does_not_say("<b>");
    show(&bed, baker())
        .await
        .says("bakery")
        .does_not_say("flowers")
        .does_not_say("Add a merchant");
}

#[tokio::test]
async fn a_merchant_is_added_by_those_who_see_all_and_renamed_by_those_who_see_it() {
    let bed = Bed::two_merchants().await;
    let app = || State(bed.app.clone());
    let add = async |who: Visitor, id: &str, name: &str| {
        let fields = form(&[("id", id), ("name", name)]).await;
        page(merchants::new::add(app(), who, fields).await).await
    };
    assert_eq!(add(baker(), "mine", "Моє").await.status, StatusCode::CONFLICT);
    add(olena(), "flowers", "Ще раз")
        .await
        .says("There is such a merchant already.")
        .says("Ще раз");
    add(olena(), "a b", "Назва").await.says("Only latin letters");
    let rename = async |who: Visitor, id: &str, name: &str| {
        page(merchants::edit::rename(app(), who, named(id), form(&[("name", name)]).await).await).await
    };
    assert_eq!(rename(baker(), "flowers", "Чуже").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        rename(baker(), "bakery", "").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(rename(baker(), "bakery", "Пекарня").await.status, StatusCode::SEE_OTHER);
    show(&bed, olena()).await.says("Пекарня").does_not_say("Чуже");
}
