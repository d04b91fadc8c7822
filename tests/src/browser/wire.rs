//! What WebDriver's own vocabulary lacks: Chromium's commands and its log.

use fantoccini::Client;
use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::{Method, Url};
use serde_json::{Value, json};

/// A command of the browser itself, such as `Emulation.setEmulatedMedia`.
pub(super) async fn chromium(client: &Client, command: &str, params: Value) -> Result<Value, String> {
    let body = json!({ "cmd": command, "params": params });
    post(client, "goog/cdp/execute", body).await
}

/// What the page's console was told since the last look.
pub(super) async fn console(client: &Client) -> Result<Value, String> {
    post(client, "se/log", json!({ "type": "browser" })).await
}

async fn post(client: &Client, path: &'static str, body: Value) -> Result<Value, String> {
    let sent = client.issue_cmd(Post { path, body }).await;
    sent.map_err(|error| format!("{path}: {error}"))
}

#[derive(Debug)]
struct Post {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Post {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
