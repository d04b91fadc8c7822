//! Posting one callback over a bare socket. Why not an HTTP client: halves of bodies, resets and slow senders need the bytes.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use super::SignedCallback;
use super::callback::AttemptOutcome;
use super::fault::Fault;

/// The gateway's is a fixed browser-like text with this word in it.
const USER_AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0 Safari/537.36 Twisted";

/// Answers are read up to here at most; only the status line matters.
const MAX_ANSWER: usize = 16 * 1024;

/// How the body travels.
#[derive(Clone, Copy, Debug)]
pub(super) enum Manner {
    Plain,
    /// Cut by a reset in the middle.
    Reset,
    /// In ten pieces over this time.
    Slow(Duration),
}

impl Manner {
    /// Faults of the body and of the schedule travel plainly.
    pub(super) fn under(fault: Option<Fault>) -> Self {
        if let Some(Fault::SlowSend(over)) = fault {
            return Self::Slow(over);
        }
        if fault == Some(Fault::Reset) {
            Self::Reset
        } else {
            Self::Plain
        }
    }
}

/// Sends one POST and reads the answer's status. Redirects are answers like any other.
pub(super) async fn post(url: &str, signed: &SignedCallback, manner: Manner, timeout: Duration) -> AttemptOutcome {
    match tokio::time::timeout(timeout, exchange(url, signed, manner)).await {
        Err(_) => AttemptOutcome::TimedOut,
        Ok(Err(error)) => AttemptOutcome::Broken(error.to_string()),
        Ok(Ok(200)) => AttemptOutcome::Acknowledged,
        Ok(Ok(status)) => AttemptOutcome::Refused(status),
    }
}

async fn exchange(url: &str, signed: &SignedCallback, manner: Manner) -> io::Result<u16> {
    let url = Url::parse(url).map_err(io::Error::other)?;
    let host = url
        .host_str()
        .ok_or_else(|| io::Error::other("the callback URL has no host"))?;
    if url.scheme() != "http" {
        return Err(io::Error::other("the simulator posts to http:// only"));
    }
    let port = url.port_or_known_default().unwrap_or(80);
    let mut stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    stream.set_nodelay(true)?;
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}:{port}\r\nuser-agent: {USER_AGENT}\r\ncontent-type: {}\r\n\
         content-length: {}\r\naccept: */*\r\nconnection: close\r\n\r\n",
        signed.content_type,
        signed.body.len(),
    );
    let mut request = head.into_bytes();
    match manner {
        Manner::Plain => {
            request.extend_from_slice(&signed.body);
            stream.write_all(&request).await?;
        }
        Manner::Reset => {
            request.extend_from_slice(signed.body.get(..signed.body.len() / 2).unwrap_or_default());
            stream.write_all(&request).await?;
            stream.set_zero_linger()?;
            return Err(io::Error::other("reset on purpose"));
        }
        Manner::Slow(over) => {
            stream.write_all(&request).await?;
            for piece in signed.body.chunks(signed.body.len().div_ceil(10).max(1)) {
                tokio::time::sleep(over / 10).await;
                stream.write_all(piece).await?;
            }
        }
    }
    read_status(&mut stream).await
}

async fn read_status(stream: &mut TcpStream) -> io::Result<u16> {
    let mut answer = Vec::with_capacity(512);
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        if answer.len() > MAX_ANSWER {
            return Err(io::Error::other("the answer's head does not end"));
        }
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = std::str::from_utf8(line).map_err(io::Error::other)?;
    let status = line
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.get(2..5))
        .and_then(|code| code.parse().ok());
    status.ok_or_else(|| io::Error::other("the answer is not HTTP/1"))
}
