//! One letter over a dialogue that is open.

use crate::error::SendError;
use crate::mailer::Times;
use crate::open::Offers;
use crate::reply::Reply;
use crate::stage::Stage;
use crate::wire::{Limit, Wire};

/// From whom to whom; both have been checked and hold no line break.
pub(crate) struct Envelope<'a> {
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    /// What stands before the recipient's `@`, to be kept out of texts.
    pub(crate) hide: &'a str,
}

/// RSET: is the other side still there, and nothing of the last letter in its head?
pub(crate) async fn begin_anew(wire: &mut Wire, times: &Times) -> Result<(), SendError> {
    let limit = Limit::of(times.command);
    wire.ask(Stage::Hello, "RSET", "", limit).await.map(drop)
}

/// Hands one letter over; `letter` is whole MIME with CRLF line ends.
pub(crate) async fn hand_over(
    wire: &mut Wire,
    offers: Offers,
    envelope: &Envelope<'_>,
    letter: &[u8],
    times: &Times,
) -> Result<Reply, SendError> {
    let Envelope { from, to, hide } = *envelope;
    let size = if offers.size {
        format!(" SIZE={}", letter.len())
    } else {
        String::new()
    };
    let command = || Limit::of(times.command);
    wire.ask(Stage::Sender, &format!("MAIL FROM:<{from}>{size}"), hide, command())
        .await?;
    wire.ask(Stage::Recipient, &format!("RCPT TO:<{to}>"), hide, command())
        .await?;
    let go_ahead = wire.ask(Stage::Data, "DATA", hide, command()).await?;
    if go_ahead.code != 354 {
        return Err(SendError::Nonsense { stage: Stage::Data });
    }
    let limit = Limit::of(times.letter);
    wire.send(Stage::Letter, &with_dots_doubled(letter), limit).await?;
    // From here on the letter may arrive, whatever we hear.
    let answer = wire.ask(Stage::Answer, ".", hide, limit).await?;
    if answer.code >= 300 {
        return Err(SendError::Nonsense { stage: Stage::Answer });
    }
    Ok(answer.masked(hide))
}

/// RFC 5321 §4.5.2: a line that begins with a dot gets another, or a lone dot would end the letter.
fn with_dots_doubled(letter: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(letter.len() + 64);
    for line in letter.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::with_dots_doubled;

    #[test]
    fn lines_that_begin_with_a_dot_get_another() {
        for (letter, sent) in [
            ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n"),
            (".a\r\n..b\r\n", "..a\r\n...b\r\n"),
            ("a.b\r\n", "a.b\r\n"),
            ("a", "a\r\n"),
        ] {
            assert_eq!(with_dots_doubled(letter.as_bytes()), sent.as_bytes());
        }
    }
}
