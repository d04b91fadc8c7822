//! What no header may hold. lettre encodes most of it away; here it is an error, for it is never meant.

use std::time::{Duration, SystemTime};

use super::{Letter, LetterError};

const MAX_MESSAGE_ID: usize = 250;
/// The last second of 9999, UTC.
const MAX_SECONDS: u64 = 253_402_300_799;

/// Checks everything but the addresses, which cannot be wrong, and the media types, which are read where they are used.
pub(super) fn letter(letter: &Letter) -> Result<SystemTime, LetterError> {
    one_line("subject", &letter.subject)?;
    for inline in &letter.inline {
        cid(&inline.cid)?;
        one_line("media type", &inline.mime)?;
    }
    for attachment in &letter.attachments {
        one_line("file name", &attachment.name)?;
        one_line("media type", &attachment.mime)?;
    }
    message_id(&letter.message_id)?;
    language(&letter.language)?;
    date(letter.date_ms)
}

fn one_line(what: &'static str, text: &str) -> Result<(), LetterError> {
    if text.chars().any(char::is_control) {
        return Err(LetterError::ControlCharacter(what));
    }
    Ok(())
}

fn cid(cid: &str) -> Result<(), LetterError> {
    let good = |c: char| c.is_ascii_alphanumeric() || ".-_@".contains(c);
    if cid.is_empty() || cid.len() > MAX_MESSAGE_ID || !cid.chars().all(good) {
        return Err(LetterError::Cid);
    }
    Ok(())
}

fn message_id(id: &str) -> Result<(), LetterError> {
    let good = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic()) && !part.contains(['<', '>', '@'])
    };
    let inner = id.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let parts = inner.and_then(|inner| inner.split_once('@'));
    match parts {
        Some((left, right)) if id.len() <= MAX_MESSAGE_ID && good(left) && good(right) => Ok(()),
        Some(_) | None => Err(LetterError::MessageId),
    }
}

fn language(tag: &str) -> Result<(), LetterError> {
    let good = |part: &str| matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if tag.len() > 35 || !tag.split('-').all(good) {
        return Err(LetterError::Language);
    }
    Ok(())
}

fn date(ms: i64) -> Result<SystemTime, LetterError> {
    let time = Duration::from_millis(u64::try_from(ms).map_err(|_| LetterError::Date)?);
    if time.as_secs() > MAX_SECONDS {
        return Err(LetterError::Date);
    }
    Ok(SystemTime::UNIX_EPOCH + time)
}
