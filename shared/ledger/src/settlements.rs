//! Settlements: operations of a payment system that divide a payment after it was paid. Each has an order id of
//! its own there; this is how its result finds the order that was paid.
//!
//! ```text
//! asked ──intent──▶ sending ──taken──▶ accepted ──carried out──▶ done
//!   ▲                 │  └──refused for good──▶ refused
//!   └──proved absent── in_doubt ◀──no trustworthy answer
//! ```
//! One that the shop sends by itself is `told` and nothing else happens to it.

mod work;

use domain::ids::{ExternalOrderId, MerchantId, SourceId};
use domain::money::Kopecks;
use domain::time::UnixMillis;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use crate::audit::{self, Actor, NewAudit, deed};
use crate::splits::{self, ToldReceiver};
use crate::{Ledger, LedgerError, day, json, plan, sql};

pub use work::{Held, Step};

/// A settlement, as kept.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// Our id of it.
    pub id: String,
    /// Whose.
    pub merchant: MerchantId,
    /// The order that was paid.
    pub order: ExternalOrderId,
    /// The payment source it is sent through; `None` for one that the shop told of.
    pub source: Option<SourceId>,
    /// Its own order id at the payment system.
    pub external: ExternalOrderId,
    /// Who gets what.
    pub receivers: Vec<ToldReceiver>,
    /// What it is for, for the payment system.
    pub description: Option<String>,
    /// What is divided.
    pub amount: Kopecks,
    /// `told`, `asked`, `sending`, `in_doubt`, `accepted`, `done`, `refused`.
    pub state: String,
    /// Why it waits or was refused.
    pub note: Option<String>,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: UnixMillis,
    /// When the request left for the last time.
    pub sent_at: Option<UnixMillis>,
    /// Since when every look found that the payment system does not know it.
    pub absent_since: Option<UnixMillis>,
    /// How often it was sent or asked about.
    pub attempts: u32,
    /// When it was done or refused.
    pub ended_at: Option<UnixMillis>,
}

/// A settlement to be sent.
#[derive(Clone, Debug)]
pub struct NewSettlement {
    /// Whose.
    pub merchant: MerchantId,
    /// The order that was paid.
    pub order: ExternalOrderId,
    /// The payment source it was paid through.
    pub source: SourceId,
    /// The caller's key: the same key is the same settlement.
    pub key: String,
    /// What must be equal when the key is.
    pub fingerprint: String,
    /// Who gets what.
    pub receivers: Vec<ToldReceiver>,
    /// What it is for.
    pub description: Option<String>,
    /// What is divided.
    pub amount: Kopecks,
}

/// What asking for a settlement came to.
#[derive(Clone, Debug)]
pub enum Asked {
    /// It will be sent.
    New(Settlement),
    /// It was asked before with this key.
    Repeated(Settlement),
    /// The key was used before with another content.
    KeyReused,
    /// The order has one already, in this state.
    Exists(Settlement),
    /// There is no such order.
    NoOrder,
    /// Its own id would be longer than a payment system takes.
    IdTooLong,
}

/// The kind of alert that is open while a settlement does not come to an end, and when it was refused.
pub const SETTLEMENT_STUCK: &str = "settlement_stuck";

/// What is known to be paid for an order.
#[derive(Clone, Debug)]
pub struct Paid {
    /// In all.
    pub amount: Kopecks,
    /// Given back in all.
    pub refunded: Kopecks,
    /// Through which source.
    pub source: SourceId,
}

pub(crate) const COLUMNS: &str =
    "settlements.id AS id, settlements.merchant_id AS merchant_id, orders.external_id AS paid_id,
     settlements.source_id AS source_id, settlements.external_id AS external_id, settlements.receivers AS receivers,
     settlements.description AS description, settlements.amount AS amount, settlements.state AS state,
     settlements.note AS note, settlements.asked_by AS asked_by, settlements.asked_at AS asked_at,
     settlements.sent_at AS sent_at, settlements.absent_since AS absent_since, settlements.attempts AS attempts,
     settlements.ended_at AS ended_at FROM settlements JOIN orders ON orders.id = settlements.order_id";

