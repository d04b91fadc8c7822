//! The server on real sockets.

use std::net::SocketAddr;
use std::time::Duration;

use ingress::{IngressConfig, IngressError, Rate, run};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::bed::{Bed, config};
use crate::sign::sale;

pub struct Running {
    pub bed: Bed,
    pub addr: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), IngressError>>,
}

pub async fn start(config: IngressConfig) -> Running {
    let (bed, _) = Bed::without_inbox(config.clone()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let ended = tokio::spawn(run(config, bed.parts.clone(), listener, shutdown));
    Running { bed, addr, stop, ended }
}

pub fn post(body: &str) -> String {
    let length = body.len();
    format!("POST /callbacks/flowers-fondy HTTP/1.1\r\nhost: kasyr\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// Everything until the other side closes; a reset counts as the end.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes))
        .await
        .unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One answer on a kept connection: headers and, if they announce one, the body.
pub async fn one_answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    while !text.contains("\r\n\r\n") {
        let mut byte = [0];
        assert_eq!(stream.read(&mut byte).await.unwrap(), 1, "closed after {text:?}");
        text.push(char::from(byte[0]));
    }
    text
}

#[tokio::test]
async fn callbacks_are_served_on_a_kept_connection_until_the_stop() {
    let server = start(config()).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    for _ in 0..3 {
        stream.write_all(post(&sale().json()).as_bytes()).await.unwrap();
        let answer = one_answer(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }
    server.stop.send(()).unwrap();
    // The silent kept connection does not hold the stop up.
    assert_eq!(rest(&mut stream).await, "");
    server.ended.await.unwrap().unwrap();
    assert_eq!(server.bed.stored().await.len(), 1);
    assert!(TcpStream::connect(server.addr).await.is_err());
}

#[tokio::test]
async fn a_request_in_hand_is_answered_before_the_stop() {
    let server = start(config()).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    let request = post(&sale().json());
    let (head, tail) = request.split_at(request.len() - 10);
    stream.write_all(head.as_bytes()).await.unwrap();
    // Somebody else is answered, so the first request's headers were taken as well.
    let mut other = TcpStream::connect(server.addr).await.unwrap();
    other.write_all(post("{}").as_bytes()).await.unwrap();
    assert!(one_answer(&mut other).await.starts_with("HTTP/1.1 400"));
    server.stop.send(()).unwrap();
    stream.write_all(tail.as_bytes()).await.unwrap();
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
    server.ended.await.unwrap().unwrap();
    assert_eq!(server.bed.stored().await.len(), 1);
}

#[tokio::test]
async fn ten_megabytes_are_answered_and_not_stored() {
    let server = start(config()).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    let body = " ".repeat(10 * 1024 * 1024);
    stream.write_all(post(&body).as_bytes()).await.unwrap();
    let answer = one_answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert_eq!(server.bed.stored().await.len(), 0);
}

#[tokio::test]
async fn slow_headers_and_slow_bodies_are_given_up() {
    let mut config = config();
    config.limits.headers_within = Duration::from_millis(100);
    config.limits.body_within = Duration::from_millis(100);
    let server = start(config).await;
    let mut headers = TcpStream::connect(server.addr).await.unwrap();
    headers.write_all(b"POST /callbacks/flowers-fondy HT").await.unwrap();
    assert!(!rest(&mut headers).await.contains("200"));
    let mut body = TcpStream::connect(server.addr).await.unwrap();
    let request = post(&sale().json());
    body.write_all(&request.as_bytes()[..request.len() - 1]).await.unwrap();
    assert!(rest(&mut body).await.starts_with("HTTP/1.1 408 "));
    assert_eq!(server.bed.stored().await.len(), 0);
}

#[tokio::test]
async fn a_connection_that_never_ends_is_cut_at_the_stop() {
    let mut config = config();
    config.limits.stop_within = Duration::from_millis(100);
    let server = start(config).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    let request = post(&sale().json());
    stream
        .write_all(&request.as_bytes()[..request.len() - 1])
        .await
        .unwrap();
    let mut other = TcpStream::connect(server.addr).await.unwrap();
    other.write_all(post("{}").as_bytes()).await.unwrap();
    one_answer(&mut other).await;
    server.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), server.ended)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn connections_above_the_limit_wait_for_their_turn() {
    let mut config = config();
    config.limits.connections = 1;
    let server = start(config).await;
    let mut first = TcpStream::connect(server.addr).await.unwrap();
    first.write_all(post(&sale().json()).as_bytes()).await.unwrap();
    one_answer(&mut first).await;
    let mut second = TcpStream::connect(server.addr).await.unwrap();
    second.write_all(post(&sale().json()).as_bytes()).await.unwrap();
    let waiting = tokio::time::timeout(Duration::from_millis(100), second.readable()).await;
    assert!(waiting.is_err(), "the second connection was served beside the first");
    drop(first);
    assert!(one_answer(&mut second).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn an_address_that_sends_too_much_is_slowed_down() {
    let mut config = config();
    config.limits.per_address = Rate {
        per_second: 1,
        burst: 2,
    };
    let server = start(config).await;
    let mut stream = TcpStream::connect(server.addr).await.unwrap();
    let mut statuses = Vec::new();
    for _ in 0..3 {
        stream.write_all(post(&sale().json()).as_bytes()).await.unwrap();
        let answer = one_answer(&mut stream).await;
        statuses.push(answer.split(' ').nth(1).unwrap().to_owned());
        if statuses.len() == 3 {
            assert!(answer.contains("retry-after: 1"), "{answer}");
        }
    }
    assert_eq!(statuses, ["200", "200", "429"]);
}

#[tokio::test]
async fn a_buyer_s_phone_that_asks_too_often_is_told_so_that_a_person_understands() {
    let mut config = config();
    config.limits.per_address = Rate {
        per_second: 1,
        burst: 1,
    };
    let server = start(config).await;
    for (status, words) in [("404", "За цим посиланням чека немає"), ("429", "Забагато запитів")]
    {
        let mut stream = TcpStream::connect(server.addr).await.unwrap();
        let request = b"GET /r/canary HTTP/1.1\r\nhost: kasyr\r\nconnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.contains("text/html") && answer.contains(words), "{answer}");
        assert_eq!(answer.contains("retry-after: 1"), status == "429", "{answer}");
    }
}
