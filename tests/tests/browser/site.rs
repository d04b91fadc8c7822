//! A little site with the real style and script, to try the browser's verbs on.

use std::net::Ipv4Addr;

use axum::Router;
use axum::extract::Query;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::Html;
use axum::routing::{get, post};
use tests::browser::{Browser, Page};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Ends with the test.
pub struct Site {
    pub browser: Browser,
    pub page: Page,
    _server: JoinSet<()>,
}

/// What the admin pages say, too.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'";
const STYLE: &str = include_str!("../../../ingress/src/admin/assets/style.css");
const SCRIPT: &str = include_str!("../../../ingress/src/admin/assets/script.js");

/// Opens the first page, whose `main` has this body.
pub async fn open(body: &'static str) -> Site {
    let page = format!(
        r#"<!DOCTYPE html><html lang="uk"><head><meta charset="utf-8"><title>Проба</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><script src="/script.js" defer></script>
        </head><body><main>{body}</main></body></html>"#
    );
    let style = || async { ([(CONTENT_TYPE, "text/css")], STYLE) };
    let script = || async { ([(CONTENT_TYPE, "text/javascript")], SCRIPT) };
    let first = || async { ([(CONTENT_SECURITY_POLICY, POLICY)], Html(page)) };
    let told = |Query(fields): Query<Vec<(String, String)>>| async move { Html(format!("<main>{fields:?}</main>")) };
    let router = Router::new()
        .route("/", get(first))
        .route("/style.css", get(style))
        .route("/script.js", get(script))
        .route("/told", get(told))
        .route("/upload", post(upload));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let home = format!("http://{}", listener.local_addr().unwrap());
    let mut server = JoinSet::new();
    server.spawn(async { axum::serve(listener, router).await.unwrap() });
    let browser = Browser::start().await;
    let page = browser.open(&home).await;
    page.goto("/").await;
    Site {
        browser,
        page,
        _server: server,
    }
}

/// The parts as they came.
async fn upload(body: String) -> Html<String> {
    Html(format!("<main><pre>{body}</pre></main>"))
}
