//! The register's day, and who did what.

use tests::bed::PATIENCE;
use tests::eventually;

use super::Story;

pub async fn compare_totals(story: &Story) {
    let page = &story.page;
    page.goto("/registers").await;
    page.press("flowers-1").await;
    page.press("Прочитати підсумки").await;
    page.see("збігаються").await;
    page.inside("Чеків продажу").see("Чеків продажу 1 1").await;
}

pub async fn close_the_shift(story: &Story) {
    let page = &story.page;
    page.press("Закрити зміну").await;
    page.see("Скасувати це не можна").await;
    page.press("Так, закрити зміну").await;
    page.inside("збігається").see("120,00 ₴ 40,00 ₴").await;
    let shift = page.texts("#shifts tbody td:first-child a").await;
    assert_eq!(shift.len(), 1);
    page.inside("збігається").press(&shift[0]).await;
    page.see("Z-звіт і наші документи").await;
    page.see("збігається").await;
    page.inside("Чеків повернення").see("Чеків повернення 1 1").await;
}

/// The pages are in the reader's language; what was done stays with who did it.
pub async fn read_the_audit_in_english(story: &Story) {
    let page = &story.page;
    page.press("English").await;
    page.press("Audit log").await;
    for deed in [
        "signed in",
        "changed settings",
        "fetched a document",
        "told of a refund",
        "asked to close the shift",
        "edited an order",
        "resent a document",
        "asked to bring in line",
        "invited a user",
        "chose a password by the link",
    ] {
        page.see(deed).await;
    }
    page.fill("Who", "solomiia").await;
    page.press("Show").await;
    eventually(PATIENCE, async || {
        let rows = page.texts("tbody tr").await;
        let hers = !rows.is_empty() && rows.iter().all(|row| row.contains("solomiia"));
        if hers { Ok(()) } else { Err(rows) }
    })
    .await;
    page.press("Sign out").await;
    page.see("You have signed out").await;
    page.goto("/orders").await;
    page.see("Sign in").await;
}
