use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::supervised::{StopSignal, Supervised, bound, find};
use crate::{TempDir, eventually, unique};

/// Chromium's WebDriver server. The browsers it starts live in its directory and end with it.
#[derive(Debug)]
pub struct Chromedriver {
    server: Supervised,
    port: u16,
}

const PATIENCE: Duration = Duration::from_secs(30);
const TRIES: u32 = 5;

impl Chromedriver {
    /// Starts one on a free port. Panics with what to install when it or Chromium is missing.
    ///
    /// The driver takes a port that is free for IPv6 and gives up when somebody has the same one for IPv4.
    pub async fn start() -> Self {
        for _ in 0..TRIES {
            if let Some(driver) = Self::try_start().await {
                return driver;
            }
        }
        panic!("chromedriver found no port in {TRIES} tries");
    }

    async fn try_start() -> Option<Self> {
        let program = needed("chromedriver", "chromium-driver");
        let dir = TempDir::new();
        write_launcher(&launcher(dir.path()), &needed("chromium", "chromium"));
        let home = dir.path().display();
        let mut command = bound(StopSignal::Term, None);
        // What a browser leaves in its user's home and in /tmp goes with it, too.
        command.extend(["env".to_owned(), format!("HOME={home}"), format!("TMPDIR={home}")]);
        command.extend([program.display().to_string(), "--port=0".to_owned()]);
        let server = Supervised::new(dir.hand_over(), StopSignal::Term, &command);
        server.start().await;
        let port = eventually(PATIENCE, async || match port(&server.log()) {
            Ok(port) => Ok(Some(port)),
            Err(log) if log.contains("port not available") => Ok(None),
            Err(log) => Err(log),
        });
        let port = port.await?;
        Some(Self { server, port })
    }

    /// Where it takes commands.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The program that starts a browser of this driver.
    pub fn browser(&self) -> PathBuf {
        launcher(self.server.dir())
    }

    /// A directory for one browser's profile; removed at the end.
    pub fn profile(&self) -> PathBuf {
        self.server.dir().join(unique("profile"))
    }

    /// Its directory, removed when it ends.
    pub fn dir(&self) -> &Path {
        self.server.dir()
    }
}

fn needed(program: &str, package: &str) -> PathBuf {
    find(program, &["/usr/bin".into()]).unwrap_or_else(|| {
        panic!("{program} is needed, the browser tests work a real browser (`apt-get install {package}`)")
    })
}

fn launcher(dir: &Path) -> PathBuf {
    dir.join("chromium")
}

/// A driver that is killed leaves its browsers alone; these ask the kernel to end them with it.
fn write_launcher(file: &Path, chromium: &Path) {
    let mut words = bound(StopSignal::Term, None);
    words.push(chromium.display().to_string());
    let script = format!("#!/bin/sh\nexec {} \"$@\"\n", words.join(" "));
    std::fs::write(file, script).expect("a script that starts the browser");
    std::fs::set_permissions(file, PermissionsExt::from_mode(0o755)).expect("a script that can be run");
}

/// `ChromeDriver was started successfully on port 43215.`
fn port(log: &str) -> Result<u16, String> {
    log.lines()
        .find_map(|line| {
            line.split_once("successfully on port ")?
                .1
                .strip_suffix('.')?
                .parse()
                .ok()
        })
        .ok_or_else(|| log.to_owned())
}
