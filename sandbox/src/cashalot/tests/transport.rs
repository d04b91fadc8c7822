//! Raw HTTP over a socket of our own: what a client library would hide.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::{Clock, Config, DEFAULT_KEY_PIN, REGISTER, RegisterSetup, Simulator, sale};
use crate::patience::soon;

/// A simulator that listens; it stops when dropped.
pub(super) struct Server {
    pub simulator: Simulator,
    pub address: SocketAddr,
    over: CancellationToken,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.cancel();
    }
}

impl Server {
    pub(super) async fn start() -> Self {
        let simulator = Simulator::new(Config::default());
        simulator.set_clock(Clock::Fixed("2026-03-05T09:22:33.1234567Z".parse().unwrap()));
        simulator.add_register(RegisterSetup::new(REGISTER));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let over = CancellationToken::new();
        tokio::spawn(super::super::serve(
            listener,
            simulator.clone(),
            over.clone().cancelled_owned(),
        ));
        Self {
            simulator,
            address,
            over,
        }
    }

    /// Sends a request and leaves the answer unread.
    pub(super) async fn send(&self, method: &str, path: &str, body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: sandbox\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        stream
    }

    /// Everything the server sends until it closes; a reset counts as the end.
    pub(super) async fn exchange(&self, method: &str, path: &str, body: &[u8]) -> Reply {
        let mut stream = self.send(method, path, body).await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        Reply(String::from_utf8(bytes).unwrap())
    }

    pub(super) async fn post(&self, body: &Value) -> Reply {
        self.exchange("POST", "/", body.to_string().as_bytes()).await
    }

    pub(super) async fn sell(&self) -> Reply {
        self.post(&sale_request()).await
    }

    /// Sales on the tape.
    pub(super) fn sales(&self) -> usize {
        let documents = self.simulator.documents(REGISTER);
        documents
            .iter()
            .filter(|document| document.is(super::DocSubType::CheckGoods))
            .count()
    }
}

pub(super) fn sale_request() -> Value {
    json!({ "Command": "RegisterCheck", "NumFiscal": REGISTER, "KeyPin": DEFAULT_KEY_PIN, "AutoOpenShift": true, "Check": sale(25_000) })
}

pub(super) fn state_request() -> Value {
    json!({ "Command": "TransactionsRegistrarState", "NumFiscal": REGISTER, "KeyPin": DEFAULT_KEY_PIN })
}

/// What came back, head and body.
#[derive(Debug)]
pub(super) struct Reply(pub String);

impl Reply {
    pub(super) fn status(&self) -> u16 {
        self.0.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(super) fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").unwrap().1
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap()
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }
}

#[tokio::test]
async fn the_protocol_is_post_with_an_object_on_its_paths() {
    let server = Server::start().await;
    let state = br#"{"Command":"serverstate"}"#;
    let rows: [(&str, &str, &[u8], u16); 10] = [
        ("POST", "/", state, 200),
        ("POST", "/fsapi/", state, 200),
        ("POST", "/till/fsapi/", state, 200),
        ("POST", "/elsewhere", state, 404),
        ("GET", "/", b"", 405),
        ("PUT", "/", state, 405),
        ("POST", "/", b"", 400),
        ("POST", "/", b"[]", 400),
        ("POST", "/", b"{\"Command\":", 400),
        ("POST", "/", b"{\"Command\":\"\xff\"}", 400),
    ];
    for (method, path, body, status) in rows {
        let reply = soon(server.exchange(method, path, body)).await;
        assert_eq!(
            reply.status(),
            status,
            "{method} {path} {}",
            String::from_utf8_lossy(body)
        );
    }
    let huge = vec![b' '; 5 * 1024 * 1024];
    // The server answers before it has read everything, so the client may see a reset instead.
    let reply = soon(server.exchange("POST", "/", &huge)).await;
    assert!(reply.is_nothing() || reply.status() == 413, "{reply:?}");
}

#[tokio::test]
async fn a_sale_over_the_socket_is_answered_in_the_protocols_shape() {
    let server = Server::start().await;
    let reply = soon(server.sell()).await;
    let text = reply.body();
    let answer = reply.json();
    assert_eq!(answer["OrderDateTime"], "2026-03-05T11:22:33.1234567+02:00");
    assert_eq!(answer["NumLocal"], 2);
    assert!(
        text.starts_with(r#"{"QrCode":null,"Url":"https://cabinet.tax.gov.ua/cashregs/check?fn=4000999001&id="#),
        "{text}"
    );
    assert!(
        answer["Url"]
            .as_str()
            .unwrap()
            .ends_with("&date=20260305&time=112233&sm=250.00"),
        "{text}"
    );
    assert!(text.ends_with(r#""ErrorCode":"Ok","ErrorMessage":null}"#), "{text}");
}

#[tokio::test]
async fn the_transcript_keeps_commands_and_no_secrets() {
    let server = Server::start().await;
    soon(server.sell()).await;
    let requests = server.simulator.requests(REGISTER);
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].command, requests[0].code.as_deref()),
        ("RegisterCheck", Some("Ok"))
    );
    assert!(!format!("{requests:?}").contains(DEFAULT_KEY_PIN));
    assert!(!format!("{:?}", Config::default()).contains(DEFAULT_KEY_PIN));
}
