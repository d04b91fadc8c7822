//! The two writes of a message's delivery: what is about to be sent, and what became of it.

use std::time::Duration;

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, QueryResult, Value};
use uuid::Uuid;

use super::{Channel, Delivered, DueDelivery, LaneLease, NewTry, News};
use crate::alerts::{self, NewAlert, Severity, Words};
use crate::page::Values;
use crate::{Ledger, LedgerError, plan, sql};

/// What a turn on a lane is to send.
#[derive(Clone, Debug)]
pub enum Batch {
    /// These, each about another document.
    Send(Vec<DueDelivery>),
    /// Nothing before this.
    Rest(UnixMillis),
    /// Nothing waits.
    Idle,
    /// The lane is somebody else's by now.
    Lost,
}

/// What became of one message.
#[derive(Clone, Debug)]
pub struct SettledDelivery {
    /// Which.
    pub id: String,
    /// What became of it.
    pub delivered: Delivered,
    /// The try; `None`: nothing was sent.
    pub made: Option<NewTry>,
}

/// What the tries say of the lane.
#[derive(Clone, Debug)]
pub enum LaneHealth {
    /// It takes messages.
    Good,
    /// Nothing is learned of it.
    Unchanged,
    /// It does not.
    Trouble {
        /// Nothing is sent before this.
        until: UnixMillis,
        /// Why, in a word.
        word: String,
        /// Messages that have been due since before this wait for a person.
        give_up_before: UnixMillis,
        /// A person is told when it has been down since before this.
        tell_before: UnixMillis,
    },
}

/// The alert that is open while messages of a lane wait for a person.
pub const DELIVERIES_HELD: &str = "deliveries_held";

/// The alert that is open while a lane has not worked for long.
pub const LANE_TROUBLE: &str = "delivery_trouble";

const BEGIN: &str = "begin deliveries";
const SETTLE: &str = "settle deliveries";

/// Nothing earlier about the same document is on its way or waits for a person: a document's news keep their order.
/// Only a copy that somebody asked for by hand passes what is held.
const ITS_TURN: &str = "NOT EXISTS (SELECT 1 FROM deliveries AS earlier
    WHERE earlier.document_id = deliveries.document_id AND earlier.lane_id = deliveries.lane_id
      AND earlier.id < deliveries.id
      AND (earlier.state IN ('due', 'sending') OR (earlier.state = 'held' AND deliveries.copy = 0)))";

impl Ledger {
    /// The next messages of a lane, oldest first, at most one per document, marked as being sent; the lease is
    /// extended to its full length in the same transaction.
    pub async fn begin_deliveries(
        &self,
        lease: &LaneLease,
        most: u32,
        length: Duration,
        now: UnixMillis,
    ) -> Result<Batch, LedgerError> {
        if lease.not_before > now {
            return Ok(Batch::Rest(lease.not_before));
        }
        let tx = self.begin(BEGIN).await?;
        if !lease.renew(&tx, length).await? {
            return Ok(Batch::Lost);
        }
        let statement = format!(
            "SELECT id, merchant_id, document_id, news, copy, state, attempts, unclear, due_since, not_before
             FROM deliveries WHERE lane_id = $1 AND state IN ('due', 'sending') AND not_before <= $2 AND {ITS_TURN}
             ORDER BY id LIMIT $3"
        );
        let values = [lease.lane.as_str().into(), now.0.into(), i64::from(most).into()];
        let rows = sql::query(&tx, BEGIN, &statement, values).await?;
        if rows.is_empty() {
            // Of those whose turn it is: what waits behind another has no time of its own.
            let statement = format!(
                "SELECT min(not_before) AS first FROM deliveries
                 WHERE lane_id = $1 AND state IN ('due', 'sending') AND {ITS_TURN}"
            );
            let first = sql::query_one(&tx, BEGIN, &statement, [lease.lane.as_str().into()]).await?;
            let first: Option<i64> = first.map(|row| sql::get(&row, "first")).transpose()?.flatten();
            return Ok(first.map_or(Batch::Idle, |at| Batch::Rest(UnixMillis(at))));
        }
        let due: Vec<DueDelivery> = rows.iter().map(due_delivery).collect::<Result<_, _>>()?;
        let mut values = Values::default();
        let (epoch, at) = (values.take(lease.epoch), values.take(now.0));
        let ids = values.take_all(due.iter().map(|delivery| delivery.id.clone()));
        let statement = format!(
            "UPDATE deliveries SET unclear = unclear + CASE WHEN state = 'sending' THEN 1 ELSE 0 END,
                 state = 'sending', epoch = {epoch}, attempts = attempts + 1, updated_at = {at}
             WHERE id IN ({ids})"
        );
        sql::execute(&tx, BEGIN, &statement, values.into_vec()).await?;
        sql::commit(tx, BEGIN).await?;
        Ok(Batch::Send(due))
    }

