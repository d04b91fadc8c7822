//! Closing a hold: a person settled a held document another way and says how. It is the other way out
//! beside a resend.

use domain::document::Kind;
use domain::hold::HoldReason;
use domain::ids::{DocumentId, MerchantId};
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, EntityTrait};

use crate::audit::{self, Actor, NewAudit, deed};
use crate::entities::document;
use crate::people::Reach;
use crate::{Ledger, LedgerError, alerts, plan, sql};

/// What closing a hold did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It is closed.
    Done {
        /// Refunds that waited for it, which are held now: there is no receipt they could refer to.
        refunds: u64,
    },
    /// There is no such document within reach.
    NotFound,
    /// The document is not held but in this state.
    NotHeld(String),
    /// The reason is empty.
    NoReason,
}

impl Ledger {
    /// Closes a held document for good: nothing is sent any more, its alert closes, and the ledger keeps
    /// who said what. Safe to repeat: a closed document is not held.
    pub async fn close_hold(
        &self,
        reach: &Reach,
        id: DocumentId,
        reason: &str,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Closed, LedgerError> {
        const WHAT: &str = "close a hold";
        let (by, reason) = (by.into(), reason.trim());
        let found = document::Entity::find_by_id(id.to_string())
            .one(&self.db)
            .await
            .map_err(|error| LedgerError::from_db(WHAT, error))?;
        let Some(row) = found.filter(|row| reach.sees(&row.merchant_id)) else {
            return Ok(Closed::NotFound);
        };
        if row.state != "held" {
            return Ok(Closed::NotHeld(row.state));
        }
        if reason.is_empty() {
            return Ok(Closed::NoReason);
        }
        let tx = self.begin(WHAT).await?;
        // Whoever is first, a resend or this, changes the state; the other finds it changed.
        let changed = sql::execute(
            &tx,
            WHAT,
            "UPDATE documents SET state = 'closed', updated_at = $2 WHERE id = $1 AND state = 'held'",
            [row.id.as_str().into(), now.0.into()],
        )
        .await?;
        if changed == 0 {
            return Ok(Closed::NotHeld("changed meanwhile".to_owned()));
        }
        sql::execute(
            &tx,
            WHAT,
            "UPDATE holds SET resolved_at = $2, resolved_by = $3, resolution = $4
             WHERE document_id = $1 AND resolved_at IS NULL",
            [
                row.id.as_str().into(),
                now.0.into(),
                by.name.as_str().into(),
                reason.into(),
            ],
        )
        .await?;
        alerts::resolve(&tx, plan::DOCUMENT_HELD, &row.id, now).await?;
        let refunds = if row.kind == Kind::Sale.as_str() {
            hold_refunds(&tx, &row.id, now).await?
        } else {
            0
        };
        audit::record(&tx, &by, &entry(row, reason)?, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(Closed::Done { refunds })
    }
}

/// Refunds of a sale that will never be registered must not wait for it in silence.
async fn hold_refunds(tx: &DatabaseTransaction, sale: &str, now: UnixMillis) -> Result<u64, LedgerError> {
    let waiting = sql::query(
        tx,
        "find waiting refunds",
        "SELECT id FROM documents WHERE parent_id = $1 AND state = 'waiting' ORDER BY id",
        [sale.into()],
    )
    .await?;
    let mut held = 0;
    for row in &waiting {
        let refund = plan::document_id(&sql::get::<String>(row, "id")?)?;
        plan::hold(tx, refund, HoldReason::SaleClosed, plan::SALE_CLOSED, now).await?;
        held += 1;
    }
    Ok(held)
}

fn entry(row: document::Model, reason: &str) -> Result<NewAudit, LedgerError> {
    let merchant = MerchantId::parse(&row.merchant_id).map_err(|_| LedgerError::UnknownValue {
        column: "documents.merchant_id",
    })?;
    Ok(NewAudit {
        merchant: Some(merchant),
        action: deed::CLOSE_HOLD,
        subject: row.id,
        before: row.hold_reason.map(|code| format!("held: {code}")),
        after: Some(format!("closed: {reason}")),
    })
}
