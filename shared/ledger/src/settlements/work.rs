//! The life of a settlement that we send: one hand at a time, the intent before the request. Leases live by the
//! database's own clock, as with registers.

use std::time::Duration;

use domain::time::UnixMillis;

use super::{COLUMNS, Settlement, settlement};
use crate::{Ledger, LedgerError, sql};

/// The right to work on a settlement, until it expires.
#[derive(Clone, Debug)]
pub struct Held {
    /// The settlement as it is now.
    pub settlement: Settlement,
    owner: String,
    epoch: i64,
}

/// What became of a request or a question.
#[derive(Clone, Debug)]
pub enum Step {
    /// Nothing was sent, or it is proved absent: it is sent again, not before this.
    Again(UnixMillis, String),
    /// Nobody knows whether it arrived; it is asked about.
    Doubt {
        /// When.
        ask_at: UnixMillis,
        /// Since when every look found it absent; `None` when the last look was unclear.
        absent_since: Option<UnixMillis>,
        /// What went wrong.
        note: String,
    },
    /// The payment system took it; its result is asked for then.
    Accepted(UnixMillis),
    /// It is carried out, and the event that says so is recorded.
    Done,
    /// The payment system will not do it.
    Refused(String),
}

impl Ledger {
    /// Settlements with something to do now that nobody works on.
    pub async fn due_settlements(&self, now: UnixMillis, limit: u32) -> Result<Vec<String>, LedgerError> {
        let clock = sql::clock(self.backend());
        let statement = format!(
            "SELECT id FROM settlements WHERE state IN ('asked', 'sending', 'in_doubt', 'accepted')
               AND not_before <= $1 AND until < {clock} ORDER BY not_before, id LIMIT $2"
        );
        let rows = sql::query(
            &self.db,
            "sweep settlements",
            &statement,
            [now.0.into(), i64::from(limit).into()],
        )
        .await?;
        rows.iter().map(|row| sql::get(row, "id")).collect()
    }

    /// Takes a settlement that is due for `length`; `None` while somebody else works on it, or when nothing is due.
    pub async fn take_settlement(
        &self,
        id: &str,
        owner: &str,
        length: Duration,
        now: UnixMillis,
    ) -> Result<Option<Held>, LedgerError> {
        const WHAT: &str = "take a settlement";
        let clock = sql::clock(self.backend());
        let statement = format!(
            "UPDATE settlements SET owner = $2, epoch = epoch + 1, until = {clock} + $3
             WHERE id = $1 AND state IN ('asked', 'sending', 'in_doubt', 'accepted') AND not_before <= $4
               AND until < {clock} RETURNING epoch"
        );
        let values = [id.into(), owner.into(), millis(length).into(), now.0.into()];
        let Some(row) = sql::query_one(&self.db, WHAT, &statement, values).await? else {
            return Ok(None);
        };
        let epoch = sql::get(&row, "epoch")?;
        let statement = format!("SELECT {COLUMNS} WHERE settlements.id = $1");
        let row = sql::query_one(&self.db, WHAT, &statement, [id.into()]).await?;
        row.map(|row| {
            Ok(Held {
                settlement: settlement(&row)?,
                owner: owner.to_owned(),
                epoch,
            })
        })
        .transpose()
    }

    /// Commits the intent to send it and extends the lease to `length`. False: somebody else has it; do not send.
    pub async fn begin_settlement(&self, held: &Held, length: Duration, now: UnixMillis) -> Result<bool, LedgerError> {
        let clock = sql::clock(self.backend());
        let statement = format!(
            "UPDATE settlements SET state = 'sending', sent_at = $4, attempts = attempts + 1, absent_since = NULL,
                 until = {clock} + $5
             WHERE id = $1 AND owner = $2 AND epoch = $3 AND until >= {clock} AND state = 'asked'"
        );
        let values = [
            held.settlement.id.as_str().into(),
            held.owner.as_str().into(),
            held.epoch.into(),
            now.0.into(),
            millis(length).into(),
        ];
        Ok(sql::execute(&self.db, "commit an intent to settle", &statement, values).await? == 1)
    }

    /// Commits what became of it and gives it back. False: somebody else has it.
    pub async fn settle_step(&self, held: &Held, step: &Step, now: UnixMillis) -> Result<bool, LedgerError> {
        let (state, note, not_before, absent, ended) = match step {
            Step::Again(at, why) => ("asked", Some(why.as_str()), *at, None, None),
            Step::Doubt {
                ask_at,
                absent_since,
                note,
            } => ("in_doubt", Some(note.as_str()), *ask_at, *absent_since, None),
            Step::Accepted(ask_at) => ("accepted", None, *ask_at, None, None),
            Step::Done => ("done", None, UnixMillis(0), None, Some(now)),
            Step::Refused(why) => ("refused", Some(why.as_str()), UnixMillis(0), None, Some(now)),
        };
        let changed = sql::execute(
            &self.db,
            "commit what became of a settlement",
            "UPDATE settlements SET state = $4, note = $5, not_before = $6, absent_since = $7, ended_at = $8, until = 0,
                 owner = NULL, attempts = attempts + 1
             WHERE id = $1 AND owner = $2 AND epoch = $3",
            [
                held.settlement.id.as_str().into(),
                held.owner.as_str().into(),
                held.epoch.into(),
                state.into(),
                note.into(),
                not_before.0.into(),
                absent.map(|at| at.0).into(),
                ended.map(|at| at.0).into(),
            ],
        )
        .await?;
        Ok(changed == 1)
    }
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}
