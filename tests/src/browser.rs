//! A real browser, worked as a person works one: by what is written on labels and buttons.
//!
//! ```text
//! let browser = Browser::start().await;                    // one chromedriver; ends with the test
//! let page = browser.open(&bed.admin_url("")).await;       // one Chromium with cookies of its own
//! page.goto("/sign-in").await;
//! page.fill("Логін", "admin").await;
//! page.press("Увійти").await;
//! page.inside("K-1001").press("Надіслати ще раз").await;   // the button in that row
//! page.see("Документ піде ще раз").await;
//! ```
//!
//! Every verb waits until it can be done. One that cannot fails the test with the caller's line, what
//! was there instead, and a picture under `target/browser-failures`.

mod axe;
mod faults;
mod hands;
mod look;
mod page;
mod screen;
mod wire;

use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

pub use axe::Violation;
pub use page::Page;
pub use screen::{Scheme, Size};

use crate::bed::PATIENCE;
use crate::servers::Chromedriver;

/// A driver and the browsers it starts. All of them end when it is dropped, or the test process is.
#[derive(Debug)]
pub struct Browser {
    driver: Chromedriver,
}

impl Browser {
    /// Starts a driver; no window yet.
    pub async fn start() -> Self {
        Self {
            driver: Chromedriver::start().await,
        }
    }

    /// Opens a browser of its own: nobody is signed in there. `home` is where paths begin, such as
    /// `http://127.0.0.1:1234`. It is wide, light, and asks for Ukrainian.
    pub async fn open(&self, home: &str) -> Page {
        let args = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--hide-scrollbars".to_owned(),
            // Nothing beyond this machine.
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost".to_owned(),
            "--no-proxy-server".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-default-apps".to_owned(),
            "--disable-domain-reliability".to_owned(),
            "--disable-sync".to_owned(),
            "--no-first-run".to_owned(),
            format!("--user-data-dir={}", self.driver.profile().display()),
        ];
        let capabilities = json!({
            "goog:chromeOptions": {
                "binary": self.driver.browser(),
                "args": args,
                "prefs": {
                    "intl.accept_languages": "uk-UA,uk",
                    "credentials_enable_service": false,
                    "profile.password_manager_leak_detection": false,
                },
            },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": PATIENCE.as_millis(), "pageLoad": PATIENCE.as_millis() },
        });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().cloned().unwrap_or_default())
            .connect(&self.driver.url())
            .await
            .unwrap_or_else(|error| panic!("chromedriver opens no browser: {error}"));
        let page = Page::new(client, home);
        page.size(Size::Wide).await;
        page.scheme(Scheme::Light).await;
        page
    }

    /// Where the browsers keep their files; removed at the end.
    pub fn dir(&self) -> &std::path::Path {
        self.driver.dir()
    }
}
