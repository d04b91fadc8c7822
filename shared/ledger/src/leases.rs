//! Leases: one hand on a tape. Times are the database's own clock.
//!
//! The rule that makes a take-over safe: a provider call never outlives its holder's lease, because
//! [`Ledger::begin_sending`](crate::tape) and [`Ledger::renew_lease`] extend the lease to the full
//! length before a call, and a call's time-out is shorter than that. Whoever takes an expired lease
//! knows that the old holder's call has been cut.

use std::time::Duration;

use domain::ids::RegisterId;

use crate::{Ledger, LedgerError, sql};

/// The right to write to one register's tape, until it expires.
#[derive(Clone, Debug)]
pub struct Lease {
    /// Which register.
    pub register: RegisterId,
    /// Who holds it: unique per process and start.
    pub owner: String,
    /// One more at each take-over; every document update carries it.
    pub epoch: i64,
}

impl Ledger {
    /// Takes the lease for `length`; `None` while somebody else holds it.
    pub async fn acquire_lease(
        &self,
        register: &RegisterId,
        owner: &str,
        length: Duration,
    ) -> Result<Option<Lease>, LedgerError> {
        let clock = sql::clock(self.backend());
        let statement = format!(
            "INSERT INTO leases (register_id, owner, epoch, until) VALUES ($1, $2, 1, {clock} + $3)
             ON CONFLICT (register_id) DO UPDATE
             SET owner = excluded.owner, epoch = leases.epoch + 1, until = excluded.until
             WHERE leases.owner IS NULL OR leases.until < {clock}
             RETURNING epoch"
        );
        let values = [register.as_str().into(), owner.into(), millis(length).into()];
        let row = sql::query_one(&self.db, "take a lease", &statement, values).await?;
        row.map(|row| {
            Ok(Lease {
                register: register.clone(),
                owner: owner.to_owned(),
                epoch: sql::get(&row, "epoch")?,
            })
        })
        .transpose()
    }

    /// Extends the lease to `length` from now. False when it was lost: stop at once.
    pub async fn renew_lease(&self, lease: &Lease, length: Duration) -> Result<bool, LedgerError> {
        renew(&self.db, lease, length).await
    }

    /// Gives the lease back so that the next worker need not wait. Safe when it was lost already.
    pub async fn release_lease(&self, lease: &Lease) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "give a lease back",
            "UPDATE leases SET owner = NULL WHERE register_id = $1 AND owner = $2 AND epoch = $3",
            [
                lease.register.as_str().into(),
                lease.owner.as_str().into(),
                lease.epoch.into(),
            ],
        )
        .await?;
        Ok(())
    }
}

/// Extends a lease that has not expired; as the first statement of a transaction it also locks the
/// row, so that nobody takes it over before the commit.
pub(crate) async fn renew(
    db: &impl sea_orm::ConnectionTrait,
    lease: &Lease,
    length: Duration,
) -> Result<bool, LedgerError> {
    let clock = sql::clock(db.get_database_backend());
    let statement = format!(
        "UPDATE leases SET until = {clock} + $4
         WHERE register_id = $1 AND owner = $2 AND epoch = $3 AND until >= {clock}"
    );
    let values = [
        lease.register.as_str().into(),
        lease.owner.as_str().into(),
        lease.epoch.into(),
        millis(length).into(),
    ];
    Ok(sql::execute(db, "renew a lease", &statement, values).await? == 1)
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}
