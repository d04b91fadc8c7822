//! A listening simulator, and raw HTTP over a socket of our own: what a client library would hide.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::{Clock, Config, DEFAULT_API_TOKEN, DocKind, RegisterSetup, Simulator, Switches, serve};
use crate::patience::soon;

pub(super) const REGISTER: u64 = 4_000_777_001;
pub(super) const OTHER: u64 = 4_000_777_002;

/// A simulator that listens, with the clock standing still; it stops when dropped.
pub(super) struct Bed {
    pub simulator: Simulator,
    pub address: SocketAddr,
    over: CancellationToken,
}

impl Drop for Bed {
    fn drop(&mut self) {
        self.over.cancel();
    }
}

impl Bed {
    pub(super) async fn start() -> Self {
        Self::with(RegisterSetup::new(REGISTER)).await
    }

    pub(super) async fn with(setup: RegisterSetup) -> Self {
        let config = Config {
            upload_every: None,
            ..Config::default()
        };
        let simulator = Simulator::new(config);
        simulator.set_clock(standing("2026-11-21T08:15:41Z"));
        simulator.add_register(setup);
        Self::listening(simulator).await
    }

    pub(super) async fn listening(simulator: Simulator) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let over = CancellationToken::new();
        tokio::spawn(serve(listener, simulator.clone(), over.clone().cancelled_owned()));
        Self {
            simulator,
            address,
            over,
        }
    }

    pub(super) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = self.simulator.switches();
        change(&mut switches);
        self.simulator.set_switches(switches);
    }

    /// Sends a request with these headers and leaves the answer unread.
    pub(super) async fn send(&self, request: &str, headers: &[(&str, &str)], body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut head = format!("{request} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        stream
    }

    /// Everything the server sends until it closes; a reset counts as the end.
    pub(super) async fn exchange(&self, request: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut stream = self.send(request, headers, body).await;
        let mut bytes = Vec::new();
        let _ = soon(stream.read_to_end(&mut bytes)).await;
        Reply(bytes)
    }

    /// A request of a well-behaved client.
    pub(super) async fn call(&self, request: &str, body: &Value) -> Reply {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let (method, path) = request.split_once(' ').unwrap();
        let bearer = format!("Bearer {DEFAULT_API_TOKEN}");
        let headers = [
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
            ("developer-id", "kasyr"),
            ("Authorization", bearer.as_str()),
        ];
        self.exchange(&format!("{method} /api/v2/{path}"), &headers, body.as_bytes())
            .await
    }

    /// A request for the register with these further fields.
    pub(super) async fn post(&self, path: &str, fields: Value) -> Reply {
        let mut body = json!({ "num_fiscal": REGISTER });
        body.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        self.call(&format!("POST {path}"), &body).await
    }

    /// A request that must succeed.
    pub(super) async fn ok(&self, path: &str, fields: Value) -> Value {
        let reply = self.post(path, fields).await;
        assert_eq!(reply.status(), 200, "{path}: {}", reply.body());
        reply.json()
    }

    /// A request that must be refused with 400 and a message, which is returned.
    pub(super) async fn refused(&self, path: &str, fields: Value) -> String {
        let reply = self.post(path, fields).await;
        assert_eq!(reply.status(), 400, "{path}: {}", reply.body());
        reply.json()["message"].as_str().unwrap().to_owned()
    }

    pub(super) async fn open(&self) -> Value {
        self.ok("shift", json!({ "action_type": "OPEN_SHIFT" })).await
    }

    pub(super) async fn close(&self) -> Value {
        self.ok("shift", json!({ "action_type": "Z_REPORT" })).await
    }

    /// Sells by card, opening the shift if need be.
    pub(super) async fn sell(&self, local_number: u64, kopecks: i64) -> Reply {
        self.post("check/sale", sale(local_number, kopecks)).await
    }

    /// Kinds on the tape, in order.
    pub(super) fn tape(&self) -> Vec<&'static str> {
        let documents = self.simulator.documents(REGISTER);
        documents.iter().map(|document| document.kind.name()).collect()
    }

    pub(super) fn sales(&self) -> usize {
        let documents = self.simulator.documents(REGISTER);
        documents
            .iter()
            .filter(|document| document.kind == DocKind::Sale)
            .count()
    }
}

/// A clock that stands still.
pub(super) fn standing(at: &str) -> Clock {
    let at: jiff::Timestamp = at.parse().unwrap();
    Clock::Virtual(Arc::new(AtomicU64::new(u64::try_from(at.as_millisecond()).unwrap())))
}

/// A sale by card without the heavy parts.
pub(super) fn sale(local_number: u64, kopecks: i64) -> Value {
    let sum: f64 = format!("{}.{:02}", kopecks / 100, kopecks % 100).parse().unwrap();
    json!({
        "action_type": "Z_SALE", "local_number": local_number, "open_shift": true, "total_sum": sum,
        "products": [{ "name": "Консультація", "amount": 1, "price": sum, "cost": sum }],
        "payments": [{ "code": 1, "name": "КАРТКА", "sum": sum }],
        "no_pdf": true, "no_qr": true, "no_text_print": true,
    })
}

/// What came back, head and body.
#[derive(Debug)]
pub(super) struct Reply(pub Vec<u8>);

impl Reply {
    fn split(&self) -> (&str, &[u8]) {
        let end = self.0.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
        (std::str::from_utf8(&self.0[..end]).unwrap(), &self.0[end + 4..])
    }

    pub(super) fn status(&self) -> u16 {
        self.split().0.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.split().0.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.split().1
    }

    pub(super) fn body(&self) -> &str {
        std::str::from_utf8(self.bytes()).unwrap()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap()
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }
}
