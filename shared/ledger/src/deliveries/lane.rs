//! A lane's lease. Times are the database's own clock, as with registers.

use std::time::Duration;

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::{Channel, LaneId};
use crate::{Ledger, LedgerError, sql};

/// The right to send on one lane, until it expires.
#[derive(Clone, Debug)]
pub struct LaneLease {
    /// Which lane.
    pub lane: LaneId,
    /// Whose messages.
    pub merchant: MerchantId,
    /// How they travel.
    pub channel: Channel,
    /// A webhook's address.
    pub url: String,
    /// Nothing is sent before this.
    pub not_before: UnixMillis,
    /// Consecutive failures.
    pub failures: u32,
    pub(crate) owner: String,
    pub(crate) epoch: i64,
}

impl Ledger {
    /// Takes a lane for `length`; `None` while somebody else holds it, or when there is no such lane.
    pub async fn take_lane(
        &self,
        lane: &LaneId,
        owner: &str,
        length: Duration,
    ) -> Result<Option<LaneLease>, LedgerError> {
        let clock = sql::clock(self.backend());
        let statement = format!(
            "UPDATE lanes SET owner = $2, epoch = epoch + 1, until = {clock} + $3
             WHERE id = $1 AND (owner IS NULL OR until < {clock})
             RETURNING merchant_id, channel, url, not_before, failures, epoch"
        );
        let values = [lane.as_str().into(), owner.into(), millis(length).into()];
        let row = sql::query_one(&self.db, "take a lane", &statement, values).await?;
        row.map(|row| {
            let unknown = |column| LedgerError::UnknownValue { column };
            Ok(LaneLease {
                lane: lane.clone(),
                merchant: MerchantId::parse(&sql::get::<String>(&row, "merchant_id")?)
                    .map_err(|_| unknown("lanes.merchant_id"))?,
                channel: Channel::parse(&sql::get::<String>(&row, "channel")?)
                    .ok_or_else(|| unknown("lanes.channel"))?,
                url: sql::get(&row, "url")?,
                not_before: UnixMillis(sql::get(&row, "not_before")?),
                failures: u32::try_from(sql::get::<i64>(&row, "failures")?).unwrap_or(u32::MAX),
                owner: owner.to_owned(),
                epoch: sql::get(&row, "epoch")?,
            })
        })
        .transpose()
    }

    /// Gives a lane back so that the next worker need not wait. Safe when it was lost already.
    pub async fn release_lane(&self, lease: &LaneLease) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "give a lane back",
            "UPDATE lanes SET owner = NULL WHERE id = $1 AND epoch = $2 AND owner = $3",
            lease.key(),
        )
        .await?;
        Ok(())
    }

    /// Lanes with something to send, not resting and not worked on right now, after `after` in the order of
    /// ids. One look-up per busy lane, however many messages wait on it.
    pub async fn due_lanes(
        &self,
        now: UnixMillis,
        after: Option<&LaneId>,
        limit: u32,
    ) -> Result<Vec<LaneId>, LedgerError> {
        let clock = sql::clock(self.backend());
        let statement = format!(
            "WITH RECURSIVE busy (lane_id) AS (
                 SELECT min(lane_id) FROM deliveries WHERE state IN ('due', 'sending') AND lane_id > $2
                 UNION ALL
                 SELECT (SELECT min(deliveries.lane_id) FROM deliveries
                     WHERE state IN ('due', 'sending') AND deliveries.lane_id > busy.lane_id)
                 FROM busy WHERE busy.lane_id IS NOT NULL
             )
             SELECT lanes.id AS id FROM busy JOIN lanes ON lanes.id = busy.lane_id
             WHERE lanes.not_before <= $1 AND (lanes.owner IS NULL OR lanes.until < {clock})
             ORDER BY lanes.id LIMIT $3"
        );
        let after = after.map_or("", LaneId::as_str);
        let values = [now.0.into(), after.into(), i64::from(limit).into()];
        let rows = sql::query(&self.db, "sweep lanes", &statement, values).await?;
        rows.iter().map(|row| Ok(LaneId(sql::get(row, "id")?))).collect()
    }
}

impl LaneLease {
    /// Id, epoch, owner.
    fn key(&self) -> [sea_orm::Value; 3] {
        [self.lane.as_str().into(), self.epoch.into(), self.owner.as_str().into()]
    }

    /// Is it still ours? If so nobody takes it before the transaction ends.
    pub(super) async fn hold(&self, tx: &DatabaseTransaction) -> Result<bool, LedgerError> {
        let statement = "UPDATE lanes SET until = until WHERE id = $1 AND epoch = $2 AND owner = $3";
        Ok(sql::execute(tx, "hold a lane", statement, self.key()).await? == 1)
    }

    /// Extends a lease that has not expired; locks the lane's row within a transaction.
    pub(super) async fn renew(&self, tx: &DatabaseTransaction, length: Duration) -> Result<bool, LedgerError> {
        let clock = sql::clock(tx.get_database_backend());
        let statement = format!(
            "UPDATE lanes SET until = {clock} + $4
             WHERE id = $1 AND epoch = $2 AND owner = $3 AND until >= {clock}"
        );
        let values = self.key().into_iter().chain([millis(length).into()]);
        Ok(sql::execute(tx, "renew a lane", &statement, values).await? == 1)
    }
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}
