//! A message taken apart, by a library that is not the one our mails are made with.

use bytes::Bytes;
use mail_parser::{Address, MessageParser, MessagePart, MimeHeaders as _, PartType};
use serde::Serialize;

/// What a mail program would show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decoded {
    /// The subject.
    pub subject: Option<String>,
    /// `Name <address>` of the authors.
    pub from: Vec<String>,
    /// The same of those it is for.
    pub to: Vec<String>,
    /// The same of those an answer goes to.
    pub reply_to: Vec<String>,
    /// `Message-ID` without its brackets.
    pub message_id: Option<String>,
    /// `Date`, as RFC 3339.
    pub date: Option<String>,
    /// The first plain text that is not an attachment.
    pub text: Option<String>,
    /// The first HTML that is not an attachment.
    pub html: Option<String>,
    /// All parts but those that only hold others, in the order of the message.
    pub parts: Vec<Part>,
}

/// One part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `type/subtype` in lower case.
    pub content_type: String,
    /// The file's name.
    pub name: Option<String>,
    /// `Content-ID` without its brackets, as `cid:` links name it.
    pub content_id: Option<String>,
    /// Whether it asks to be offered as a file.
    pub attachment: bool,
    /// How large it is, decoded.
    pub size: usize,
    /// Its content, decoded; text is UTF-8.
    #[serde(skip)]
    pub bytes: Bytes,
}

impl Decoded {
    pub(super) fn of(raw: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse(raw)?;
        let body = |html: bool| {
            let fits = |part: &&MessagePart<'_>| match &part.body {
                PartType::Html(_) => html,
                PartType::Text(_) => !html,
                PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => {
                    false
                }
            };
            let mut parts = message.parts.iter().filter(|part| !is_attachment(part));
            parts.find(fits)?.text_contents().map(str::to_owned)
        };
        Some(Self {
            subject: message.subject().map(str::to_owned),
            from: people(message.from()),
            to: people(message.to()),
            reply_to: people(message.reply_to()),
            message_id: message.message_id().map(str::to_owned),
            date: message.date().map(mail_parser::DateTime::to_rfc3339),
            text: body(false),
            html: body(true),
            parts: message.parts.iter().filter_map(Part::of).collect(),
        })
    }

    /// The HTML with its inline pictures put into it, so that it can be shown without asking anybody for anything.
    pub(super) fn html_with_pictures(&self) -> Option<String> {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let mut html = self.html.clone()?;
        for part in &self.parts {
            if let Some(id) = &part.content_id {
                let data = STANDARD.encode(&part.bytes);
                let inline = format!("data:{};base64,{data}", part.content_type);
                html = html.replace(&format!("cid:{id}"), &inline);
            }
        }
        Some(html)
    }
}

impl Part {
    fn of(part: &MessagePart<'_>) -> Option<Self> {
        if part.is_multipart() {
            return None;
        }
        let content_type = part.content_type().map(|content_type| {
            let subtype = content_type.subtype().unwrap_or("octet-stream");
            format!("{}/{subtype}", content_type.ctype()).to_ascii_lowercase()
        });
        Some(Self {
            content_type: content_type.unwrap_or_else(|| "text/plain".to_owned()),
            name: part.attachment_name().map(str::to_owned),
            content_id: part.content_id().map(str::to_owned),
            attachment: is_attachment(part),
            size: part.contents().len(),
            bytes: Bytes::copy_from_slice(part.contents()),
        })
    }
}

fn is_attachment(part: &MessagePart<'_>) -> bool {
    let disposition = part.content_disposition();
    disposition.is_some_and(mail_parser::ContentType::is_attachment)
}

fn people(address: Option<&Address<'_>>) -> Vec<String> {
    let all = address.into_iter().flat_map(|address| address.clone().into_list());
    all.filter_map(|person| {
        let address = person.address?;
        Some(match person.name {
            Some(name) => format!("{name} <{address}>"),
            None => address.into_owned(),
        })
    })
    .collect()
}
