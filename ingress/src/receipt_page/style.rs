//! `GET /assets/receipt.css?{digest}`: the receipts' one style sheet. A new version has a new address, so that browsers
//! keep it for good.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use receipts::html::STYLE;
use sha2::{Digest, Sha256};

static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::digest(STYLE);
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
});

/// Where this version is.
pub(super) static ADDRESS: LazyLock<String> = LazyLock::new(|| format!("/assets/receipt.css?{}", *DIGEST));

pub(super) async fn show(uri: Uri) -> Response {
    // Another version's page asks for its own, and must not keep this one under that name.
    let keep = if uri.query() == Some(DIGEST.as_str()) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static(keep)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, STYLE).into_response()
}
