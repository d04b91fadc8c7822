//! The mailbox against a client written by hand, on real sockets.

mod client;
mod control;
mod dialogue;
mod door;
mod faults;
mod signing_in;
mod tls;

use std::future::{Future, pending};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;

use super::*;
use client::Client;

/// A mailbox that listens.
struct Bed {
    mailbox: Mailbox,
    address: SocketAddr,
}

impl Bed {
    async fn new() -> Self {
        Self::with(Config::default()).await
    }

    async fn with(config: Config) -> Self {
        let mailbox = Mailbox::new(config);
        let (listener, address) = listen().await;
        tokio::spawn(serve(listener, mailbox.clone(), pending()));
        Self { mailbox, address }
    }

    /// A client that was greeted and said hello.
    async fn client(&self) -> Client {
        let mut client = Client::connect(self.address).await;
        assert_eq!(client.reply().await.0, 220);
        assert_eq!(client.say("EHLO shop.example").await.0, 250);
        client
    }

    async fn faulty(&self, kind: FaultKind) -> Client {
        self.mailbox.inject(Fault::once(kind));
        self.client().await
    }
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

/// A mail as a shop would send it: a link, a picture inside, a file with a Cyrillic name.
const RECEIPT: &str = concat!(
    "From: =?utf-8?B?0JrQstGW0YLQuA==?= <shop@flowers.example>\r\n",
    "To: buyer@example.com\r\n",
    "Reply-To: help@flowers.example\r\n",
    "Subject: =?utf-8?B?0JLQsNGIINGH0LXQug==?=\r\n",
    "Message-ID: <doc-1@flowers.example>\r\n",
    "Date: Thu, 5 Mar 2026 11:22:33 +0200\r\n",
    "MIME-Version: 1.0\r\n",
    "Content-Type: multipart/mixed; boundary=m\r\n\r\n",
    "--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n",
    "--a\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n0KfQtdC6\r\n",
    "--a\r\nContent-Type: multipart/related; boundary=r\r\n\r\n",
    "--r\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
    "<p><img src=3D\"cid:qr\"><script>1</script></p>\r\n",
    "--r\r\nContent-Type: image/png\r\nContent-ID: <qr>\r\nContent-Disposition: inline\r\n",
    "Content-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--r--\r\n--a--\r\n",
    "--m\r\nContent-Type: application/pdf\r\n",
    "Content-Disposition: attachment; filename*=UTF-8''%D1%87%D0%B5%D0%BA.pdf\r\n",
    "Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--m--\r\n",
);

#[test]
fn a_mail_is_taken_apart() {
    let decoded = message(RECEIPT).decoded().unwrap();
    assert_eq!(decoded.subject.as_deref(), Some("Ваш чек"));
    assert_eq!(decoded.from, ["Квіти <shop@flowers.example>"]);
    assert_eq!(decoded.to, ["buyer@example.com"]);
    assert_eq!(decoded.reply_to, ["help@flowers.example"]);
    assert_eq!(decoded.message_id.as_deref(), Some("doc-1@flowers.example"));
    assert_eq!(decoded.date.as_deref(), Some("2026-03-05T11:22:33+02:00"));
    assert_eq!(decoded.text.as_deref().map(str::trim), Some("Чек"));
    assert!(decoded.html.as_deref().is_some_and(|html| html.contains("cid:qr")));
    let parts: Vec<_> = decoded.parts.iter().map(|part| part.content_type.as_str()).collect();
    assert_eq!(parts, ["text/plain", "text/html", "image/png", "application/pdf"]);
    let [_, _, picture, file] = decoded.parts.as_slice() else {
        panic!("four parts were expected");
    };
    assert_eq!((picture.content_id.as_deref(), picture.attachment), (Some("qr"), false));
    assert_eq!((file.name.as_deref(), file.attachment), (Some("чек.pdf"), true));
    assert_eq!(file.bytes.as_ref(), b"%PDF");
    let shown = decoded.html_with_pictures().unwrap();
    assert!(shown.contains("src=\"data:image/png;base64,iVBORw==\""), "{shown}");
}

#[test]
fn headers_are_unfolded_and_found_in_any_letter_case() {
    let mail = message("A: 1\r\nX-Long: one\r\n two\r\nA: 2\r\n\r\nB: 3\r\n");
    assert_eq!(mail.header("x-long").as_deref(), Some("one two"));
    assert_eq!(mail.header("a").as_deref(), Some("1"));
    assert_eq!(mail.header("B"), None);
}

fn message(raw: &'static str) -> Message {
    Message {
        id: 1,
        from: String::new(),
        to: Vec::new(),
        raw: bytes::Bytes::from_static(raw.as_bytes()),
        at: jiff::Timestamp::UNIX_EPOCH,
        connection: 1,
        tls: false,
        user: None,
        answered: true,
    }
}
