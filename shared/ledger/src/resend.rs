//! Resend: a person asks that a held document be tried again.

use domain::hold::HoldReason;
use domain::ids::{DocumentId, EventId, MerchantId, RegisterId};
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, EntityTrait};

use crate::audit::{self, Actor, NewAudit, deed};
use crate::entities::document;
use crate::plan::{self, hold_reason};
use crate::{Ledger, LedgerError, alerts, sql};

/// What a resend did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resent {
    /// The document is ready again; ring this register.
    Ready(RegisterId),
    /// The payment it follows from is planned anew: ring this event.
    Replanned(EventId),
    /// A held refund whose sale is not registered waits for it again.
    Waiting,
    /// There is no such document.
    NotFound,
    /// The document is not held but in this state.
    NotHeld(String),
    /// A document held for this reason cannot be sent; the reason's next step says what to do.
    NotResendable(HoldReason),
}

impl Ledger {
    /// Makes a held document ready again; its content will be made anew from the order as it is
    /// now. The hold stays in the ledger with who resent it. Safe to repeat.
    pub async fn resend(&self, id: DocumentId, by: impl Into<Actor>, now: UnixMillis) -> Result<Resent, LedgerError> {
        const WHAT: &str = "resend a document";
        let by = by.into();
        let from_db = |error| LedgerError::from_db(WHAT, error);
        let Some(row) = document::Entity::find_by_id(id.to_string())
            .one(&self.db)
            .await
            .map_err(from_db)?
        else {
            return Ok(Resent::NotFound);
        };
        let reason = match (row.state.as_str(), &row.hold_reason) {
            ("held", Some(code)) => hold_reason(code)?,
            (state, _) => return Ok(Resent::NotHeld(state.to_owned())),
        };
        if !reason.can_be_resent() {
            return Ok(Resent::NotResendable(reason));
        }
        let tx = self.begin(WHAT).await?;
        if reason == HoldReason::SplitMismatch {
            return replan(tx, row, &by, now).await;
        }
        let waits = match &row.parent_id {
            None => row.kind == "storno" || row.kind == "return",
            Some(sale) => match lock_and_read_state(&tx, sale).await?.as_deref() {
                // Made by hand: it would wait for ever.
                Some("closed") => return Ok(Resent::NotResendable(HoldReason::SaleClosed)),
                state => state != Some("registered"),
            },
        };
        let next = if waits { "waiting" } else { "ready" };
        // A sale may have adopted the refund since it was read: then nothing is decided here.
        let changed = sql::execute(
            &tx,
            WHAT,
            "UPDATE documents SET state = $2, content = NULL, intent = NULL, sent = NULL, hold_reason = NULL,
                 hold_text = NULL, not_before = 0, updated_at = $3
             WHERE id = $1 AND state = 'held' AND parent_id IS NOT DISTINCT FROM $4",
            [
                id.to_string().into(),
                next.into(),
                now.0.into(),
                row.parent_id.clone().into(),
            ],
        )
        .await?;
        if changed == 0 {
            return Ok(Resent::NotHeld("changed meanwhile".to_owned()));
        }
        sql::execute(
            &tx,
            WHAT,
            "UPDATE holds SET resolved_at = $2, resolved_by = $3 WHERE document_id = $1 AND resolved_at IS NULL",
            [id.to_string().into(), now.0.into(), by.name.as_str().into()],
        )
        .await?;
        alerts::resolve(&tx, plan::DOCUMENT_HELD, &id.to_string(), now).await?;
        let unknown = |column| LedgerError::UnknownValue { column };
        let entry = NewAudit {
            merchant: Some(MerchantId::parse(&row.merchant_id).map_err(|_| unknown("documents.merchant_id"))?),
            action: deed::RESENT,
            subject: format!("document {id}"),
            before: Some(format!("held: {}", reason.code())),
            after: Some(next.to_owned()),
        };
        audit::record(&tx, &by, &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        if waits {
            return Ok(Resent::Waiting);
        }
        let register = RegisterId::parse(row.register_id.as_deref().unwrap_or_default())
            .map_err(|_| unknown("documents.register_id"))?;
        Ok(Resent::Ready(register))
    }
}

/// One document cannot become several: the payment is planned again, and this one is closed.
async fn replan(
    tx: DatabaseTransaction,
    row: document::Model,
    by: &Actor,
    now: UnixMillis,
) -> Result<Resent, LedgerError> {
    const WHAT: &str = "plan a split again";
    let unknown = |column| LedgerError::UnknownValue { column };
    let event = row.event_id.as_deref().ok_or(unknown("documents.event_id"))?;
    let changed = sql::execute(
        &tx,
        WHAT,
        "UPDATE documents SET state = 'closed', updated_at = $2 WHERE id = $1 AND state = 'held'",
        [row.id.as_str().into(), now.0.into()],
    )
    .await?;
    if changed == 0 {
        return Ok(Resent::NotHeld("changed meanwhile".to_owned()));
    }
    sql::execute(
        &tx,
        WHAT,
        "UPDATE holds SET resolved_at = $2, resolved_by = $3 WHERE document_id = $1 AND resolved_at IS NULL",
        [row.id.as_str().into(), now.0.into(), by.name.as_str().into()],
    )
    .await?;
    alerts::resolve(&tx, plan::DOCUMENT_HELD, &row.id, now).await?;
    sql::execute(
        &tx,
        WHAT,
        "UPDATE events SET state = 'new', not_before = 0, attempts = 0, note = NULL WHERE id = $1",
        [event.into()],
    )
    .await?;
    let entry = NewAudit {
        merchant: Some(MerchantId::parse(&row.merchant_id).map_err(|_| unknown("documents.merchant_id"))?),
        action: deed::RESENT,
        subject: format!("document {}", row.id),
        before: Some(format!("held: {}", HoldReason::SplitMismatch.code())),
        after: Some("the payment is planned anew".to_owned()),
    };
    audit::record(&tx, by, &entry, now).await?;
    let event = crate::events::parse_id(event)?;
    sql::commit(tx, WHAT).await?;
    Ok(Resent::Replanned(event))
}

/// The sale's state, which stays so until the transaction ends: read without a lock, a sale that is
/// just being registered would leave its refund waiting for ever.
async fn lock_and_read_state(tx: &DatabaseTransaction, sale: &str) -> Result<Option<String>, LedgerError> {
    let row = sql::query_one(
        tx,
        "lock a sale",
        "UPDATE documents SET updated_at = updated_at WHERE id = $1 RETURNING state",
        [sale.into()],
    )
    .await?;
    row.map(|row| sql::get(&row, "state")).transpose()
}
