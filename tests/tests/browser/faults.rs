use tests::bed::TestBed;
use tests::browser::{Scheme, Size};
use tests::db::Database;

use super::site;

#[tokio::test]
async fn a_page_in_order_has_no_fault() {
    let site = site::open(
        r#"<h1>Усе гаразд</h1><section class="card"><h2>Зміна</h2><p>Відкрита о 09:00.</p>
        <span class="hidden">Дуже довгий текст для тих, хто слухає сторінку, а не дивиться на неї</span>
        <div class="scroll" tabindex="0" role="region" aria-label="Широка"><div class="nowrap">ширше за телефон, ширше за
        телефон, ширше за телефон, ширше за телефон</div></div>
        </section>"#,
    )
    .await;
    for size in Size::ALL {
        site.page.size(size).await;
        for scheme in Scheme::ALL {
            site.page.scheme(scheme).await;
            assert_eq!(site.page.overflows().await, [""; 0], "{size:?}");
            assert_eq!(site.page.axe().await, [], "{scheme:?}");
        }
    }
    assert_eq!(site.page.console_errors().await, [""; 0]);
}

#[tokio::test]
async fn what_does_not_fit_is_named() {
    let site = site::open(
        r#"<h1>Не вміщується</h1><table id="broad"><tbody><tr><td class="nowrap">АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯАБВГҐДЕЄЖЗ</td></tr></tbody></table>
        <section class="columns"><div class="card"><span class="badge">АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯАБВГҐДЕЄЖЗИІЇЙКЛМНОП</span></div><div class="card"></div><div class="card"></div></section>"#,
    )
    .await;
    let wide = site.page.overflows().await;
    assert_eq!(wide.len(), 1, "{wide:?}");
    assert!(wide[0].contains("stands out of div.card"), "{wide:?}");
    site.page.size(Size::Phone).await;
    let phone = site.page.overflows().await;
    assert!(phone.iter().any(|one| one.starts_with("the page is ")), "{phone:?}");
    assert!(phone.iter().any(|one| one.contains("of 390")), "{phone:?}");
}

#[tokio::test]
async fn words_that_are_cut_off_are_named() {
    let site = site::open(r#"<h1>Зрізано</h1><div class="meter" id="cut"></div>"#).await;
    site.page
        .run(
            "const cut = document.getElementById('cut'); cut.textContent = 'дуже довге слово'.repeat(50);
             cut.style.overflow = 'hidden'; cut.style.whiteSpace = 'nowrap';",
            Vec::new(),
        )
        .await;
    let found = site.page.overflows().await;
    assert!(
        found.iter().any(|one| one.contains("#cut") && one.contains("cut off")),
        "{found:?}"
    );
}

#[tokio::test]
async fn axe_finds_a_picture_without_words_and_ink_that_is_too_pale() {
    let site =
        site::open(r#"<h1>Важко читати</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p>Тут</p>"#).await;
    let pale = "document.querySelector('p').style.color = '#ccc'";
    site.page.run(pale, Vec::new()).await;
    let found = site.page.axe().await;
    let rules: Vec<&str> = found.iter().map(|one| one.rule.as_str()).collect();
    assert_eq!(rules, ["color-contrast", "image-alt"], "{found:?}");
    assert!(found.iter().all(|one| one.serious()), "{found:?}");
}

#[tokio::test]
async fn what_the_policy_forbids_is_noticed() {
    let site = site::open(
        r#"<h1>Заборонено</h1><p style="color: red">Тут</p><script>window.ran = true</script>
        <img alt="" src="http://127.0.0.2/picture.png">"#,
    )
    .await;
    assert_eq!(
        site.page.run("return window.ran ?? null", Vec::new()).await,
        serde_json::Value::Null
    );
    let errors = site.page.console_errors().await;
    let forbidden = errors.iter().filter(|error| error.starts_with("security: ")).count();
    assert_eq!((errors.len(), forbidden), (3, 3), "{errors:?}");
    assert_eq!(site.page.console_errors().await, [""; 0], "they are told once");
    site.page
        .run("setTimeout(() => { throw new Error('зламано') })", Vec::new())
        .await;
    tests::eventually(tests::bed::PATIENCE, async || {
        let errors = site.page.console_errors().await;
        errors
            .iter()
            .any(|error| error.starts_with("javascript: ") && error.contains("зламано"))
    })
    .await;
}

/// The first page there is for everybody: its style, script and policy are the real ones.
#[tokio::test]
async fn the_page_of_what_is_not_there_is_in_order() {
    let mut bed = TestBed::start(Database::Sqlite).await;
    bed.start_ingress_with_admin().await;
    let browser = tests::browser::Browser::start().await;
    let page = browser.open(&bed.admin_url("")).await;
    page.goto("/nothing").await;
    page.see("Тут нічого немає").await;
    assert_eq!(page.status().await, 404);
    for scheme in Scheme::ALL {
        page.scheme(scheme).await;
        assert_eq!(page.axe().await, []);
    }
    for size in Size::ALL {
        page.size(size).await;
        assert_eq!(page.overflows().await, [""; 0]);
    }
    // The page itself is the only thing that did not come well.
    let errors = page.console_errors().await;
    assert!(
        errors.len() == 1 && errors[0].starts_with("network: ") && errors[0].contains("404"),
        "{errors:?}"
    );
}
