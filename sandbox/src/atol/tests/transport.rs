//! Raw HTTP over a socket of our own: what a client library would hide.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::*;

/// A simulator that listens and works, on a clock that stands still; it stops when dropped.
pub(super) struct Bed {
    pub simulator: Simulator,
    pub address: SocketAddr,
    pub over: CancellationToken,
}

impl Drop for Bed {
    fn drop(&mut self) {
        self.over.cancel();
    }
}

impl Bed {
    pub(super) async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub(super) async fn with(config: Config) -> Self {
        let simulator = Simulator::new(Config {
            clock: Clock::virtual_time(),
            ..config
        });
        simulator.add_group(GroupSetup::v4(V4));
        simulator.add_group(GroupSetup::v5(V5));
        simulator.add_group(GroupSetup::v4(OTHER));
        let over = CancellationToken::new();
        let worker = simulator.clone();
        let stop = over.clone().cancelled_owned();
        tokio::spawn(async move { worker.run(stop).await });
        let address = listen(&simulator, &over).await;
        Self {
            simulator,
            address,
            over,
        }
    }

    /// Everything the server sends until it closes; a reset counts as the end.
    pub(super) async fn exchange(&self, request: &str, headers: &str, body: &str) -> Reply {
        exchange(self.address, request, headers, body).await
    }

    /// A token of a group's login.
    pub(super) async fn token(&self, group: &str) -> String {
        let login = format!("{group}-login");
        let version = version_of(group);
        let reply = self.login(version, &login, DEFAULT_PASS).await;
        reply.json()["token"].as_str().expect("a token").to_owned()
    }

    pub(super) async fn login(&self, version: Version, login: &str, pass: &str) -> Reply {
        let body = json!({ "login": login, "pass": pass, "source": "tests" }).to_string();
        let request = format!("POST /possystem/{}/getToken", version.name());
        self.exchange(&request, JSON, &body).await
    }

    /// Registers with a fresh token.
    pub(super) async fn register(&self, group: &str, operation: &str, body: &Value) -> Reply {
        let token = self.token(group).await;
        self.register_with(&token, group, operation, body).await
    }

    pub(super) async fn register_with(&self, token: &str, group: &str, operation: &str, body: &Value) -> Reply {
        let request = format!("POST /possystem/{}/{group}/{operation}", version_of(group).name());
        self.exchange(&request, &format!("{JSON}Token: {token}\r\n"), &body.to_string())
            .await
    }

    /// Registers a sale that must be accepted; its uuid.
    pub(super) async fn sell(&self, group: &str, external_id: &str) -> String {
        let reply = self
            .register(group, "sell", &sale(version_of(group), external_id))
            .await;
        let json = reply.json();
        assert_eq!((reply.status(), &json["status"]), (200, &json!("wait")), "{reply:?}");
        json["uuid"].as_str().unwrap().to_owned()
    }

    /// Asks for a result with a fresh token.
    pub(super) async fn report(&self, group: &str, uuid: &str) -> Reply {
        let token = self.token(group).await;
        self.report_with(&token, group, uuid).await
    }

    pub(super) async fn report_with(&self, token: &str, group: &str, uuid: &str) -> Reply {
        let request = format!("GET /possystem/{}/{group}/report/{uuid}", version_of(group).name());
        self.exchange(&request, &format!("Token: {token}\r\n"), "").await
    }

    pub(super) fn advance(&self, by: Duration) {
        self.simulator.advance(by);
    }
}

pub(super) const JSON: &str = "Content-Type: application/json; charset=utf-8\r\n";

pub(super) fn version_of(group: &str) -> Version {
    if group.ends_with("v5") {
        Version::V5
    } else {
        Version::V4
    }
}

/// One more listener of a simulator.
pub(super) async fn listen(simulator: &Simulator, over: &CancellationToken) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, simulator.clone(), over.clone().cancelled_owned()));
    address
}

/// Sends a request and leaves the answer unread.
pub(super) async fn send(address: SocketAddr, request: &str, headers: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "{request} HTTP/1.1\r\nHost: sandbox\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

pub(super) async fn exchange(address: SocketAddr, request: &str, headers: &str, body: &str) -> Reply {
    let work = async {
        let mut stream = send(address, request, headers, body).await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        Reply(String::from_utf8(bytes).unwrap())
    };
    soon(work).await
}

/// What came back, head and body; empty when the connection ended without a byte.
#[derive(Debug)]
pub(super) struct Reply(pub String);

impl Reply {
    /// 0 for nothing.
    pub(super) fn status(&self) -> u16 {
        self.0.split(' ').nth(1).map_or(0, |status| status.parse().unwrap())
    }

    pub(super) fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// HTTP status and `error.code`.
    pub(super) fn refusal(&self) -> (u16, i64) {
        (self.status(), self.json()["error"]["code"].as_i64().unwrap_or(0))
    }
}
