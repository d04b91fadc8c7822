//! Fondy: the signature first, then what the snapshot means.

use fondy::{CallbackError, Credentials, Snapshot};
use ledger::LedgerError;
use ledger::settings::Source;

use super::Told;
use crate::AppState;
use crate::error::ApiError;

/// Believes the body or refuses it.
pub(super) fn read(app: &AppState, source: &Source, content_type: Option<&str>, body: &[u8]) -> Result<Told, ApiError> {
    let snapshot = open(app, source, content_type, body)?;
    let event = payments::fondy::event(&snapshot)
        .map_err(|_| ApiError::Callback(CallbackError::BadField { name: "order_id" }))?;
    Ok(Told {
        key: payments::fondy::key(&snapshot),
        fingerprint: payments::fondy::fingerprint(&snapshot),
        event,
        reply: None,
    })
}

/// Signed with the payment key, or with the one before it while that is still good. In production a key
/// that everybody knows is never good: not as the key, and not as the one before.
fn open(app: &AppState, source: &Source, content_type: Option<&str>, body: &[u8]) -> Result<Snapshot, ApiError> {
    let column = "sources.account";
    let merchant_id = source.gateway_merchant_id();
    let merchant_id = merchant_id.ok_or(ApiError::Ledger(LedgerError::UnknownValue { column }))?;
    for (age, key) in source.believed_secrets(app.ledger.now()).enumerate() {
        let newest = age == 0;
        let credentials = Credentials {
            merchant_id,
            key: key.clone(),
        };
        if app.production && credentials.is_public_test() {
            if newest {
                return Err(ApiError::TestSource);
            }
            continue;
        }
        match fondy::open_callback(content_type, body, &credentials) {
            Err(CallbackError::WrongSignature) => {}
            Err(other) => return Err(ApiError::Callback(other)),
            Ok(snapshot) => {
                if !newest {
                    tracing::info!(
                        source.id = source.id.as_str(),
                        "A callback was signed with the key before this one"
                    );
                }
                return Ok(snapshot);
            }
        }
    }
    Err(ApiError::Callback(CallbackError::WrongSignature))
}
