use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// How a server likes to be stopped when nobody cares for a slow goodbye.
#[derive(Clone, Copy, Debug)]
pub(super) enum StopSignal {
    /// PostgreSQL's "immediate shutdown": ends its children and gives its shared memory back.
    Quit,
    /// Everybody else.
    Term,
}

/// A server under its supervisor (`supervisor.sh`). Dropping it stops the server, waits for that
/// and removes its directory; the end of this process does the same.
#[derive(Debug)]
pub(super) struct Supervised {
    dir: PathBuf,
    ends: Arc<Mutex<Ends>>,
}

#[derive(Debug)]
struct Ends {
    supervisor: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    pid: u32,
}

const SUPERVISOR: &str = include_str!("supervisor.sh");

impl Supervised {
    /// Takes over `dir`. The server is not started yet.
    pub(super) fn new(dir: PathBuf, signal: StopSignal, command: &[String]) -> Self {
        let mut supervisor = Command::new("sh")
            .args(["-c", SUPERVISOR, "supervisor"])
            .arg(&dir)
            .arg(match signal {
                StopSignal::Quit => "QUIT",
                StopSignal::Term => "TERM",
            })
            .args(command)
            // Elsewhere than the test's own directory, which may be one the server's user cannot see.
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A Ctrl-C is for the test; the supervisor cleans up after it.
            .process_group(0)
            .spawn()
            .expect("a shell to supervise a server");
        let orders = supervisor.stdin.take();
        let answers = BufReader::new(supervisor.stdout.take().expect("its output is piped"));
        let ends = Ends {
            supervisor,
            orders,
            answers,
            pid: 0,
        };
        Self {
            dir,
            ends: Arc::new(Mutex::new(ends)),
        }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The server's process.
    pub(super) fn pid(&self) -> u32 {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).pid
    }

    /// Starts the server; whether it serves is for the caller to find out.
    pub(super) async fn start(&self) {
        self.order("start").await;
    }

    /// `kill -9` of the server and its children; they are gone when this returns.
    pub(super) async fn kill(&self) {
        self.order("kill").await;
    }

    /// Stops the server politely; it is gone when this returns.
    pub(super) async fn stop(&self) {
        self.order("stop").await;
    }

    /// False once the server's process has ended.
    pub(super) fn runs(&self) -> bool {
        std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).is_ok_and(|stat| !stat.contains(") Z "))
    }

    /// What the server printed, for a panic message.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }

    async fn order(&self, word: &'static str) {
        let ends = Arc::clone(&self.ends);
        // The answer can take as long as a server's shutdown: not on the test's own thread.
        tokio::task::spawn_blocking(move || ends.lock().unwrap_or_else(PoisonError::into_inner).order(word))
            .await
            .expect("the supervisor obeys");
    }
}

impl Ends {
    fn order(&mut self, word: &str) {
        let orders = self.orders.as_mut().expect("orders end with the server");
        orders
            .write_all(format!("{word}\n").as_bytes())
            .expect("the supervisor listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the supervisor answers");
        if word == "start" {
            self.pid = answer.trim().parse().expect("the supervisor tells the pid");
        } else {
            assert_eq!(answer, "done\n", "the supervisor obeys '{word}'");
        }
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.supervisor.wait();
    }
}

/// The prefix that ends a server when its supervisor is killed, and that runs it as another user
/// if one is named. The kernel ties the signal to the supervisor, a process with one thread.
pub(super) fn bound(signal: StopSignal, user: Option<&super::postgres::User>) -> Vec<String> {
    let Some(setpriv) = find("setpriv", &[]) else {
        assert!(
            user.is_none(),
            "setpriv is needed to run a server as another user than root (`apt-get install util-linux`)"
        );
        return Vec::new();
    };
    let signal = match signal {
        StopSignal::Quit => "QUIT",
        StopSignal::Term => "KILL",
    };
    let mut words = vec![
        setpriv.display().to_string(),
        "--pdeathsig".to_owned(),
        signal.to_owned(),
    ];
    if let Some(user) = user {
        words.push(format!("--reuid={}", user.uid));
        words.push(format!("--regid={}", user.gid));
        words.push("--clear-groups".to_owned());
    }
    words.push("--".to_owned());
    words
}

/// Looks for a program on `PATH`, then in `more`.
pub(super) fn find(program: &str, more: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(more.iter().cloned())
        .map(|dir| dir.join(program))
        .find(|file| file.is_file())
}
