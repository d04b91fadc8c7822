//! What handlers share.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::ids::{MerchantId, RegisterId, SourceId};
use hooks::{Fetcher, Hooks, Policy};
use ledger::settings::{Register, Source};
use ledger::{Ledger, LedgerError};
use mailer::Mailer;
use queue::Doorbell;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};
use tokio_util::sync::CancellationToken;
use wire::Tokens;

use crate::breaker::Breaker;
use crate::config::{GatewayConfig, Post, WorkerConfig, WorkerTimes};
use crate::pace::Pace;

/// Why a worker cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// No HTTP client for providers.
    #[error("the HTTP client cannot be made")]
    Http(#[source] reqwest::Error),
    /// No HTTP client for webhooks.
    #[error("webhooks cannot be sent")]
    Hooks(#[from] hooks::SetupError),
    /// No TLS for mail.
    #[error("mail cannot be sent")]
    Mail(#[from] mailer::SetupError),
}

/// The parts of a worker. Cheap to clone.
#[derive(Clone)]
pub struct WorkerState {
    pub(crate) ledger: Ledger,
    pub(crate) doorbell: Doorbell,
    pub(crate) http: reqwest::Client,
    /// How webhooks leave.
    pub(crate) hooks: Hooks,
    /// How payment systems' files are got.
    pub(crate) files: Fetcher,
    /// How mail leaves; `None`: no mail server is set.
    pub(crate) post: Option<(Arc<Post>, Mailer)>,
    /// One message is drawn at a time: a PDF keeps a core busy that registers' work may need.
    pub(crate) easel: Arc<Semaphore>,
    /// Where receipts' pages are, without a slash at the end.
    pub(crate) public_url: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) times: WorkerTimes,
    /// What is known of payment systems' own registers.
    pub(crate) gateway: Arc<GatewayConfig>,
    /// Sources whose first payments were looked after.
    pub(crate) probed: Arc<Cache<SourceId, ()>>,
    pub(crate) breaker: Arc<Breaker>,
    /// When registers were last asked for a result.
    pub(crate) pace: Arc<Pace>,
    /// What providers that want a token gave.
    pub(crate) tokens: Tokens,
    /// Cancelled when the worker stops: finish the call in hand, begin no other.
    pub(crate) stopping: CancellationToken,
    registers: Arc<Cache<RegisterId, Register>>,
    sources: Arc<Cache<SourceId, Source>>,
    receivers: Arc<Cache<MerchantId, BTreeMap<String, RegisterId>>>,
    /// By a provider's address: whether it reached the tax service when it was last asked.
    pub(crate) tax_service: Arc<Cache<String, Option<bool>>>,
    /// Where a register's provider tells us something, if it may.
    notices: Arc<Cache<RegisterId, Option<SecretString>>>,
}

impl WorkerState {
    /// Puts the parts together. `stopping` is cancelled by the caller when the worker must stop.
    pub fn new(
        config: &WorkerConfig,
        ledger: Ledger,
        doorbell: Doorbell,
        stopping: CancellationToken,
    ) -> Result<Self, SetupError> {
        let delivery = &config.delivery;
        let times = mail_times(config.times.deliver_timeout);
        let post = match &delivery.post {
            Some(post) => Some((Arc::new(post.clone()), Mailer::new(&post.server, times)?)),
            None => None,
        };
        let reach = |timeout: Duration| Policy {
            private_addresses: delivery.private_webhooks,
            connect_timeout: timeout / 2,
            timeout,
        };
        Ok(Self {
            ledger,
            doorbell,
            http: wire::http_client().map_err(SetupError::Http)?,
            hooks: Hooks::new(reach(config.times.deliver_timeout))?,
            files: Fetcher::new(reach(config.times.call_timeout))?,
            post,
            easel: Arc::new(Semaphore::new(1)),
            public_url: delivery.public_url.as_str().into(),
            name: config.name.as_str().into(),
            times: config.times,
            gateway: Arc::new(config.gateway.clone()),
            probed: Arc::default(),
            breaker: Arc::default(),
            pace: Arc::default(),
            tokens: Tokens::default(),
            stopping,
            registers: Arc::default(),
            sources: Arc::default(),
            receivers: Arc::default(),
            tax_service: Arc::default(),
            notices: Arc::default(),
        })
    }

    /// The same worker through connections of its own: a register with a backlog must not make an
    /// idle one's only receipt wait for a connection.
    pub(crate) fn aside(&self) -> Self {
        Self {
            ledger: self.ledger.aside(),
            ..self.clone()
        }
    }

    /// The same worker with other times, for a register whose provider takes its time.
    pub(crate) fn with_times(&self, times: WorkerTimes) -> Self {
        Self { times, ..self.clone() }
    }

    /// Draws something for a message, one at a time and off the threads that work.
    pub(crate) async fn draw<T: Send + 'static>(
        &self,
        drawing: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        // Nobody closes it.
        let turn = self.easel.clone().acquire_owned().await.ok();
        spawn_blocking(move || {
            let drawn = drawing();
            drop(turn);
            drawn
        })
        .await
    }

    /// A register's settings, at most [`WorkerTimes::settings_ttl`] old.
    pub(crate) async fn register(&self, id: &RegisterId) -> Result<Option<Register>, LedgerError> {
        if let Some(register) = self.registers.get(id, self.times.settings_ttl) {
            return Ok(Some(register));
        }
        let register = self.ledger.register(id).await?;
        if let Some(register) = &register {
            self.registers.put(id.clone(), register.clone());
        }
        Ok(register)
    }

    /// A source's settings, at most [`WorkerTimes::settings_ttl`] old.
    pub(crate) async fn source(&self, id: &SourceId) -> Result<Option<Source>, LedgerError> {
        if let Some(source) = self.sources.get(id, self.times.settings_ttl) {
            return Ok(Some(source));
        }
        let source = self.ledger.source(id).await?;
        if let Some(source) = &source {
            self.sources.put(id.clone(), source.clone());
        }
        Ok(source)
    }
}

