use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use domain::ids::MerchantId;
use ledger::settings::{Credentials, Merchant, Settings};

use super::bed::{Bed, Page, baker, form, named, olena, page, register};
use crate::admin::settings::{merchants, overview};
use crate::admin::visitor::Visitor;

async fn show(bed: &Bed, who: Visitor) -> Page {
    show_at(bed, who, "/settings").await
}

async fn show_at(bed: &Bed, who: Visitor, address: &str) -> Page {
    let uri: Uri = address.parse().unwrap();
    let wish = Query::try_from_uri(&uri).unwrap();
    page(overview::show(State(bed.app.clone()), who, wish, uri).await).await
}

#[tokio::test]
async fn merchants_and_their_registers_come_a_page_at_a_time() {
    let bed = Bed::two_merchants().await;
    let merchants = (1..=9).map(|number| Merchant {
        id: MerchantId::parse(&format!("shop-{number}")).unwrap(),
        name: format!("ФОП {number}"),
    });
    let registers = (10..=130).map(|number| {
        let id = format!("bakery-{number:03}");
        register(
            "bakery",
            &id,
            &format!("4000000{number:03}"),
            "http://127.0.0.1:1/",
            Credentials::Stored,
        )
    });
    bed.apply(Settings {
        merchants: merchants.collect(),
        registers: registers.collect(),
        ..Settings::default()
    })
    .await;
    show(&bed, olena())
        .await
        .says("id=\"merchant-bakery\"")
        .says("id=\"merchant-shop-8\"")
        .does_not_say("id=\"merchant-shop-9\"")
        .says("/settings?after=shop-8")
        .says("bakery-029")
        .does_not_say("bakery-030")
        .says("/settings?merchant=bakery&amp;registers=bakery-029");
    show_at(&bed, olena(), "/settings?after=shop-8")
        .await
        .says("id=\"merchant-shop-9\"")
        .does_not_say("id=\"merchant-bakery\"");
    show_at(&bed, baker(), "/settings?merchant=bakery&registers=bakery-029")
        .await
        .says("bakery-030")
        .says("bakery-129")
        .does_not_say(">bakery-029<")
        .does_not_say("bakery-130<");
    let hidden = show_at(&bed, baker(), "/settings?merchant=flowers").await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
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
