//! The shop against a client written by hand, on real sockets.

mod control;
mod faults;

use std::future::{Future, pending};
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// A shop that listens.
struct Bed {
    shop: Shop,
    address: SocketAddr,
}

impl Bed {
    async fn new() -> Self {
        Self::with(Config::default()).await
    }

    async fn with(config: Config) -> Self {
        let shop = Shop::new(config);
        let (listener, address) = listen().await;
        tokio::spawn(serve(listener, shop.clone(), pending()));
        Self { shop, address }
    }

    async fn post(&self, path: &str, body: &str) -> Reply {
        exchange(self.address, &format!("POST {path}"), "X-Mark: ж", body).await
    }
}

/// What a client heard until the connection ended; empty when that was nothing.
#[derive(Debug)]
struct Reply(Vec<u8>);

impl Reply {
    fn status(&self) -> u16 {
        let text = String::from_utf8_lossy(&self.0);
        text.get(9..12).map_or(0, |status| status.parse().unwrap())
    }

    fn head(&self) -> String {
        let text = String::from_utf8_lossy(&self.0);
        text.split_once("\r\n\r\n").unwrap().0.to_owned()
    }

    fn body(&self) -> String {
        let text = String::from_utf8_lossy(&self.0);
        text.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body()).unwrap()
    }
}

async fn exchange(address: SocketAddr, request: &str, header: &str, body: &str) -> Reply {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let head = format!("{request} HTTP/1.1\r\nHost: shop\r\n{header}\r\nConnection: close\r\nContent-Length: {length}");
    // The shop may close the connection before it has read everything.
    let _ = stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await;
    let mut bytes = Vec::new();
    let _ = soon(stream.read_to_end(&mut bytes)).await;
    Reply(bytes)
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), future)
        .await
        .expect("it takes too long")
}

#[tokio::test]
async fn a_request_is_kept_as_it_came() {
    let bed = Bed::new().await;
    let reply = bed.post("/fiscal?a=1&b=%D0%B6", "{\"uuid\": \"ж\" }").await;
    assert_eq!((reply.status(), reply.body().as_str()), (200, ""));
    let [request] = bed.shop.requests().try_into().unwrap();
    assert_eq!((request.number, request.connection), (1, 1));
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/fiscal?a=1&b=%D0%B6")
    );
    assert_eq!(request.body.as_ref(), "{\"uuid\": \"ж\" }".as_bytes());
    assert_eq!((request.header("x-MARK"), request.header("absent")), (Some("ж"), None));
    assert!(request.whole && request.is_acknowledged());
    bed.shop.clear();
    assert!(bed.shop.requests().is_empty());
    assert_eq!(exchange(bed.address, "DELETE /", "A: b", "").await.status(), 200);
    let again = soon(bed.shop.wait_for(1)).await;
    assert_eq!(
        (again[0].number, again[0].connection, again[0].method.as_str()),
        (2, 2, "DELETE")
    );
    assert_eq!(bed.shop.connections(), 2);
}

#[tokio::test]
async fn requests_of_one_connection_are_told_apart_from_those_of_others() {
    let bed = Bed::with(Config {
        status: 204,
        ..Config::default()
    })
    .await;
    let mut stream = TcpStream::connect(bed.address).await.unwrap();
    for number in 1..=2_usize {
        let request = "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\n\r\nx";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut status = [0; 12];
        soon(stream.read_exact(&mut status)).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 204");
        // The rest of the head.
        let _ = soon(stream.read(&mut [0; 1024])).await.unwrap();
        assert_eq!(soon(bed.shop.wait_for(number)).await.len(), number);
    }
    bed.post("/", "y").await;
    let connections: Vec<u64> = bed.shop.requests().iter().map(|request| request.connection).collect();
    assert_eq!(connections, [1, 1, 2]);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let bed = Bed::with(Config {
        size_limit: 10,
        ..Config::default()
    })
    .await;
    assert_eq!(bed.post("/", "0123456789").await.status(), 200);
    assert_eq!(bed.post("/", "0123456789+").await.status(), 413);
    let whole: Vec<bool> = bed.shop.requests().iter().map(|request| request.whole).collect();
    assert_eq!(whole, [true, false]);
    assert_eq!(bed.shop.acknowledged().len(), 1);
}
