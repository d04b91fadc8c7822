//! What the tests stand on: a private Redis, workers that record what they heard, and waiting.

use std::{
    env, fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use queue::{Doorbell, Kind, QueueConfig, QueueUrl, WorkerEnded, run_worker};
use redis::{AsyncConnectionConfig, FromRedisValue};
use tokio::{
    sync::{oneshot, watch},
    task::JoinHandle,
    time::{Instant, sleep},
};

pub const KIND: Kind = Kind::WorkRegister;
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until the condition holds; fails the test with `what` after [`PATIENCE`].
pub async fn eventually(what: &str, condition: impl AsyncFn() -> bool) {
    let start = Instant::now();
    while !condition().await {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// A redis-server of this test's own; ends with it.
pub struct RedisServer {
    pub port: u16,
    dir: PathBuf,
    child: Option<Child>,
}

impl RedisServer {
    /// A place for a server that does not run yet: connections are refused.
    pub fn absent() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = env::temp_dir().join(format!("kasyr-queue-{}-{number}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { port, dir, child: None }
    }

    pub async fn start() -> Self {
        let mut server = Self::absent();
        server.run(&[]).await;
        server.until_ready().await;
        server
    }

    /// Starts the process, as often as it takes (another test may have grabbed the port).
    pub async fn run(&mut self, extra: &[&str]) {
        let child = Command::new("redis-server")
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            .arg("--dir")
            .arg(&self.dir)
            .args(extra)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("redis-server is needed, these tests start their own (`apt-get install redis-server`): {error}")
            });
        self.child = Some(child);
        eventually("redis-server accepts connections", async || {
            tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok()
        })
        .await;
    }

    pub async fn until_ready(&self) {
        eventually("redis-server answers", async || {
            self.try_command::<String>(&["PING"]).await.is_ok()
        })
        .await;
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    pub async fn command<T: FromRedisValue>(&self, words: &[&str]) -> T {
        self.try_command(words).await.unwrap()
    }

    async fn try_command<T: FromRedisValue>(&self, words: &[&str]) -> redis::RedisResult<T> {
        let client = redis::Client::open(("127.0.0.1", self.port))?;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        let mut command = redis::cmd(words[0]);
        words[1..].iter().for_each(|word| {
            command.arg(word);
        });
        command.query_async(&mut connection).await
    }

    /// A doorbell of another process, so to speak: nothing is shared but the server.
    pub fn doorbell(&self) -> Doorbell {
        let url = format!("redis://127.0.0.1:{}/", self.port).parse().unwrap();
        Doorbell::connect(QueueConfig {
            url,
            prefix: "test".to_owned(),
        })
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill();
        }
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// A doorbell to ring and one to hear with, and what keeps them alive.
pub struct Bed {
    pub name: &'static str,
    pub ringer: Doorbell,
    pub hearer: Doorbell,
    _server: Option<RedisServer>,
}

/// The same test runs on both.
pub async fn both_beds() -> [Bed; 2] {
    let memory = Doorbell::connect(QueueConfig {
        url: QueueUrl::Memory,
        prefix: "test".to_owned(),
    });
    let server = RedisServer::start().await;
    [
        Bed {
            name: "memory",
            ringer: memory.clone(),
            hearer: memory,
            _server: None,
        },
        Bed {
            name: "redis",
            ringer: server.doorbell(),
            hearer: server.doorbell(),
            _server: Some(server),
        },
    ]
}

impl Bed {
    pub async fn until_up(&self) {
        eventually("both ends are up", async || self.ringer.is_up() && self.hearer.is_up()).await;
    }
}

/// Records what handlers heard. An id that starts with `hold` keeps its handler until released.
#[derive(Clone)]
pub struct Ears {
    started: Arc<Mutex<Vec<String>>>,
    finished: Arc<Mutex<Vec<String>>>,
    gate: watch::Sender<bool>,
}

impl Ears {
    pub fn new() -> Self {
        Self {
            started: Arc::default(),
            finished: Arc::default(),
            gate: watch::Sender::new(false),
        }
    }

    pub async fn hear(self, id: String) {
        self.started.lock().unwrap().push(id.clone());
        if id.starts_with("hold") {
            self.gate.subscribe().wait_for(|open| *open).await.unwrap();
        }
        assert!(!id.starts_with("panic"), "asked to panic");
        self.finished.lock().unwrap().push(id);
    }

    pub fn release(&self) {
        self.gate.send_replace(true);
    }

    pub fn started(&self) -> Vec<String> {
        self.started.lock().unwrap().clone()
    }

    pub fn finished(&self) -> Vec<String> {
        self.finished.lock().unwrap().clone()
    }

    pub async fn until_started(&self, count: usize) {
        eventually(&format!("{count} handlers started"), async || {
            self.started().len() >= count
        })
        .await;
    }

    pub async fn until_finished(&self, id: &str) {
        eventually(&format!("{id} is finished"), async || {
            self.finished.lock().unwrap().iter().any(|other| other == id)
        })
        .await;
    }
}

/// A worker that runs until it is stopped.
pub struct RunningWorker {
    stop: oneshot::Sender<()>,
    pub task: JoinHandle<Result<(), WorkerEnded>>,
}

impl RunningWorker {
    pub fn start(doorbell: &Doorbell, concurrency: usize, ears: &Ears) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (doorbell, ears) = (doorbell.clone(), ears.clone());
        let task = tokio::spawn(async move {
            let handler = move |id| ears.clone().hear(id);
            let shutdown = async { drop(stopped.await) };
            run_worker(&doorbell, KIND, "test-worker", concurrency, handler, shutdown).await
        });
        Self { stop, task }
    }

    pub fn ask_to_stop(self) -> JoinHandle<Result<(), WorkerEnded>> {
        self.stop.send(()).unwrap();
        self.task
    }

    /// Stops it and fails the test if it had ended before, or does not end well and soon.
    pub async fn stop(self) {
        assert!(!self.task.is_finished(), "the worker ended unasked");
        let stopping = self.ask_to_stop();
        tokio::time::timeout(PATIENCE, stopping)
            .await
            .unwrap()
            .unwrap()
            .unwrap();
    }
}

pub fn ids(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{prefix}{n}")).collect()
}
