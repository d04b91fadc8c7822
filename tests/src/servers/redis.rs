use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::supervised::{StopSignal, Supervised, bound, find};
use crate::{TempDir, eventually, free_port};

/// What a Redis remembers after a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedisMode {
    /// Everything it acknowledged: each write is on the disk first.
    Fsync,
    /// Nothing.
    Memory,
}

/// A Redis of our own.
#[derive(Debug)]
pub struct Redis {
    server: Supervised,
    port: u16,
}

const PATIENCE: Duration = Duration::from_secs(30);

impl Redis {
    /// Starts one on a free port with a directory of its own. Panics with what to install when
    /// there is none, and with its log when it does not start.
    pub async fn start(mode: RedisMode) -> Self {
        for _ in 0..3 {
            if let Some(started) = Self::try_start(mode).await {
                return started;
            }
        }
        panic!("no port of three tries stayed free for redis-server");
    }

    /// `None` when somebody else took the port meanwhile.
    async fn try_start(mode: RedisMode) -> Option<Self> {
        let program = find("redis-server", &[])
            .expect("redis-server is needed, these tests start their own (`apt-get install redis-server`)");
        let dir = TempDir::new();
        let port = free_port();
        let mut command = bound(StopSignal::Term, None);
        command.push(program.display().to_string());
        let mut option = |name: &str, value: &str| command.extend([format!("--{name}"), value.to_owned()]);
        option("port", &port.to_string());
        option("bind", "127.0.0.1");
        option("dir", &dir.path().display().to_string());
        option("save", "");
        match mode {
            RedisMode::Fsync => {
                option("appendonly", "yes");
                option("appendfsync", "always");
            }
            RedisMode::Memory => option("appendonly", "no"),
        }
        let server = Supervised::new(dir.hand_over(), StopSignal::Term, &command);
        let redis = Self { server, port };
        redis.server.start().await;
        redis.until_ready().await.then_some(redis)
    }

    /// `redis://…`, database 0.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// `kill -9`; gone when this returns.
    pub async fn kill9(&self) {
        self.server.kill().await;
    }

    /// Stops it in order; connections break.
    pub async fn stop(&self) {
        self.server.stop().await;
    }

    /// Starts it again on the same port, after [`Redis::kill9`] or [`Redis::stop`]; serves when
    /// this returns.
    pub async fn restart(&self) {
        self.server.stop().await;
        self.server.start().await;
        assert!(
            self.until_ready().await,
            "redis-server could not start again:\n{}",
            self.server.log()
        );
    }

    /// Answers nobody for so long. Returns at once.
    pub async fn stall(&self, length: Duration) {
        let answer = self.ask(&format!("CLIENT PAUSE {} ALL", length.as_millis())).await;
        assert_eq!(answer.as_deref(), Some("+OK\r\n"), "redis-server pauses");
    }

    /// Forgets everything.
    pub async fn flushall(&self) {
        let answer = self.ask("FLUSHALL").await;
        assert_eq!(answer.as_deref(), Some("+OK\r\n"), "redis-server forgets");
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// Its directory, removed when it ends.
    pub fn dir(&self) -> &Path {
        self.server.dir()
    }

    /// The port on loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// False: it ended for want of the port.
    async fn until_ready(&self) -> bool {
        eventually(PATIENCE, async || {
            let log = self.server.log();
            if !self.server.runs() {
                assert!(
                    log.contains("Address already in use"),
                    "redis-server ended instead of starting:\n{log}"
                );
                return Ok(false);
            }
            // Another server may answer on a port that ours did not get; and ours may still load.
            let info = self.ask("INFO server").await.unwrap_or_default();
            let ours = info.contains(&format!("\r\nprocess_id:{}\r\n", self.server.pid()));
            let answers = ours && self.ask("PING").await.is_some_and(|pong| pong == "+PONG\r\n");
            if answers { Ok(true) } else { Err(log) }
        })
        .await
    }

    /// One command as a line of plain words; the answer as it comes on the wire.
    async fn ask(&self, words: &str) -> Option<String> {
        let talk = async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            stream.write_all(format!("{words}\r\n").as_bytes()).await?;
            let mut stream = BufReader::new(stream);
            let mut answer = String::new();
            stream.read_line(&mut answer).await?;
            if let Some(length) = answer.strip_prefix('$').and_then(|length| length.trim().parse().ok()) {
                stream.take(length).read_to_string(&mut answer).await?;
            }
            Ok::<_, std::io::Error>(answer)
        };
        tokio::time::timeout(PATIENCE, talk).await.ok()?.ok()
    }
}
