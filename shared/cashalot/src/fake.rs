//! A peer on a raw socket that misbehaves exactly as told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::{Auth, Client};

/// What to do with one request, or with one connection.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Accept, then close without reading.
    CloseOnAccept,
    /// Read the whole request, then close.
    ReadThenClose,
    /// Read the whole request, then stay silent.
    ReadThenHang,
    /// Read, write these bytes, keep the connection for the next request.
    Answer(Vec<u8>),
    /// Read, write these bytes, close without having announced it.
    AnswerThenClose(Vec<u8>),
}

/// The peer and what it was sent.
pub(crate) struct Fake {
    pub url: Url,
    script: Arc<Mutex<VecDeque<Step>>>,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    pub(crate) async fn start(script: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/fsapi/", listener.local_addr().unwrap())).unwrap();
        let script = Arc::new(Mutex::new(script.into_iter().collect::<VecDeque<_>>()));
        let bodies = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(serve(listener, Arc::clone(&script), Arc::clone(&bodies)));
        Self { url, script, bodies }
    }

    /// A client of this peer with a limit that tests can wait for.
    pub(crate) fn client(&self, auth: Auth) -> Client {
        Client::new(http(), self.url.clone(), auth, std::time::Duration::from_secs(10))
    }

    /// The request bodies read so far.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }

    /// True once every step was used.
    pub(crate) fn is_done(&self) -> bool {
        self.script.lock().unwrap().is_empty()
    }
}

/// [`crate::http_client`] with the crypto provider a program's `main` would install.
pub(crate) fn http() -> reqwest::Client {
    install_crypto();
    wire::http_client().unwrap()
}

pub(crate) fn install_crypto() {
    // Every test but the first finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A whole HTTP answer.
pub(crate) fn http_answer(status: u16, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into()
}

async fn serve(listener: TcpListener, script: Arc<Mutex<VecDeque<Step>>>, bodies: Arc<Mutex<Vec<String>>>) {
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        let closes = script
            .lock()
            .unwrap()
            .pop_front_if(|step| matches!(step, Step::CloseOnAccept));
        if closes.is_none() {
            tokio::spawn(converse(socket, Arc::clone(&script), Arc::clone(&bodies)));
        }
    }
}

async fn converse(mut socket: TcpStream, script: Arc<Mutex<VecDeque<Step>>>, bodies: Arc<Mutex<Vec<String>>>) {
    while let Some(body) = read_request(&mut socket).await {
        bodies.lock().unwrap().push(body);
        let step = script.lock().unwrap().pop_front();
        match step {
            Some(Step::Answer(bytes)) => socket.write_all(&bytes).await.unwrap(),
            Some(Step::AnswerThenClose(bytes)) => return socket.write_all(&bytes).await.unwrap(),
            Some(Step::ReadThenHang) => std::future::pending().await,
            Some(Step::ReadThenClose | Step::CloseOnAccept) | None => return,
        }
    }
}

/// The body of the next request, or none if the client went away first.
async fn read_request(socket: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            assert!(head.starts_with("POST /fsapi/ HTTP/1.1"), "{head}");
            let head = head.to_ascii_lowercase();
            assert!(head.contains("content-type: application/json; charset=utf-8"), "{head}");
            let length: usize = head.split_once("content-length: ")?.1.split_once("\r\n").map_or_else(
                || head.rsplit_once("content-length: ").unwrap().1.parse().unwrap(),
                |(length, _)| length.parse().unwrap(),
            );
            if body.len() >= length {
                return Some(body.to_owned());
            }
        }
    }
}
