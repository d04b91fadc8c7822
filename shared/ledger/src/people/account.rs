//! What users change of themselves: password, second step, language.

use domain::time::UnixMillis;
use secrecy::{ExposeSecret, SecretString};

use super::{UserError, rows};
use crate::audit::{self, Actor, deed};
use crate::vault::columns::USER_TOTP;
use crate::{Ledger, LedgerError, sql};

impl Ledger {
    /// Another password. Every session but `except` ends, and a link that was not used is void. False: there is
    /// no such user, or they may not sign in.
    pub async fn set_password(
        &self,
        user: &str,
        hash: &SecretString,
        except: Option<&str>,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "set a password";
        let tx = self.begin(WHAT).await?;
        let changed = sql::execute(
            &tx,
            WHAT,
            "UPDATE users SET password = $2, failures = 0, locked_until = 0, updated_at = $3
             WHERE id = $1 AND disabled_at IS NULL",
            [user.into(), hash.expose_secret().into(), now.0.into()],
        )
        .await?;
        let Some(user) = rows::find(&tx, user).await?.filter(|_| changed == 1) else {
            return Ok(false);
        };
        rows::end_sessions(&tx, &user.id, except).await?;
        rows::withdraw_invitation(&tx, &user.id).await?;
        let entry = audit::about_user(deed::PASSWORD_SET, &user);
        audit::record(&tx, &by.into(), &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }

    /// Asks for a second step at sign-in from now on, or no longer. False: there is no such user, or nothing
    /// changed.
    pub async fn set_totp(
        &self,
        user: &str,
        secret: Option<&SecretString>,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "set a second step";
        let tx = self.begin(WHAT).await?;
        // The vault before the user, as everybody locks them.
        let sealed = match secret {
            Some(secret) => Some(self.seal(&tx, &USER_TOTP.owner(&[user]), secret, now).await?),
            None => None,
        };
        let Some(user) = rows::lock(&tx, user).await? else {
            return Ok(false);
        };
        let deed = match (secret, user.has_totp) {
            (None, false) => return Ok(false),
            (None, true) => deed::SECOND_STEP_REMOVED,
            (Some(_), false | true) => deed::SECOND_STEP_SET,
        };
        sql::execute(
            &tx,
            WHAT,
            "UPDATE users SET totp = $2, updated_at = $3 WHERE id = $1",
            [user.id.as_str().into(), sealed.into(), now.0.into()],
        )
        .await?;
        audit::record(&tx, &by.into(), &audit::about_user(deed, &user), now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }

    /// The language of the pages, `uk` or `en`.
    pub async fn set_language(&self, user: &str, language: &str, now: UnixMillis) -> Result<(), UserError> {
        check_language(language)?;
        let changed = sql::execute(
            &self.db,
            "set a user's language",
            "UPDATE users SET language = $2, updated_at = $3 WHERE id = $1",
            [user.into(), language.into(), now.0.into()],
        )
        .await?;
        if changed == 1 { Ok(()) } else { Err(UserError::NotFound) }
    }
}

/// The pages' languages.
pub(super) fn check_language(language: &str) -> Result<(), UserError> {
    match language {
        "uk" | "en" => Ok(()),
        _ => Err(UserError::UnknownLanguage),
    }
}
