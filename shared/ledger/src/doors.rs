//! What the doors show of a register: the API and the operator's commands. Nothing here changes anything.

use domain::ids::RegisterId;
use domain::shift::{Difference, ShiftSums};
use domain::time::UnixMillis;

use crate::day::time;
use crate::shifts::Shift;
use crate::{Ledger, LedgerError, sql};

/// How much of a register's work is not done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// To be sent, or taken by the provider and without its result yet.
    pub due: u64,
    /// A request left and nobody knows yet what came of it.
    pub in_doubt: u64,
    /// For a person.
    pub held: u64,
}

/// How a register does that is left alone, or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Consecutive failures; zero when healthy.
    pub failures: u32,
    /// Why it is left alone, in a word.
    pub trouble: Option<String>,
    /// Until when; in the past when it is not.
    pub rests_until: UnixMillis,
}

/// The register's own totals of a shift beside ours.
#[derive(Clone, Debug)]
pub struct Totals {
    /// The shift that is open, or the last one.
    pub shift: Shift,
    /// What the register said, and when it was asked; its report, once the shift is closed.
    pub theirs: Option<(ShiftSums, Option<UnixMillis>)>,
    /// What our documents say now. `None`: where the shift begins on the tape is not known.
    pub ours: Option<ShiftSums>,
}

impl Totals {
    /// Where the two sides differ; nothing while one of them is not known.
    pub fn differences(&self) -> Vec<Difference> {
        match (&self.ours, &self.theirs) {
            (Some(ours), Some((theirs, _))) => ours.differences(theirs),
            (None, _) | (_, None) => Vec::new(),
        }
    }
}

impl Ledger {
    /// Counts a register's open documents, over partial indexes.
    pub async fn open_documents(&self, register: &RegisterId) -> Result<Open, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "count a register's open documents",
            "SELECT (SELECT count(*) FROM documents WHERE register_id = $1 AND state = 'ready')
                     + (SELECT count(*) FROM documents WHERE register_id = $1 AND state = 'pending') AS due,
                 (SELECT count(*) FROM documents WHERE register_id = $1 AND state IN ('sending', 'in_doubt')) AS doubt,
                 (SELECT count(*) FROM documents WHERE register_id = $1 AND state = 'held') AS held",
            [register.as_str().into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(Open::default());
        };
        let count = |column| Ok::<_, LedgerError>(u64::try_from(sql::get::<i64>(&row, column)?).unwrap_or(0));
        Ok(Open {
            due: count("due")?,
            in_doubt: count("doubt")?,
            held: count("held")?,
        })
    }

    /// How a register does.
    pub async fn condition(&self, register: &RegisterId) -> Result<Condition, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "read how a register does",
            "SELECT failures, trouble, not_before FROM registers WHERE id = $1",
            [register.as_str().into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(Condition::default());
        };
        Ok(Condition {
            failures: u32::try_from(sql::get::<i64>(&row, "failures")?).unwrap_or(u32::MAX),
            trouble: sql::get(&row, "trouble")?,
            rests_until: UnixMillis(sql::get(&row, "not_before")?),
        })
    }

    /// Totals of the open shift, or of the last one; `None` if no shift was ever seen.
    pub async fn totals(&self, register: &RegisterId) -> Result<Option<Totals>, LedgerError> {
        let Some(shift) = self.recent_shifts(register, 1).await?.into_iter().next() else {
            return Ok(None);
        };
        let row = sql::query_one(
            &self.db,
            "read when totals were read",
            "SELECT totals_at FROM shifts WHERE id = $1",
            [shift.id.as_str().into()],
        )
        .await?;
        let as_of = row.map(|row| time(&row, "totals_at")).transpose()?.flatten();
        let last = match (shift.closed_at, shift.last_local) {
            (None, _) => Some(i64::MAX),
            (Some(_), last) => last,
        };
        let ours = match shift.first_local.zip(last) {
            Some((first, last)) => Some(self.sums_between(register, first, last).await?.0),
            None => None,
        };
        Ok(Some(Totals {
            // The report that a closed shift was compared with is newer than what was read before it.
            theirs: shift
                .totals
                .clone()
                .map(|sums| (sums, shift.compared_at.filter(|_| shift.closed_at.is_some()).or(as_of))),
            ours,
            shift,
        }))
    }
}
