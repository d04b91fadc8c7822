//! Somebody must be able to do everything: the first administrator, and never none.

use domain::time::UnixMillis;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use secrecy::SecretString;
use uuid::Uuid;

use super::{User, invitations, rows};
use crate::audit::{self, NewAudit, deed};
use crate::{Ledger, LedgerError, sql};

/// The login of the first administrator.
const FIRST: &str = "admin";

/// Who can do everything and has a password to do it with.
const CAN: &str = "role = 'administrator' AND everywhere AND disabled_at IS NULL AND password IS NOT NULL";

impl Ledger {
    /// Is there anybody who can do everything and has chosen a password?
    pub async fn has_administrator(&self) -> Result<bool, LedgerError> {
        exists(&self.db).await
    }

    /// For the first start: a one-time link for the user `admin`, as long as there is no administrator with a
    /// password. Each call makes the link before it void.
    pub async fn invite_first_administrator(&self, now: UnixMillis) -> Result<Option<SecretString>, LedgerError> {
        const WHAT: &str = "invite the first administrator";
        let tx = self.begin(WHAT).await?;
        lock(&tx).await?;
        if exists(&tx).await? {
            return Ok(None);
        }
        // Whoever had that login was nobody who could do much: what they knew must not make them mighty now.
        let row = sql::query_one(
            &tx,
            WHAT,
            "INSERT INTO users (id, login, name, role, everywhere, language, created_at, updated_at)
             VALUES ($1, $2, 'Адміністратор', 'administrator', TRUE, 'uk', $3, $3)
             ON CONFLICT (login) DO UPDATE SET role = excluded.role, everywhere = TRUE, password = NULL, totp = NULL,
                 disabled_at = NULL, updated_at = excluded.updated_at
             RETURNING id",
            [Uuid::now_v7().to_string().into(), FIRST.into(), now.0.into()],
        )
        .await?
        .ok_or(NO_USER)?;
        let id: String = sql::get(&row, "id")?;
        rows::end_sessions(&tx, &id, None).await?;
        let user = rows::find(&tx, &id).await?.ok_or(NO_USER)?;
        let invited = invitations::write(&tx, user, now).await?;
        let entry = NewAudit {
            after: Some("the first administrator".to_owned()),
            ..audit::about_user(deed::INVITED, &invited.user)
        };
        audit::record(&tx, &audit::OURSELVES.into(), &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(Some(invited.token))
    }
}

const NO_USER: LedgerError = LedgerError::UnknownValue { column: "users.id" };

/// Nobody else becomes or ceases to be an administrator until the transaction ends. SQLite has one writer
/// anyway.
pub(super) async fn lock(tx: &DatabaseTransaction) -> Result<(), LedgerError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        sql::query(
            tx,
            "lock the administrators",
            "SELECT pg_advisory_xact_lock(hashtext('kasyr-administrators' || current_schema()))",
            [],
        )
        .await?;
    }
    Ok(())
}

/// Can anybody do everything?
pub(super) async fn exists(db: &impl ConnectionTrait) -> Result<bool, LedgerError> {
    another(db, "").await
}

/// Can anybody but this user do everything?
pub(super) async fn another(db: &impl ConnectionTrait, than: &str) -> Result<bool, LedgerError> {
    let statement = format!("SELECT id FROM users WHERE {CAN} AND id <> $1 LIMIT 1");
    let found = sql::query_one(db, "look for an administrator", &statement, [than.into()]).await?;
    Ok(found.is_some())
}

/// Once there is an administrator, a link that was printed at the first start and lies in some log must not
/// make another one.
pub(super) async fn withdraw_first(tx: &DatabaseTransaction, accepted: &User) -> Result<(), LedgerError> {
    sql::execute(
        tx,
        "withdraw the first invitation",
        "DELETE FROM invitations WHERE user_id <> $1
             AND user_id IN (SELECT id FROM users WHERE login = $2 AND password IS NULL)",
        [accepted.id.as_str().into(), FIRST.into()],
    )
    .await?;
    Ok(())
}
