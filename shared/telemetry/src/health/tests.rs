use std::future::{pending, ready};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::metrics::LocalMetrics;

/// Serves while `ask` asks, stops, and returns what `ask` heard.
async fn served<T, Fut>(readiness: Readiness, ask: impl FnOnce(std::net::SocketAddr) -> Fut) -> T
where
    Fut: Future<Output = T>,
{
    let local = LocalMetrics::new().unwrap();
    local.record(|| metrics::counter!("receipts_total").increment(7));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = serve(listener, local.handle(), readiness, async {
        stopped.await.unwrap();
    });
    let asking = async {
        let heard = ask(address).await;
        stop.send(()).unwrap();
        heard
    };
    let (ended, heard) = tokio::join!(serving, asking);
    ended.unwrap();
    heard
}

async fn get_path(address: std::net::SocketAddr, path: &str) -> (u16, String) {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

fn always(state: ReadyState) -> Readiness {
    Readiness::new(move || ready(state.clone()))
}

#[tokio::test]
async fn readiness_is_told_by_status_and_body() {
    let said = |text: &str| vec![text.to_owned()];
    for (state, status, body) in [
        (
            ReadyState::Ready { degraded: vec![] },
            200,
            json!({"status": "ready", "degraded": []}),
        ),
        (
            ReadyState::Ready {
                degraded: said("Redis does not answer"),
            },
            200,
            json!({"status": "degraded", "degraded": ["Redis does not answer"]}),
        ),
        (
            ReadyState::NotReady {
                reasons: said("postgres://kasyr:canary@db/kasyr refused"),
            },
            503,
            json!({"status": "not_ready", "reasons": ["postgres://***@db/kasyr refused"]}),
        ),
    ] {
        let (got, text) = served(always(state), |at| get_path(at, "/readyz")).await;
        assert_eq!(got, status);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), body);
    }
}

#[tokio::test]
async fn alive_and_metrics_answer_although_the_program_is_not_ready() {
    let not_ready = || always(ReadyState::NotReady { reasons: vec![] });
    let (status, _) = served(not_ready(), |at| get_path(at, "/healthz")).await;
    assert_eq!(status, 200);
    let (status, text) = served(not_ready(), |at| get_path(at, "/metrics")).await;
    assert_eq!(status, 200);
    assert!(text.contains("receipts_total 7"), "{text}");
    let (status, _) = served(not_ready(), |at| get_path(at, "/")).await;
    assert_eq!(status, 404);
}

#[tokio::test(start_paused = true)]
async fn a_check_that_hangs_is_not_ready() {
    let hanging = Readiness::new(pending);
    let ReadyState::NotReady { reasons } = hanging.state().await else {
        panic!("a hanging check must not pass");
    };
    assert_eq!(reasons, ["the check took longer than 2s"]);
}

#[tokio::test(start_paused = true)]
async fn an_open_connection_does_not_hold_up_the_stop() {
    let ready = always(ReadyState::Ready { degraded: vec![] });
    let _half_a_request = served(ready, |at| async move {
        let mut socket = TcpStream::connect(at).await.unwrap();
        socket.write_all(b"GET /healthz HTT").await.unwrap();
        socket
    })
    .await;
}
