//! From a reply to bytes. Pictures are drawn here, with the simulator's lock released.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hyper::header::HeaderValue;

use crate::cashdesk::commands::{Content, Reply};
use crate::socket::{Answer, JSON, typed};

pub(super) const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

pub(super) fn drawn(reply: Reply) -> Answer {
    let Reply {
        status,
        content,
        shift_state,
    } = reply;
    let (content_type, body) = bytes(content);
    let mut answer = typed(status, content_type, body);
    if let Some(open) = shift_state {
        let open = HeaderValue::from_static(if open { "true" } else { "false" });
        answer.headers_mut().insert("Shift-state", open);
    }
    answer
}

pub(super) fn bytes(content: Content) -> (&'static str, Bytes) {
    match content {
        Content::Json(value) => (JSON, value.to_string().into()),
        Content::Printed(mut value, printout) => {
            printout.fill(&mut value);
            (JSON, value.to_string().into())
        }
        Content::Text(text) => (TEXT, text.into()),
        Content::Html(page) => (HTML, page.into()),
        Content::Pdf(printout) => ("application/pdf", printout.pdf().into()),
        Content::Png(wish) => {
            let image = wish.draw().and_then(|image| STANDARD.decode(image).ok());
            ("image/png", image.unwrap_or_default().into())
        }
    }
}
