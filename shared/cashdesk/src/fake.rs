//! A peer on a raw socket that answers, or misbehaves, exactly as told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;
use wire::Tokens;

use crate::{Client, Credentials};

/// What to do with one request that was read to its end.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Answer and keep the connection.
    Answer(u16, String),
    /// The same with a `Shift-state`.
    InShift(u16, String, &'static str),
    /// Write these bytes and close.
    Raw(Vec<u8>),
    /// Close without a word.
    HangUp,
    /// Stay silent.
    Hang,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Method and path with its query.
    pub line: String,
    /// The header lines, names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The peer and what it was sent.
pub(crate) struct Fake {
    pub url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
}

type Judge = dyn Fn(&Seen) -> Step + Send + Sync;

impl Fake {
    /// Asks `judge` about every request.
    pub(crate) async fn start(judge: impl Fn(&Seen) -> Step + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/api/v2/", listener.local_addr().unwrap())).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(serve(listener, Arc::new(judge), Arc::clone(&seen)));
        Self { url, seen }
    }

    /// Takes one step a request, and hangs up when there is none left.
    pub(crate) async fn script(steps: impl IntoIterator<Item = Step>) -> Self {
        let steps = Mutex::new(steps.into_iter().collect::<VecDeque<_>>());
        Self::start(move |_| steps.lock().unwrap().pop_front().unwrap_or(Step::HangUp)).await
    }

    /// A client with a permanent key, which needs no login, and a limit that tests can wait for.
    pub(crate) fn client(&self) -> Client {
        self.client_of(api_token())
    }

    pub(crate) fn client_of(&self, credentials: Credentials) -> Client {
        let timeout = Duration::from_secs(10);
        Client::new(http(), self.url.clone(), credentials, Tokens::default(), timeout)
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

pub(crate) fn api_token() -> Credentials {
    Credentials::ApiToken {
        token: "canary-api-key".into(),
        developer_id: "Крамниця Inc".to_owned(),
    }
}

pub(crate) fn login() -> Credentials {
    Credentials::Login {
        email: "canary@shop.example".to_owned(),
        password: "canary-password".into(),
        developer_id: "Крамниця Inc".to_owned(),
    }
}

/// An HTTP client as [`Client::new`] asks for.
pub(crate) fn http() -> reqwest::Client {
    // Every test but the first finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .build()
        .unwrap()
}

async fn serve(listener: TcpListener, judge: Arc<Judge>, seen: Arc<Mutex<Vec<Seen>>>) {
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        tokio::spawn(converse(socket, Arc::clone(&judge), Arc::clone(&seen)));
    }
}

async fn converse(mut socket: TcpStream, judge: Arc<Judge>, seen: Arc<Mutex<Vec<Seen>>>) {
    while let Some(request) = read_request(&mut socket).await {
        let step = judge(&request);
        seen.lock().unwrap().push(request);
        match step {
            Step::Answer(status, body) => socket.write_all(&answer(status, "", &body)).await.unwrap(),
            Step::InShift(status, body, state) => {
                let head = format!("Shift-state: {state}\r\n");
                socket.write_all(&answer(status, &head, &body)).await.unwrap();
            }
            Step::Raw(bytes) => return socket.write_all(&bytes).await.unwrap(),
            Step::HangUp => return,
            Step::Hang => std::future::pending().await,
        }
    }
}

fn answer(status: u16, head: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{head}\r\n{body}").into()
}

/// The next request, or none if the client went away first.
async fn read_request(socket: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    loop {
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let mut lines = head.split("\r\n");
        let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let seen = Seen {
            line,
            headers,
            body: body.to_owned(),
        };
        let length = seen
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        if body.len() >= length {
            return Some(seen);
        }
    }
}