impl WorkerState {
    /// Receivers of splits that have a register, of all the merchant's sources, at most
    /// [`WorkerTimes::settings_ttl`] old.
    pub(crate) async fn receivers(&self, merchant: &MerchantId) -> Result<BTreeMap<String, RegisterId>, LedgerError> {
        if let Some(receivers) = self.receivers.get(merchant, self.times.settings_ttl) {
            return Ok(receivers);
        }
        let receivers = self.ledger.receivers_of(merchant).await?;
        self.receivers.put(merchant.clone(), receivers.clone());
        Ok(receivers)
    }
}

impl WorkerState {
    /// Where a register's provider tells us something, if it may: the path holds a secret. At most
    /// [`WorkerTimes::settings_ttl`] old.
    pub(crate) async fn notices_of(&self, id: &RegisterId) -> Result<Option<SecretString>, LedgerError> {
        if self.public_url.is_empty() {
            return Ok(None);
        }
        if let Some(address) = self.notices.get(id, self.times.settings_ttl) {
            return Ok(address);
        }
        let source = self.ledger.notice_source(id).await?;
        let address = source.map(|source| {
            let secret = source.secret.expose_secret();
            SecretString::from(format!("{}/callbacks/{}/{secret}", self.public_url, source.id))
        });
        self.notices.put(id.clone(), address.clone());
        Ok(address)
    }
}

/// A letter's time shared out: most of it is for the server's answer.
pub(crate) fn mail_times(whole: Duration) -> mailer::Times {
    mailer::Times {
        connect: whole / 4,
        command: whole / 20,
        letter: whole / 2,
    }
}

/// Settings as last read, with the time of reading. As large as the settings themselves.
pub(crate) struct Cache<K, V>(Mutex<HashMap<K, (Instant, V)>>);

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<K: Hash + Eq, V: Clone> Cache<K, V> {
    pub fn get(&self, key: &K, ttl: Duration) -> Option<V> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .get(key)
            .filter(|(read_at, _)| read_at.elapsed() < ttl)
            .map(|(_, value)| value.clone())
    }

    pub fn put(&self, key: K, value: V) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, (Instant::now(), value));
    }
}
