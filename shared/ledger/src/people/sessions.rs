//! Sessions: made anew at each sign-in, known in the ledger by a digest only, ended by the server.

use std::time::Duration;

use domain::time::UnixMillis;
use sea_orm::QueryResult;
use secrecy::{ExposeSecret, SecretString};

use super::{User, rows, token};
use crate::audit::{self, Actor, NewAudit, deed};
use crate::{Ledger, LedgerError, sql};

/// A session that is not used for so long has ended.
pub const SESSION_IDLE: Duration = Duration::from_secs(2 * 60 * 60);
/// No session lasts longer.
pub const SESSION_LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// Its use is written down this often, so that a page view is a read.
const NOTED_EVERY: Duration = Duration::from_secs(60);
/// Longer names of browsers are cut.
const AGENT_LENGTH: usize = 200;

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

/// A session as its user sees it.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// Digest of its token.
    pub id: String,
    /// Where it began.
    pub address: String,
    /// In which browser, by its own word.
    pub agent: String,
    /// When it began.
    pub started_at: UnixMillis,
    /// When it was used last, to the minute.
    pub seen_at: UnixMillis,
}

impl Ledger {
    /// Signs a user in: a token nobody has seen before. `None`: the user may not sign in.
    pub async fn start_session(
        &self,
        user: &str,
        address: &str,
        agent: &str,
        now: UnixMillis,
    ) -> Result<Option<SecretString>, LedgerError> {
        const WHAT: &str = "start a session";
        let token = token::random();
        let tx = self.begin(WHAT).await?;
        // Locked, so that somebody who is just being disabled gets no session that outlives it.
        let user = rows::lock(&tx, user).await?;
        let Some(user) = user.filter(|user| user.disabled_at.is_none() && user.has_password) else {
            return Ok(None);
        };
        let agent: String = agent.chars().filter(|c| !c.is_control()).take(AGENT_LENGTH).collect();
        sql::execute(
            &tx,
            WHAT,
            "INSERT INTO sessions (hash, user_id, csrf, address, agent, started_at, seen_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
            [
                token::digest(&token).into(),
                user.id.as_str().into(),
                token::random().expose_secret().into(),
                address.into(),
                agent.into(),
                now.0.into(),
                now.plus(SESSION_IDLE).0.into(),
            ],
        )
        .await?;
        let entry = audit::about_user(deed::SIGNED_IN, &user);
        audit::record(&tx, &Actor::at(&user.login, address), &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(Some(token))
    }

    /// The session with this token, if it has not ended and its user may still sign in. Using it keeps it from
    /// ending by idleness.
    pub async fn session(&self, token: &SecretString, now: UnixMillis) -> Result<Option<Session>, LedgerError> {
        let statement = format!(
            "SELECT {}, hash, csrf, started_at, seen_at FROM {} JOIN sessions ON sessions.user_id = users.id
             WHERE hash = $1 AND expires_at > $2 AND disabled_at IS NULL",
            rows::COLUMNS,
            rows::JOINED
        );
        let values = [token::digest(token).into(), now.0.into()];
        let found = sql::query(&self.db, "find a session", &statement, values).await?;
        let (Some(user), Some(row)) = (rows::users(&found)?.pop(), found.first()) else {
            return Ok(None);
        };
        let session = Session {
            id: sql::get(row, "hash")?,
            user,
            csrf: sql::get(row, "csrf")?,
            expires_at: UnixMillis(sql::get(row, "started_at")?).plus(SESSION_LONGEST),
        };
        if now >= UnixMillis(sql::get(row, "seen_at")?).plus(NOTED_EVERY) {
            self.note_use(&session, now).await?;
        }
        Ok(Some(session))
    }

    async fn note_use(&self, session: &Session, now: UnixMillis) -> Result<(), LedgerError> {
        let idle = now.plus(SESSION_IDLE);
        sql::execute(
            &self.db,
            "note a session's use",
            "UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE hash = $1 AND seen_at < $2",
            [
                session.id.as_str().into(),
                now.0.into(),
                idle.min(session.expires_at).0.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Ends one session of a user. False: it is not theirs, or has ended.
    pub async fn end_session(
        &self,
        user: &str,
        id: &str,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "end a session";
        let tx = self.begin(WHAT).await?;
        let ended = sql::execute(
            &tx,
            WHAT,
            "DELETE FROM sessions WHERE user_id = $1 AND hash = $2",
            [user.into(), id.into()],
        )
        .await?;
        let Some(user) = rows::find(&tx, user).await?.filter(|_| ended == 1) else {
            return Ok(false);
        };
        let entry = audit::about_user(deed::SIGNED_OUT, &user);
        audit::record(&tx, &by.into(), &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }

    /// Ends every session of a user, but for one ("sign out everywhere else"); says how many.
    pub async fn end_sessions(
        &self,
        user: &str,
        except: Option<&str>,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<u64, LedgerError> {
        const WHAT: &str = "end a user's sessions";
        let tx = self.begin(WHAT).await?;
        let Some(user) = rows::lock(&tx, user).await? else {
            return Ok(0);
        };
        let ended = rows::end_sessions(&tx, &user.id, except).await?;
        if ended > 0 {
            let entry = NewAudit {
                after: Some(format!("sessions ended: {ended}")),
                ..audit::about_user(deed::SIGNED_OUT_EVERYWHERE, &user)
            };
            audit::record(&tx, &by.into(), &entry, now).await?;
        }
        sql::commit(tx, WHAT).await?;
        Ok(ended)
    }

    /// The sessions of a user that have not ended, the last used first.
    pub async fn sessions_of(&self, user: &str, now: UnixMillis) -> Result<Vec<SessionView>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "list a user's sessions",
            "SELECT hash, address, agent, started_at, seen_at FROM sessions WHERE user_id = $1 AND expires_at > $2
             ORDER BY seen_at DESC, hash",
            [user.into(), now.0.into()],
        )
        .await?;
        rows.iter().map(view).collect()
    }

    /// Removes sessions and invitations that have ended; says how many. To be called from time to time.
    pub async fn forget_old_sessions(&self, now: UnixMillis) -> Result<u64, LedgerError> {
        let mut gone = 0;
        for statement in [
            "DELETE FROM sessions WHERE expires_at <= $1",
            "DELETE FROM invitations WHERE expires_at <= $1",
        ] {
            gone += sql::execute(&self.db, "forget old sessions", statement, [now.0.into()]).await?;
        }
        Ok(gone)
    }
}

fn view(row: &QueryResult) -> Result<SessionView, LedgerError> {
    Ok(SessionView {
        id: sql::get(row, "hash")?,
        address: sql::get(row, "address")?,
        agent: sql::get(row, "agent")?,
        started_at: UnixMillis(sql::get(row, "started_at")?),
        seen_at: UnixMillis(sql::get(row, "seen_at")?),
    })
}
