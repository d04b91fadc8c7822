//! Fondy: the signature first, then what the snapshot means.

use fondy::{CallbackError, Credentials};
use ledger::settings::Source;

use super::Told;
use crate::AppState;
use crate::error::ApiError;

/// Believes the body or refuses it.
pub(super) fn read(app: &AppState, source: &Source, content_type: Option<&str>, body: &[u8]) -> Result<Told, ApiError> {
    let credentials = Credentials {
        merchant_id: source.gateway_merchant_id,
        key: source.secret.clone(),
    };
    if app.production && credentials.is_public_test() {
        return Err(ApiError::TestSource);
    }
    let snapshot = fondy::open_callback(content_type, body, &credentials).map_err(ApiError::Callback)?;
    let event = payments::fondy::event(&snapshot)
        .map_err(|_| ApiError::Callback(CallbackError::BadField { name: "order_id" }))?;
    Ok(Told {
        key: payments::fondy::key(&snapshot),
        fingerprint: payments::fondy::fingerprint(&snapshot),
        event,
        reply: None,
    })
}
