use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

fn fetcher(private_addresses: PrivateAddresses, timeout: Duration) -> Fetcher {
    // A second test finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Fetcher::new(Policy {
        private_addresses,
        connect_timeout: timeout,
        timeout,
    })
    .unwrap()
}

const PATIENT: Duration = Duration::from_secs(20);

/// Asks a server that answers once with these bytes and hangs up, or stays silent.
async fn got(answer: Option<&str>, limit: usize) -> Result<Fetched, FetchError> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/canary.pdf?key=canary", listener.local_addr().unwrap());
    let timeout = if answer.is_some() {
        PATIENT
    } else {
        Duration::from_millis(50)
    };
    let fetcher = fetcher(PrivateAddresses::Allowed, timeout);
    let serve = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await.unwrap();
        if let Some(answer) = answer {
            let _ = socket.write_all(answer.as_bytes()).await;
            return None;
        }
        Some(socket)
    };
    let address = SecretString::from(address);
    let (got, _socket) = tokio::join!(fetcher.get(&address, limit), serve);
    got
}

fn answer(head: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn a_file_comes_with_its_media_type() {
    let text = answer("200 OK\r\ncontent-type: Application/PDF; charset=binary", "%PDF-1.4");
    let file = got(Some(&text), 8).await.unwrap();
    assert_eq!(
        (file.media_type.as_str(), file.bytes.as_slice()),
        ("application/pdf", b"%PDF-1.4".as_slice())
    );
}

#[tokio::test]
async fn what_brings_no_file_is_told_apart_and_shows_no_address() {
    let large = answer("200 OK", "123456789");
    let moved = answer("302 Found\r\nlocation: http://127.0.0.1:1/", "");
    for (given, expected) in [
        (Some(large.as_str()), "TooLarge { limit: 8 }"),
        (Some(moved.as_str()), "Status { status: 302 }"),
        (Some("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n%PDF"), "Lost("),
        (Some("nonsense\r\n\r\n"), "Lost("),
        (None, "Silent {"),
    ] {
        let error = got(given, 8).await.unwrap_err();
        let shown = format!("{error:?} {error}");
        assert!(shown.starts_with(expected), "{shown}");
        assert!(!shown.contains("canary") && !shown.contains("127.0.0.1"), "{shown}");
    }
}

#[tokio::test]
async fn private_addresses_and_addresses_without_tls_are_refused_unless_allowed() {
    let strict = fetcher(PrivateAddresses::Refused, PATIENT);
    for (address, expected) in [
        ("https://127.0.0.1:1/a.pdf", "PrivateAddress"),
        ("https://[::1]:1/a.pdf", "PrivateAddress"),
        ("https://169.254.169.254/latest", "PrivateAddress"),
        ("https://localhost:1/a.pdf", "PrivateAddress"),
        ("http://files.example/a.pdf", "BadAddress"),
        ("ftp://files.example/a.pdf", "BadAddress"),
        ("a.pdf", "BadAddress"),
    ] {
        let error = strict.get(&SecretString::from(address), 8).await.unwrap_err();
        assert_eq!(format!("{error:?}"), expected, "{address}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_was_not_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/a.pdf", listener.local_addr().unwrap());
    drop(listener);
    let allowed = fetcher(PrivateAddresses::Allowed, PATIENT);
    let error = allowed.get(&SecretString::from(address), 8).await.unwrap_err();
    assert!(matches!(error, FetchError::Connect(_)), "{error:?}");
}
