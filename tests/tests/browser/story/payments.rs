//! A payment becomes a receipt, and a part of it comes back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sandbox::fondy::NewOrder;
use serde_json::json;

use super::Story;

/// An order that carries its basket.
pub fn order(id: &str, kopecks: u64, tulips: u32) -> NewOrder {
    let product = json!({
        "id": 1, "name": "Тюльпан жовтий", "price": 40, "quantity": tulips, "total_amount": tulips * 40,
    });
    NewOrder {
        order_id: id.to_owned(),
        amount: kopecks,
        reservation_data: Some(STANDARD.encode(json!({ "products": [product] }).to_string())),
        sender_email: "olesia.petrenko@mail.example".to_owned(),
        ..NewOrder::default()
    }
}

/// The page is not loaded again: a mark in it stays.
pub async fn see_an_order_come(story: &Story) {
    let page = &story.page;
    page.goto("/orders").await;
    page.see("kasyr-test-flowers-fondy").await;
    page.run("window.mark = 'the same page'", Vec::new()).await;
    story.pay("K-1", 12_000, 3);
    page.inside("K-1").see("зареєстровано").await;
    page.inside("K-1").see("120,00 ₴").await;
    assert_eq!(page.run("return window.mark", Vec::new()).await, "the same page");
}

pub async fn read_its_card(story: &Story) {
    let page = &story.page;
    page.press("K-1").await;
    page.see("Замовлення K-1").await;
    page.see("Тюльпан жовтий").await;
    page.see("Документи сплановано").await;
    page.not_see("olesia.petrenko").await;
    let tape = story.bed.receipts(&story.shop);
    assert_eq!(tape.len(), 1);
    page.see(&tape[0].num_fiscal).await;
    let picture = page.attribute("img.qr", "src").await;
    assert_eq!(page.fetch(&picture).await.0, 200);
}

pub async fn show_its_receipt(story: &Story) {
    let page = &story.page;
    page.press("Завантажити від постачальника").await;
    page.see("Прохання записано").await;
    // It appears by itself, once the register has fetched it.
    page.press("Показати чек").await;
    page.see("Так документ показує постачальник каси").await;
    let frame = page.attribute("iframe.receipt", "src").await;
    let (status, rendering) = page.fetch(&frame).await;
    assert_eq!(status, 200);
    assert!(rendering.contains("Тюльпан жовтий"), "{rendering}");
    page.press("Назад").await;
    page.see("Замовлення K-1").await;
}

pub async fn give_some_back(story: &Story) {
    let page = &story.page;
    page.press("Зробити чек повернення").await;
    page.see("Скасувати його не можна").await;
    page.fill("Сума, ₴", "40,00").await;
    page.press("Так, зробити чек повернення").await;
    page.see("Повернення прийнято").await;
    page.see("Чек повернення, 40,00 ₴ зареєстровано").await;
    page.see("частково повернено").await;
    assert_eq!(story.bed.tape(&story.shop).await, ["sale 120.00", "return 40.00 of 1"]);
}
