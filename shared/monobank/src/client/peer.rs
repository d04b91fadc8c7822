//! A bank on loopback that answers a list of answers, one connection each, and keeps what it was asked.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::client::Client;

/// The client, and the requests once all answers were given.
pub async fn bank(answers: Vec<(u16, String)>) -> (Client, JoinHandle<Vec<String>>) {
    // A second test finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = Url::parse(&url).unwrap();
    let client = Client::new(http, url, "token-canary".into(), Duration::from_secs(20));
    let serve = tokio::spawn(async move {
        let mut requests = Vec::new();
        for (status, body) in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = String::new();
            let mut chunk = [0; 4096];
            while !request.contains("\r\n\r\n") {
                let read = socket.read(&mut chunk).await.unwrap();
                request.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
            }
            requests.push(request);
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            socket.write_all((head + &body).as_bytes()).await.unwrap();
        }
        requests
    });
    (client, serve)
}
