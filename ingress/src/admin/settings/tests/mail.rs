use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::MerchantId;
use ledger::sheet::MailSettings;

use super::bed::{Bed, Page, baker, form, named, olena, page};
use crate::admin::settings::merchants::mail;
use crate::admin::visitor::Visitor;

async fn save(bed: &Bed, who: Visitor, fields: &[(&str, &str)]) -> Page {
    let answer = mail::save(State(bed.app.clone()), who, named("flowers"), form(fields).await);
    page(answer.await).await
}

async fn kept(bed: &Bed) -> MailSettings {
    let merchant = MerchantId::parse("flowers").unwrap();
    bed.app.ledger.mail_settings(&merchant).await.unwrap()
}

#[tokio::test]
async fn what_was_chosen_is_kept_and_shown_again() {
    let bed = Bed::two_merchants().await;
    let sender = "Квіти <checks@flowers.example>";
    let saved = save(
        &bed,
        olena(),
        &[
            ("phone_buyers", "yes"),
            ("from", sender),
            ("reply_to", "olena@flowers.example"),
            ("report_to", "books@flowers.example"),
            ("report_in_english", "yes"),
        ],
    )
    .await;
    assert_eq!(
        (saved.status, saved.location.as_str()),
        (StatusCode::SEE_OTHER, "/settings?done=saved")
    );
    let wanted = MailSettings {
        mail_buyers: false,
        phone_buyers: true,
        from: Some(sender.to_owned()),
        reply_to: Some("olena@flowers.example".to_owned()),
        report_to: Some("books@flowers.example".to_owned()),
        report_locale: Some("en".to_owned()),
    };
    assert_eq!(kept(&bed).await, wanted);
    let shown = page(mail::show(State(bed.app.clone()), olena(), named("flowers")).await).await;
    shown
        .says("Квіти &lt;checks@flowers.example&gt;")
        .says("olena@flowers.example")
        .says("this may cost money");

    save(&bed, olena(), &[("mail_buyers", "yes"), ("from", ""), ("reply_to", "")]).await;
    let plain = MailSettings {
        mail_buyers: true,
        ..MailSettings::default()
    };
    assert_eq!(kept(&bed).await, plain);
}

#[tokio::test]
async fn an_address_nobody_can_write_from_is_refused_where_it_stands() {
    let bed = Bed::two_merchants().await;
    let before = kept(&bed).await;
    let long = format!("{}@flowers.example", "a".repeat(250));
    for (field, value, text) in [
        ("from", "flowers.example", "This is not an address."),
        (
            "from",
            "checks@flowers.example\r\nbcc: all@flowers.example",
            "This is not an address.",
        ),
        ("from", "чеки@flowers.example", "Only latin letters"),
        ("reply_to", "a@b@c", "This is not an address."),
        ("reply_to", &long, "address"),
    ] {
        let refused = save(&bed, olena(), &[("mail_buyers", "yes"), (field, value)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        refused.says(text);
        assert_eq!(kept(&bed).await, before);
    }
}

#[tokio::test]
async fn nobody_writes_in_another_merchant_s_name() {
    let bed = Bed::two_merchants().await;
    let before = kept(&bed).await;
    let refused = save(&bed, baker(), &[("from", "baker@bakery.example")]).await;
    assert_eq!((refused.status, kept(&bed).await), (StatusCode::NOT_FOUND, before));
}
