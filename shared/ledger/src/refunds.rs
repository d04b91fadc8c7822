//! Refunds that we ask a payment system for.
//!
//! ```text
//! asked ──intent──▶ sending ──▶ accepted ──▶ done        (the money went back; the receipt follows from the
//!   ▲                 │ │ └──▶ declined                   reversal's own event)
//!   └──certainly not──┘ └──▶ in_doubt ──asked about──▶ done | sending once more | held (a person)
//! ```
//! The row is committed before the request leaves, and its id is the request's idempotency key. One refund of an
//! order is at work at a time, so that the payment system's running total tells which one it was.

use std::time::Duration;

use domain::event::Fact;
use domain::ids::{ExternalOrderId, MerchantId, SourceId};
use domain::money::Kopecks;
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, QueryResult};

use crate::audit::{self, Actor, NewAudit, deed};
use crate::day::time;
use crate::people::Reach;
use crate::settings::SourceKind;
use crate::{Ledger, LedgerError, json, plan, sql};

/// What is to be given back.
#[derive(Clone, Copy, Debug)]
pub struct RefundWish<'a> {
    /// Whose order.
    pub merchant: &'a MerchantId,
    /// The shop's order.
    pub order: &'a ExternalOrderId,
    /// How much.
    pub amount: Kopecks,
    /// For the payment system's own books.
    pub comment: Option<&'a str>,
    /// The asker's name of this very refund: the same key gives back once.
    pub key: &'a str,
}

/// What asking for a refund came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundAsked {
    /// It is asked for; its id, and whether it is new.
    Accepted(String, bool),
    /// There is no such order.
    NoSuchOrder,
    /// Nobody paid it through a payment system that we can ask.
    NotPaid,
    /// Less than that is left.
    TooMuch(Kopecks),
}

/// How far a refund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// Nothing was sent.
    Asked,
    /// The intent is committed; the request may have left.
    Sending,
    /// A request left and no trustworthy answer came.
    InDoubt,
    /// The payment system took it and has not done it yet.
    Accepted,
    /// The money went back.
    Done,
    /// Refused; nothing went back.
    Declined,
    /// A person is needed.
    Held,
}

impl RefundState {
    const ALL: [Self; 7] = [
        Self::Asked,
        Self::Sending,
        Self::InDoubt,
        Self::Accepted,
        Self::Done,
        Self::Declined,
        Self::Held,
    ];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Sending => "sending",
            Self::InDoubt => "in_doubt",
            Self::Accepted => "accepted",
            Self::Done => "done",
            Self::Declined => "declined",
            Self::Held => "held",
        }
    }
}

/// A refund.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Its id, and its name at the payment system.
    pub id: String,
    /// Whose.
    pub merchant: MerchantId,
    /// Through which source.
    pub source: SourceId,
    /// The shop's order.
    pub external: ExternalOrderId,
    /// How much.
    pub amount: Kopecks,
    /// For the payment system's own books.
    pub comment: Option<String>,
    /// How far it is.
    pub state: RefundState,
    /// What was given back in all before the request.
    pub before: Option<Kopecks>,
    /// The movements that were there before it.
    pub seen: Vec<String>,
    /// When the request left last.
    pub sent_at: Option<UnixMillis>,
    /// Since when it is known to be absent.
    pub absent_since: Option<UnixMillis>,
    /// The payment system's code of a refusal.
    pub code: Option<i64>,
    /// Why it was refused, or is held.
    pub told: Option<String>,
    /// How often something was tried.
    pub attempts: u32,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: UnixMillis,
    /// When it ended.
    pub ended_at: Option<UnixMillis>,
    epoch: i64,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundStep {
    /// Certainly not done; again not before this.
    Again(UnixMillis),
    /// Nobody knows; ask at this time.
    Doubt {
        /// When.
        ask_at: UnixMillis,
        /// Since when it is known to be absent.
        absent_since: Option<UnixMillis>,
    },
    /// Taken, not done yet; ask at this time.
    Accepted(UnixMillis),
    /// The money went back.
    Done,
    /// Refused.
    Declined(Option<i64>, String),
    /// A person is needed.
    Held(String),
}

