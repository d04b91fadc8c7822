//! STARTTLS and implicit TLS, with a client that trusts the mailbox's certificate and no other.

use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::*;

fn config() -> Config {
    Config {
        certificate: Some(Certificate::self_signed("mailbox.example").unwrap()),
        ..Config::default()
    }
}

async fn encrypt(certificate: &Certificate, stream: TcpStream, name: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(certificate.der().to_vec())).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    soon(TlsConnector::from(Arc::new(client)).connect(name, stream)).await
}

#[tokio::test]
async fn a_connection_can_be_encrypted_on_the_way() {
    let config = config();
    let bed = Bed::with(config.clone()).await;
    let certificate = config.certificate.unwrap();
    let mut client = bed.client().await;
    assert!(client.say("EHLO me").await.1.contains(&"STARTTLS".to_owned()));
    assert_eq!(client.code("STARTTLS").await, 220);
    let stream = encrypt(&certificate, client.into_inner(), "localhost").await.unwrap();
    let mut client = Client::over(stream);
    assert_eq!(
        client.code("MAIL FROM:<a@b.example>").await,
        503,
        "what was said in clear is forgotten"
    );
    let (code, can) = client.say("EHLO me").await;
    assert_eq!((code, can.contains(&"STARTTLS".to_owned())), (250, false));
    assert_eq!(client.code("STARTTLS").await, 503);
    assert_eq!(client.send(&["a@b.example"], "one").await, 250);
    assert_eq!(client.code("QUIT").await, 221);
    assert!(bed.mailbox.messages()[0].tls);
    assert_eq!(bed.mailbox.connections(), 1);
}

#[tokio::test]
async fn what_is_sent_ahead_of_the_handshake_is_not_believed() {
    let config = config();
    let bed = Bed::with(config.clone()).await;
    let mut client = bed.client().await;
    client.write("STARTTLS\r\nEHLO intruder\r\n").await;
    assert_eq!(client.reply().await.0, 220);
    let stream = encrypt(&config.certificate.unwrap(), client.into_inner(), "127.0.0.1").await;
    let mut client = Client::over(stream.unwrap());
    assert_eq!(client.code("MAIL FROM:<a@b.example>").await, 503);
}

#[tokio::test]
async fn a_connection_can_be_encrypted_from_the_start() {
    let config = config();
    let certificate = config.certificate.clone().unwrap();
    let mailbox = Mailbox::new(config);
    let (listener, address) = listen().await;
    tokio::spawn(serve_tls(listener, mailbox.clone(), pending()));
    let stream = TcpStream::connect(address).await.unwrap();
    let mut client = Client::over(encrypt(&certificate, stream, "mailbox.example").await.unwrap());
    assert_eq!(client.reply().await.0, 220);
    assert_eq!(client.code("EHLO me").await, 250);
    assert_eq!(client.send(&["a@b.example"], "one").await, 250);
    assert!(mailbox.messages()[0].tls);

    let stream = TcpStream::connect(address).await.unwrap();
    assert!(encrypt(&certificate, stream, "other.example").await.is_err());
    let stream = TcpStream::connect(address).await.unwrap();
    let stranger = Certificate::self_signed("mailbox.example").unwrap();
    assert!(encrypt(&stranger, stream, "mailbox.example").await.is_err());
}

#[tokio::test]
async fn signing_in_can_be_kept_for_encrypted_connections() {
    let config = Config {
        user: Some(User {
            name: "shop".to_owned(),
            password: "p".to_owned(),
        }),
        sign_in_needs_tls: true,
        ..config()
    };
    let bed = Bed::with(config.clone()).await;
    let mut client = bed.client().await;
    assert_eq!(client.code("AUTH PLAIN AHNob3AAcA==").await, 538);
    assert_eq!(client.code("STARTTLS").await, 220);
    let stream = encrypt(&config.certificate.unwrap(), client.into_inner(), "localhost").await;
    let mut client = Client::over(stream.unwrap());
    assert!(client.say("EHLO me").await.1.contains(&"AUTH PLAIN LOGIN".to_owned()));
    assert_eq!(client.code("AUTH PLAIN AHNob3AAcA==").await, 235);
}

#[tokio::test]
async fn without_a_certificate_there_is_no_encryption() {
    let (listener, _) = listen().await;
    let mailbox = Mailbox::new(Config::default());
    let error = soon(serve_tls(listener, mailbox, pending())).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}

#[test]
fn the_certificate_is_text_that_others_can_read() {
    let certificate = Certificate::self_signed("mailbox.example").unwrap();
    let pem = certificate.pem();
    let lines: Vec<&str> = pem.lines().collect();
    assert_eq!(lines[0], "-----BEGIN CERTIFICATE-----");
    assert_eq!(*lines.last().unwrap(), "-----END CERTIFICATE-----");
    assert!(lines.iter().all(|line| line.len() <= 64 && !line.is_empty()), "{pem}");
}
