use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// What the peer does with the one request it gets.
enum Peer {
    Answers(u16, usize),
    HangsUp,
    StopsHalfway,
    StaysSilent,
}

fn http() -> reqwest::Client {
    // A second test finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn asked(peer: Peer) -> Result<Asked, AskError> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/secret-path", listener.local_addr().unwrap());
    let timeout = match peer {
        Peer::StaysSilent => Duration::from_millis(50),
        Peer::Answers(..) | Peer::HangsUp | Peer::StopsHalfway => Duration::from_secs(20),
    };
    let serve = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await.unwrap();
        match peer {
            Peer::Answers(status, bytes) => {
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {bytes}\r\nconnection: close\r\n\r\n");
                socket.write_all(head.as_bytes()).await.unwrap();
                // A client that has read enough may be gone already.
                let _ = socket.write_all(&vec![b'x'; bytes]).await;
                None
            }
            Peer::HangsUp => None,
            Peer::StopsHalfway => {
                let half = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{";
                socket.write_all(half).await.unwrap();
                None
            }
            Peer::StaysSilent => Some(socket),
        }
    };
    let (answer, _socket) = tokio::join!(ask(http().get(url), timeout), serve);
    answer
}

#[tokio::test]
async fn lost_answers_are_told_from_requests_that_never_left() {
    for peer in [Peer::HangsUp, Peer::StopsHalfway, Peer::StaysSilent] {
        let error = asked(peer).await.unwrap_err();
        assert!(
            matches!(error, AskError::NoAnswer(_)) && error.is_retryable(),
            "{error:?}"
        );
        assert!(!format!("{error:?}").contains("secret-path"), "{error:?}");
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/secret-path", listener.local_addr().unwrap());
    drop(listener);
    let error = ask(http().get(url), Duration::from_secs(20)).await.unwrap_err();
    assert!(
        matches!(error, AskError::NotSent(_)) && error.is_retryable(),
        "{error:?}"
    );
    assert!(!format!("{error:?}").contains("secret-path"), "{error:?}");
}

#[tokio::test]
async fn an_answer_is_read_up_to_its_bound() {
    let whole = asked(Peer::Answers(200, ANSWER_BYTES)).await.unwrap();
    assert_eq!(whole.text().unwrap().len(), ANSWER_BYTES);
    let error = asked(Peer::Answers(200, ANSWER_BYTES + 1)).await.unwrap_err();
    assert!(
        matches!(
            error,
            AskError::BadAnswer {
                http_status: 200,
                source: None
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn other_statuses_are_no_answers_and_only_passing_ones_are_asked_again() {
    for (status, retryable) in [(404, false), (403, false), (429, true), (502, true), (302, false)] {
        let error = asked(Peer::Answers(status, 2)).await.unwrap().text().unwrap_err();
        assert_eq!(error.is_retryable(), retryable, "{status}");
    }
}
