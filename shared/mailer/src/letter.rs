//! A letter, and its bytes as they go to a mail server.

mod boundary;
mod check;
mod parts;

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};

use crate::address::Address;
use boundary::Boundaries;

/// One letter to one person.
#[derive(Clone)]
pub struct Letter {
    /// Who writes; also whom the mail servers tell when they cannot deliver.
    pub from: Address,
    /// Where an answer should go, if not to `from`.
    pub reply_to: Option<Address>,
    /// Who gets it.
    pub to: Address,
    /// One line, in any letters.
    pub subject: String,
    /// The letter for those who read no HTML.
    pub text: String,
    /// The same as HTML; a picture is `<img src="cid:…">`.
    pub html: String,
    /// The pictures of the HTML.
    pub inline: Vec<Inline>,
    /// Files that come with it.
    pub attachments: Vec<Attachment>,
    /// `<left@right>`. The same for the same letter, so that who gets it twice sees it once.
    pub message_id: String,
    /// The time of the header `Date`, in milliseconds since 1970 (UTC), before the year 10000.
    pub date_ms: i64,
    /// The language of the letter, `uk` or `en` (RFC 5646).
    pub language: String,
}

/// A picture within the HTML.
#[derive(Clone)]
pub struct Inline {
    /// What the HTML calls it, without `cid:`. Letters, digits, `.`, `-`, `_` and `@`.
    pub cid: String,
    /// `image/png`.
    pub mime: String,
    /// The picture.
    pub bytes: Vec<u8>,
}

/// A file that comes with a letter.
#[derive(Clone)]
pub struct Attachment {
    /// The file's name, in any letters.
    pub name: String,
    /// `application/pdf`.
    pub mime: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Why a letter cannot be written. Shows nothing of the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// A line break or another control character where one line is meant: the header would end there and another begin.
    #[error("a control character in the letter's {0}")]
    ControlCharacter(&'static str),
    /// Not `<left@right>` in plain ASCII, or longer than 250.
    #[error("the letter's Message-ID is not <left@right>")]
    MessageId,
    /// Before 1970 or after 9999.
    #[error("the letter's date is not between the years 1970 and 9999")]
    Date,
    /// Not a language tag.
    #[error("the letter's language is not a language tag")]
    Language,
    /// Empty, or other characters than may stand in it.
    #[error("a picture's cid may have letters, digits and .-_@ only")]
    Cid,
    /// Not `type/subtype`.
    #[error("a part of the letter has no usable media type")]
    Mime,
    /// lettre refused what passed all of the checks above.
    #[error("the letter cannot be put together")]
    Build,
}

/// The letter as MIME, with CRLF line ends, lines that any server takes, and ASCII only. The same letter gives the same
/// bytes.
///
/// ```text
/// multipart/mixed            only with attachments
/// ├─ multipart/alternative
/// │  ├─ text/plain
/// │  └─ multipart/related    only with pictures
/// │     ├─ text/html
/// │     └─ pictures
/// └─ attachments
/// ```
pub fn bytes(letter: &Letter) -> Result<Vec<u8>, LetterError> {
    let date = check::letter(letter)?;
    let mut builder = Message::builder()
        .date(date)
        .from(letter.from.mailbox())
        .to(letter.to.mailbox())
        .subject(letter.subject.as_str());
    if let Some(reply_to) = &letter.reply_to {
        builder = builder.reply_to(reply_to.mailbox());
    }
    let message = builder
        .raw_header(plain("Message-ID", &letter.message_id))
        .raw_header(plain("Content-Language", &letter.language))
        // RFC 3834: so that nobody's absence note answers.
        .raw_header(plain("Auto-Submitted", "auto-generated"))
        .multipart(parts::body(letter, &Boundaries::of(&letter.message_id))?)
        .map_err(|_| LetterError::Build)?;
    Ok(message.formatted())
}

/// A header exactly as given; lettre would encode or fold a long word. Only for what `check` let through: short and
/// ASCII, without a space.
fn plain(name: &'static str, value: &str) -> HeaderValue {
    let value = value.to_owned();
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
}

#[cfg(test)]
pub(crate) mod tests;
