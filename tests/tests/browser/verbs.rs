use tests::TempDir;
use tests::browser::{Scheme, Size};

use super::site;

const FORMS: &str = r#"
    <h1>Каси</h1>
    <form class="card" action="/told">
      <h2>Нова</h2>
      <div class="field"><label for="n">Назва</label><input id="n" name="name" value="стара"></div>
      <div class="field"><label for="c">Закривати о</label><input id="c" name="close" type="time"></div>
      <div class="field"><label for="p">Провайдер</label>
        <select id="p" name="provider"><option value="a">Перший</option><option value="b">Другий</option></select></div>
      <div class="tick"><label><input type="checkbox" name="confirm" value="yes"><span>Питати платіжну систему</span></label></div>
      <div class="tick"><label><input type="checkbox" name="off" value="yes" checked><span>Вимкнено</span></label></div>
      <div class="field"><label for="w">Нотатка</label><textarea id="w" name="note"></textarea></div>
      <button>Зберегти</button>
    </form>
    <form class="card" action="/upload" method="post" enctype="multipart/form-data">
      <div class="field"><label for="f">Ключ</label><input id="f" name="key" type="file"></div>
      <button>Надіслати ключ</button>
    </form>
    <table><tbody>
      <tr><td>K-1</td><td><a href="/told?row=1">Відкрити</a></td></tr>
      <tr><td>K-2</td><td><a href="/told?row=2">Відкрити</a></td></tr>
    </tbody></table>
    <details class="ask"><summary class="button">Закрити зміну</summary>
      <p>Каса зробить Z-звіт.</p><a href="/told?closed=yes">Так, закрити</a></details>
    <button disabled>Не можна</button>
    <input type="search" aria-label="Шукати">
    <p hidden>Сховане</p>
"#;

#[tokio::test]
async fn a_form_is_filled_by_its_labels_and_sent_by_its_button() {
    let site = site::open(FORMS).await;
    let page = &site.page;
    assert_eq!(page.value("Назва").await, "стара");
    page.fill("Назва", "Каса «Ялинка» 🌲").await;
    page.fill("Закривати о", "23:30").await;
    page.choose("Провайдер", "Другий").await;
    page.tick("Питати платіжну систему").await;
    page.tick("Питати платіжну систему").await;
    page.untick("Вимкнено").await;
    page.fill("Нотатка", "два рядки\nтут").await;
    page.press("Зберегти").await;
    for (name, value) in [
        ("name", "Каса «Ялинка» 🌲"),
        ("close", "23:30"),
        ("provider", "b"),
        ("confirm", "yes"),
        ("note", r"два рядки\r\nтут"),
    ] {
        page.see(&format!(r#"("{name}", "{value}")"#)).await;
    }
    page.not_see("off").await;
    assert!(page.path().await.starts_with("/told?name="));
    assert_eq!(page.status().await, 200);
}

#[tokio::test]
async fn a_file_is_given_to_its_field() {
    let site = site::open(FORMS).await;
    let dir = TempDir::new();
    let file = dir.join("Key-6.dat");
    std::fs::write(&file, "зміст ключа").unwrap();
    site.page.upload("Ключ", &file).await;
    site.page.press("Надіслати ключ").await;
    site.page.see("Key-6.dat").await;
    site.page.see("зміст ключа").await;
}

#[tokio::test]
async fn a_button_is_pressed_in_the_row_that_is_meant() {
    let site = site::open(FORMS).await;
    site.page.inside("K-2").press("Відкрити").await;
    site.page.see(r#"("row", "2")"#).await;
}

#[tokio::test]
async fn what_is_folded_away_is_seen_once_it_is_opened() {
    let site = site::open(FORMS).await;
    let page = &site.page;
    page.not_see("Каса зробить Z-звіт").await;
    page.not_see("Сховане").await;
    page.press("Закрити зміну").await;
    page.see("Каса зробить Z-звіт").await;
    page.press("Так, закрити").await;
    page.see("closed").await;
}

#[tokio::test]
async fn a_keyboard_is_enough() {
    let site = site::open(FORMS).await;
    let page = &site.page;
    // The script of the admin pages takes "/" to the search.
    page.keyboard("/").await;
    assert_eq!(page.focused().await, "Шукати");
    page.keyboard("K-2").await;
    assert_eq!(page.value("Шукати").await, "K-2");
    page.keyboard("Shift+Tab").await;
    assert_eq!(page.focused().await, "Закрити зміну");
    page.keyboard("Enter Tab Enter").await;
    page.see("closed").await;
}

#[tokio::test]
async fn a_page_is_read() {
    let site = site::open(FORMS).await;
    let page = &site.page;
    assert_eq!(page.count("tbody tr").await, 2);
    assert_eq!(page.attribute("html", "lang").await, "uk");
    assert_eq!(page.texts("tr td:first-child").await, ["K-1", "K-2"]);
    assert_eq!(page.buttons().await, ["Зберегти", "Надіслати ключ", "Закрити зміну"]);
    assert_eq!(
        page.fetch("/told?a=b").await,
        (200, r#"<main>[("a", "b")]</main>"#.to_owned())
    );
    assert_eq!(page.fetch("/nothing").await.0, 404);
    assert_eq!(page.run("return navigator.language", Vec::new()).await, "uk-UA");
}

#[tokio::test]
async fn a_page_is_looked_at_on_every_screen_in_every_room() {
    let site = site::open(FORMS).await;
    let page = &site.page;
    let dir = TempDir::new();
    let width = async || page.run("return innerWidth", Vec::new()).await;
    let paper = async || {
        page.run("return getComputedStyle(document.body).backgroundColor", Vec::new())
            .await
    };
    assert_eq!(
        (width().await, paper().await),
        (1280.into(), "rgb(246, 245, 241)".into())
    );
    page.size(Size::Phone).await;
    page.scheme(Scheme::Dark).await;
    assert_eq!((width().await, paper().await), (390.into(), "rgb(19, 22, 20)".into()));
    // Also on the next page.
    page.goto("/").await;
    assert_eq!((width().await, paper().await), (390.into(), "rgb(19, 22, 20)".into()));
    let file = dir.join("page.png");
    page.screenshot(&file).await;
    let png = std::fs::read(&file).unwrap();
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!(side(16), 780, "two dots a point");
    assert!(
        side(20) > 2 * 844,
        "the whole page, not only what the screen shows: {}",
        side(20)
    );
}

#[tokio::test]
async fn each_browser_has_cookies_of_its_own() {
    let site = site::open(FORMS).await;
    site.page.run("document.cookie = 'who=first'", Vec::new()).await;
    let home = site.page.run("return location.origin", Vec::new()).await;
    let other = site.browser.open(home.as_str().unwrap()).await;
    other.goto("/").await;
    assert_eq!(other.run("return document.cookie", Vec::new()).await, "");
    assert_eq!(site.page.run("return document.cookie", Vec::new()).await, "who=first");
}
