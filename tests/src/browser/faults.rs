//! What is wrong with a page and nobody said.

use std::future::Future;

use super::look::strings;
use super::{Page, wire};

/// What stands out of its place.
const OVERFLOWS: &str = include_str!("overflows.js");

impl Page {
    /// What is wider than the screen, stands out of its box, or is cut off. Empty when all is in its place.
    #[track_caller]
    pub fn overflows(&self) -> impl Future<Output = Vec<String>> {
        self.until("look for overflows".to_owned(), async || {
            self.script(OVERFLOWS, Vec::new()).await.map(strings)
        })
    }

    /// Errors in the console since the last look: `security: …` where the policy forbade something,
    /// `javascript: …`, and `network: …` for everything that was not answered well, the page itself too.
    #[track_caller]
    pub fn console_errors(&self) -> impl Future<Output = Vec<String>> {
        self.until("read the console".to_owned(), async || {
            let log = wire::console(&self.client).await?;
            let entries = log.as_array().cloned().unwrap_or_default();
            let severe = entries.iter().filter(|entry| entry["level"] == "SEVERE");
            Ok(severe
                .map(|entry| {
                    let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
                    format!("{}: {}", text("source"), text("message"))
                })
                .collect())
        })
    }
}
