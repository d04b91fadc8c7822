use lettre::message::header::{ContentDisposition, ContentId, ContentTransferEncoding, ContentType};
use lettre::message::{Body, MultiPart, SinglePart};

use super::boundary::Boundaries;
use super::{Attachment, Inline, Letter, LetterError};

/// Everything below the letter's headers.
pub(super) fn body(letter: &Letter, boundaries: &Boundaries) -> Result<MultiPart, LetterError> {
    let readable = readable(letter, boundaries)?;
    if letter.attachments.is_empty() {
        return Ok(readable);
    }
    let mut mixed = MultiPart::mixed()
        .boundary(boundaries.named("mixed"))
        .multipart(readable);
    for attachment in &letter.attachments {
        mixed = mixed.singlepart(attached(attachment)?);
    }
    Ok(mixed)
}

fn readable(letter: &Letter, boundaries: &Boundaries) -> Result<MultiPart, LetterError> {
    let alternative = MultiPart::alternative()
        .boundary(boundaries.named("alternative"))
        .singlepart(text(ContentType::TEXT_PLAIN, &letter.text));
    let html = text(ContentType::TEXT_HTML, &letter.html);
    if letter.inline.is_empty() {
        return Ok(alternative.singlepart(html));
    }
    let mut related = MultiPart::related()
        .boundary(boundaries.named("related"))
        .singlepart(html);
    for picture in &letter.inline {
        related = related.singlepart(inline(picture)?);
    }
    Ok(alternative.multipart(related))
}

/// Quoted-printable or base64, whichever is shorter; never as it is, see [`Boundaries`].
fn text(content_type: ContentType, text: &str) -> SinglePart {
    let body = Body::new(text.to_owned());
    let encoding = match body.encoding() {
        ContentTransferEncoding::Base64 => ContentTransferEncoding::Base64,
        ContentTransferEncoding::SevenBit
        | ContentTransferEncoding::QuotedPrintable
        | ContentTransferEncoding::EightBit
        | ContentTransferEncoding::Binary => ContentTransferEncoding::QuotedPrintable,
    };
    SinglePart::builder()
        .header(content_type)
        .header(encoding)
        .body(text.to_owned())
}

fn inline(picture: &Inline) -> Result<SinglePart, LetterError> {
    Ok(SinglePart::builder()
        .header(media_type(&picture.mime)?)
        .header(ContentId::from(format!("<{}>", picture.cid)))
        .header(ContentDisposition::inline())
        // Not left to lettre's choice, which may be to leave them as they are; see `Boundaries`.
        .header(ContentTransferEncoding::Base64)
        .body(picture.bytes.clone()))
}

fn attached(file: &Attachment) -> Result<SinglePart, LetterError> {
    Ok(SinglePart::builder()
        .header(media_type(&file.mime)?)
        .header(ContentDisposition::attachment(&file.name))
        .header(ContentTransferEncoding::Base64)
        .body(file.bytes.clone()))
}

fn media_type(mime: &str) -> Result<ContentType, LetterError> {
    // What a multipart holds would be read as parts of the letter.
    if mime.trim_start().to_ascii_lowercase().starts_with("multipart/") {
        return Err(LetterError::Mime);
    }
    ContentType::parse(mime).map_err(|_| LetterError::Mime)
}
