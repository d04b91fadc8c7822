//! `GET /assets/…`: the style, the script and the mark, built into the program. Their addresses carry their
//! digest, so a browser keeps them for good and a new version is a new address.

use std::sync::LazyLock;

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::route::{Access, Route, get};

const STYLE: &str = include_str!("assets/style.css");
const SCRIPT: &str = include_str!("assets/script.js");
const MARK: &str = include_str!("assets/mark.svg");

/// Where the style is.
pub(super) static STYLE_URL: LazyLock<String> = LazyLock::new(|| address("style.css", STYLE));
/// Where the script is.
pub(super) static SCRIPT_URL: LazyLock<String> = LazyLock::new(|| address("script.js", SCRIPT));
/// Where the mark is.
pub(super) static MARK_URL: LazyLock<String> = LazyLock::new(|| address("mark.svg", MARK));

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/assets/style.css", Access::Anyone, || async {
            file("text/css; charset=utf-8", STYLE)
        }),
        get("/assets/script.js", Access::Anyone, || async {
            file("text/javascript; charset=utf-8", SCRIPT)
        }),
        get("/assets/mark.svg", Access::Anyone, || async {
            file("image/svg+xml", MARK)
        }),
    ]
}

fn address(name: &str, text: &str) -> String {
    let digest: String = Sha256::digest(text)
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("/assets/{name}?{digest}")
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
    ];
    (headers, text).into_response()
}
