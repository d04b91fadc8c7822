//! The mailbox as a person sees it in the demo.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::decoded::Decoded;
use super::kept::Mailbox;
use super::message::Message;
use crate::kyiv;
use crate::page::{answer, shown};

/// The newest messages, the last one first; it looks again by itself.
pub(super) async fn list(State(mailbox): State<Mailbox>) -> Response {
    let messages = mailbox.messages();
    let rows = messages.iter().rev().take(SHOWN).map(row);
    let body = html! {
        h1 { "Mailbox" }
        p.muted { "What the sandbox’s mail server keeps: " (messages.len()) }
        @if messages.is_empty() {
            p { "Nothing has come yet. This page looks again every few seconds." }
        } @else {
            table {
                thead { tr { th { "Subject" } th { "To" } th { "When" } th { "Size" } } }
                tbody { @for row in rows { (row) } }
            }
        }
    };
    shown("Mailbox", Some(LOOK_AGAIN), &body)
}

/// Seconds between two looks at the list.
const LOOK_AGAIN: u32 = 3;
/// More than this a person does not read, and each is taken apart for its subject.
const SHOWN: usize = 200;

fn row(message: &Message) -> Markup {
    let subject = message.decoded().and_then(|decoded| decoded.subject);
    html! {
        tr {
            td { a href={ "/mail/" (message.id) } { (subject.as_deref().unwrap_or("(no subject)")) } }
            td { (message.to.join(", ")) }
            td.number { (kyiv::readable(message.at)) }
            td.number { (message.raw.len().div_ceil(1024)) " KiB" }
        }
    }
}

/// One message with its HTML in a frame that may do nothing.
pub(super) async fn mail(State(mailbox): State<Mailbox>, Path(id): Path<u64>) -> Response {
    let Some(message) = mailbox.message(id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let decoded = message.decoded();
    let subject = decoded.as_ref().and_then(|decoded| decoded.subject.clone());
    let title = subject.unwrap_or_else(|| "(no subject)".to_owned());
    let body = html! {
        p { a href="/" { "← Mailbox" } }
        h1 { (title) }
        (facts(&message, decoded.as_ref()))
        @match decoded.as_ref() {
            Some(decoded) => (content(id, decoded)),
            None => p { "This is not a message that can be read." },
        }
    };
    shown(&title, None, &body)
}

fn facts(message: &Message, decoded: Option<&Decoded>) -> Markup {
    let way = if message.tls { "encrypted" } else { "in clear" };
    let signed_in = message.user.as_ref().map(|user| format!(", signed in as {user}"));
    html! {
        dl {
            @if let Some(decoded) = decoded {
                dt { "From" } dd { (decoded.from.join(", ")) }
                dt { "To" } dd { (decoded.to.join(", ")) }
                @if !decoded.reply_to.is_empty() { dt { "Answers to" } dd { (decoded.reply_to.join(", ")) } }
                @if let Some(id) = &decoded.message_id { dt { "Message-ID" } dd.code { (id) } }
            }
            dt { "Envelope" } dd { "from <" (message.from) "> to " (message.to.join(", ")) }
            dt { "Came" }
            dd {
                (kyiv::readable(message.at)) ", connection " (message.connection) ", " (way)
                @if let Some(signed_in) = signed_in { (signed_in) }
                @if !message.answered { ", " strong { "the client got no answer" } }
            }
            dt { "As sent" } dd { a href={ "/messages/" (message.id) "/message.eml" } { "message.eml" } }
        }
    }
}

fn content(id: u64, decoded: &Decoded) -> Markup {
    let files = decoded.parts.iter().enumerate().filter(|(_, part)| part.name.is_some());
    let files: Vec<_> = files.collect();
    html! {
        @if !files.is_empty() {
            h2 { "Files" }
            ul {
                @for (n, part) in files {
                    li {
                        a href={ "/messages/" (id) "/parts/" (n) } { (part.name.as_deref().unwrap_or_default()) }
                        " " span.muted { (part.content_type) ", " (part.size) " octets" }
                    }
                }
            }
        }
        @if decoded.html.is_some() {
            h2 { "HTML" }
            iframe title="The message" src={ "/mail/" (id) "/html" } sandbox="allow-popups allow-popups-to-escape-sandbox" {}
        }
        @if let Some(text) = &decoded.text {
            h2 { "Text" }
            pre { (text) }
        }
    }
}

/// The HTML part by itself: no scripts, nothing fetched, links in a window of their own.
pub(super) async fn html(State(mailbox): State<Mailbox>, Path(id): Path<u64>) -> Response {
    let decoded = mailbox.message(id).and_then(|message| message.decoded());
    let Some(html) = decoded.and_then(|decoded| decoded.html_with_pictures()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let policy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; \
                  style-src 'unsafe-inline'; frame-ancestors 'self'";
    let page = html! { (DOCTYPE) base target="_blank"; (PreEscaped(html)) };
    answer(policy, page.into_string())
}