const COLUMNS: &str = "id, merchant_id, source_id, external_id, amount, comment, state, before_total, before_seen, \
                       sent_at, absent_since, code, told, attempts, asked_by, asked_at, ended_at, epoch";

impl Ledger {
    /// Asks for money to go back. The same key is the same refund; with another order or amount it is refused.
    pub async fn ask_refund(
        &self,
        wish: RefundWish<'_>,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<RefundAsked, LedgerError> {
        const WHAT: &str = "ask for a refund";
        let by = by.into();
        let tx = self.begin(WHAT).await?;
        // The order's row is ours until the end: two refunds are not both within what is left.
        let row = sql::query_one(
            &tx,
            WHAT,
            "UPDATE orders SET updated_at = updated_at WHERE merchant_id = $1 AND external_key = $2 RETURNING id",
            [
                wish.merchant.as_str().into(),
                sql::digest(wish.order.as_str().as_bytes()).into(),
            ],
        )
        .await?;
        let Some(row) = row else {
            return Ok(RefundAsked::NoSuchOrder);
        };
        let order: String = sql::get(&row, "id")?;
        let key = sql::digest(wish.key.as_bytes());
        if let Some(known) = known(&tx, wish.merchant, &key).await? {
            let same = known.1 == order && known.2 == plan::minor(wish.amount);
            return if same {
                Ok(RefundAsked::Accepted(known.0, false))
            } else {
                Err(LedgerError::KeyReused)
            };
        }
        let Some((source, left)) = left(&tx, &order).await? else {
            return Ok(RefundAsked::NotPaid);
        };
        if wish.amount > left {
            return Ok(RefundAsked::TooMuch(left));
        }
        let id = sql::id_at(now);
        sql::execute(
            &tx,
            WHAT,
            "INSERT INTO refunds (id, merchant_id, source_id, order_id, external_id, request_key, amount, comment,
                 state, asked_by, asked_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'asked', $9, $10, $10)",
            [
                id.as_str().into(),
                wish.merchant.as_str().into(),
                source.into(),
                order.into(),
                wish.order.as_str().into(),
                key.into(),
                plan::minor(wish.amount).into(),
                wish.comment.into(),
                by.name.as_str().into(),
                now.0.into(),
            ],
        )
        .await?;
        let entry = NewAudit {
            merchant: Some(wish.merchant.clone()),
            action: deed::REFUND_ASKED,
            subject: format!("order {}", wish.order),
            before: None,
            after: Some(wish.amount.to_string()),
        };
        audit::record(&tx, &by, &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(RefundAsked::Accepted(id, true))
    }

    /// One refund within reach.
    pub async fn refund(&self, reach: &Reach, id: &str) -> Result<Option<Refund>, LedgerError> {
        if uuid::Uuid::try_parse(id).is_err() {
            return Ok(None);
        }
        let statement = format!("SELECT {COLUMNS} FROM refunds WHERE id = $1");
        let row = sql::query_one(&self.db, "read a refund", &statement, [id.into()]).await?;
        let refund = row.as_ref().map(refund).transpose()?;
        Ok(refund.filter(|refund| reach.sees(refund.merchant.as_str())))
    }

    /// The refunds of an order (by its id in the ledger), oldest first.
    pub async fn refunds_of(&self, order: &str) -> Result<Vec<Refund>, LedgerError> {
        let statement = format!("SELECT {COLUMNS} FROM refunds WHERE order_id = $1 ORDER BY id");
        let rows = sql::query(&self.db, "list an order's refunds", &statement, [order.into()]).await?;
        rows.iter().map(refund).collect()
    }

    /// What can still be given back of an order through its payment system; `None`: nobody paid it there.
    pub async fn refundable(&self, order: &str) -> Result<Option<Kopecks>, LedgerError> {
        const WHAT: &str = "see what can be given back";
        let tx = self.begin(WHAT).await?;
        let left = left(&tx, order).await?;
        sql::commit(tx, WHAT).await?;
        Ok(left.map(|(_, left)| left))
    }

