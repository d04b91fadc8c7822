//! The real programs as separate processes, and what the kernel knows of them.

use std::path::{Path, PathBuf};
use std::process::{Command as StdCommand, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tests::{TempDir, eventually};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

const PATIENCE: Duration = Duration::from_secs(30);

/// Builds programs as this one was built. Without cargo (the bench was started by itself) those that
/// lie beside it are used.
pub(crate) fn build(programs: &[&str]) -> anyhow::Result<()> {
    if let Some(cargo) = std::env::var_os("CARGO") {
        let mut command = StdCommand::new(cargo);
        command.args(["build", "--quiet"]);
        if !cfg!(debug_assertions) {
            command.arg("--release");
        }
        for program in programs {
            command.args(["-p", program]);
        }
        ensure!(command.status()?.success(), "the programs do not build");
    }
    for program in programs {
        let path = beside_us(program)?;
        ensure!(path.is_file(), "there is no {}; build it first", path.display());
    }
    Ok(())
}

fn beside_us(program: &str) -> anyhow::Result<PathBuf> {
    let us = std::env::current_exe().context("our own path")?;
    Ok(us.parent().context("our own folder")?.join(program))
}

/// A running program; killed with this value.
pub(crate) struct Program {
    child: Child,
    log: PathBuf,
    _dir: TempDir,
}

impl Program {
    /// Starts `program` with these variables and a log file. It finds no `.env`.
    pub fn start(program: &str, variables: &[(&str, String)]) -> anyhow::Result<Self> {
        let dir = TempDir::new();
        let log = dir.join("log");
        let output = std::fs::File::create(&log)?;
        let child = Command::new(beside_us(program)?)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .current_dir(dir.path())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {program}"))?;
        Ok(Self { child, log, _dir: dir })
    }

    /// Waits until it takes connections.
    pub async fn listens(&mut self, port: u16) {
        eventually(PATIENCE, async || match self.child.try_wait() {
            Ok(None) => TcpStream::connect(("127.0.0.1", port))
                .await
                .map(drop)
                .map_err(|error| error.to_string()),
            Ok(Some(_)) | Err(_) => Err(self.log()),
        })
        .await;
    }

    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or(0)
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// Memory of a process in MiB: now, and at most so far.
pub(crate) fn memory_mib(pid: u32) -> (u64, u64) {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let field = |name: &str| {
        status
            .lines()
            .find_map(|line| {
                line.strip_prefix(name)?
                    .trim_start_matches(':')
                    .split_whitespace()
                    .next()
            })
            .and_then(|kib| kib.parse::<u64>().ok())
            .map_or(0, |kib| kib / 1024)
    };
    (field("VmRSS"), field("VmHWM"))
}

/// Processor time a process and its children used until now, in milliseconds.
pub(crate) fn cpu_ms(pid: u32) -> u64 {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let children = children.split_whitespace().filter_map(|child| child.parse().ok());
    let ticks: u64 = std::iter::once(pid).chain(children).map(ticks).sum();
    // Linux counts a hundred ticks a second on every machine this runs on.
    ticks * 10
}

fn ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat")).unwrap_or_default();
    // The name in parentheses may hold blanks; utime is the 12th field after it (proc(5)).
    let Some((_, fields)) = stat.rsplit_once(')') else {
        return 0;
    };
    fields
        .split_whitespace()
        .skip(11)
        .take(4)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum()
}