    /// Commits what became of messages that were begun under this lease, and the lane's health. False: the
    /// lane was lost; whoever has it sends them again.
    pub async fn settle_deliveries(
        &self,
        lease: &LaneLease,
        settled: &[SettledDelivery],
        health: &LaneHealth,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let tx = self.begin(SETTLE).await?;
        // The lane's row first, as whoever sends held messages again takes it: what is held here is not missed there.
        if !lease.hold(&tx).await? {
            return Ok(false);
        }
        let mut held = 0;
        for one in settled {
            if !settle(&tx, lease, one, now).await? {
                return Ok(false);
            }
            if let Some(made) = &one.made {
                record(&tx, &one.id, made).await?;
            }
            held += u64::from(matches!(one.delivered, Delivered::Held(_)));
        }
        held += note_health(&tx, lease, health, now).await?;
        if held > 0 {
            hold_later(&tx, lease, now).await?;
            tell_of_held(&tx, lease, now).await?;
        }
        sql::commit(tx, SETTLE).await?;
        Ok(true)
    }
}

fn due_delivery(row: &QueryResult) -> Result<DueDelivery, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    let count = |column| Ok::<_, LedgerError>(u32::try_from(sql::get::<i64>(row, column)?).unwrap_or(u32::MAX));
    let again = u32::from(sql::get::<String>(row, "state")? == "sending");
    Ok(DueDelivery {
        id: sql::get(row, "id")?,
        merchant: MerchantId::parse(&sql::get::<String>(row, "merchant_id")?)
            .map_err(|_| unknown("deliveries.merchant_id"))?,
        document: plan::document_id(&sql::get::<String>(row, "document_id")?)?,
        news: News::parse(&sql::get::<String>(row, "news")?).ok_or_else(|| unknown("deliveries.news"))?,
        copy: u64::from(count("copy")?),
        attempts: count("attempts")?.saturating_add(1),
        unclear: count("unclear")?.saturating_add(again),
        due_since: UnixMillis(sql::get(row, "due_since")?),
    })
}

async fn settle(
    tx: &DatabaseTransaction,
    lease: &LaneLease,
    one: &SettledDelivery,
    now: UnixMillis,
) -> Result<bool, LedgerError> {
    let (state, trouble, unclear, not_before, done): (_, Option<&str>, _, _, Option<i64>) = match &one.delivered {
        Delivered::Done => ("done", None, false, 0, Some(now.0)),
        Delivered::Again { at, unclear, trouble } => ("due", Some(trouble.as_str()), *unclear, at.0, None),
        Delivered::Held(trouble) => ("held", Some(trouble.as_str()), false, 0, None),
        Delivered::Failed(trouble) => ("failed", Some(trouble.as_str()), false, 0, None),
        Delivered::Skipped(trouble) => ("skipped", Some(trouble.as_str()), false, 0, None),
    };
    let statement = "UPDATE deliveries SET state = $4, trouble = $5, unclear = unclear + $6, not_before = $7,
             done_at = $8, updated_at = $9
         WHERE id = $3 AND lane_id = $1 AND state = 'sending' AND epoch = $2";
    let values: [Value; 9] = [
        lease.lane.as_str().into(),
        lease.epoch.into(),
        one.id.as_str().into(),
        state.into(),
        trouble.into(),
        i64::from(unclear).into(),
        not_before.into(),
        done.into(),
        now.0.into(),
    ];
    Ok(sql::execute(tx, SETTLE, statement, values).await? == 1)
}

async fn record(tx: &DatabaseTransaction, delivery: &str, made: &NewTry) -> Result<(), LedgerError> {
    sql::execute(
        tx,
        SETTLE,
        "INSERT INTO delivery_tries (id, delivery_id, outcome, status, detail, started_at, duration_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            Uuid::now_v7().to_string().into(),
            delivery.into(),
            made.outcome.into(),
            made.status.map(i64::from).into(),
            made.detail.clone().into(),
            made.started_at.0.into(),
            i64::try_from(made.duration.as_millis()).unwrap_or(i64::MAX).into(),
        ],
    )
    .await?;
    Ok(())
}