    /// Takes the refund that waits longest, for a while. One of an order at a time.
    pub async fn take_refund(
        &self,
        owner: &str,
        length: Duration,
        now: UnixMillis,
    ) -> Result<Option<Refund>, LedgerError> {
        let clock = sql::clock(self.backend());
        let statement = format!(
            "UPDATE refunds SET owner = $1, epoch = epoch + 1, until = {clock} + $2
             WHERE (owner IS NULL OR until < {clock}) AND id = (
                 SELECT id FROM refunds
                 WHERE state IN ('asked', 'sending', 'in_doubt', 'accepted') AND not_before <= $3
                   AND (owner IS NULL OR until < {clock})
                   AND (state <> 'asked' OR NOT EXISTS (SELECT 1 FROM refunds AS other
                       WHERE other.order_id = refunds.order_id AND other.id <> refunds.id
                         AND other.state IN ('sending', 'in_doubt', 'accepted')))
                 ORDER BY not_before, id LIMIT 1)
             RETURNING {COLUMNS}"
        );
        let length = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
        let values = [owner.into(), length.into(), now.0.into()];
        let row = sql::query_one(&self.db, "take a refund", &statement, values).await?;
        row.as_ref().map(refund).transpose()
    }

    /// The intent, before the request leaves; what was there before the first request stays. False: somebody else
    /// has it.
    pub async fn begin_refund(
        &self,
        refund: &Refund,
        before: Kopecks,
        seen: &[String],
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let changed = sql::execute(
            &self.db,
            "begin a refund",
            "UPDATE refunds SET state = 'sending', before_total = coalesce(before_total, $3),
                 before_seen = coalesce(before_seen, $4), sent_at = $5, absent_since = NULL, attempts = attempts + 1,
                 updated_at = $5
             WHERE id = $1 AND epoch = $2 AND state IN ('asked', 'in_doubt')",
            [
                refund.id.as_str().into(),
                refund.epoch.into(),
                plan::minor(before).into(),
                json::write(&seen).into(),
                now.0.into(),
            ],
        )
        .await?;
        Ok(changed == 1)
    }

    /// Keeps what became of a try, and gives the refund back. False: somebody else has it.
    pub async fn settle_refund(
        &self,
        refund: &Refund,
        step: &RefundStep,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let (state, not_before, absent, code, told) = match step {
            RefundStep::Again(at) => (RefundState::Asked, *at, None, None, None),
            RefundStep::Doubt { ask_at, absent_since } => (RefundState::InDoubt, *ask_at, *absent_since, None, None),
            RefundStep::Accepted(at) => (RefundState::Accepted, *at, None, None, None),
            RefundStep::Done => (RefundState::Done, now, None, None, None),
            RefundStep::Declined(code, told) => (RefundState::Declined, now, None, *code, Some(told.as_str())),
            RefundStep::Held(told) => (RefundState::Held, now, None, None, Some(told.as_str())),
        };
        let over = matches!(state, RefundState::Done | RefundState::Declined);
        let changed = sql::execute(
            &self.db,
            "settle a refund",
            "UPDATE refunds SET state = $3, not_before = $4, absent_since = $5, code = $6, told = $7, owner = NULL,
                 before_total = CASE WHEN $3 = 'asked' THEN NULL ELSE before_total END,
                 before_seen = CASE WHEN $3 = 'asked' THEN NULL ELSE before_seen END,
                 updated_at = $8, ended_at = $9
             WHERE id = $1 AND epoch = $2 AND state IN ('asked', 'sending', 'in_doubt', 'accepted')",
            [
                refund.id.as_str().into(),
                refund.epoch.into(),
                state.as_str().into(),
                not_before.0.into(),
                absent.map(|at| at.0).into(),
                code.into(),
                told.into(),
                now.0.into(),
                over.then_some(now.0).into(),
            ],
        )
        .await?;
        Ok(changed == 1)
    }
}

async fn known(
    tx: &DatabaseTransaction,
    merchant: &MerchantId,
    key: &str,
) -> Result<Option<(String, String, i64)>, LedgerError> {
    let row = sql::query_one(
        tx,
        "find a refund by its key",
        "SELECT id, order_id, amount FROM refunds WHERE merchant_id = $1 AND request_key = $2",
        [merchant.as_str().into(), key.into()],
    )
    .await?;
    row.map(|row| {
        Ok((
            sql::get(&row, "id")?,
            sql::get(&row, "order_id")?,
            sql::get(&row, "amount")?,
        ))
    })
    .transpose()
}

