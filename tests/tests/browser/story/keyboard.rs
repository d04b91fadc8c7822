use ledger::people::{Reach, Role};
use tests::bed::{TestBed, short_times};
use tests::browser::{Browser, Page};
use tests::db::Database;

/// Goes on with Tab until this has the focus.
async fn tab_to(page: &Page, name: &str) {
    const MOST: usize = 40;
    for _ in 0..MOST {
        if page.focused().await == name {
            return;
        }
        page.keyboard("Tab").await;
    }
    panic!("{name} is not among the first {MOST} stops");
}

#[tokio::test]
async fn a_keyboard_is_enough_to_sign_in_and_find_an_order() {
    let mut bed = TestBed::start(Database::Sqlite).await;
    bed.start_ingress_with_admin().await;
    let worker = bed.start_worker(short_times()).await;
    bed.keep(worker);
    let shop = bed.shop().await;
    bed.sell(&shop, "K-6", 100).await;
    bed.sell(&shop, "K-7", 26_850).await;
    let (login, password) = bed.add_user(Role::Operator, Reach::Everything).await;
    let browser = Browser::start().await;
    let page = browser.open(&bed.admin_url("")).await;
    page.goto("/sign-in").await;
    tab_to(&page, "Логін").await;
    page.keyboard(&format!("{login} Tab {} Enter", password.replace(' ', " Space ")))
        .await;
    page.see("Вийти").await;
    tab_to(&page, "До змісту").await;
    tab_to(&page, "Замовлення").await;
    page.keyboard("Enter").await;
    page.see("Знайдено").await;
    page.keyboard("/").await;
    assert_eq!(page.focused().await, "Пошук");
    page.keyboard("K-7 Enter").await;
    page.not_see("K-6").await;
    tab_to(&page, "K-7").await;
    page.keyboard("Enter").await;
    page.see("Замовлення K-7").await;
    assert_eq!(page.console_errors().await, [""; 0]);
}
