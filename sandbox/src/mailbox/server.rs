//! Listeners: plain with STARTTLS, and encrypted from the first byte.

use std::future::Future;
use std::io;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::certificate::Certificate;
use super::kept::Mailbox;
use super::session::Session;

/// Takes mail until `shutdown` is done; connections still open then are cut.
pub fn serve<S>(
    listener: TcpListener,
    mailbox: Mailbox,
    shutdown: S,
) -> impl Future<Output = io::Result<()>> + Send + use<S>
where
    S: Future<Output = ()> + Send,
{
    let door = mailbox.door().clone();
    door.serve(listener, shutdown, move |stream| plain(mailbox.clone(), stream))
}

/// The same, encrypted from the first byte. An error without a certificate in the configuration.
pub fn serve_tls<S>(
    listener: TcpListener,
    mailbox: Mailbox,
    shutdown: S,
) -> impl Future<Output = io::Result<()>> + Send + use<S>
where
    S: Future<Output = ()> + Send,
{
    let certificate = mailbox.config().certificate.clone();
    let door = mailbox.door().clone();
    let served = door.serve(listener, shutdown, move |stream| encrypted(mailbox.clone(), stream));
    async move {
        if certificate.is_none() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the mailbox has no certificate",
            ));
        }
        served.await
    }
}

async fn plain(mailbox: Mailbox, stream: TcpStream) {
    let presence = Presence::of(mailbox);
    let mailbox = &presence.mailbox;
    let session = Session::new(mailbox.clone(), stream, presence.connection, false);
    let Some(stream) = ended(session.greet().await) else {
        return;
    };
    let Some(stream) = handshake(mailbox, stream).await else {
        return;
    };
    // After STARTTLS there is no second greeting, and all that was said before is forgotten.
    let session = Session::new(mailbox.clone(), stream, presence.connection, true);
    ended(session.go_on().await);
}

async fn encrypted(mailbox: Mailbox, stream: TcpStream) {
    let presence = Presence::of(mailbox);
    let mailbox = &presence.mailbox;
    let Some(stream) = handshake(mailbox, stream).await else {
        return;
    };
    let session = Session::new(mailbox.clone(), stream, presence.connection, true);
    ended(session.greet().await);
}

async fn handshake(mailbox: &Mailbox, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
    let acceptor = TlsAcceptor::from(mailbox.config().certificate.as_ref().map(Certificate::server)?);
    match timeout(mailbox.config().idle, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, "A TLS handshake failed");
            None
        }
        Err(_) => None,
    }
}

/// A client that broke off is an ordinary end.
fn ended<S: AsyncRead + AsyncWrite>(session: io::Result<Option<S>>) -> Option<S> {
    session.unwrap_or_else(|error| {
        tracing::trace!(%error, "A mail connection ended early");
        None
    })
}

/// A connection's dialogue, closed when the connection is, however that comes about.
struct Presence {
    mailbox: Mailbox,
    connection: u64,
}

impl Presence {
    fn of(mailbox: Mailbox) -> Self {
        let connection = mailbox.begin_dialogue();
        Self { mailbox, connection }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.mailbox.end_dialogue(self.connection);
    }
}
