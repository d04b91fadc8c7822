//! What needs a person, on the way on a phone.

use sandbox::cashalot::{FaultKind, ForeignEffect};
use tests::browser::Size;

use super::Story;

/// Paid 100.00 for tulips of 80.00.
pub async fn correct_a_basket(story: &Story) {
    let page = &story.page;
    page.size(Size::Phone).await;
    page.goto("/").await;
    page.see("Усе йде само").await;
    let held = story.pay("K-2", 10_000, 2);
    page.press("1 документ чекає на вас").await;
    page.see("Кошик не дорівнює оплаті").await;
    page.press("K-2").await;
    page.see("Що робити").await;
    page.press("Виправити кошик").await;
    page.fill("Назва, рядок 1", "Тюльпан жовтий").await;
    page.fill("Кількість, рядок 1", "2").await;
    page.fill("Ціна, рядок 1", "50,00").await;
    assert_eq!(page.overflows().await, [""; 0]);
    page.press("Зберегти кошик").await;
    page.see("Збережено").await;
    page.press("Надіслати ще раз").await;
    page.see("Документ піде ще раз").await;
    page.see("Чек продажу, 100,00 ₴ зареєстровано").await;
    story.bed.until(&held, &["sale registered"]).await;
    page.goto("/").await;
    page.see("220,00 ₴").await;
    assert_eq!(page.overflows().await, [""; 0]);
    page.size(Size::Wide).await;
}

/// Somebody else has written on the tape, and the provider's view is no longer the tax service's.
pub async fn bring_in_line(story: &Story) {
    let page = &story.page;
    let foreign = FaultKind::ForeignDocument {
        effect: ForeignEffect::Inconsistent,
    };
    assert!(story.bed.cashalot.apply(&foreign, Some(story.shop.number)));
    page.goto("/registers/flowers-1").await;
    page.press("Вирівняти стан").await;
    page.see("зміна може закритися").await;
    page.press("Так, вирівняти").await;
    page.see("стан каси вирівняно з податковою").await;
    let sold = story.pay("K-3", 4_000, 1);
    story.bed.until(&sold, &["sale registered"]).await;
    page.goto("/attention/alerts?all=yes").await;
    page.see("у відкритій зміні є документи, яких").await;
    page.press("Знаю про це").await;
    page.see("Прочитав(ла) admin").await;
}
