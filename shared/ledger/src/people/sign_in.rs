//! What a sign-in is decided by. Checking the password and the code is the caller's; counting is done
//! here, so that however many programs and requests try at once, they count together.

use std::time::Duration;

use domain::time::UnixMillis;
use secrecy::SecretString;

use super::{User, rows, users};
use crate::audit::{self, Actor, NewAudit, deed};
use crate::vault::columns::USER_TOTP;
use crate::{Ledger, LedgerError, sql};

/// So many wrong passwords in a row lock the user out.
const MOST: u32 = 5;
/// For so long; for twice as long with each one that follows.
const FIRST_LOCK: Duration = Duration::from_secs(60);
/// And never longer than that.
const LONGEST_LOCK: Duration = Duration::from_secs(60 * 60);

/// What is to be checked before somebody is signed in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Who it would be.
    pub user: User,
    /// What the password must match.
    pub password_hash: SecretString,
    /// The secret of the second step, if one is asked.
    pub totp: Option<SecretString>,
    /// No password is looked at now, not even the right one.
    pub locked: Option<Locked>,
}

/// A user is locked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locked {
    /// Until then.
    pub until: UnixMillis,
}

impl Ledger {
    /// What the sign-in with this login is decided by. `None`: nobody who may sign in has it; to the outside
    /// that must look like a wrong password.
    pub async fn sign_in_facts(&self, login: &str, now: UnixMillis) -> Result<Option<SignIn>, LedgerError> {
        let Ok(login) = users::read_login(login) else {
            return Ok(None);
        };
        let statement = format!(
            "SELECT {}, password, totp FROM {} WHERE login = $1 AND disabled_at IS NULL AND password IS NOT NULL",
            rows::COLUMNS,
            rows::JOINED
        );
        let found = sql::query(&self.db, "read what a sign-in needs", &statement, [login.into()]).await?;
        let (Some(user), Some(row)) = (rows::users(&found)?.pop(), found.first()) else {
            return Ok(None);
        };
        let totp: Option<String> = sql::get(row, "totp")?;
        Ok(Some(SignIn {
            password_hash: sql::get::<String>(row, "password")?.into(),
            totp: totp
                .map(|sealed| self.open_sealed(&USER_TOTP.owner(&[&user.id]), &sealed))
                .transpose()?,
            locked: locked(user.locked_until, now),
            user,
        }))
    }

    /// A wrong password, or a wrong code after a right one. Says whether the user is locked out now; while they
    /// are, nothing is counted, so that a burst of guesses locks no longer than one.
    pub async fn note_wrong_password(
        &self,
        user: &str,
        address: &str,
        now: UnixMillis,
    ) -> Result<Option<Locked>, LedgerError> {
        const WHAT: &str = "count a wrong password";
        let tx = self.begin(WHAT).await?;
        let counted = sql::execute(
            &tx,
            WHAT,
            "UPDATE users SET failures = failures + 1 WHERE id = $1 AND locked_until <= $2",
            [user.into(), now.0.into()],
        )
        .await?;
        let Some(user) = rows::find(&tx, user).await? else {
            return Ok(None);
        };
        if counted == 0 {
            return Ok(locked(user.locked_until, now));
        }
        let somebody = Actor::at(audit::NOT_SIGNED_IN, address);
        let entry = NewAudit {
            after: Some(format!("{} in a row", user.failures)),
            ..audit::about_user(deed::WRONG_PASSWORD, &user)
        };
        audit::record(&tx, &somebody, &entry, now).await?;
        let lock = lock_after(user.failures);
        if let Some(length) = lock {
            sql::execute(
                &tx,
                WHAT,
                "UPDATE users SET locked_until = $2 WHERE id = $1",
                [user.id.as_str().into(), now.plus(length).0.into()],
            )
            .await?;
            let entry = NewAudit {
                after: Some(format!("for {} s", length.as_secs())),
                ..audit::about_user(deed::LOCKED_OUT, &user)
            };
            audit::record(&tx, &somebody, &entry, now).await?;
        }
        sql::commit(tx, WHAT).await?;
        Ok(lock.map(|length| Locked {
            until: now.plus(length),
        }))
    }

    /// An address tries to sign in more often than it may; the caller says so once in a while, not for each try.
    pub async fn note_too_many_tries(&self, address: &str, now: UnixMillis) -> Result<(), LedgerError> {
        const WHAT: &str = "note too many tries";
        let tx = self.begin(WHAT).await?;
        let entry = NewAudit {
            merchant: None,
            action: deed::TOO_MANY_TRIES,
            subject: format!("address {address}"),
            before: None,
            after: None,
        };
        audit::record(&tx, &Actor::at(audit::NOT_SIGNED_IN, address), &entry, now).await?;
        sql::commit(tx, WHAT).await
    }

    /// The right password, and the right code where one is asked: counting begins anew. False: the user was
    /// locked out while the password was looked at, so that of many guesses at once only the first few count.
    pub async fn note_right_password(&self, user: &str, now: UnixMillis) -> Result<bool, LedgerError> {
        let changed = sql::execute(
            &self.db,
            "forget wrong passwords",
            "UPDATE users SET failures = 0, locked_until = 0
             WHERE id = $1 AND locked_until <= $2 AND disabled_at IS NULL",
            [user.into(), now.0.into()],
        )
        .await?;
        Ok(changed == 1)
    }

    /// Uses the code of this time step up. False: it, or a later one, was used before.
    pub async fn use_totp_step(&self, user: &str, step: i64) -> Result<bool, LedgerError> {
        let changed = sql::execute(
            &self.db,
            "use a code up",
            "UPDATE users SET totp_used = $2 WHERE id = $1 AND totp_used < $2",
            [user.into(), step.into()],
        )
        .await?;
        Ok(changed == 1)
    }
}

fn locked(until: UnixMillis, now: UnixMillis) -> Option<Locked> {
    (until > now).then_some(Locked { until })
}

fn lock_after(failures: u32) -> Option<Duration> {
    let over = failures.checked_sub(MOST)?;
    let length = 2_u32.checked_pow(over).and_then(|times| FIRST_LOCK.checked_mul(times));
    Some(length.unwrap_or(LONGEST_LOCK).min(LONGEST_LOCK))
}
