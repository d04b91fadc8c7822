//! Opening with the payment key, or with the one before it while that is still good.

use ledger::settings::Source;
use secrecy::SecretString;
use wire::CallbackError;

use crate::AppState;
use crate::error::ApiError;

/// Tries the keys a callback may be signed with now, the newest first. In production a key that everybody
/// knows (`is_public`) is never good: not as the key, and not as the one before.
pub(super) fn open<T>(
    app: &AppState,
    source: &Source,
    is_public: impl Fn(&SecretString) -> bool,
    open: impl Fn(&SecretString) -> Result<T, CallbackError>,
) -> Result<T, ApiError> {
    for (age, key) in source.believed_secrets(app.ledger.now()).enumerate() {
        let newest = age == 0;
        if app.production && is_public(key) {
            if newest {
                return Err(ApiError::TestSource);
            }
            continue;
        }
        match open(key) {
            Err(CallbackError::WrongSignature) => {}
            Err(other) => return Err(ApiError::Message(other)),
            Ok(opened) => {
                if !newest {
                    tracing::info!(
                        source.id = source.id.as_str(),
                        "A callback was signed with the key before this one"
                    );
                }
                return Ok(opened);
            }
        }
    }
    Err(ApiError::Message(CallbackError::WrongSignature))
}
