//! WayForPay: the signature first, then what the snapshot means, and the answer it waits for.

use ledger::settings::Source;
use wayforpay::Credentials;
use wire::CallbackError;

use super::{Told, keys};
use crate::AppState;
use crate::error::ApiError;

/// Believes the body or refuses it. The answer is signed with the key the callback was signed with.
pub(super) fn read(app: &AppState, source: &Source, body: &[u8]) -> Result<Told, ApiError> {
    let credentials = |key: &secrecy::SecretString| Credentials {
        account: source.account.clone(),
        key: key.clone(),
    };
    let (snapshot, signer) = keys::open(
        app,
        source,
        |key| credentials(key).is_public_test(),
        |key| {
            let signer = credentials(key);
            Ok((wayforpay::open_callback(body, &signer)?, signer))
        },
    )?;
    let seconds = app.ledger.now().0 / 1000;
    let event = payments::wayforpay::event(&snapshot);
    Ok(Told {
        key: payments::wayforpay::key(&snapshot),
        fingerprint: payments::wayforpay::fingerprint(&snapshot),
        event: event.map_err(|_| ApiError::Message(CallbackError::BadField("orderReference")))?,
        reply: Some(wayforpay::accept(&snapshot.order_reference, seconds, &signer)),
    })
}
