//! LiqPay: the signature first, then what the snapshot means.

use ledger::settings::Source;
use liqpay::Credentials;
use wire::CallbackError;

use super::{Told, keys};
use crate::AppState;
use crate::error::ApiError;

/// Believes the body or refuses it. A payment in test mode moved no money: production refuses it,
/// though its signature is right.
pub(super) fn read(app: &AppState, source: &Source, body: &[u8]) -> Result<Told, ApiError> {
    let credentials = |key: &secrecy::SecretString| Credentials {
        public_key: source.account.clone(),
        private_key: key.clone(),
    };
    let snapshot = keys::open(
        app,
        source,
        |key| credentials(key).is_test(),
        |key| liqpay::open_callback(body, &credentials(key)),
    )?;
    if app.production && snapshot.is_test() {
        return Err(ApiError::TestSource);
    }
    let event = payments::liqpay::event(&snapshot);
    Ok(Told {
        key: payments::liqpay::key(&snapshot),
        fingerprint: payments::liqpay::fingerprint(&snapshot),
        event: event.map_err(|_| ApiError::Message(CallbackError::BadField("order_id")))?,
        reply: None,
    })
}
