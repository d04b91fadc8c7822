//! What every handler is given.

use std::ops::Deref;
use std::sync::Arc;

use domain::ids::{MerchantId, RegisterId, SourceId};
use ledger::Ledger;
use ledger::settings::{AddressRange, ApiKey, Source};
use queue::Doorbell;
use tokio_util::sync::CancellationToken;

use crate::Parts;
use crate::admin::{Drafts, Pace, Pulse};
use crate::auth::KeyDigest;
use crate::cache::Cache;
use crate::callbacks::BankKeys;
use crate::config::{IngressConfig, Limits};
use crate::inbox::{Inbox, InboxSender};
use crate::rates::Rates;

/// What every handler is given. Cheap to clone, which happens several times per request. The inbox
/// ends when the last clone is gone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

/// The parts of an [`AppState`].
pub struct Inner {
    pub(crate) ledger: Ledger,
    pub(crate) doorbell: Doorbell,
    pub(crate) inbox: InboxSender,
    pub(crate) sources: Cache<SourceId, Option<Arc<Source>>>,
    /// What monobank's webhooks are checked with.
    pub(crate) bank_keys: BankKeys,
    pub(crate) keys: Cache<KeyDigest, Option<Arc<ApiKey>>>,
    pub(crate) registers: Cache<MerchantId, Arc<[RegisterId]>>,
    pub(crate) rates: Arc<Rates>,
    pub(crate) limits: Limits,
    pub(crate) production: bool,
    /// Who may say for whom it speaks.
    pub(crate) proxies: Vec<AddressRange>,
    /// Cancelled when the program is told to stop, for answers that have no end of their own.
    pub(crate) stopping: CancellationToken,
    pub(crate) pulse: Pulse,
    pub(crate) sign_ins: Arc<Pace>,
    pub(crate) public_url: String,
    pub(crate) admin_url: String,
    /// Registers that are being set up on the settings pages.
    pub(crate) drafts: Drafts,
}

impl Deref for AppState {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl AppState {
    /// The state and the inbox behind it. Somebody has to run [`Inbox::run`]; until then nothing is
    /// committed and nothing acknowledged.
    pub fn new(parts: Parts, config: &IngressConfig) -> (Self, Inbox) {
        let (inbox, sender) = Inbox::new(&parts, &config.limits);
        let state = Inner {
            ledger: parts.ledger,
            doorbell: parts.doorbell,
            inbox: sender,
            sources: Cache::default(),
            bank_keys: BankKeys::default(),
            keys: Cache::default(),
            registers: Cache::default(),
            rates: Arc::new(Rates::new(&config.limits)),
            limits: config.limits,
            production: config.production,
            proxies: config.trusted_proxies.clone(),
            stopping: CancellationToken::new(),
            pulse: Pulse::default(),
            sign_ins: Arc::default(),
            public_url: config.public_link(""),
            admin_url: config.admin.link(""),
            drafts: Drafts::default(),
        };
        (Self(Arc::new(state)), inbox)
    }

    pub(crate) fn rates(&self) -> Arc<Rates> {
        Arc::clone(&self.rates)
    }
}
