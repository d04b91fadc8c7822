//! From the one-time link to the first callback.

use sandbox::cashalot::DEFAULT_KEY_PIN;
use secrecy::ExposeSecret as _;

use super::{GATEWAY, GATEWAY_KEY, PASSWORD, REGISTER, Story};

pub async fn choose_a_password(story: &Story) {
    let (ledger, page) = (&story.bed.ledger, &story.page);
    let token = ledger.invite_first_administrator(ledger.now()).await.unwrap().unwrap();
    page.goto(&format!("/welcome/{}", token.expose_secret())).await;
    page.see("Придумайте пароль для логіна admin").await;
    page.fill("Новий пароль", PASSWORD).await;
    page.fill("Ще раз", PASSWORD).await;
    page.press("Зберегти й увійти").await;
    page.see("Ще немає жодної каси").await;
}

pub async fn add_a_merchant(story: &Story) {
    let page = &story.page;
    page.press("Додати касу").await;
    page.see("До першого чека").await;
    page.press("Додати продавця").await;
    page.fill("Назва", "ФОП Квіткова Олена").await;
    page.fill("Ідентифікатор", "flowers").await;
    page.press("Зберегти").await;
    page.see("Нова каса").await;
}

/// Nothing is saved before the provider has accepted the key and shown the register.
pub async fn add_a_register(story: &Story) {
    let page = &story.page;
    assert_eq!(page.value("Ідентифікатор").await, "flowers-1");
    page.fill("Адреса сервісу", &format!("http://{}/", story.bed.cashalot_addr))
        .await;
    page.tick("KeyPin: ключ у кабінеті Cashälot").await;
    page.fill("KeyPin", "not the right one").await;
    page.press("Перевірити").await;
    page.see("Не перевірено").await;
    page.fill("KeyPin", DEFAULT_KEY_PIN).await;
    page.press("Перевірити").await;
    page.see("Ключ працює").await;
    let offered = page.texts("fieldset .tick").await;
    let number = REGISTER.to_string();
    let wanted = offered.iter().find(|text| text.starts_with(&number)).unwrap();
    page.tick(wanted).await;
    page.press("Перевірити").await;
    page.see("Касу можна зберегти").await;
    assert!(story.bed.ledger.registers(None).await.unwrap().is_empty());
    page.press(&format!("Зберегти касу {number}")).await;
    page.see("Нове джерело платежів").await;
}

pub async fn add_a_source(story: &Story) {
    let page = &story.page;
    assert_eq!(page.value("Ідентифікатор").await, "flowers-fondy");
    page.fill("Обліковий запис у платіжній системі", &GATEWAY.to_string())
        .await;
    page.fill("Секретний ключ", GATEWAY_KEY).await;
    page.fill("Адреса API", &format!("http://{}", story.bed.fondy_addr))
        .await;
    page.press("Зберегти").await;
    page.see("Адреса для сповіщень").await;
    page.see("/callbacks/flowers-fondy").await;
    page.press("Надіслати пробне сповіщення").await;
    page.see("Дійшло").await;
}
