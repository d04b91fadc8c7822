//! A message as it was taken.

use bytes::Bytes;
use jiff::Timestamp;

use super::decoded::Decoded;

/// A message that the mailbox keeps.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its number, from 1 on in the order of arrival; never used again.
    pub id: u64,
    /// The envelope's sender; empty is the null sender of bounces.
    pub from: String,
    /// The envelope's recipients that were accepted.
    pub to: Vec<String>,
    /// The text as it was sent, without the doubled dots of the transport.
    pub raw: Bytes,
    /// When its final dot came, by the machine's clock.
    pub at: Timestamp,
    /// The connection it came through, numbered from 1 on: messages of one number shared a connection.
    pub connection: u64,
    /// Whether that connection was encrypted.
    pub tls: bool,
    /// Who was signed in.
    pub user: Option<String>,
    /// Whether its `250` was handed to the network. False of a kept message means that the client has reason to send
    /// it again.
    pub answered: bool,
}

impl Message {
    /// The message taken apart; None when it is not one.
    pub fn decoded(&self) -> Option<Decoded> {
        Decoded::of(&self.raw)
    }

    /// A header field's value as written, unfolded and trimmed; the first of that name in any letter case.
    pub fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.raw);
        let (head, _) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut found: Option<String> = None;
        for line in head.split("\r\n") {
            match (&mut found, line.starts_with([' ', '\t'])) {
                (Some(value), true) => value.push_str(line),
                (Some(_), false) => break,
                (None, _) => {
                    let field = line
                        .split_once(':')
                        .filter(|(field, _)| field.eq_ignore_ascii_case(name));
                    found = field.map(|(_, value)| value.to_owned());
                }
            }
        }
        found.map(|value| value.trim().to_owned())
    }
}