impl Ledger {
    /// Writes down that a payment is to be divided, once per key, and once per order unless an earlier one was
    /// refused; the order's receivers are those of the settlement from then on. Nothing is sent here.
    pub async fn ask_settlement(
        &self,
        new: &NewSettlement,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Asked, LedgerError> {
        const WHAT: &str = "ask for a settlement";
        let by = by.into();
        let tx = self.begin(WHAT).await?;
        let row = sql::query_one(
            &tx,
            WHAT,
            "UPDATE orders SET updated_at = updated_at WHERE merchant_id = $1 AND external_key = $2 RETURNING id",
            [
                new.merchant.as_str().into(),
                sql::digest(new.order.as_str().as_bytes()).into(),
            ],
        )
        .await?;
        let Some(row) = row else {
            return Ok(Asked::NoOrder);
        };
        let order: String = sql::get(&row, "id")?;
        let (key, fingerprint) = (sql::digest(new.key.as_bytes()), sql::digest(new.fingerprint.as_bytes()));
        if let Some(earlier) = by_key(&tx, &new.merchant, &key).await? {
            let (earlier, print) = earlier;
            return Ok(if print.as_deref() == Some(fingerprint.as_str()) {
                Asked::Repeated(earlier)
            } else {
                Asked::KeyReused
            });
        }
        let earlier = of_order(&tx, &order).await?;
        let going = earlier
            .iter()
            .find(|settlement| !matches!(settlement.state.as_str(), "refused" | "told"));
        if let Some(going) = going {
            return Ok(Asked::Exists(going.clone()));
        }
        let Some(external) = free_id(&new.order, &earlier) else {
            return Ok(Asked::IdTooLong);
        };
        let id = Uuid::now_v7().to_string();
        sql::execute(
            &tx,
            WHAT,
            "INSERT INTO settlements (id, merchant_id, order_id, source_id, external_id, external_key, idempotency_key,
                 fingerprint, receivers, description, amount, state, asked_by, asked_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'asked', $12, $13)",
            [
                id.as_str().into(),
                new.merchant.as_str().into(),
                order.as_str().into(),
                new.source.as_str().into(),
                external.as_str().into(),
                sql::digest(external.as_str().as_bytes()).into(),
                key.as_str().into(),
                fingerprint.as_str().into(),
                splits::write_told(&new.receivers).into(),
                new.description.clone().into(),
                plan::minor(new.amount).into(),
                by.name.as_str().into(),
                now.0.into(),
            ],
        )
        .await?;
        sql::execute(
            &tx,
            WHAT,
            "UPDATE orders SET receivers = $2, version = version + 1, updated_at = $3 WHERE id = $1",
            [
                order.as_str().into(),
                splits::write_told(&new.receivers).into(),
                now.0.into(),
            ],
        )
        .await?;
        let entry = NewAudit {
            merchant: Some(new.merchant.clone()),
            action: deed::ASKED_SETTLEMENT,
            subject: format!("order {}", new.order),
            before: None,
            after: Some(format!("{external}: {} between {}", new.amount, new.receivers.len())),
        };
        audit::record(&tx, &by, &entry, now).await?;
        let made = by_key(&tx, &new.merchant, &key).await?;
        let (made, _) = made.ok_or(LedgerError::UnknownValue {
            column: "settlements.id",
        })?;
        sql::commit(tx, WHAT).await?;
        Ok(Asked::New(made))
    }

    /// The settlement with this order id of its own.
    pub async fn settlement_named(
        &self,
        merchant: &MerchantId,
        external: &ExternalOrderId,
    ) -> Result<Option<Settlement>, LedgerError> {
        let statement =
            format!("SELECT {COLUMNS} WHERE settlements.merchant_id = $1 AND settlements.external_key = $2");
        let values = [
            merchant.as_str().into(),
            sql::digest(external.as_str().as_bytes()).into(),
        ];
        let row = sql::query_one(&self.db, "find a settlement", &statement, values).await?;
        row.as_ref().map(settlement).transpose()
    }

    /// What payment events told was paid for an order, the latest first; `None`: none did.
    pub async fn paid_of(&self, merchant: &MerchantId, order: &ExternalOrderId) -> Result<Option<Paid>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "look what was paid",
            "SELECT events.event AS event, events.source_id AS source_id FROM events
             JOIN orders ON orders.id = events.order_id
             WHERE orders.merchant_id = $1 AND orders.external_key = $2 AND events.source_id IS NOT NULL
               AND events.kind IN ('paid', 'refunded')
             ORDER BY events.id DESC LIMIT 20",
            [merchant.as_str().into(), sql::digest(order.as_str().as_bytes()).into()],
        )
        .await?;
        let mut found: Option<Paid> = None;
        for row in &rows {
            let event = json::read_event(&sql::get::<String>(row, "event")?, "events.event")?;
            let domain::event::Fact::Money {
                paid, refunded_total, ..
            } = event.fact
            else {
                continue;
            };
            let source =
                SourceId::parse(&sql::get::<String>(row, "source_id")?).map_err(|_| LedgerError::UnknownValue {
                    column: "events.source_id",
                })?;
            let refunded = found
                .as_ref()
                .map_or(refunded_total, |found| found.refunded.max(refunded_total));
            found = Some(Paid {
                amount: found.as_ref().map_or(paid, |found| found.amount),
                refunded,
                source,
            });
        }
        Ok(found)
    }
}

