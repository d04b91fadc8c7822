//! Lines and texts on a connection.

use std::io;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};

use super::reply::Reply;

mod text;

pub(super) use text::Text;

/// Longest command line; RFC 4954 asks for 12,288 octets of credentials.
const LINE_LIMIT: u64 = 16 * 1024;

pub(super) struct Wire<S>(BufReader<S>);

/// What came in place of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Text(String),
    /// Not a line as the protocol has it; it was read to its end.
    Wrong(Reply),
    /// The client has gone.
    End,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S) -> Self {
        Self(BufReader::new(stream))
    }

    /// The connection itself. What the client sent ahead is thrown away, as STARTTLS asks for.
    pub(super) fn into_inner(self) -> S {
        self.0.into_inner()
    }

    /// The next line without its end.
    pub(super) async fn line(&mut self) -> io::Result<Line> {
        let mut line = Vec::new();
        let mut long = false;
        loop {
            let read = (&mut self.0).take(LINE_LIMIT).read_until(b'\n', &mut line).await?;
            if line.ends_with(b"\n") {
                break;
            }
            if read == 0 {
                return Ok(Line::End);
            }
            long = long || line.len() as u64 >= LINE_LIMIT;
            if long {
                line.clear();
            }
        }
        let wrong = |text: &str| Ok(Line::Wrong(Reply::new(500, format!("5.5.2 {text}"))));
        if long {
            return wrong("Line too long");
        }
        let Some(line) = line.strip_suffix(b"\r\n") else {
            return wrong("A line ends with CR LF");
        };
        match std::str::from_utf8(line) {
            Ok(line) if !line.contains(['\r', '\0']) => Ok(Line::Text(line.to_owned())),
            Ok(_) | Err(_) => wrong("Not a line of text"),
        }
    }

    /// A message up to its final dot; None when the client left in the middle.
    pub(super) async fn text(&mut self, limit: usize) -> io::Result<Option<Text>> {
        text::read(&mut self.0, limit).await
    }

    pub(super) async fn say(&mut self, reply: &Reply) -> io::Result<()> {
        let stream = self.0.get_mut();
        stream.write_all(reply.wire().as_bytes()).await?;
        stream.flush().await
    }

    /// Says nothing until the client leaves.
    pub(super) async fn wait_for_the_end(&mut self) -> io::Result<()> {
        tokio::io::copy(&mut self.0, &mut tokio::io::sink()).await.map(drop)
    }

    pub(super) async fn close(&mut self) {
        // The client may have left first, and then there is nothing to close.
        let _ = self.0.get_mut().shutdown().await;
    }
}

#[cfg(test)]
mod tests;
