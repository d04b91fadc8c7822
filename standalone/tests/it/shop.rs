//! A stopped shop: a ledger in a folder of its own, a play register that answers, and no worker.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::ids::RegisterId;
use ledger::{Ledger, OpenOptions};
use sandbox::{cashalot, fondy};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio_util::sync::{CancellationToken, DropGuard};
use vault::{KeySource, Vault};

/// The register at the tax service; a made-up number.
pub const NUMBER: u64 = 4_000_999_001;

pub struct Shop {
    pub cashalot: cashalot::Simulator,
    folder: PathBuf,
    _stop: DropGuard,
}

/// What a command came to.
#[derive(Debug)]
pub struct Ended {
    pub status: i32,
    pub said: String,
}

impl Ended {
    /// Fails with everything that was said.
    #[track_caller]
    pub fn expect(&self, status: i32, words: &[&str]) {
        assert_eq!(self.status, status, "{}", self.said);
        for word in words {
            assert!(self.said.contains(word), "{word:?} is missing in:\n{}", self.said);
        }
    }
}

impl Shop {
    /// A folder with nothing in it.
    pub fn empty() -> Self {
        Self {
            cashalot: cashalot::Simulator::new(cashalot::Config::default()),
            folder: folder(),
            _stop: CancellationToken::new().drop_guard(),
        }
    }

    /// With its register declared.
    pub async fn start() -> Self {
        let stop = CancellationToken::new();
        let cashalot = cashalot::Simulator::new(cashalot::Config::default());
        cashalot.add_register(cashalot::RegisterSetup::new(NUMBER));
        let (listener, addr) = listen().await;
        let told = || stop.clone().cancelled_owned();
        tokio::spawn(cashalot::serve(listener, cashalot.clone(), told()));
        let (listener, fondy_addr) = listen().await;
        tokio::spawn(fondy::serve(
            listener,
            fondy::Simulator::new(fondy::Config::default()),
            told(),
        ));
        let shop = Self {
            cashalot,
            folder: folder(),
            _stop: stop.drop_guard(),
        };
        shop.declare(addr, fondy_addr).await;
        shop
    }

    /// The same, and then the provider moves to where nobody listens.
    pub async fn without_provider() -> Self {
        let shop = Self::start().await;
        let (listener, addr) = listen().await;
        drop(listener);
        shop.declare(addr, addr).await;
        shop
    }

    async fn declare(&self, cashalot: SocketAddr, fondy: SocketAddr) {
        let pin = cashalot::DEFAULT_KEY_PIN;
        let gateway = fondy::TEST_MERCHANT;
        let settings = format!(
            r#"
            [[merchant]]
            id = "flowers"
            name = "ФОП Приклад"
            [[merchant.register]]
            id = "flowers-1"
            provider = "cashalot"
            fiscal_number = "{NUMBER}"
            base_url = "http://{cashalot}/"
            close_at = "23:30"
            credentials = {{ key_pin = "{pin}" }}
            tax = {{ vat = "none" }}
            [[merchant.source]]
            id = "flowers-fondy"
            kind = "fondy"
            register = "flowers-1"
            gateway_merchant_id = {gateway}
            secret = "test"
            api_url = "http://{fondy}"
            "#
        );
        std::fs::write(self.folder.join("kasyr.toml"), settings).unwrap();
        let applied = self.kasyr(&["apply", "kasyr.toml"]).await;
        applied.expect(0, &["Kasyr closes shifts by itself", "Next step: kasyr doctor"]);
    }

    /// Runs a command.
    pub async fn kasyr(&self, arguments: &[&str]) -> Ended {
        self.kasyr_told(arguments, &[]).await
    }

    /// Runs a command with these variables.
    pub async fn kasyr_told(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
        let out = self.command(arguments, variables).output().await.unwrap();
        let said = [out.stdout, out.stderr].concat();
        Ended {
            status: out.status.code().unwrap(),
            said: String::from_utf8(said).unwrap(),
        }
    }

    /// A command that is not started yet; it ends with its handle.
    pub fn command(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kasyr"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_remove("KASYR_DATABASE_URL")
            .env_remove("KASYR_QUEUE_URL")
            .env_remove("KASYR_MASTER_KEY")
            .env_remove("KASYR_MASTER_KEY_FILE")
            .env("KASYR_CALL_TIMEOUT_MS", "3000")
            .env("KASYR_LEASE_MS", "6000")
            .env("KASYR_SETTLE_MS", "600")
            .env("KASYR_FIRST_ASK_MS", "100")
            .env("KASYR_LOOK_APART_MS", "200")
            .env("KASYR_BACKOFF_CAP_MS", "200")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// The shop's ledger, for looking and for playing a worker.
    pub async fn ledger(&self) -> Ledger {
        self.ledger_in("kasyr.sqlite", "kasyr.key").await
    }

    /// A ledger in the shop's folder, unlocked with a key file there.
    pub async fn ledger_in(&self, ledger: &str, key: &str) -> Ledger {
        let url = format!("sqlite://{}", self.path(ledger).display());
        let ledger = Ledger::open(&url, OpenOptions::default()).await.unwrap();
        let vault = Vault::new(&KeySource::File(self.path(key))).unwrap();
        ledger.unlock(vault).await.unwrap()
    }

    /// A file in the shop's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn register() -> RegisterId {
        RegisterId::parse("flowers-1").unwrap()
    }

    /// Is a shift open, by the register's own word?
    pub fn shift_is_open(&self) -> bool {
        self.cashalot.registers()[0].shift_open
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("kasyr-shop-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    (listener, addr)
}