/// The source through which an order was paid last, and what is left of that payment: without what went back
/// and what is about to.
async fn left(tx: &DatabaseTransaction, order: &str) -> Result<Option<(String, Kopecks)>, LedgerError> {
    const WHAT: &str = "add up an order's money";
    let rows = sql::query(
        tx,
        WHAT,
        "SELECT source_id, event, sources.kind AS system FROM events JOIN sources ON sources.id = events.source_id
         WHERE order_id = $1 AND events.kind IN ('paid', 'refunded') ORDER BY received_at, events.id",
        [order.into()],
    )
    .await?;
    let Some(last) = rows.last() else { return Ok(None) };
    let source: String = sql::get(last, "source_id")?;
    let system: String = sql::get(last, "system")?;
    if !SourceKind::parse(&system).is_some_and(SourceKind::gives_back) {
        return Ok(None);
    }
    let (mut paid, mut back) = (Kopecks::ZERO, Kopecks::ZERO);
    for row in &rows {
        let event = json::read_event(&sql::get::<String>(row, "event")?, "events.event")?;
        if let Fact::Money {
            paid: told,
            refunded_total,
            ..
        } = event.fact
            && sql::get::<String>(row, "source_id")? == source
        {
            (paid, back) = (paid.max(told), back.max(refunded_total));
        }
    }
    let row = sql::query_one(
        tx,
        WHAT,
        "SELECT (SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM documents WHERE order_id = $1
                 AND kind IN ('return', 'storno') AND state NOT IN ('held', 'closed')) AS returned,
             (SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM refunds WHERE order_id = $1
                 AND state IN ('asked', 'sending', 'in_doubt', 'accepted', 'held')) AS under_way",
        [order.into()],
    )
    .await?;
    let sum = |column: &'static str| -> Result<Kopecks, LedgerError> {
        let minor: i64 = row.as_ref().map_or(Ok(0), |row| sql::get(row, column))?;
        plan::kopecks(minor, "refunds.amount")
    };
    let back = back.max(sum("returned")?);
    let left = paid.checked_sub(back).unwrap_or_default();
    Ok(Some((source, left.checked_sub(sum("under_way")?).unwrap_or_default())))
}

fn refund(row: &QueryResult) -> Result<Refund, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    let state: String = sql::get(row, "state")?;
    let before: Option<i64> = sql::get(row, "before_total")?;
    let seen: Option<String> = sql::get(row, "before_seen")?;
    Ok(Refund {
        id: sql::get(row, "id")?,
        merchant: MerchantId::parse(&sql::get::<String>(row, "merchant_id")?)
            .map_err(|_| unknown("refunds.merchant_id"))?,
        source: SourceId::parse(&sql::get::<String>(row, "source_id")?).map_err(|_| unknown("refunds.source_id"))?,
        external: ExternalOrderId::parse(&sql::get::<String>(row, "external_id")?)
            .map_err(|_| unknown("refunds.external_id"))?,
        amount: plan::kopecks(sql::get(row, "amount")?, "refunds.amount")?,
        comment: sql::get(row, "comment")?,
        state: RefundState::ALL
            .into_iter()
            .find(|known| known.as_str() == state)
            .ok_or_else(|| unknown("refunds.state"))?,
        before: before
            .map(|minor| plan::kopecks(minor, "refunds.before_total"))
            .transpose()?,
        seen: seen.map_or_else(|| Ok(Vec::new()), |text| json::read(&text, "refunds.before_seen"))?,
        sent_at: time(row, "sent_at")?,
        absent_since: time(row, "absent_since")?,
        code: sql::get(row, "code")?,
        told: sql::get(row, "told")?,
        attempts: u32::try_from(sql::get::<i64>(row, "attempts")?).unwrap_or(u32::MAX),
        asked_by: sql::get(row, "asked_by")?,
        asked_at: UnixMillis(sql::get(row, "asked_at")?),
        ended_at: time(row, "ended_at")?,
        epoch: sql::get(row, "epoch")?,
    })
}
