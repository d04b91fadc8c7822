//! Looks that should find nothing: a source whose receipts we make, whose payment system may make them, too.

use domain::ids::{ExternalOrderId, MerchantId, SourceId};
use domain::time::UnixMillis;

use super::Claim;
use crate::alerts::{self, NewAlert};
use crate::{Ledger, LedgerError, sql};

/// The first payments of a source that are looked after so.
const PAYMENTS: i64 = 3;

impl Ledger {
    /// Has one of a source's first payments looked after; false: enough were. Safe to repeat.
    pub async fn probe_order(
        &self,
        merchant: &MerchantId,
        source: &SourceId,
        order: &ExternalOrderId,
        first_look: UnixMillis,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let changed = sql::execute(
            &self.db,
            "look after a first payment",
            "INSERT INTO expectations (id, merchant_id, source_id, order_id, purpose, sold, returned, state, look_at, since,
                 created_at, updated_at)
             SELECT $1, $2, $3, orders.id, 'probe', 0, 0, 'open', $6, $7, $7, $7 FROM orders
             WHERE merchant_id = $2 AND external_key = $4 AND (SELECT count(*) FROM (
                 SELECT 1 FROM expectations WHERE source_id = $3 AND purpose = 'probe' LIMIT $5) AS probes) < $5
             ON CONFLICT DO NOTHING",
            [
                sql::id_at(now).into(),
                merchant.as_str().into(),
                source.as_str().into(),
                sql::digest(order.as_str().as_bytes()).into(),
                PAYMENTS.into(),
                first_look.0.into(),
                now.0.into(),
            ],
        )
        .await?;
        Ok(changed > 0)
    }

    /// The newest of a source's first payments that were looked after so.
    pub async fn probed_order(&self, source: &SourceId) -> Result<Option<ExternalOrderId>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "find a first payment",
            "SELECT external_id FROM expectations JOIN orders ON orders.id = expectations.order_id
             WHERE source_id = $1 AND purpose = 'probe' ORDER BY expectations.id DESC LIMIT 1",
            [source.as_str().into()],
        )
        .await?;
        row.map(|row| {
            ExternalOrderId::parse(&sql::get::<String>(&row, "external_id")?).map_err(|_| LedgerError::UnknownValue {
                column: "orders.external_id",
            })
        })
        .transpose()
    }

    /// Ends such a look, or has it made again at `look_at`. An alert is raised with it.
    pub async fn settle_probe(
        &self,
        claim: &Claim,
        look_at: Option<UnixMillis>,
        alert: Option<&NewAlert>,
        now: UnixMillis,
    ) -> Result<(), LedgerError> {
        const WHAT: &str = "settle a look after a first payment";
        let tx = self.begin(WHAT).await?;
        sql::execute(
            &tx,
            WHAT,
            "UPDATE expectations SET state = CASE WHEN CAST($2 AS BIGINT) IS NULL THEN 'met' ELSE 'open' END,
                 look_at = $2, updated_at = $3 WHERE id = $1",
            [claim.id.as_str().into(), look_at.map(|at| at.0).into(), now.0.into()],
        )
        .await?;
        if let Some(alert) = alert {
            alerts::raise(&tx, alert, now).await?;
        }
        sql::commit(tx, WHAT).await
    }
}
