//! An event of a source whose receipts the payment system makes becomes an expectation.

use domain::event::Event;
use domain::ids::{ExternalOrderId, MerchantId, SourceId};
use domain::money::Kopecks;
use domain::time::UnixMillis;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};

use super::{MadeBy, Totals};
use crate::events::PendingEvent;
use crate::{Ledger, LedgerError, plan, sql};

/// What an event says of an order's money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// So much was paid and given back until now.
    Totals(Totals),
    /// So much more was given back.
    Returned(Kopecks),
    /// Nothing that needs a receipt; the text says why.
    Nothing(String),
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// More is expected than before, first looked for at this time.
    Looking {
        /// The expectation's id.
        id: String,
        /// When.
        at: UnixMillis,
    },
    /// It is settled and changes nothing.
    Nothing,
    /// Somebody settled it first.
    Repeated,
    /// This order's sale is on a register of ours, and so are its refunds.
    Ours,
}

const WHAT: &str = "expect a receipt of a payment system";

impl Ledger {
    /// Who registers the receipts of this order: whoever made or should make its sale, whatever the source's mode is
    /// now. `None`: nobody yet.
    pub async fn receipt_maker(
        &self,
        merchant: &MerchantId,
        order: &ExternalOrderId,
    ) -> Result<Option<MadeBy>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "find who makes an order's receipts",
            "SELECT id FROM orders WHERE merchant_id = $1 AND external_key = $2",
            [merchant.as_str().into(), sql::digest(order.as_str().as_bytes()).into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let order: String = sql::get(&row, "id")?;
        if makes_receipts_of(&self.db, &order).await? {
            return Ok(Some(MadeBy::Gateway));
        }
        Ok(sells(&self.db, &order).await?.then_some(MadeBy::Kasyr))
    }

    /// Settles an event: what it says is expected of the register of its source's payment system, first looked for at
    /// `first_look`. Without a source nothing is.
    /// Safe to repeat and to run twice at once. The order's row is locked first, as planning does.
    pub async fn expect_receipts(
        &self,
        pending: &PendingEvent,
        event: &Event,
        source: Option<&SourceId>,
        says: &Says,
        first_look: UnixMillis,
        now: UnixMillis,
    ) -> Result<Expected, LedgerError> {
        let tx = self.begin(WHAT).await?;
        let order = plan::lock_order(&tx, pending, event, now).await?;
        if sells(&tx, &order.id).await? {
            return Ok(Expected::Ours);
        }
        let settled = sql::execute(
            &tx,
            WHAT,
            "UPDATE events SET state = 'planned', order_id = $2, settled_at = $3, note = NULL
             WHERE id = $1 AND state = 'new'",
            [pending.id.to_string().into(), order.id.as_str().into(), now.0.into()],
        )
        .await?;
        if settled == 0 {
            return Ok(Expected::Repeated);
        }
        plan::adopt_payer(&tx, &order, event).await?;
        let news = source.map(|source| News {
            pending,
            event,
            source,
            order: &order.id,
        });
        let expected = match (says, news) {
            (Says::Nothing(why), _) => ignore(&tx, pending, why).await?,
            (Says::Totals(_) | Says::Returned(_), None) => ignore(&tx, pending, "no source tells it").await?,
            (Says::Totals(totals), Some(news)) => news.raise(&tx, first_look, now, |_| *totals).await?,
            (Says::Returned(amount), Some(news)) => {
                let more = |before: Totals| Totals {
                    returned: before.returned.checked_add(*amount).unwrap_or(Kopecks::MAX),
                    ..before
                };
                news.raise(&tx, first_look, now, more).await?
            }
        };
        sql::commit(tx, WHAT).await?;
        Ok(expected)
    }
}

/// An event that may say more than what is expected so far.
struct News<'a> {
    pending: &'a PendingEvent,
    event: &'a Event,
    source: &'a SourceId,
    order: &'a str,
}

impl News<'_> {
    async fn raise(
        &self,
        tx: &DatabaseTransaction,
        first_look: UnixMillis,
        now: UnixMillis,
        totals: impl FnOnce(Totals) -> Totals,
    ) -> Result<Expected, LedgerError> {
        let row = sql::query_one(
            tx,
            WHAT,
            "SELECT id, sold, returned FROM expectations WHERE source_id = $1 AND order_id = $2 AND purpose = 'receipt'",
            [self.source.as_str().into(), self.order.into()],
        )
        .await?;
        let before = row.as_ref().map(expected).transpose()?.unwrap_or_default();
        let told = totals(before);
        let after = Totals {
            sold: told.sold,
            // A running total never falls: an older message comes late.
            returned: told.returned.max(before.returned),
        };
        if after == before {
            let why = if row.is_some() {
                "everything it tells is expected of the payment system already"
            } else {
                "nothing was paid"
            };
            return ignore(tx, self.pending, why).await;
        }
        let id = match row {
            Some(row) => sql::get(&row, "id")?,
            None => sql::id_at(now),
        };
        sql::execute(
            tx,
            WHAT,
            "INSERT INTO expectations (id, merchant_id, source_id, order_id, purpose, payment_id, sold, returned, state,
                 look_at, since, created_at, updated_at)
             VALUES ($1, $2, $3, $4, 'receipt', $5, $6, $7, 'open', $8, $9, $9, $9)
             ON CONFLICT (source_id, order_id, purpose) DO UPDATE SET sold = excluded.sold,
                 returned = excluded.returned, state = 'open', look_at = excluded.look_at, since = excluded.since,
                 looks = 0, closed_by = NULL, closed_why = NULL, version = expectations.version + 1, updated_at = excluded.updated_at",
            [
                id.as_str().into(),
                self.pending.merchant.as_str().into(),
                self.source.as_str().into(),
                self.order.into(),
                self.event.payment_id.clone().into(),
                plan::minor(after.sold).into(),
                plan::minor(after.returned).into(),
                first_look.0.into(),
                now.0.into(),
            ],
        )
        .await?;
        Ok(Expected::Looking { id, at: first_look })
    }
}

fn expected(row: &QueryResult) -> Result<Totals, LedgerError> {
    Ok(Totals {
        sold: plan::kopecks(sql::get(row, "sold")?, "expectations.sold")?,
        returned: plan::kopecks(sql::get(row, "returned")?, "expectations.returned")?,
    })
}

async fn ignore(tx: &DatabaseTransaction, pending: &PendingEvent, why: &str) -> Result<Expected, LedgerError> {
    sql::execute(
        tx,
        WHAT,
        "UPDATE events SET state = 'ignored', note = $2 WHERE id = $1",
        [pending.id.to_string().into(), why.into()],
    )
    .await?;
    Ok(Expected::Nothing)
}

/// Should the payment system make this order's receipts?
pub(crate) async fn makes_receipts_of(db: &impl ConnectionTrait, order: &str) -> Result<bool, LedgerError> {
    let row = sql::query_one(
        db,
        "look for an expectation",
        "SELECT 1 AS found FROM expectations WHERE order_id = $1 AND purpose = 'receipt' LIMIT 1",
        [order.into()],
    )
    .await?;
    Ok(row.is_some())
}

/// Is a sale of this order, in whatever state, on a register of ours?
async fn sells(db: &impl ConnectionTrait, order: &str) -> Result<bool, LedgerError> {
    let row = sql::query_one(
        db,
        "look for a sale of ours",
        "SELECT 1 AS found FROM documents WHERE order_id = $1 AND made_by = 'kasyr' LIMIT 1",
        [order.into()],
    )
    .await?;
    Ok(row.is_some())
}
