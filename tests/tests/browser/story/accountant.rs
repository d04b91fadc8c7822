//! Somebody who may look at everything and do nothing.

use serde_json::json;

use super::{PASSWORD, Story};

/// The administrator makes a one-time link; its path.
pub async fn invite(story: &Story) -> String {
    let page = &story.page;
    page.goto("/settings/users").await;
    page.press("Запросити").await;
    page.fill("Логін", "solomiia").await;
    page.fill("Ім'я", "Соломія Бухгалтер").await;
    page.tick("бухгалтер: дивиться й вивантажує, нічого не змінює").await;
    page.tick("Усіх продавців, також майбутніх").await;
    page.press("Запросити").await;
    page.see("Одноразове посилання").await;
    let link = page.texts(".copy code").await.remove(0);
    link.strip_prefix(&story.bed.admin_url("")).unwrap().to_owned()
}

pub async fn look_and_do_nothing(story: &Story, link: &str) {
    let page = story.browser.open(&story.bed.admin_url("")).await;
    page.goto(link).await;
    page.fill("Новий пароль", PASSWORD).await;
    page.fill("Ще раз", PASSWORD).await;
    page.press("Зберегти й увійти").await;
    page.see("Сьогодні").await;
    page.press("Замовлення").await;
    page.press("K-1").await;
    page.see("Замовлення K-1").await;
    let order = page.path().await;
    for path in [
        order.as_str(),
        "/",
        "/orders",
        "/registers",
        "/registers/flowers-1",
        "/attention",
        "/attention/doubts",
        "/attention/alerts?all=yes",
        "/audit",
    ] {
        page.goto(path).await;
        page.see("Вийти").await;
        assert_eq!(page.status().await, 200, "{path}");
        let mut buttons = page.buttons().await;
        buttons.retain(|button| !["Шукати", "Показати"].contains(&button.as_str()));
        assert_eq!(buttons, [""; 0], "{path}");
    }
    page.not_see("Налаштування").await;
    for path in [
        "/registers/flowers-1/close-shift".to_owned(),
        "/settings/merchants/new".to_owned(),
        format!("{order}/refund"),
    ] {
        assert_eq!(post(&page, &path).await, 403, "{path}");
    }
    assert_eq!(page.fetch("/settings").await.0, 403);
    let (status, sheet) = page.fetch("/orders.csv").await;
    assert_eq!(status, 200);
    assert!(sheet.contains("K-1"), "{sheet}");
}

/// The status of a form sent with a good token.
async fn post(page: &tests::browser::Page, path: &str) -> u64 {
    const POST: &str = "const token = document.querySelector('input[name=csrf]').value;
        return fetch(arguments[0], { method: 'POST', body: new URLSearchParams({ csrf: token, amount: '1', key: 'k' }) })
            .then((answer) => answer.status);";
    page.run(POST, vec![json!(path)]).await.as_u64().unwrap()
}
