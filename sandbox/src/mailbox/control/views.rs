//! Messages as the control channel prints them.

use serde::Serialize;

use crate::mailbox::decoded::Decoded;
use crate::mailbox::message::Message;

/// A message in the list.
#[derive(Serialize)]
pub(super) struct Summary {
    id: u64,
    from: String,
    to: Vec<String>,
    at: String,
    connection: u64,
    tls: bool,
    user: Option<String>,
    answered: bool,
    size: usize,
    subject: Option<String>,
    message_id: Option<String>,
}

impl Summary {
    pub(super) fn of(message: &Message) -> Self {
        Self::with(message, message.decoded().as_ref())
    }

    fn with(message: &Message, decoded: Option<&Decoded>) -> Self {
        Self {
            id: message.id,
            from: message.from.clone(),
            to: message.to.clone(),
            at: message.at.to_string(),
            connection: message.connection,
            tls: message.tls,
            user: message.user.clone(),
            answered: message.answered,
            size: message.raw.len(),
            subject: decoded.and_then(|decoded| decoded.subject.clone()),
            message_id: decoded.and_then(|decoded| decoded.message_id.clone()),
        }
    }
}

/// A message with its parts; their content is at `/messages/{id}/parts/{n}`, numbered from 0 on.
#[derive(Serialize)]
pub(super) struct MessageView {
    #[serde(flatten)]
    summary: Summary,
    decoded: Option<Decoded>,
}

impl MessageView {
    pub(super) fn of(message: &Message) -> Self {
        let decoded = message.decoded();
        Self {
            summary: Summary::with(message, decoded.as_ref()),
            decoded,
        }
    }
}

/// `Content-Disposition` of a file to save, for any name (RFC 6266).
pub(super) fn disposition(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let encoded: String = name
        .bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_fits_into_a_header() {
        assert_eq!(disposition("12.eml"), "attachment; filename*=UTF-8''12.eml");
        assert_eq!(
            disposition("a\"\r\nчек"),
            "attachment; filename*=UTF-8''a%22%0D%0A%D1%87%D0%B5%D0%BA"
        );
    }
}
