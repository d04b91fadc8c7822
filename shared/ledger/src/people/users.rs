//! Users: made without a password, changed by administrators, never removed, for the audit names them.

use domain::time::UnixMillis;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::invitations::{self, Invited};
use super::{Reach, Role, User, administrators, rows};
use crate::audit::{self, Actor, NewAudit, deed};
use crate::{Ledger, LedgerError, sql};

/// Somebody who shall work with the admin pages.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What is typed to sign in; big and small letters are the same.
    pub login: String,
    /// The person's name, as shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whose data they see.
    pub reach: Reach,
    /// `uk` or `en`.
    pub language: String,
}

/// How a user shall be from now on.
#[derive(Clone, Debug)]
pub struct UserChange {
    /// The person's name, as shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whose data they see.
    pub reach: Reach,
    /// May they sign in?
    pub enabled: bool,
}

/// Why a user is not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// Somebody has this login.
    #[error("the login is taken")]
    LoginTaken,
    /// Not 1–64 letters, digits and `.-_@+`.
    #[error("the login cannot be used")]
    BadLogin,
    /// Empty, longer than 100 characters, or with characters that do not show.
    #[error("the name cannot be used")]
    BadName,
    /// Neither `uk` nor `en`.
    #[error("the language is not known")]
    UnknownLanguage,
    /// A merchant is not known, or out of the reach of who gives it.
    #[error("the merchants are out of reach")]
    OutOfReach,
    /// There is no such user within reach.
    #[error("there is no such user")]
    NotFound,
    /// The user may not sign in, so a link would not help.
    #[error("the user is disabled")]
    Disabled,
    /// Nobody would be left who can do everything.
    #[error("it is the last administrator")]
    LastAdministrator,
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The name the audit gives to what Kasyr does by itself; nobody may sign in under it.
const RESERVED: &str = audit::OURSELVES;

/// Can this be somebody's login?
pub fn is_login(text: &str) -> bool {
    read_login(text).is_ok()
}

impl Ledger {
    /// Every user whose data is within `within`, by login. See [`Reach::covers`].
    pub async fn users(&self, within: &Reach) -> Result<Vec<User>, LedgerError> {
        let statement = format!(
            "SELECT {} FROM {} ORDER BY users.login, users.id",
            rows::COLUMNS,
            rows::JOINED
        );
        let mut users = rows::users(&sql::query(&self.db, "list users", &statement, []).await?)?;
        users.retain(|user| within.covers(&user.reach));
        Ok(users)
    }

    /// A user, if within reach.
    pub async fn user(&self, within: &Reach, id: &str) -> Result<Option<User>, LedgerError> {
        let user = rows::find(&self.db, id).await?;
        Ok(user.filter(|user| within.covers(&user.reach)))
    }

