//! Who is asking: API keys as bearer tokens.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use ledger::audit::Actor;
use ledger::settings::{ApiKey, Scope};
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use crate::AppState;
use crate::address::RemoteAddress;
use crate::error::ApiError;

/// What the cache knows a key by, so that memory holds no list of secrets.
pub(crate) type KeyDigest = [u8; 32];

/// Longer texts are nobody's key.
const MAX_KEY: usize = 512;

/// A request with a valid API key, within its rate. What the key may do is still to be asked with
/// [`Caller::may`].
pub(crate) struct Caller {
    key: Arc<ApiKey>,
    address: Option<RemoteAddress>,
}

impl Caller {
    /// The key, if it has the scope.
    pub fn may(&self, scope: Scope) -> Result<&ApiKey, ApiError> {
        if self.key.scopes.contains(&scope) {
            Ok(&self.key)
        } else {
            Err(ApiError::MissingScope(scope))
        }
    }

    /// The key, if it has one of the scopes; the first is the one that is missed.
    pub fn may_any(&self, scopes: &[Scope; 2]) -> Result<&ApiKey, ApiError> {
        let [usual, other] = *scopes;
        self.may(usual).or_else(|missing| self.may(other).map_err(|_| missing))
    }

    /// Who the audit names.
    pub fn actor(&self) -> Actor {
        Actor {
            name: format!("API key {} of {}", self.key.id, self.key.merchant),
            address: self.address.map(|address| address.0.to_canonical().to_string()),
        }
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let secret = bearer(parts).ok_or(ApiError::Unauthorized)?;
        let digest: KeyDigest = Sha256::digest(secret.as_bytes()).into();
        let secret = SecretString::from(secret);
        let read = async { Ok::<_, ApiError>(app.ledger.api_key(&secret).await?.map(Arc::new)) };
        let key = app.keys.get_or_read(&digest, read).await?;
        let key = key.ok_or(ApiError::Unauthorized)?;
        // A slash is in no merchant's and no source's id, so names of keys and sources differ.
        app.rates.check_source(&format!("{}/{}", key.merchant, key.id))?;
        let address = parts.extensions.get::<RemoteAddress>().copied();
        Ok(Self { key, address })
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let (scheme, key) = parts.headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && (1..=MAX_KEY).contains(&key.len())).then_some(key)
}
