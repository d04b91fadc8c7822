//! What a buyer reads in place of a receipt. They are shown no problem JSON: it is their phone that asked.

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, html};

use super::style;

/// Puts a page into every failed answer below `/r/`; status and other headers stay.
pub(crate) async fn show(request: Request, next: Next) -> Response {
    let is_ours = request.uri().path().starts_with("/r/");
    let response = next.run(request).await;
    let status = response.status();
    if !is_ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    let headers = super::private().into_iter().chain(super::framed(super::POLICY));
    for (name, value) in headers.chain([(header::CONTENT_TYPE, html)]) {
        parts.headers.insert(name, value);
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    (parts, page(status)).into_response()
}

/// In Ukrainian and in English, a title and what to do.
const fn words(status: StatusCode) -> [(&'static str, &'static str); 2] {
    match status {
        StatusCode::TOO_MANY_REQUESTS => [
            (
                "Забагато запитів",
                "З вашої мережі забагато запитів. Зачекайте хвилину й відкрийте посилання знову.",
            ),
            (
                "Too many requests",
                "Too many requests came from your network. Wait a minute and open the link again.",
            ),
        ],
        StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST | StatusCode::METHOD_NOT_ALLOWED => [
            (
                "За цим посиланням чека немає",
                "Перевірте, чи посилання скопійоване повністю. Якщо так, попросіть магазин надіслати чек ще раз.",
            ),
            (
                "There is no receipt at this link",
                "Check that the whole link was copied. If it was, ask the shop to send the receipt again.",
            ),
        ],
        _ => [
            (
                "Зараз чек показати не вдалося",
                "Чек не загубився. Відкрийте посилання знову за хвилину.",
            ),
            (
                "The receipt cannot be shown right now",
                "It is not lost. Open the link again in a minute.",
            ),
        ],
    }
}

fn page(status: StatusCode) -> String {
    let [(uk_title, uk), (en_title, en)] = words(status);
    html! {
        (DOCTYPE)
        html lang="uk" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                meta name="color-scheme" content="light dark";
                title { (uk_title) " · " (en_title) }
                link rel="stylesheet" href=(*style::ADDRESS);
            }
            body.receipt-page {
                main {
                    article.receipt {
                        h1 { (uk_title) }
                        section { p { (uk) } }
                        section lang="en" { p.seller { (en_title) } p { (en) } }
                    }
                }
            }
        }
    }
    .into_string()
}
