//! The private servers that other tests stand on.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tests::eventually;
use tests::servers::{Postgres, Redis, RedisMode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const LIMIT: Duration = Duration::from_secs(20);

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap()
        .unwrap();
    row.try_get_by_index(0).unwrap()
}

/// One command, its answer as it comes on the wire, and how long it took.
async fn redis(server: &Redis, words: &str) -> (String, Duration) {
    let start = std::time::Instant::now();
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", server.port()))
        .await
        .unwrap();
    stream
        .write_all(format!("{words}\r\nQUIT\r\n").as_bytes())
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    (answer, start.elapsed())
}

async fn refuses(port: u16) -> bool {
    tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err()
}

#[tokio::test]
async fn a_killed_postgres_keeps_what_it_committed_and_each_schema_is_its_own() {
    let server = Postgres::start().await;
    let one = server.create_schema("one").await;
    server.create_schema("two").await;
    server.execute("two", "CREATE TABLE t (n BIGINT)").await;
    server
        .execute("one", "CREATE TABLE t (n BIGINT); INSERT INTO t VALUES (7)")
        .await;
    let first = server.pid();
    server.kill9().await;
    assert!(refuses(server.port()).await, "a killed server answers nobody");
    server.restart().await;
    assert_ne!(server.pid(), first);
    let db = Database::connect(&one).await.unwrap();
    assert_eq!(number(&db, "SELECT n FROM t").await, 7);
    assert_eq!(number(&db, "SELECT count(*) FROM two.t").await, 0);
    server.stop().await;
    assert!(refuses(server.port()).await, "a stopped server answers nobody");
    server.restart().await;
    assert_eq!(number(&db, "SELECT n FROM t").await, 7, "a pool finds it again");
}

#[tokio::test]
async fn a_killed_redis_keeps_what_it_acknowledged_if_it_was_asked_to() {
    for (mode, kept) in [(RedisMode::Fsync, "$1\r\n7\r\n"), (RedisMode::Memory, "$-1\r\n")] {
        let server = Redis::start(mode).await;
        redis(&server, "SET n 7").await;
        server.kill9().await;
        server.restart().await;
        let (answer, _) = redis(&server, "GET n").await;
        assert_eq!(answer, format!("{kept}+OK\r\n"), "{mode:?}");
    }
}

#[tokio::test]
async fn redis_stalls_and_forgets_when_told_to() {
    let server = Redis::start(RedisMode::Fsync).await;
    redis(&server, "SET n 7").await;
    server.stall(Duration::from_millis(300)).await;
    let (answer, waited) = redis(&server, "GET n").await;
    assert_eq!(answer, "$1\r\n7\r\n+OK\r\n");
    assert!(waited > Duration::from_millis(100), "it stalled for {waited:?}");
    server.flushall().await;
    assert_eq!(redis(&server, "GET n").await.0, "$-1\r\n+OK\r\n");
}

/// Starts a test process of its own that has both servers in statics, and tells their pids and
/// directories.
fn another_test_process(end: &str) -> (Child, Vec<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "servers::a_process_to_be_ended", "--ignored", "--nocapture"])
        .env("KASYR_TEST_END", end)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let told = lines
        .map_while(Result::ok)
        .find_map(|line| Some(line.split_once("servers: ")?.1.to_owned()))
        .unwrap();
    (child, told.split(' ').map(str::to_owned).collect())
}

#[tokio::test]
#[ignore = "a part of no_server_outlives_its_test_process, which starts it in a process of its own"]
async fn a_process_to_be_ended() {
    static POSTGRES: tokio::sync::OnceCell<Postgres> = tokio::sync::OnceCell::const_new();
    static REDIS: tokio::sync::OnceCell<Redis> = tokio::sync::OnceCell::const_new();
    let Ok(end) = std::env::var("KASYR_TEST_END") else {
        return;
    };
    let postgres = POSTGRES.get_or_init(Postgres::start).await;
    let redis = REDIS.get_or_init(|| Redis::start(RedisMode::Fsync)).await;
    println!(
        "servers: {} {} {} {}",
        postgres.pid(),
        redis.pid(),
        postgres.dir().display(),
        redis.dir().display()
    );
    match end.as_str() {
        "panic" => panic!("as asked"),
        "abort" => std::process::abort(),
        // Until the other process kills us, or is gone itself.
        _ => std::io::stdin().read_to_end(&mut Vec::new()).map(drop).unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_server_outlives_its_test_process() {
    for end in ["kill", "panic", "abort", "return"] {
        let (mut child, told) = another_test_process(end);
        let [postgres, redis, dirs @ ..] = told.as_slice() else {
            panic!("{told:?}")
        };
        match end {
            "kill" => child.kill().unwrap(),
            "return" => drop(child.stdin.take()),
            _ => {}
        }
        child.wait().unwrap();
        eventually(LIMIT, async || {
            let processes = [postgres, redis].map(|pid| format!("/proc/{pid}"));
            let left: Vec<&str> = processes
                .iter()
                .chain(dirs)
                .map(String::as_str)
                .filter(|path| std::fs::exists(path).unwrap())
                .collect();
            if left.is_empty() {
                Ok(())
            } else {
                Err(format!("after {end}: {left:?}"))
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_ends_even_when_its_supervisor_is_killed() {
    let (mut child, told) = another_test_process("wait");
    for pid in &told[..2] {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let supervisor = stat.rsplit(") ").next().unwrap().split(' ').nth(1).unwrap().to_owned();
        let killed = Command::new("kill").args(["-KILL", &supervisor]).status().unwrap();
        assert!(killed.success());
        eventually(LIMIT, async || !std::fs::exists(format!("/proc/{pid}")).unwrap()).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for dir in &told[2..] {
        let _ = std::fs::remove_dir_all(dir);
    }
}
