//! Users as the ledger keeps them: a row each, and a row for each merchant whose data they see.

use std::collections::BTreeSet;

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};

use super::{Reach, Role, User};
use crate::{LedgerError, day, sql};

/// What [`users`] reads; a user comes in as many rows as they have merchants.
pub(super) const COLUMNS: &str = "users.id AS id, login, name, role, everywhere, language,
    password IS NOT NULL AS has_password, totp IS NOT NULL AS has_totp, failures, locked_until, created_at,
    disabled_at, merchant_id";

/// The tables of [`COLUMNS`].
pub(super) const JOINED: &str = "users LEFT JOIN user_merchants ON user_merchants.user_id = users.id";

/// The users of these rows. Rows of one user stand together.
pub(super) fn users(rows: &[QueryResult]) -> Result<Vec<User>, LedgerError> {
    let mut users: Vec<User> = Vec::new();
    for row in rows {
        let id: String = sql::get(row, "id")?;
        if users.last().is_none_or(|user| user.id != id) {
            users.push(user(row, id)?);
        }
        let merchant: Option<String> = sql::get(row, "merchant_id")?;
        if let (Some(merchant), Some(user)) = (merchant, users.last_mut())
            && let Reach::Merchants(merchants) = &mut user.reach
        {
            merchants.push(MerchantId::parse(&merchant).map_err(|_| LedgerError::UnknownValue {
                column: "user_merchants.merchant_id",
            })?);
        }
    }
    for user in &mut users {
        user.reach = in_order(&user.reach);
    }
    Ok(users)
}

/// The same reach with each merchant once, in an order that no database's collation decides.
pub(super) fn in_order(reach: &Reach) -> Reach {
    match reach {
        Reach::Everything => Reach::Everything,
        Reach::Merchants(ids) => {
            let once: BTreeSet<&MerchantId> = ids.iter().collect();
            Reach::Merchants(once.into_iter().cloned().collect())
        }
    }
}

fn user(row: &QueryResult, id: String) -> Result<User, LedgerError> {
    let role: String = sql::get(row, "role")?;
    let everywhere: bool = sql::get(row, "everywhere")?;
    let failures: i64 = sql::get(row, "failures")?;
    Ok(User {
        id,
        login: sql::get(row, "login")?,
        name: sql::get(row, "name")?,
        role: Role::parse(&role).ok_or(LedgerError::UnknownValue { column: "users.role" })?,
        reach: if everywhere {
            Reach::Everything
        } else {
            Reach::Merchants(Vec::new())
        },
        language: sql::get(row, "language")?,
        has_password: sql::get(row, "has_password")?,
        has_totp: sql::get(row, "has_totp")?,
        failures: u32::try_from(failures).unwrap_or(u32::MAX),
        locked_until: UnixMillis(sql::get(row, "locked_until")?),
        created_at: UnixMillis(sql::get(row, "created_at")?),
        disabled_at: day::time(row, "disabled_at")?,
    })
}

/// One user.
pub(super) async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<User>, LedgerError> {
    let statement = format!("SELECT {COLUMNS} FROM {JOINED} WHERE users.id = $1");
    let rows = sql::query(db, "read a user", &statement, [id.into()]).await?;
    Ok(users(&rows)?.pop())
}

/// One user, who stays as they are until the transaction ends.
pub(super) async fn lock(tx: &DatabaseTransaction, id: &str) -> Result<Option<User>, LedgerError> {
    sql::execute(
        tx,
        "lock a user",
        "UPDATE users SET updated_at = updated_at WHERE id = $1",
        [id.into()],
    )
    .await?;
    find(tx, id).await
}

/// Writes whose data a user sees. False: a merchant is not known.
pub(super) async fn write_reach(tx: &DatabaseTransaction, id: &str, reach: &Reach) -> Result<bool, LedgerError> {
    const WHAT: &str = "write whose data a user sees";
    sql::execute(tx, WHAT, "DELETE FROM user_merchants WHERE user_id = $1", [id.into()]).await?;
    let Reach::Merchants(merchants) = in_order(reach) else {
        return Ok(true);
    };
    for merchant in merchants {
        let found = sql::execute(
            tx,
            WHAT,
            "INSERT INTO user_merchants (user_id, merchant_id) SELECT $1, id FROM merchants WHERE id = $2",
            [id.into(), merchant.as_str().into()],
        )
        .await?;
        if found == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Ends the sessions of a user, but for one.
pub(super) async fn end_sessions(
    tx: &DatabaseTransaction,
    user: &str,
    except: Option<&str>,
) -> Result<u64, LedgerError> {
    sql::execute(
        tx,
        "end a user's sessions",
        "DELETE FROM sessions WHERE user_id = $1 AND hash <> $2",
        [user.into(), except.unwrap_or_default().into()],
    )
    .await
}

/// Makes a user's one-time link void.
pub(super) async fn withdraw_invitation(tx: &DatabaseTransaction, user: &str) -> Result<(), LedgerError> {
    sql::execute(
        tx,
        "withdraw an invitation",
        "DELETE FROM invitations WHERE user_id = $1",
        [user.into()],
    )
    .await?;
    Ok(())
}
