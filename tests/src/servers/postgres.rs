use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::{ConnectionTrait, Database};

use super::supervised::{StopSignal, Supervised, bound, find};
use crate::{TempDir, eventually, free_port};

/// A PostgreSQL of our own, as durable as a real one (`fsync` is on): what it committed must be
/// there after [`Postgres::kill9`].
#[derive(Debug)]
pub struct Postgres {
    server: Supervised,
    port: u16,
}

/// Whom the server runs as when we are root, which it refuses.
#[derive(Debug)]
pub(super) struct User {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

const PATIENCE: Duration = Duration::from_secs(60);

/// Small, so that many can run; strict about durability.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "max_connections=200",
    "shared_buffers=32MB",
    "fsync=on",
    "synchronous_commit=on",
    "autovacuum=on",
    "max_wal_size=256MB",
    "logging_collector=off",
];

impl Postgres {
    /// Makes a new cluster in a directory of its own and starts it. Panics with what to install
    /// when there is no PostgreSQL, and with its log when it does not start.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with settings (`name=value`) that go before ours.
    pub async fn start_with(settings: &[&str]) -> Self {
        for _ in 0..3 {
            if let Some(started) = Self::try_start(settings).await {
                return started;
            }
        }
        panic!("no port of three tries stayed free for PostgreSQL");
    }

    /// `None` when somebody else took the port meanwhile.
    async fn try_start(settings: &[&str]) -> Option<Self> {
        let programs = programs();
        let dir = TempDir::new();
        let user = unprivileged(dir.path());
        if let Some(user) = &user {
            chown(dir.path(), Some(user.uid), Some(user.gid)).expect("root gives a directory away");
        }
        let port = free_port();
        let mut command = bound(StopSignal::Quit, user.as_ref());
        command.extend(["sh", "-c", FIRST_INITDB, "postgres"].map(str::to_owned));
        command.push(programs.display().to_string());
        command.push(dir.path().display().to_string());
        let places = [
            format!("port={port}"),
            format!("unix_socket_directories={}", dir.path().display()),
        ];
        // Of a setting given twice the last one counts.
        let settings = SETTINGS.iter().chain(settings).map(|setting| (*setting).to_owned());
        for setting in settings.chain(places) {
            command.extend(["-c".to_owned(), setting]);
        }
        let server = Supervised::new(dir.hand_over(), StopSignal::Quit, &command);
        let postgres = Self { server, port };
        postgres.server.start().await;
        postgres.until_ready().await.then_some(postgres)
    }

    /// The address; statements run in `schema`, which [`Postgres::create_schema`] makes.
    pub fn url(&self, schema: &str) -> String {
        format!(
            "postgres://kasyr@127.0.0.1:{}/postgres?options=-c%20search_path%3D{schema}",
            self.port
        )
    }

    /// Makes a schema and gives back its [`Postgres::url`]. The name is plain: letters, digits, `_`.
    pub async fn create_schema(&self, schema: &str) -> String {
        self.execute("public", &format!("CREATE SCHEMA {schema}")).await;
        self.url(schema)
    }

    /// Runs statements in a schema.
    pub async fn execute(&self, schema: &str, statements: &str) {
        let db = Database::connect(self.url(schema))
            .await
            .expect("PostgreSQL accepts us");
        db.execute_unprepared(statements)
            .await
            .expect("a statement of the test");
        db.close().await.expect("PostgreSQL lets us go");
    }

    /// `kill -9` of every process of the server; gone when this returns. What was committed stays.
    pub async fn kill9(&self) {
        self.server.kill().await;
    }

    /// Stops the server at once but in order; connections break.
    pub async fn stop(&self) {
        self.server.stop().await;
    }

    /// Starts it again on the same port with the same data, after [`Postgres::kill9`] or
    /// [`Postgres::stop`]; serves when this returns.
    pub async fn restart(&self) {
        self.server.stop().await;
        self.server.start().await;
        assert!(
            self.until_ready().await,
            "PostgreSQL could not start again:\n{}",
            self.server.log()
        );
    }

    /// The server's first process.
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

    /// Its pid file ends with "ready" once it has recovered. False: it ended for want of the port.
    async fn until_ready(&self) -> bool {
        let pid_file = self.server.dir().join("data/postmaster.pid");
        eventually(PATIENCE, async || {
            let text = std::fs::read_to_string(&pid_file).unwrap_or_default();
            let mut lines = text.lines();
            let ours = lines.next() == Some(&*self.server.pid().to_string());
            if ours && lines.any(|line| line.trim() == "ready") {
                return Ok(true);
            }
            let log = self.server.log();
            match self.server.runs() {
                true => Err(log),
                false if log.contains("could not bind") => Ok(false),
                false => panic!("PostgreSQL ended instead of starting:\n{log}"),
            }
        })
        .await
    }
}

/// `initdb` before the first start, in the same supervised process. `--no-sync` is for the empty
/// cluster only; the server itself syncs.
const FIRST_INITDB: &str = r#"programs=$1 dir=$2
shift 2
[ -f "$dir/data/PG_VERSION" ] ||
    "$programs/initdb" --no-sync --auth=trust --username=kasyr --encoding=UTF8 --locale=C -D "$dir/data" || exit
exec "$programs/postgres" -D "$dir/data" "$@""#;

/// The directory of `postgres` and `initdb`: Debian keeps them off `PATH`.
fn programs() -> PathBuf {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    let more: Vec<PathBuf> = versions.into_iter().rev().map(|(_, bin)| bin).collect();
    let found = |program| {
        find(program, &more).unwrap_or_else(|| {
            panic!("{program} is needed, these tests start their own (`apt-get install postgresql`)")
        })
    };
    found("initdb");
    // A link on PATH leads to where its libraries and templates are.
    let postgres = found("postgres");
    let postgres = postgres.canonicalize().unwrap_or(postgres);
    postgres
        .parent()
        .map(Path::to_path_buf)
        .expect("a program is in a directory")
}

/// `None` when we are somebody ordinary already: what we made is not root's.
fn unprivileged(made_by_us: &Path) -> Option<User> {
    let owner = std::fs::metadata(made_by_us).expect("our own directory").uid();
    if owner != 0 {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let user = ["postgres", "nobody"].iter().find_map(|name| {
        let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse);
        Some(User {
            uid: numbers.next()?.ok()?,
            gid: numbers.next()?.ok()?,
        })
    });
    Some(user.expect("PostgreSQL refuses to run as root, and there is no user 'postgres' or 'nobody'"))
}
