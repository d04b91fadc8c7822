//! Sessions: made anew at each sign-in, known in the ledger by a digest only, ended by the server.

use std::time::Duration;

use domain::time::UnixMillis;
use secrecy::SecretString;

use super::User;
use crate::{Ledger, LedgerError};

/// A session that is not used for so long has ended.
pub const SESSION_IDLE: Duration = Duration::from_secs(2 * 60 * 60);
/// No session lasts longer.
pub const SESSION_LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Digest of its token; safe to show and to compare.
    pub id: String,
    /// Who.
    pub user: User,
    /// What every form of this session must carry.
    pub csrf: String,
    /// When it ends at the latest.
    pub expires_at: UnixMillis,
}

impl Ledger {
    /// The session with this token, if it has not ended and its user may still sign in. Using it keeps it from
    /// ending by idleness.
    pub async fn session(&self, _token: &SecretString, _now: UnixMillis) -> Result<Option<Session>, LedgerError> {
        Ok(None)
    }
}
