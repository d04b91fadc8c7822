//! Lines to and from a mail server. Each step names its stage, so that a failure always tells how far things had come.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::error::SendError;
use crate::reply::{self, Raw};
use crate::stage::Stage;
use crate::tls::Tls;

/// RFC 5321 §4.5.3.1.5 says 512; some servers say more.
const MAX_LINE: usize = 4096;
/// No server has so many extensions to tell of.
const MAX_LINES: usize = 100;

pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A time to be done by.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    from: Instant,
    time: Duration,
}

impl Limit {
    pub(crate) fn of(time: Duration) -> Self {
        Self {
            from: Instant::now(),
            time,
        }
    }

    pub(crate) async fn within<T>(
        self,
        stage: Stage,
        work: impl Future<Output = Result<T, SendError>>,
    ) -> Result<T, SendError> {
        let left = self.time.saturating_sub(self.from.elapsed());
        match timeout(left, work).await {
            Ok(result) => result,
            Err(_) => Err(SendError::Silent {
                stage,
                waited: self.from.elapsed(),
            }),
        }
    }
}

pub(crate) struct Wire {
    stream: Box<dyn Stream>,
    /// Received and not yet read as a line.
    received: Vec<u8>,
    encrypted: bool,
}

impl Wire {
    pub(crate) fn new(stream: Box<dyn Stream>, encrypted: bool) -> Self {
        Self {
            stream,
            received: Vec::new(),
            encrypted,
        }
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// Sends `line` and reads the answer. A refusal (4xx, 5xx) is an error; `hide` is kept out of its text.
    pub(crate) async fn ask(&mut self, stage: Stage, line: &str, hide: &str, limit: Limit) -> Result<Raw, SendError> {
        let whole = format!("{line}\r\n");
        limit.within(stage, self.write(stage, whole.as_bytes())).await?;
        self.answer(stage, hide, limit).await
    }

    pub(crate) async fn send(&mut self, stage: Stage, bytes: &[u8], limit: Limit) -> Result<(), SendError> {
        limit.within(stage, self.write(stage, bytes)).await
    }

    /// Reads one answer, of as many lines as it has.
    pub(crate) async fn answer(&mut self, stage: Stage, hide: &str, limit: Limit) -> Result<Raw, SendError> {
        let raw = limit.within(stage, self.read(stage)).await?;
        if raw.code >= 400 {
            return Err(SendError::Refused {
                stage,
                reply: raw.masked(hide),
            });
        }
        Ok(raw)
    }

    /// The handshake after a STARTTLS that was granted. What was received in clear behind the grant came from anybody
    /// and would be taken for the server's answer to what comes next, so it ends the dialogue.
    pub(crate) async fn encrypt(self, stage: Stage, tls: &Tls, limit: Limit) -> Result<Self, SendError> {
        if !self.received.is_empty() {
            return Err(SendError::Nonsense { stage });
        }
        let handshake = async {
            let stream = tls.connector.connect(tls.name.clone(), self.stream).await;
            stream.map_err(SendError::Tls)
        };
        let stream = limit.within(stage, handshake).await?;
        Ok(Self::new(Box::new(stream), true))
    }

    async fn write(&mut self, stage: Stage, bytes: &[u8]) -> Result<(), SendError> {
        let lost = |source| SendError::Lost { stage, source };
        self.stream.write_all(bytes).await.map_err(lost)?;
        self.stream.flush().await.map_err(lost)
    }

    async fn read(&mut self, stage: Stage) -> Result<Raw, SendError> {
        let nonsense = || SendError::Nonsense { stage };
        let mut lines = Vec::new();
        loop {
            let line = reply::line(&self.read_line(stage).await?).ok_or_else(nonsense)?;
            lines.push((line.code, line.text));
            if line.last {
                break;
            }
            if lines.len() == MAX_LINES {
                return Err(nonsense());
            }
        }
        // The codes of one answer's lines are the same (RFC 5321 §4.2.1); the last one decides where they are not.
        let code = lines.last().map_or(0, |(code, _)| *code);
        let lines = lines.into_iter().map(|(_, text)| text).collect();
        Ok(Raw { code, lines })
    }

    async fn read_line(&mut self, stage: Stage) -> Result<Vec<u8>, SendError> {
        let lost = |source| SendError::Lost { stage, source };
        loop {
            if let Some(end) = self.received.iter().position(|byte| *byte == b'\n') {
                return Ok(self.received.drain(..=end).collect());
            }
            if self.received.len() > MAX_LINE {
                return Err(SendError::Nonsense { stage });
            }
            let read = self.stream.read_buf(&mut self.received).await.map_err(lost)?;
            if read == 0 {
                return Err(lost(io::ErrorKind::UnexpectedEof.into()));
            }
        }
    }
}