/// The shop divides the payment by itself and says under which id.
pub(crate) async fn told(
    tx: &DatabaseTransaction,
    merchant: &MerchantId,
    order: &str,
    external: &ExternalOrderId,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    const WHAT: &str = "keep a settlement's id";
    sql::execute(
        tx,
        WHAT,
        "INSERT INTO settlements (id, merchant_id, order_id, external_id, external_key, state, asked_by, asked_at)
         VALUES ($1, $2, $3, $4, $5, 'told', 'the shop', $6)
         ON CONFLICT (merchant_id, external_key) DO NOTHING",
        [
            Uuid::now_v7().to_string().into(),
            merchant.as_str().into(),
            order.into(),
            external.as_str().into(),
            sql::digest(external.as_str().as_bytes()).into(),
            now.0.into(),
        ],
    )
    .await?;
    // Its result may have come first.
    sql::execute(
        tx,
        WHAT,
        "UPDATE events SET not_before = 0 WHERE state = 'new' AND kind = 'split' AND merchant_id = $1 AND external_id = $2",
        [merchant.as_str().into(), external.as_str().into()],
    )
    .await?;
    Ok(())
}

/// An order's settlements, oldest first.
pub(crate) async fn of_order(db: &impl ConnectionTrait, order: &str) -> Result<Vec<Settlement>, LedgerError> {
    let statement = format!("SELECT {COLUMNS} WHERE settlements.order_id = $1 ORDER BY settlements.id");
    let rows = sql::query(db, "list an order's settlements", &statement, [order.into()]).await?;
    rows.iter().map(settlement).collect()
}

async fn by_key(
    tx: &DatabaseTransaction,
    merchant: &MerchantId,
    key: &str,
) -> Result<Option<(Settlement, Option<String>)>, LedgerError> {
    let statement = format!(
        "SELECT settlements.fingerprint AS fingerprint, {COLUMNS}
         WHERE settlements.merchant_id = $1 AND settlements.idempotency_key = $2"
    );
    let values = [merchant.as_str().into(), key.into()];
    let row = sql::query_one(tx, "find a settlement by its key", &statement, values).await?;
    row.map(|row| Ok((settlement(&row)?, sql::get(&row, "fingerprint")?)))
        .transpose()
}

/// The longest order id a payment system takes (`fondy.md` §4).
const LONGEST: usize = 1024;

/// `<order>_split1`, the next one after a refused one: the same for whoever works it out.
fn free_id(order: &ExternalOrderId, earlier: &[Settlement]) -> Option<ExternalOrderId> {
    (1..=earlier.len() + 1)
        .map(|number| format!("{order}_split{number}"))
        .find(|id| earlier.iter().all(|settlement| settlement.external.as_str() != id))
        .filter(|id| id.chars().count() <= LONGEST)
        .and_then(|id| ExternalOrderId::parse(&id).ok())
}

pub(crate) fn settlement(row: &QueryResult) -> Result<Settlement, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    let order_id = |column, name| -> Result<ExternalOrderId, LedgerError> {
        ExternalOrderId::parse(&sql::get::<String>(row, column)?).map_err(|_| unknown(name))
    };
    let source: Option<String> = sql::get(row, "source_id")?;
    let receivers: Option<String> = sql::get(row, "receivers")?;
    Ok(Settlement {
        id: sql::get(row, "id")?,
        merchant: MerchantId::parse(&sql::get::<String>(row, "merchant_id")?)
            .map_err(|_| unknown("settlements.merchant_id"))?,
        order: order_id("paid_id", "orders.external_id")?,
        source: source
            .map(|source| SourceId::parse(&source).map_err(|_| unknown("settlements.source_id")))
            .transpose()?,
        external: order_id("external_id", "settlements.external_id")?,
        receivers: splits::read_told(receivers.as_deref(), "settlements.receivers")?,
        description: sql::get(row, "description")?,
        amount: plan::kopecks(sql::get(row, "amount")?, "settlements.amount")?,
        state: sql::get(row, "state")?,
        note: sql::get(row, "note")?,
        asked_by: sql::get(row, "asked_by")?,
        asked_at: UnixMillis(sql::get(row, "asked_at")?),
        sent_at: day::time(row, "sent_at")?,
        absent_since: day::time(row, "absent_since")?,
        attempts: u32::try_from(sql::get::<i64>(row, "attempts")?).unwrap_or(u32::MAX),
        ended_at: day::time(row, "ended_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_settlements_own_id_is_the_next_one_that_is_free() {
        let order = ExternalOrderId::parse("shop-2001").unwrap();
        assert_eq!(free_id(&order, &[]).unwrap().as_str(), "shop-2001_split1");
        let long = ExternalOrderId::parse(&"я".repeat(1020)).unwrap();
        assert!(free_id(&long, &[]).is_none());
    }
}
