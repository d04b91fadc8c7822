//! monobank: the signature first, under the bank's own key, then what the snapshot means.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use domain::ids::SourceId;
use ledger::LedgerError;
use ledger::settings::Source;
use monobank::{Client, KeyError, Keys};
use reqwest::redirect::Policy;
use url::Url;
use wire::CallbackError;

use super::Told;
use crate::AppState;
use crate::error::ApiError;

/// A webhook waits for the bank's key no longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The bank's keys by source, and what fetches them. As large as the settings: only known sources
/// come here.
#[derive(Default)]
pub(crate) struct BankKeys {
    http: OnceLock<Option<reqwest::Client>>,
    keys: Mutex<HashMap<SourceId, Arc<Keys>>>,
}

impl BankKeys {
    fn of(&self, source: &SourceId) -> Arc<Keys> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(keys.entry(source.clone()).or_default())
    }

    fn client(&self, source: &Source) -> Result<Client, ApiError> {
        let http = self.http.get_or_init(http).clone().ok_or(ApiError::Busy)?;
        let column = "sources.api_url";
        let api_url = Url::parse(&source.api_url).map_err(|_| LedgerError::UnknownValue { column })?;
        Ok(Client::new(http, api_url, source.secret.clone(), PATIENCE))
    }
}

fn http() -> Option<reqwest::Client> {
    program::install_tls();
    let builder = reqwest::Client::builder().tls_backend_rustls().no_proxy();
    builder.redirect(Policy::none()).build().ok()
}

/// Believes the body or refuses it. Without the bank's key nobody can tell: then it is asked to come
/// again.
pub(super) async fn read(app: &AppState, source: &Source, x_sign: Option<&str>, body: &[u8]) -> Result<Told, ApiError> {
    let client = app.bank_keys.client(source)?;
    let keys = app.bank_keys.of(&source.id);
    let opened = keys.open(&client, body, x_sign, app.ledger.now().0).await;
    let snapshot = opened.map_err(|error| match error {
        KeyError::Callback(error) => ApiError::Message(error),
        KeyError::NoKey(_) | KeyError::TooSoon => ApiError::NoBankKey(error),
    })?;
    let event = payments::monobank::event(&snapshot);
    Ok(Told {
        key: payments::monobank::key(&snapshot),
        fingerprint: payments::monobank::fingerprint(&snapshot),
        event: event.map_err(|_| ApiError::Message(CallbackError::BadField("reference")))?,
        reply: None,
    })
}
