//! What every answer of the admin pages tells the browser.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

/// Nothing from elsewhere, nothing inline, in nobody's frame. `data:` is for QR pictures; `frame-src` for the
/// provider's rendering of a receipt, which is served with a stricter policy of its own.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The usual headers, unless a handler set its own.
pub(super) async fn add(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut usual = |name: HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    usual(CONTENT_SECURITY_POLICY, POLICY);
    usual(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    usual(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // `same-origin`, not `no-referrer`: with the latter a form's Origin would be `null`.
    usual(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    usual(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    usual(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    usual(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    usual(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
    );
    response
}
