//! Numbers for the gauges: messages that are not taken, and lanes that take none.

use domain::time::UnixMillis;

use super::Channel;
use crate::{Ledger, LedgerError, day, sql};

/// One channel's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelStats {
    /// Which.
    pub channel: Channel,
    /// Messages that are due.
    pub due: i64,
    /// Messages that wait for a person.
    pub held: i64,
    /// Since when the oldest due one is tried.
    pub oldest_due: Option<UnixMillis>,
    /// Lanes that take none.
    pub down: i64,
}

impl Ledger {
    /// Every channel's numbers. Only open rows are counted, over partial indexes.
    pub async fn delivery_stats(&self) -> Result<Vec<ChannelStats>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "read the gauges of messages",
            "SELECT lanes.channel AS channel, CAST(sum(due) AS BIGINT) AS due, CAST(sum(held) AS BIGINT) AS held,
                 min(oldest) AS oldest, CAST(sum(CASE WHEN down_since IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS down
             FROM lanes
             LEFT JOIN (SELECT lane_id, count(*) AS due, min(due_since) AS oldest FROM deliveries
                 WHERE state IN ('due', 'sending') GROUP BY lane_id) AS open ON open.lane_id = lanes.id
             LEFT JOIN (SELECT lane_id, count(*) AS held FROM deliveries
                 WHERE state = 'held' GROUP BY lane_id) AS waiting ON waiting.lane_id = lanes.id
             GROUP BY lanes.channel",
            [],
        )
        .await?;
        Channel::ALL
            .into_iter()
            .map(|channel| {
                let mut stats = ChannelStats {
                    channel,
                    due: 0,
                    held: 0,
                    oldest_due: None,
                    down: 0,
                };
                for row in &rows {
                    if sql::get::<String>(row, "channel")? == channel.as_str() {
                        stats.due = sql::get::<Option<i64>>(row, "due")?.unwrap_or(0);
                        stats.held = sql::get::<Option<i64>>(row, "held")?.unwrap_or(0);
                        stats.oldest_due = day::time(row, "oldest")?;
                        stats.down = sql::get(row, "down")?;
                    }
                }
                Ok(stats)
            })
            .collect()
    }
}
