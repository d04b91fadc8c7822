//! A kept connection: ready bytes go out, one whole answer comes back. As little as a load
//! generator can do, for it shares the machine with what it measures.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Finds the end of an answer: its length and whether it is a success; `None` while it is not whole.
pub(crate) type Whole = fn(&[u8]) -> Option<(usize, bool)>;

pub(crate) struct Wire {
    stream: TcpStream,
    whole: Whole,
    answer: Vec<u8>,
}

impl Wire {
    pub async fn connect(port: u16, whole: Whole) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            whole,
            answer: Vec::with_capacity(4096),
        })
    }

    /// Sends `request`; true when the answer is a success.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<bool> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some((_, success)) = (self.whole)(&self.answer) {
                return Ok(success);
            }
        }
    }

    /// The last answer.
    pub fn answer(&self) -> &[u8] {
        &self.answer
    }
}