/// What follows about the same document must not pass what is held.
async fn hold_later(tx: &DatabaseTransaction, lease: &LaneLease, now: UnixMillis) -> Result<u64, LedgerError> {
    sql::execute(
        tx,
        SETTLE,
        "UPDATE deliveries SET state = 'held', trouble = 'earlier_held', updated_at = $2
         WHERE lane_id = $1 AND state = 'due' AND copy = 0 AND EXISTS (SELECT 1 FROM deliveries AS earlier
             WHERE earlier.document_id = deliveries.document_id AND earlier.lane_id = deliveries.lane_id
               AND earlier.id < deliveries.id AND earlier.state = 'held')",
        [lease.lane.as_str().into(), now.0.into()],
    )
    .await
}

/// How many messages it gave up.
async fn note_health(
    tx: &DatabaseTransaction,
    lease: &LaneLease,
    health: &LaneHealth,
    now: UnixMillis,
) -> Result<u64, LedgerError> {
    let lane = lease.lane.as_str();
    match health {
        LaneHealth::Unchanged => Ok(0),
        LaneHealth::Good => {
            let healed = sql::execute(
                tx,
                SETTLE,
                "UPDATE lanes SET failures = 0, not_before = 0, trouble = NULL, down_since = NULL
                 WHERE id = $1 AND (failures > 0 OR not_before > 0)",
                [lane.into()],
            )
            .await?;
            if healed > 0 {
                alerts::resolve(tx, LANE_TROUBLE, lane, now).await?;
            }
            Ok(0)
        }
        LaneHealth::Trouble {
            until,
            word,
            give_up_before,
            tell_before,
        } => {
            let down = sql::query_one(
                tx,
                SETTLE,
                "UPDATE lanes SET failures = failures + 1, not_before = $2, trouble = $3,
                     down_since = coalesce(down_since, $4)
                 WHERE id = $1 RETURNING down_since",
                [lane.into(), until.0.into(), word.as_str().into(), now.0.into()],
            )
            .await?;
            let down: Option<i64> = down.map(|row| sql::get(&row, "down_since")).transpose()?.flatten();
            if down.is_some_and(|since| since <= tell_before.0) {
                alerts::raise(tx, &trouble(lease, word), now).await?;
            }
            let statement = "UPDATE deliveries SET state = 'held', trouble = $3, updated_at = $4
                 WHERE lane_id = $1 AND state = 'due' AND due_since <= $2";
            let values: [Value; 4] = [lane.into(), give_up_before.0.into(), word.as_str().into(), now.0.into()];
            sql::execute(tx, SETTLE, statement, values).await
        }
    }
}

async fn tell_of_held(tx: &DatabaseTransaction, lease: &LaneLease, now: UnixMillis) -> Result<(), LedgerError> {
    let (en, uk) = whose(lease);
    let alert = NewAlert {
        kind: DELIVERIES_HELD,
        subject: lease.lane.to_string(),
        severity: Severity::Critical,
        merchant: Some(lease.merchant.clone()),
        register: None,
        text: Words::new(
            format!("Messages could not be delivered and wait for a person: {en}."),
            format!("Повідомлення не вдалося доставити, вони чекають на людину: {uk}."),
        ),
        next_step: Words::new(
            "See why on the page of deliveries, mend it, then press \"Send again\" there: nothing is lost.",
            "Подивіться причину на сторінці доставок, усуньте її й натисніть там «Надіслати знову»: нічого не втрачено.",
        ),
    };
    alerts::raise(tx, &alert, now).await
}

fn trouble(lease: &LaneLease, word: &str) -> NewAlert {
    let (en, uk) = whose(lease);
    NewAlert {
        kind: LANE_TROUBLE,
        subject: lease.lane.to_string(),
        severity: Severity::Warning,
        merchant: Some(lease.merchant.clone()),
        register: None,
        text: Words::new(
            format!("Messages have not been taken for more than an hour ({word}): {en}."),
            format!("Повідомлень не приймають довше за годину ({word}): {uk}."),
        ),
        next_step: Words::new(
            "Receipts are not affected. Kasyr goes on trying for a day; see the page of deliveries.",
            "На чеки це не впливає. Kasyr пробує далі ще добу; дивіться сторінку доставок.",
        ),
    }
}

/// Whose messages, in both languages. An address may have a secret in its path or query, so only its host.
fn whose(lease: &LaneLease) -> (String, String) {
    match lease.channel {
        Channel::Mail => (
            format!("e-mail of {}", lease.merchant),
            format!("пошта {}", lease.merchant),
        ),
        Channel::Phone => (
            format!("phone messages of {}", lease.merchant),
            format!("повідомлення на телефон {}", lease.merchant),
        ),
        Channel::Webhook => {
            let host = lease.url.split('/').nth(2).unwrap_or_default();
            (
                format!("webhook of {} to {host}", lease.merchant),
                format!("вебхук {} до {host}", lease.merchant),
            )
        }
    }
}
