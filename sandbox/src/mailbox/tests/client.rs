//! A mail client of a hundred lines: what a library would hide.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::soon;

pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket for S {}

pub(super) struct Client<S = TcpStream>(BufReader<S>);

impl Client {
    pub(super) async fn connect(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect(address).await.unwrap())
    }
}

impl<S: Socket> Client<S> {
    pub(super) fn over(stream: S) -> Self {
        Self(BufReader::new(stream))
    }

    pub(super) fn into_inner(self) -> S {
        self.0.into_inner()
    }

    pub(super) async fn write(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).await.unwrap();
        self.0.get_mut().flush().await.unwrap();
    }

    /// The code and the texts of the next answer; 0 when the connection ended instead.
    pub(super) async fn reply(&mut self) -> (u16, Vec<String>) {
        let mut texts = Vec::new();
        loop {
            let mut line = String::new();
            // A reset is an end, too.
            let read = soon(self.0.read_line(&mut line)).await.unwrap_or(0);
            if read == 0 {
                return (0, texts);
            }
            let line = line.strip_suffix("\r\n").unwrap();
            texts.push(line[4..].to_owned());
            if &line[3..4] == " " {
                return (line[..3].parse().unwrap(), texts);
            }
        }
    }

    pub(super) async fn say(&mut self, line: &str) -> (u16, Vec<String>) {
        self.write(&format!("{line}\r\n")).await;
        self.reply().await
    }

    pub(super) async fn code(&mut self, line: &str) -> u16 {
        self.say(line).await.0
    }

    /// A mail with this subject to these recipients; the code of the first refusal or of the end.
    pub(super) async fn send(&mut self, to: &[&str], subject: &str) -> u16 {
        let mut code = self.code("MAIL FROM:<shop@flowers.example>").await;
        for recipient in to {
            if code == 250 {
                code = self.code(&format!("RCPT TO:<{recipient}>")).await;
            }
        }
        if code != 250 {
            return code;
        }
        match self.code("DATA").await {
            354 => self.code(&format!("Subject: {subject}\r\n\r\n..text\r\n.")).await,
            refused => refused,
        }
    }

    /// Whether the server ended the connection without a further word.
    pub(super) async fn has_ended(&mut self) -> bool {
        let mut rest = Vec::new();
        let _ = soon(self.0.read_to_end(&mut rest)).await;
        rest.is_empty()
    }
}
