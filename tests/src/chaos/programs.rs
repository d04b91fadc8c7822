//! The real programs as processes that can be struck dead and never outlive this one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdin};

/// Where the programs are.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `ingress`.
    pub ingress: PathBuf,
    /// `worker`.
    pub worker: PathBuf,
}

impl Programs {
    /// Beside this program. Under cargo they are built first, so that no old ones are tried: cargo
    /// does not know that this program needs them. Says what it does.
    pub fn find(say: impl Fn(&str)) -> anyhow::Result<Self> {
        let own = std::env::current_exe().context("this program's own path")?;
        let dir = own.parent().context("this program is in a directory")?;
        let programs = Self {
            ingress: dir.join("ingress"),
            worker: dir.join("worker"),
        };
        let missing = !programs.ingress.is_file() || !programs.worker.is_file();
        let cargo = std::env::var_os("CARGO");
        if missing || cargo.is_some() {
            say("building ingress and worker, if they are not up to date");
            let mut build = Command::new(cargo.unwrap_or_else(|| "cargo".into()));
            build.args(["build", "--quiet", "-p", "ingress", "-p", "worker", "--bins"]);
            build.current_dir(env!("CARGO_MANIFEST_DIR"));
            if dir.file_name().is_some_and(|name| name == "release") {
                build.arg("--release");
            }
            let built = build.status().context("cargo, to build ingress and worker")?;
            ensure!(built.success(), "ingress and worker could not be built");
        }
        for program in [&programs.ingress, &programs.worker] {
            ensure!(program.is_file(), "{} is missing", program.display());
        }
        Ok(programs)
    }
}

/// How to start a program; the same each time.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// A short name, also of its log.
    pub name: String,
    /// The program.
    pub program: PathBuf,
    /// Its whole `KASYR_…` environment.
    pub environment: Vec<(&'static str, String)>,
    /// Where it runs and logs.
    pub dir: PathBuf,
}

/// A running program. Dropped, it is killed.
#[derive(Debug)]
pub struct Process {
    pid: u32,
    keeper: Child,
    // The program lives as long as this end of the keeper's pipe.
    leash: Option<ChildStdin>,
}

/// Starts the program and kills it when the pipe ends, in whatever way this process ends. It does
/// not reap it before, so the pid it told stays the program's own.
const KEEPER: &str = r#""$@" </dev/null >&3 2>&3 3>&- &
exec 3>&-
echo $!
read -r _
kill -KILL $!
wait $! 2>/dev/null"#;

impl Recipe {
    /// Starts it; its output is added to its log.
    pub async fn start(&self) -> anyhow::Result<Process> {
        let log = self.log();
        let mut keeper = Command::new("sh");
        keeper
            .args(["-c", &format!("exec 3>>\"$0\"\n{KEEPER}")])
            .arg(&log)
            .arg(&self.program)
            .envs(self.environment.iter().map(|(name, value)| (*name, value)))
            .current_dir(&self.dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        {
            use std::os::unix::process::CommandExt as _;
            // A Ctrl-C is for us; the keeper ends the program after us.
            keeper.process_group(0);
        }
        let mut keeper = tokio::process::Command::from(keeper)
            .spawn()
            .with_context(|| format!("starting {}", self.name))?;
        let leash = keeper.stdin.take();
        let told = keeper.stdout.take().context("the keeper's output is piped")?;
        let mut line = String::new();
        BufReader::new(told).read_line(&mut line).await?;
        let pid = line
            .trim()
            .parse()
            .with_context(|| format!("the pid of {}", self.name))?;
        Ok(Process { pid, keeper, leash })
    }

    /// Its log.
    pub fn log(&self) -> PathBuf {
        self.dir.join(format!("{}.log", self.name))
    }
}

impl Process {
    /// Did it end by itself?
    pub fn has_ended(&self) -> bool {
        let stat = std::fs::read_to_string(Path::new("/proc").join(self.pid.to_string()).join("stat"));
        stat.map_or(true, |stat| stat.contains(") Z "))
    }

    /// `kill -9`; gone when this returns.
    pub async fn kill9(mut self) -> anyhow::Result<()> {
        drop(self.leash.take());
        let ended = self.keeper.wait().await?;
        if ended.code().is_none() {
            bail!("the keeper of {} was itself killed", self.pid);
        }
        Ok(())
    }
}
