//! The bank's key, kept: fetched when it is first needed, and once again when a signature does not
//! fit. A flood of wrong signatures must not become a flood of questions to the bank, so between two
//! fetches some time has to pass, whoever asks.

use std::sync::PoisonError;

use tokio::sync::Mutex;
use wire::{AskError, CallbackError};

use crate::client::Client;
use crate::pubkey::PublicKey;
use crate::snapshot::Snapshot;
use crate::webhook;

/// Between two fetches at least so long, in milliseconds. A webhook comes up to three times, so a
/// new key is known soon enough.
const PAUSE_MS: i64 = 30_000;

/// Why a webhook was not opened.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It is not to be believed.
    #[error("the webhook was not believed")]
    Callback(#[from] CallbackError),
    /// The bank gave no key to check it with: the webhook may be sent again.
    #[error("the bank's public key could not be fetched")]
    NoKey(#[source] AskError),
    /// No key is known, and the bank was asked a moment ago.
    #[error("the bank's public key is not known and was asked for a moment ago")]
    TooSoon,
}

impl KeyError {
    /// False when the bank will say the same until somebody corrects a setting, such as the token.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::NoKey(error) => error.is_retryable(),
            Self::Callback(_) | Self::TooSoon => true,
        }
    }
}

/// The key of one source. Shared by all its webhooks.
#[derive(Debug, Default)]
pub struct Keys {
    key: std::sync::Mutex<Option<PublicKey>>,
    /// Held while the bank is asked, with the time a question last began, whatever came of it.
    asked_at: Mutex<Option<i64>>,
}

impl Keys {
    /// Opens a webhook with the key that is kept, fetching it when there is none or when the
    /// signature does not fit. `now` in milliseconds since 1970. A webhook that fits the kept key
    /// never waits for the bank; those that do not wait for one question, which serves them all.
    pub async fn open(
        &self,
        client: &Client,
        body: &[u8],
        x_sign: Option<&str>,
        now: i64,
    ) -> Result<Snapshot, KeyError> {
        if x_sign.is_none_or(|sign| sign.trim().is_empty()) {
            return Err(CallbackError::MissingSignature.into());
        }
        let before = match self.opened(body, x_sign) {
            Some(Err(CallbackError::WrongSignature)) | None => self.kept(),
            Some(opened) => return Ok(opened?),
        };
        let mut asked_at = self.asked_at.lock().await;
        // Whoever held the lock may have brought the right key.
        if self.kept() != before
            && let Some(opened) = self.opened(body, x_sign)
        {
            return Ok(opened?);
        }
        if asked_at.is_some_and(|at| (0..PAUSE_MS).contains(&now.saturating_sub(at))) {
            return Err(match before {
                Some(_) => CallbackError::WrongSignature.into(),
                None => KeyError::TooSoon,
            });
        }
        *asked_at = Some(now);
        let key = client.public_key().await.map_err(KeyError::NoKey)?;
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = Some(key.clone());
        Ok(webhook::open_webhook(body, x_sign, &key)?)
    }

    fn kept(&self) -> Option<PublicKey> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// With the kept key, when there is one.
    fn opened(&self, body: &[u8], x_sign: Option<&str>) -> Option<Result<Snapshot, CallbackError>> {
        Some(webhook::open_webhook(body, x_sign, &self.kept()?))
    }
}

#[cfg(test)]
mod tests;
