//! A walk through all pages, on every screen and in every room.

use ledger::people::Reach;

use super::{Gallery, PAGES, Shot, Who};
use crate::browser::{Browser, Page, Scheme, Size};

/// How a page is shown at the moment.
pub struct View {
    /// Which page.
    pub shot: &'static Shot,
    /// `uk` or `en`.
    pub language: &'static str,
    /// On which screen.
    pub size: Size,
    /// In which room.
    pub scheme: Scheme,
}

impl View {
    /// Good for a file: `order-phone-dark-uk`.
    pub fn name(&self) -> String {
        let (size, scheme) = (self.size.as_str(), self.scheme.as_str());
        format!("{}-{size}-{scheme}-{}", self.shot.name, self.language)
    }
}

/// On which screens and in which rooms pages are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ways {
    /// Every screen in every room.
    All,
    /// Each screen and each room once: wide by day, a phone by night.
    Each,
}

impl Ways {
    const fn pairs(self) -> &'static [(Size, Scheme)] {
        match self {
            Self::All => &[
                (Size::Wide, Scheme::Light),
                (Size::Wide, Scheme::Dark),
                (Size::Phone, Scheme::Light),
                (Size::Phone, Scheme::Dark),
            ],
            Self::Each => &[(Size::Wide, Scheme::Light), (Size::Phone, Scheme::Dark)],
        }
    }
}

impl Gallery {
    /// Shows every page that `which` chooses by its place in [`PAGES`], one after the other.
    pub async fn tour(
        &self,
        browser: &Browser,
        which: impl Fn(usize, &Shot) -> bool,
        ways: Ways,
        mut look: impl AsyncFnMut(&Page, &View),
    ) {
        let mut visitors: Vec<(Who, &str, Page)> = Vec::new();
        let chosen = PAGES.iter().enumerate().filter(|(place, shot)| which(*place, shot));
        for (_, shot) in chosen {
            for language in if shot.english { &["uk", "en"][..] } else { &["uk"] } {
                let known = visitors
                    .iter()
                    .position(|(who, speaks, _)| (who, speaks) == (&shot.who, language));
                let at = match known {
                    Some(at) => at,
                    None => {
                        visitors.push((shot.who, language, self.visitor(browser, shot.who, language).await));
                        visitors.len() - 1
                    }
                };
                self.show(&visitors[at].2, shot, language, ways, &mut look).await;
            }
        }
    }

    async fn show(
        &self,
        page: &Page,
        shot: &'static Shot,
        language: &'static str,
        ways: Ways,
        look: &mut impl AsyncFnMut(&Page, &View),
    ) {
        page.size(Size::Wide).await;
        page.goto(&(shot.path)(self)).await;
        (shot.prepare)(self, page).await;
        for &(size, scheme) in ways.pairs() {
            page.size(size).await;
            page.scheme(scheme).await;
            let view = View {
                shot,
                language,
                size,
                scheme,
            };
            look(page, &view).await;
        }
    }

    /// A browser in which this person has signed in and reads this language.
    async fn visitor(&self, browser: &Browser, who: Who, language: &str) -> Page {
        let page = browser.open(&self.bed.admin_url("")).await;
        let (role, reach) = match who {
            Who::Anyone => {
                page.goto("/assets/mark.svg").await;
                let cookie = format!("document.cookie = 'kasyr_language={language}; path=/'");
                page.run(&cookie, Vec::new()).await;
                // A picture names no icon, so the browser has looked for one.
                page.console_errors().await;
                return page;
            }
            Who::Everyones(role) => (role, Reach::Everything),
            Who::Newcomers(role) => (role, Reach::Merchants(vec![self.empty.clone()])),
        };
        let (login, password) = self.bed.add_user(role, reach).await;
        page.sign_in(&login, &password).await;
        if language == "en" {
            page.press("English").await;
        }
        page
    }
}

/// What is wrong with the page as it is shown.
pub async fn faults(page: &Page, view: &View) -> Vec<String> {
    let mut found = Vec::new();
    let status = page.status().await;
    if status != view.shot.status {
        found.push(format!("answered {status} instead of {}", view.shot.status));
    }
    found.extend(page.overflows().await);
    found.extend(page.axe().await.iter().map(ToString::to_string));
    let expected = |error: &String| view.shot.status != 200 && error.starts_with("network: ");
    found.extend(page.console_errors().await.into_iter().filter(|error| !expected(error)));
    found
}
