//! Posting over a bare socket. Why not an HTTP client: halves of bodies, resets and slow senders need the bytes.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

/// Answers are read up to here at most.
const MAX_ANSWER: usize = 64 * 1024;

/// One POST. Only `http://` addresses can be reached.
pub(crate) struct Posting<'a> {
    pub(crate) url: &'a str,
    pub(crate) user_agent: &'a str,
    pub(crate) content_type: &'a str,
    /// Headers beside the usual ones.
    pub(crate) headers: &'a [(&'static str, String)],
    pub(crate) body: &'a [u8],
}

/// How the body travels.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Manner {
    Plain,
    /// Cut by a reset in the middle.
    Reset,
    /// In ten pieces over this time.
    Slow(Duration),
}

/// What was answered. Redirects are answers like any other.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    /// As long as the answer said, or until it was closed.
    pub(crate) body: Vec<u8>,
}

/// Sends the POST and reads the answer.
pub(crate) async fn send(posting: &Posting<'_>, manner: Manner) -> io::Result<Answered> {
    let url = Url::parse(posting.url).map_err(io::Error::other)?;
    let host = url
        .host_str()
        .ok_or_else(|| io::Error::other("the callback URL has no host"))?;
    if url.scheme() != "http" {
        return Err(io::Error::other("the simulator posts to http:// only"));
    }
    let port = url.port_or_known_default().unwrap_or(80);
    let mut stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    stream.set_nodelay(true)?;
    let mut request = head(posting, &url, &format!("{host}:{port}")).into_bytes();
    let body = posting.body;
    match manner {
        Manner::Plain => {
            request.extend_from_slice(body);
            stream.write_all(&request).await?;
        }
        Manner::Reset => {
            request.extend_from_slice(body.get(..body.len() / 2).unwrap_or_default());
            stream.write_all(&request).await?;
            stream.set_zero_linger()?;
            return Err(io::Error::other("reset on purpose"));
        }
        Manner::Slow(over) => {
            stream.write_all(&request).await?;
            for piece in body.chunks(body.len().div_ceil(10).max(1)) {
                tokio::time::sleep(over / 10).await;
                stream.write_all(piece).await?;
            }
        }
    }
    read(&mut stream).await
}

fn head(posting: &Posting<'_>, url: &Url, host: &str) -> String {
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let mut head = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\nuser-agent: {}\r\ncontent-type: {}\r\ncontent-length: {}\r\n\
         accept: */*\r\nconnection: close\r\n",
        posting.user_agent,
        posting.content_type,
        posting.body.len(),
    );
    for (name, value) in posting.headers {
        // Writing to a String cannot fail.
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str("\r\n");
    head
}

async fn read(stream: &mut TcpStream) -> io::Result<Answered> {
    let mut answer = Vec::with_capacity(512);
    let start = loop {
        if let Some(end) = answer.windows(4).position(|end| end == b"\r\n\r\n") {
            break end + 4;
        }
        more(stream, &mut answer, "the answer's head does not end").await?;
    };
    let head = std::str::from_utf8(answer.get(..start).unwrap_or_default()).map_err(io::Error::other)?;
    let status = head
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.get(2..5))
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| io::Error::other("the answer is not HTTP/1"))?;
    let bodiless = status == 204 || status == 304;
    let announced = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    let end = announced
        .or_else(|| bodiless.then_some(0))
        .map(|length| start.saturating_add(length));
    // Its status is enough; a body that breaks off is handed on as far as it came.
    while end.is_none_or(|end| answer.len() < end) {
        if more(stream, &mut answer, "the answer does not end").await.is_err() {
            break;
        }
    }
    Ok(Answered {
        status,
        body: answer.split_off(start),
    })
}

async fn more(stream: &mut TcpStream, answer: &mut Vec<u8>, too_long: &'static str) -> io::Result<()> {
    if answer.len() > MAX_ANSWER {
        return Err(io::Error::other(too_long));
    }
    match stream.read_buf(answer).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}
