use sandbox::mailbox::{Decoded, Message, Part};
use serde_json::json;
use tests::bed::{PATIENCE, TestBed, on_each};
use tests::db::Database;
use tokio::time::timeout;

use super::read::{letters, pdf_letters, qr};
use super::{World, mail, to};

fn part<'a>(letter: &'a Decoded, content_type: &str) -> &'a Part {
    let part = letter.parts.iter().find(|part| part.content_type == content_type);
    part.unwrap_or_else(|| panic!("no {content_type} in {:?}", letter.parts))
}

impl World {
    /// The letters to an order's buyer, once there are so many.
    async fn letters_to(&self, order: &str, count: usize) -> Vec<Message> {
        let address = to(order);
        let wished = |messages: &[Message]| messages.iter().filter(|message| message.to[0] == address).count() >= count;
        timeout(PATIENCE, self.mailbox.wait_until(wished)).await.unwrap();
        self.mailbox.messages_to(&address)
    }
}

#[tokio::test]
async fn a_sale_brings_its_buyer_a_letter_with_link_code_and_pdf() {
    on_each(async |database| {
        let world = World::new(database).await;
        let order = world.sell("A-1").await;
        let message = world.letters_to("A-1", 1).await.remove(0);
        world.bed.until_told("A-1", "mail", &["registered done"]).await;
        let receipt = world.bed.documents(&order).await.remove(0);
        let (number, link) = (receipt.fiscal_number.unwrap(), receipt.url.unwrap());
        let letter = message.decoded().unwrap();
        assert_eq!(letter.to, [to("A-1")]);
        assert_eq!(letter.from, ["ФОП Приклад <receipts@kasyr.example>"]);
        let subject = letter.subject.clone().unwrap();
        assert!(
            subject.contains("ФОП Приклад") && subject.contains("100,00"),
            "{subject}"
        );
        let (text, html) = (letter.text.clone().unwrap(), letter.html.clone().unwrap());
        for said in [number.as_str(), "A-1"] {
            assert!(
                text.contains(said) && html.contains(said),
                "{said} in {text} and {html}"
            );
        }
        assert!(text.contains(&link) && text.contains("/r/"), "{text}");
        assert!(html.contains("cid:qr"), "{html}");
        let picture = part(&letter, "image/png");
        assert_eq!(picture.content_id.as_deref(), Some("qr"));
        assert_eq!(qr(&picture.bytes), link);
        let pdf = part(&letter, "application/pdf");
        assert!(
            pdf.attachment && pdf.name.as_deref() == Some(&*format!("чек-{number}.pdf")),
            "{pdf:?}"
        );
        let printed = pdf_letters(&pdf.bytes);
        for said in [number.as_str(), "Тюльпани «Ґанок»", "100,00"] {
            assert!(printed.contains(&letters(said)), "{said} in {printed}");
        }
        let id = world.bed.messages_of("A-1", "mail").await.remove(0).id;
        assert_eq!(letter.message_id, Some(format!("{id}@kasyr.example")));
        assert_eq!(message.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        world.bed.at_rest().await;
        assert_eq!(world.mailbox.messages().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_buyers_language_and_the_merchants_addresses_are_used() {
    let bed = TestBed::start(Database::Sqlite).await;
    let world = World::with(bed, |settings| {
        mail(settings, |mail| {
            mail.from = Some("Квіти <shop@flowers.example>".to_owned());
            mail.reply_to = Some("help@flowers.example".to_owned());
        });
    })
    .await;
    world.tell("A-1", json!({ "email": to("A-1"), "locale": "en" })).await;
    world.bed.sell(&world.shop, "A-1", 10_000).await;
    let message = world.letters_to("A-1", 1).await.remove(0);
    let letter = message.decoded().unwrap();
    assert!(
        letter.subject.clone().unwrap().starts_with("Your receipt from"),
        "{:?}",
        letter.subject
    );
    assert_eq!(letter.from, ["Квіти <shop@flowers.example>"]);
    assert_eq!(letter.reply_to, ["help@flowers.example"]);
    assert_eq!(message.header("Content-Language").as_deref(), Some("en"));
    assert!(letter.message_id.unwrap().ends_with("@flowers.example"));
    assert!(part_name(&message).starts_with("receipt-"));
}

fn part_name(message: &Message) -> String {
    part(&message.decoded().unwrap(), "application/pdf")
        .name
        .clone()
        .unwrap()
}

#[tokio::test]
async fn refunds_bring_letters_of_their_own() {
    on_each(async |database| {
        let world = World::new(database).await;
        let partly = world.sell("A-1").await;
        world.bed.give_back(&partly, 2_500);
        world
            .bed
            .until(&partly, &["sale registered", "return registered"])
            .await;
        let wholly = world.sell("A-2").await;
        world.bed.give_all_back(&wholly);
        world
            .bed
            .until(&wholly, &["sale registered", "storno registered"])
            .await;
        for (order, placed, sum) in [("A-1", &partly, "25,00"), ("A-2", &wholly, "100,00")] {
            let number = world.bed.documents(placed).await[1].fiscal_number.clone().unwrap();
            let message = world.letters_to(order, 2).await.remove(1);
            let letter = message.decoded().unwrap();
            let subject = letter.subject.clone().unwrap();
            assert!(subject.starts_with("Повернення") && subject.contains(sum), "{subject}");
            assert!(letter.text.clone().unwrap().contains(&number));
            let printed = pdf_letters(&part(&letter, "application/pdf").bytes);
            assert!(
                printed.contains(&number) && printed.contains("ВИДАТКОВИЙЧЕК"),
                "{printed}"
            );
            world
                .bed
                .until_told(order, "mail", &["registered done", "registered done"])
                .await;
        }
        assert_eq!(world.mailbox.messages().len(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_buyer_told_after_the_receipt_was_made_gets_it() {
    let world = World::new(Database::Sqlite).await;
    world.bed.sell(&world.shop, "A-1", 10_000).await;
    world.bed.until_told("A-1", "webhook", &["registered done"]).await;
    assert!(world.bed.messages_of("A-1", "mail").await.is_empty());
    world.tell("A-1", json!({ "email": to("A-1") })).await;
    let message = world.letters_to("A-1", 1).await.remove(0);
    assert!(part_name(&message).ends_with(".pdf"));
    world.bed.until_told("A-1", "mail", &["registered done"]).await;
}

#[tokio::test]
async fn without_a_mail_server_letters_are_skipped_and_orders_say_so() {
    let mut bed = TestBed::start(Database::Sqlite).await;
    bed.start_mailbox().await;
    bed.delivery.post = None;
    bed.start_ingress().await;
    let worker = bed.start_worker(super::times()).await;
    bed.keep(worker);
    let shop = bed.shop().await;
    let body = json!({ "buyer": { "email": to("A-1") } });
    bed.api(&shop, reqwest::Method::PUT, "/v1/orders/A-1", body).await;
    bed.sell(&shop, "A-1", 10_000).await;
    bed.until_told("A-1", "mail", &["registered skipped no_mail_server"])
        .await;
}
