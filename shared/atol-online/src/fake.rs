//! A service on a raw socket that answers, or misbehaves, exactly as told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;
use wire::Tokens;

use crate::{Client, Credentials, Version};

/// What to do with one request.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Answer.
    Answer(u16, String),
    /// Write these bytes, then close.
    Bytes(Vec<u8>),
    /// Close.
    Close,
    /// Stay silent.
    Hang,
}

pub(crate) fn answer(status: u16, body: impl Into<String>) -> Step {
    Step::Answer(status, body.into())
}

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Method and address.
    pub line: String,
    /// The header `Token`.
    pub token: String,
    pub body: String,
}

#[derive(Default)]
struct State {
    /// For getToken; when empty, a token `tok-N` is issued.
    logins: VecDeque<Step>,
    /// For everything else.
    script: VecDeque<Step>,
    /// Any other token is answered with code 11, without using up the script.
    only_token: Option<String>,
    seen: Vec<Seen>,
}

/// The service.
pub(crate) struct Fake {
    pub url: Url,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub(crate) async fn start(script: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/possystem/v4", listener.local_addr().unwrap())).unwrap();
        let state = Arc::new(Mutex::new(State {
            script: script.into_iter().collect(),
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                tokio::spawn(converse(socket, Arc::clone(&shared)));
            }
        });
        Self { url, state }
    }

    pub(crate) fn logins(self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.state.lock().unwrap().logins = steps.into_iter().collect();
        self
    }

    pub(crate) fn only_token(self, token: &str) -> Self {
        self.state.lock().unwrap().only_token = Some(token.to_owned());
        self
    }

    pub(crate) fn client(&self) -> Client {
        self.client_within(Duration::from_secs(10))
    }

    pub(crate) fn client_within(&self, timeout: Duration) -> Client {
        let credentials = Credentials {
            login: "canary-login".to_owned(),
            pass: "canary-pass".into(),
            group_code: "group_1".to_owned(),
        };
        Client::new(
            http(),
            self.url.clone(),
            Version::V4,
            credentials,
            Tokens::default(),
            timeout,
        )
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.lock().unwrap().seen.clone()
    }

    /// How often a token was asked for.
    pub(crate) fn tokens_asked(&self) -> usize {
        self.seen()
            .iter()
            .filter(|seen| seen.line.ends_with("/getToken"))
            .count()
    }

    /// True once every step was used.
    pub(crate) fn is_done(&self) -> bool {
        self.state.lock().unwrap().script.is_empty()
    }
}

pub(crate) fn http() -> reqwest::Client {
    // Every test but the first finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

impl State {
    fn step(&mut self, seen: Seen) -> Step {
        let step = if seen.line.ends_with("/getToken") {
            let issue = self.seen.iter().filter(|seen| seen.line.ends_with("/getToken")).count() + 1;
            let token = format!(r#"{{"error":null,"token":"tok-{issue}","timestamp":"21.11.2026 10:00:00"}}"#);
            self.logins.pop_front().unwrap_or(answer(200, token))
        } else if self.only_token.as_ref().is_some_and(|token| *token != seen.token) {
            answer(401, refusal(11))
        } else {
            self.script.pop_front().unwrap_or(Step::Close)
        };
        self.seen.push(seen);
        step
    }
}

/// A refusal at the door.
pub(crate) fn refusal(code: u16) -> String {
    let kind = if code == 0 { "unknown" } else { "system" };
    format!(
        r#"{{"timestamp":"21.11.2026 10:15:41","status":"fail",
           "error":{{"error_id":"e-{code}","code":{code},"text":"refused","type":"{kind}"}}}}"#
    )
}

async fn converse(mut socket: TcpStream, state: Arc<Mutex<State>>) {
    while let Some(seen) = read_request(&mut socket).await {
        let step = state.lock().unwrap().step(seen);
        match step {
            Step::Answer(status, body) => {
                let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n", body.len());
                socket.write_all((head + &body).as_bytes()).await.unwrap();
            }
            Step::Bytes(bytes) => return socket.write_all(&bytes).await.unwrap(),
            Step::Close => return,
            Step::Hang => std::future::pending().await,
        }
    }
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
        let header = |name: &str| {
            let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(name));
            line.and_then(|line| line.split_once(": "))
                .map_or("", |(_, value)| value)
        };
        if head.starts_with("POST") {
            assert_eq!(header("content-type"), "application/json; charset=utf-8");
        }
        if body.len() >= header("content-length").parse().unwrap_or(0) {
            let line = head.lines().next()?.trim_end_matches(" HTTP/1.1");
            return Some(Seen {
                line: line.to_owned(),
                token: header("token").to_owned(),
                body: body.to_owned(),
            });
        }
    }
}
