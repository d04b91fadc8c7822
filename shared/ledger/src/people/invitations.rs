//! One-time links, by which a user chooses a password: the first one, or another when it was forgotten.

use std::time::Duration;

use domain::time::UnixMillis;
use sea_orm::DatabaseTransaction;
use secrecy::{ExposeSecret, SecretString};

use super::{Reach, User, UserError, administrators, rows, token};
use crate::audit::{self, Actor, NewAudit, deed};
use crate::{Ledger, LedgerError, sql};

/// A link works for so long.
pub const INVITATION_LASTS: Duration = Duration::from_secs(72 * 60 * 60);

/// A user and their one-time link.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Who.
    pub user: User,
    /// What the link carries. It is told here and never again.
    pub token: SecretString,
    /// From then on the link does not work.
    pub expires_at: UnixMillis,
}

impl Ledger {
    /// Another link for a user, which makes the one before it void, and ends their sessions. The password they
    /// have goes on working until they choose another: disable a user whose password is known to others.
    pub async fn invite_again(
        &self,
        within: &Reach,
        user: &str,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Invited, UserError> {
        const WHAT: &str = "invite a user again";
        let tx = self.begin(WHAT).await?;
        let user = rows::lock(&tx, user).await?;
        let user = user
            .filter(|user| within.covers(&user.reach))
            .ok_or(UserError::NotFound)?;
        if user.disabled_at.is_some() {
            return Err(UserError::Disabled);
        }
        rows::end_sessions(&tx, &user.id, None).await?;
        let invited = write(&tx, user, now).await?;
        let entry = audit::about_user(deed::INVITED_AGAIN, &invited.user);
        audit::record(&tx, &by.into(), &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(invited)
    }

    /// Whose link this is, if it still works.
    pub async fn invitation(&self, token: &SecretString, now: UnixMillis) -> Result<Option<User>, LedgerError> {
        let statement = format!(
            "SELECT {} FROM {} JOIN invitations ON invitations.user_id = users.id
             WHERE invitations.hash = $1 AND invitations.expires_at > $2 AND disabled_at IS NULL",
            rows::COLUMNS,
            rows::JOINED
        );
        let values = [token::digest(token).into(), now.0.into()];
        let found = sql::query(&self.db, "find an invitation", &statement, values).await?;
        Ok(rows::users(&found)?.pop())
    }

    /// Uses the link up: the user has this password now, and no other sessions. `None`: the link does not work,
    /// or was used meanwhile.
    pub async fn accept_invitation(
        &self,
        token: &SecretString,
        password_hash: &SecretString,
        address: &str,
        now: UnixMillis,
    ) -> Result<Option<User>, LedgerError> {
        const WHAT: &str = "accept an invitation";
        let tx = self.begin(WHAT).await?;
        administrators::lock(&tx).await?;
        let hash = token::digest(token);
        // Everybody locks a user before what belongs to them.
        sql::execute(
            &tx,
            WHAT,
            "UPDATE users SET updated_at = updated_at
             WHERE id IN (SELECT user_id FROM invitations WHERE hash = $1)",
            [hash.as_str().into()],
        )
        .await?;
        let used = sql::query_one(
            &tx,
            WHAT,
            "DELETE FROM invitations WHERE hash = $1 AND expires_at > $2 RETURNING user_id",
            [hash.into(), now.0.into()],
        )
        .await?;
        let Some(used) = used else {
            return Ok(None);
        };
        let id: String = sql::get(&used, "user_id")?;
        let is_first = !administrators::exists(&tx).await?;
        let changed = sql::execute(
            &tx,
            WHAT,
            "UPDATE users SET password = $2, failures = 0, locked_until = 0, updated_at = $3
             WHERE id = $1 AND disabled_at IS NULL",
            [id.as_str().into(), password_hash.expose_secret().into(), now.0.into()],
        )
        .await?;
        let Some(user) = rows::find(&tx, &id).await?.filter(|_| changed == 1) else {
            return Ok(None);
        };
        rows::end_sessions(&tx, &id, None).await?;
        if is_first && user.runs_everything() {
            administrators::withdraw_first(&tx, &user).await?;
        }
        let entry = NewAudit {
            after: Some("chose a password".to_owned()),
            ..audit::about_user(deed::INVITATION_ACCEPTED, &user)
        };
        audit::record(&tx, &Actor::at(&user.login, address), &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(Some(user))
    }
}

/// Writes a link, instead of the one before it.
pub(super) async fn write(tx: &DatabaseTransaction, user: User, now: UnixMillis) -> Result<Invited, LedgerError> {
    let token = token::random();
    let expires_at = now.plus(INVITATION_LASTS);
    sql::execute(
        tx,
        "write an invitation",
        "INSERT INTO invitations (hash, user_id, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at",
        [
            token::digest(&token).into(),
            user.id.as_str().into(),
            expires_at.0.into(),
        ],
    )
    .await?;
    Ok(Invited {
        user,
        token,
        expires_at,
    })
}
