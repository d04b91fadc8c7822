//! The text of a message: up to the line with nothing but a dot, doubled dots undone (RFC 5321 §4.5.2).

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};

use crate::mailbox::reply::Reply;

/// Longest line of a message with its end (RFC 5321 §4.5.3.1.6).
const LINE_LIMIT: usize = 1000;
/// How much of a line is read at once.
const PIECE: u64 = 16 * 1024;

/// A whole message and why it cannot be taken, if it cannot.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::mailbox) struct Text {
    /// Empty when it was too large.
    pub raw: Vec<u8>,
    pub flaw: Option<Flaw>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mailbox) enum Flaw {
    TooLarge,
    /// A line feed without its carriage return or the other way round: what smuggling of mails is made with.
    BareLineEnd,
    LongLine,
}

impl Flaw {
    pub(in crate::mailbox) fn reply(self) -> Reply {
        match self {
            Self::TooLarge => Reply::new(552, "5.3.4 Message too large"),
            Self::BareLineEnd => Reply::new(550, "5.6.11 Bare line end in the message"),
            Self::LongLine => Reply::new(500, "5.6.0 A line is longer than 1000 octets"),
        }
    }
}

pub(super) async fn read(reader: &mut (impl AsyncBufRead + Unpin), limit: usize) -> io::Result<Option<Text>> {
    let mut text = Text {
        raw: Vec::new(),
        flaw: None,
    };
    let mut piece = Vec::new();
    let mut line_length = 0;
    let mut last = b'\n';
    // A line begins after CR LF only, so only there can the final dot be.
    let mut begins = true;
    loop {
        piece.clear();
        if (&mut *reader).take(PIECE).read_until(b'\n', &mut piece).await? == 0 {
            return Ok(None);
        }
        if begins && piece == b".\r\n" {
            return Ok(Some(text));
        }
        let content = piece.strip_prefix(b".").filter(|_| begins).unwrap_or(&piece);
        line_length += content.len();
        if line_length > LINE_LIMIT {
            text.blame(Flaw::LongLine);
        }
        if has_bare_end(last, &piece) {
            text.blame(Flaw::BareLineEnd);
        }
        if text.raw.len() + content.len() > limit {
            text.flaw = Some(Flaw::TooLarge);
            text.raw = Vec::new();
        }
        if text.flaw != Some(Flaw::TooLarge) {
            text.raw.extend_from_slice(content);
        }
        begins = piece.ends_with(b"\r\n") || (piece == b"\n" && last == b'\r');
        last = piece.last().copied().unwrap_or(last);
        if last == b'\n' {
            line_length = 0;
        }
    }
}

impl Text {
    /// The first flaw stays, for it is the one to mend first.
    fn blame(&mut self, flaw: Flaw) {
        self.flaw = self.flaw.or(Some(flaw));
    }
}

/// `piece` ends with its only line feed, or has none.
fn has_bare_end(before: u8, piece: &[u8]) -> bool {
    let mut previous = before;
    piece.iter().any(|byte| {
        let lonely = (*byte == b'\n') != (previous == b'\r');
        previous = *byte;
        lonely
    })
}