    /// Makes a user and a one-time link, with which they choose their password.
    pub async fn invite(
        &self,
        within: &Reach,
        new: &NewUser,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Invited, UserError> {
        const WHAT: &str = "invite a user";
        let login = read_login(&new.login)?;
        let name = read_name(&new.name)?;
        super::account::check_language(&new.language)?;
        if !within.covers(&new.reach) {
            return Err(UserError::OutOfReach);
        }
        let id = Uuid::now_v7().to_string();
        let tx = self.begin(WHAT).await?;
        let added = sql::execute(
            &tx,
            WHAT,
            "INSERT INTO users (id, login, name, role, everywhere, language, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (login) DO NOTHING",
            [
                id.as_str().into(),
                login.into(),
                name.into(),
                new.role.as_str().into(),
                (new.reach == Reach::Everything).into(),
                new.language.as_str().into(),
                now.0.into(),
            ],
        )
        .await?;
        if added == 0 {
            return Err(UserError::LoginTaken);
        }
        if !rows::write_reach(&tx, &id, &new.reach).await? {
            return Err(UserError::OutOfReach);
        }
        let user = rows::find(&tx, &id).await?.ok_or(UserError::NotFound)?;
        let invited = invitations::write(&tx, user, now).await?;
        let entry = NewAudit {
            after: Some(told(&invited.user)),
            ..audit::about_user(deed::INVITED, &invited.user)
        };
        audit::record(&tx, &by.into(), &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(invited)
    }

    /// Changes a user. Another role or reach, or none any more, ends their sessions. Somebody who can do
    /// everything, and has a password to do it with, is always left.
    pub async fn change_user(
        &self,
        within: &Reach,
        id: &str,
        change: &UserChange,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<User, UserError> {
        const WHAT: &str = "change a user";
        let name = read_name(&change.name)?;
        if !within.covers(&change.reach) {
            return Err(UserError::OutOfReach);
        }
        let tx = self.begin(WHAT).await?;
        administrators::lock(&tx).await?;
        let before = rows::lock(&tx, id).await?;
        let before = before
            .filter(|user| within.covers(&user.reach))
            .ok_or(UserError::NotFound)?;
        let after = User {
            name,
            role: change.role,
            reach: rows::in_order(&change.reach),
            disabled_at: (!change.enabled).then_some(before.disabled_at.unwrap_or(now)),
            ..before.clone()
        };
        if before.runs_everything() && !after.runs_everything() && !administrators::another(&tx, id).await? {
            return Err(UserError::LastAdministrator);
        }
        write(&tx, &before, &after, now).await?;
        if told(&before) != told(&after) {
            let entry = NewAudit {
                before: Some(told(&before)),
                after: Some(told(&after)),
                ..audit::about_user(deed::USER_CHANGED, &after)
            };
            audit::record(&tx, &by.into(), &entry, now).await?;
        }
        sql::commit(tx, WHAT).await?;
        Ok(after)
    }
}

async fn write(tx: &DatabaseTransaction, before: &User, after: &User, now: UnixMillis) -> Result<(), UserError> {
    sql::execute(
        tx,
        "change a user",
        "UPDATE users SET name = $2, role = $3, everywhere = $4, disabled_at = $5, updated_at = $6 WHERE id = $1",
        [
            after.id.as_str().into(),
            after.name.as_str().into(),
            after.role.as_str().into(),
            (after.reach == Reach::Everything).into(),
            after.disabled_at.map(|at| at.0).into(),
            now.0.into(),
        ],
    )
    .await?;
    if before.reach != after.reach && !rows::write_reach(tx, &after.id, &after.reach).await? {
        return Err(UserError::OutOfReach);
    }
    let may_as_before = before.role == after.role && before.reach == after.reach && after.disabled_at.is_none();
    if !may_as_before {
        rows::end_sessions(tx, &after.id, None).await?;
    }
    if after.disabled_at.is_some() {
        rows::withdraw_invitation(tx, &after.id).await?;
    }
    Ok(())
}

/// A user in the audit's words.
fn told(user: &User) -> String {
    let reach = match &user.reach {
        Reach::Everything => "every merchant".to_owned(),
        Reach::Merchants(ids) if ids.is_empty() => "no merchant".to_owned(),
        Reach::Merchants(ids) => ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", "),
    };
    let disabled = if user.disabled_at.is_some() { "; disabled" } else { "" };
    format!("{}; {}; {reach}{disabled}", user.name, user.role.as_str())
}

/// As it is kept: small letters, nothing around them.
pub(super) fn read_login(text: &str) -> Result<String, UserError> {
    let login = text.trim().to_lowercase();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '+');
    if (1..=64).contains(&login.chars().count()) && login.chars().all(fits) && login != RESERVED {
        Ok(login)
    } else {
        Err(UserError::BadLogin)
    }
}

fn read_name(text: &str) -> Result<String, UserError> {
    let name = text.trim();
    if (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        Ok(name.to_owned())
    } else {
        Err(UserError::BadName)
    }
}
