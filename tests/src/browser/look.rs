//! What a person sees on a page.

use std::future::Future;

use serde_json::{Value, json};

use super::Page;

const ATTRIBUTE: &str = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null;";
const COUNT: &str = "return document.querySelectorAll(arguments[0]).length;";
const TEXTS: &str = "return [...document.querySelectorAll(arguments[0])]
    .filter((node) => node.checkVisibility()).map((node) => node.innerText.replace(/\\s+/g, ' ').trim());";
const FOCUSED: &str = "const node = document.activeElement;
    const text = node.getAttribute('aria-label') ?? node.labels?.[0]?.innerText ?? node.innerText;
    return node === document.body ? '' : (text ?? '').replace(/\\s+/g, ' ').trim();";
/// What the address answered.
const STATUS: &str = "return performance.getEntriesByType('navigation')[0].responseStatus;";
const FETCH: &str = "const [path, done] = arguments;
    fetch(path).then(async (answer) => done([answer.status, await answer.text()]), (error) => done([0, String(error)]));";
/// What could be pressed in the page itself, its frame apart.
const BUTTONS: &str =
    "return [...document.querySelectorAll('main button, main summary.button, main input[type=submit]')]
    .filter((node) => node.checkVisibility() && !node.disabled)
    .map((node) => node.innerText.replace(/\\s+/g, ' ').trim());";

impl Page {
    /// Waits until this can be read in the page. White space is one space.
    #[track_caller]
    pub fn see<'a>(&'a self, text: &'a str) -> impl Future<Output = ()> + 'a {
        self.until(format!("see “{text}”"), async move || {
            let there = self.text().await?;
            if there.contains(&spaced(text)) {
                Ok(())
            } else {
                Err(there)
            }
        })
    }

    /// Waits until this cannot be read in the page.
    #[track_caller]
    pub fn not_see<'a>(&'a self, text: &'a str) -> impl Future<Output = ()> + 'a {
        self.until(format!("see “{text}” gone"), async move || {
            let there = self.text().await?;
            if there.contains(&spaced(text)) {
                Err(there)
            } else {
                Ok(())
            }
        })
    }

    /// How many elements there are now.
    #[track_caller]
    pub fn count<'a>(&'a self, css: &'a str) -> impl Future<Output = u64> + 'a {
        self.until(format!("count {css}"), async move || {
            let number = self.script(COUNT, vec![json!(css)]).await?;
            number.as_u64().ok_or_else(|| number.to_string())
        })
    }

    /// An attribute of the first such element, once there is one.
    #[track_caller]
    pub fn attribute<'a>(&'a self, css: &'a str, name: &'a str) -> impl Future<Output = String> + 'a {
        self.until(format!("read {name} of {css}"), async move || {
            let value = self.script(ATTRIBUTE, vec![json!(css), json!(name)]).await?;
            value
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| "there is none".to_owned())
        })
    }

    /// What stands in the field with this label.
    #[track_caller]
    pub fn value<'a>(&'a self, label: &'a str) -> impl Future<Output = String> + 'a {
        self.until(format!("read “{label}”"), async move || {
            let field = self.find("field", label, "").await?;
            let value = field.prop("value").await.map_err(|error| error.to_string())?;
            value.ok_or_else(|| "it has no value".to_owned())
        })
    }

    /// The texts of the elements that show now.
    #[track_caller]
    pub fn texts<'a>(&'a self, css: &'a str) -> impl Future<Output = Vec<String>> + 'a {
        self.until(format!("read {css}"), async move || {
            self.script(TEXTS, vec![json!(css)]).await.map(strings)
        })
    }

    /// The buttons of the page now, its frame apart: what somebody may do here.
    #[track_caller]
    pub fn buttons(&self) -> impl Future<Output = Vec<String>> {
        self.until("read the buttons".to_owned(), async || {
            self.script(BUTTONS, Vec::new()).await.map(strings)
        })
    }

    /// The name or text of what has the focus; empty if nothing has.
    #[track_caller]
    pub fn focused(&self) -> impl Future<Output = String> {
        self.until("read what has the focus".to_owned(), async || {
            let text = self.script(FOCUSED, Vec::new()).await?;
            Ok(text.as_str().unwrap_or_default().to_owned())
        })
    }

    /// The path and query where the page is.
    #[track_caller]
    pub fn path(&self) -> impl Future<Output = String> {
        self.until("read the address".to_owned(), async || {
            let url = self.client.current_url().await.map_err(|error| error.to_string())?;
            let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
            Ok(format!("{}{query}", url.path()))
        })
    }

    /// The HTTP status with which the page came.
    #[track_caller]
    pub fn status(&self) -> impl Future<Output = u64> {
        self.until("read the status".to_owned(), async || {
            let status = self.script(STATUS, Vec::new()).await?;
            status.as_u64().ok_or_else(|| status.to_string())
        })
    }

    /// Status and body of a path of the site, fetched as the person who is signed in: exports, pictures.
    #[track_caller]
    pub fn fetch<'a>(&'a self, path: &'a str) -> impl Future<Output = (u64, String)> + 'a {
        self.until(format!("fetch {path}"), async move || {
            let answer = self.client.execute_async(FETCH, vec![json!(path)]).await;
            let answer = answer.map_err(|error| error.to_string())?;
            match (answer[0].as_u64(), answer[1].as_str()) {
                (Some(status), Some(body)) if status > 0 => Ok((status, body.to_owned())),
                _ => Err(answer.to_string()),
            }
        })
    }
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn strings(list: Value) -> Vec<String> {
    let list = list.as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|text| text.as_str().unwrap_or_default().to_owned())
        .collect()
}
