//! A shop's endpoint for the tests, on a real socket.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the shop does with a request.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// Status, more headers (each with its line's end), body.
    Answer(&'static str, &'static str, &'static str),
    /// 200, and a body without an end.
    AnswerForever,
    /// 200, and a body that stops on its way.
    AnswerHalf,
    HangUp,
    StaySilent,
}

#[derive(Clone)]
pub(super) struct Request {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

pub(super) struct Shop {
    address: SocketAddr,
    log: Arc<Mutex<Log>>,
}

#[derive(Default)]
struct Log {
    connections: usize,
    requests: Vec<Request>,
}

impl Shop {
    pub(super) async fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Log::default()));
        let shared = Arc::clone(&log);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, act, Arc::clone(&shared)));
            }
        });
        Self { address, log }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(super) fn connections(&self) -> usize {
        self.log.lock().unwrap().connections
    }

    pub(super) fn request(&self) -> Request {
        self.log.lock().unwrap().requests.last().unwrap().clone()
    }
}

/// An address where nobody listens.
pub(super) async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

async fn serve(mut stream: TcpStream, act: Act, log: Arc<Mutex<Log>>) {
    let Some(request) = read(&mut stream).await else { return };
    log.lock().unwrap().requests.push(request);
    let answer = match act {
        Act::Answer(status, headers, body) => {
            let length = body.len();
            format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}")
        }
        Act::AnswerForever => "HTTP/1.1 200 OK\r\n\r\n".to_owned(),
        Act::AnswerHalf => "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf".to_owned(),
        Act::HangUp => return,
        Act::StaySilent => String::new(),
    };
    let mut open = stream.write_all(answer.as_bytes()).await.is_ok();
    match act {
        Act::Answer(..) | Act::HangUp => {}
        Act::AnswerHalf | Act::StaySilent => std::future::pending().await,
        Act::AnswerForever => {
            while open {
                open = stream.write_all(&[b'a'; 1024]).await.is_ok();
            }
        }
    }
}

/// The first byte of a TLS handshake.
const TLS: u8 = 0x16;

/// Nothing of what is not HTTP.
async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 || bytes[0] == TLS {
            return None;
        }
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .unwrap();
        let body = &bytes[end + 4..];
        if body.len() == length.parse::<usize>().unwrap() {
            let body = body.to_vec();
            return Some(Request { head, body });
        }
    }
}
