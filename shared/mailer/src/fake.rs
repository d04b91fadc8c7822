//! A mail server for the tests: real sockets, and told what to do wrong.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::wire::Stream;

/// What is done instead of the usual when a line begins with the given text. `GREETING`, `BODY` (before a letter is
/// read) and `.` (after it) are such texts too.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Say(&'static str),
    HangUp,
    StaySilent,
}

pub(crate) type Script = &'static [(&'static str, Act)];

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum TlsAt {
    Start,
    Starttls,
    Never,
}

pub(crate) struct Fake {
    pub(crate) port: u16,
    /// Trust this to trust the server.
    pub(crate) ca: PathBuf,
    log: Arc<Mutex<Log>>,
}

#[derive(Default)]
struct Log {
    connections: usize,
    lines: Vec<String>,
    letters: Vec<Vec<u8>>,
}

struct Session {
    script: Script,
    tls_at: TlsAt,
    acceptor: TlsAcceptor,
    log: Arc<Mutex<Log>>,
}

impl Fake {
    pub(crate) async fn start(script: Script) -> Self {
        Self::with_tls(TlsAt::Never, script).await
    }

    pub(crate) async fn with_tls(tls_at: TlsAt, script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        let ca = std::env::temp_dir().join(format!("mailer-{}-{port}.pem", std::process::id()));
        std::fs::write(&ca, made.cert.pem()).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let log = Arc::new(Mutex::new(Log::default()));
        let shared = Arc::clone(&log);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                let session = Session {
                    script,
                    tls_at,
                    acceptor: acceptor.clone(),
                    log: Arc::clone(&shared),
                };
                tokio::spawn(session.run(Box::new(stream)));
            }
        });
        Self { port, ca, log }
    }

    pub(crate) fn connections(&self) -> usize {
        self.log.lock().unwrap().connections
    }

    /// Every line that was not part of a letter.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.log.lock().unwrap().lines.clone()
    }

    /// The letters, with what the wire did to their dots undone.
    pub(crate) fn letters(&self) -> Vec<Vec<u8>> {
        self.log.lock().unwrap().letters.clone()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.ca);
    }
}

/// The dialogue is over.
struct Over;

impl Session {
    async fn run(self, stream: Box<dyn Stream>) {
        let _: Result<(), Over> = self.talk(stream).await;
    }

    async fn talk(self, stream: Box<dyn Stream>) -> Result<(), Over> {
        let mut encrypted = self.tls_at == TlsAt::Start;
        let stream = if encrypted { self.encrypt(stream).await? } else { stream };
        let mut peer = BufReader::new(stream);
        self.act(&mut peer, "GREETING", "220 fake ESMTP").await?;
        loop {
            let line = read_line(&mut peer).await?;
            self.log.lock().unwrap().lines.push(line.clone());
            let offer = if self.tls_at == TlsAt::Starttls && !encrypted {
                "250-STARTTLS\r\n"
            } else {
                ""
            };
            let usual = match line.split([' ', ':']).next().unwrap() {
                "EHLO" => format!("250-fake\r\n{offer}250-SIZE 99999999\r\n250-\r\n250 AUTH PLAIN LOGIN"),
                "AUTH" if line == "AUTH LOGIN" => "334 VXNlcm5hbWU6".to_owned(),
                // The two answers to AUTH LOGIN.
                "cm9ib3Q=" => "334 UGFzc3dvcmQ6".to_owned(),
                "c2VjcmV0" | "AUTH" => "235 2.7.0 welcome".to_owned(),
                "STARTTLS" => "220 go ahead".to_owned(),
                "DATA" => "354 go ahead".to_owned(),
                "QUIT" => "221 bye".to_owned(),
                "MAIL" | "RCPT" | "RSET" => "250 ok".to_owned(),
                _ => "500 what?".to_owned(),
            };
            self.act(&mut peer, &line, &usual).await?;
            match line.as_str() {
                "STARTTLS" => {
                    peer = BufReader::new(self.encrypt(peer.into_inner()).await?);
                    encrypted = true;
                }
                "DATA" => self.letter(&mut peer).await?,
                "QUIT" => return Ok(()),
                _ => {}
            }
        }
    }

    async fn encrypt(&self, stream: Box<dyn Stream>) -> Result<Box<dyn Stream>, Over> {
        let stream = self.acceptor.accept(stream).await.map_err(|_| Over)?;
        Ok(Box::new(stream))
    }

    async fn letter(&self, peer: &mut BufReader<Box<dyn Stream>>) -> Result<(), Over> {
        if let Some(act) = self.scripted("BODY") {
            self.perform(peer, act).await?;
        }
        let mut letter = Vec::new();
        loop {
            let mut line = Vec::new();
            if peer.read_until(b'\n', &mut line).await.map_err(|_| Over)? == 0 {
                return Err(Over);
            }
            if line == b".\r\n" {
                break;
            }
            letter.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        self.log.lock().unwrap().letters.push(letter);
        self.act(peer, ".", "250 2.0.0 Ok: queued as 4XyZ for olena.k@example.org")
            .await
    }

    fn scripted(&self, line: &str) -> Option<Act> {
        let act = self.script.iter().find(|(beginning, _)| line.starts_with(beginning));
        act.map(|(_, act)| *act)
    }

    async fn act(&self, peer: &mut BufReader<Box<dyn Stream>>, line: &str, usual: &str) -> Result<(), Over> {
        match self.scripted(line) {
            Some(act) => self.perform(peer, act).await,
            None => say(peer, usual).await,
        }
    }

    async fn perform(&self, peer: &mut BufReader<Box<dyn Stream>>, act: Act) -> Result<(), Over> {
        match act {
            Act::Say(text) => say(peer, text).await,
            Act::HangUp => Err(Over),
            Act::StaySilent => std::future::pending().await,
        }
    }
}

async fn say(peer: &mut BufReader<Box<dyn Stream>>, text: &str) -> Result<(), Over> {
    peer.write_all(format!("{text}\r\n").as_bytes())
        .await
        .map_err(|_| Over)?;
    peer.flush().await.map_err(|_| Over)
}

async fn read_line(peer: &mut BufReader<Box<dyn Stream>>) -> Result<String, Over> {
    let mut line = String::new();
    let mut limited = peer.take(10_000);
    limited.read_line(&mut line).await.map_err(|_| Over)?;
    if line.is_empty() {
        return Err(Over);
    }
    Ok(line.trim_end().to_owned())
}
