//! Resend: a person asks that a held document be tried again.

use domain::hold::HoldReason;
use domain::ids::{DocumentId, RegisterId};
use domain::time::UnixMillis;
use sea_orm::EntityTrait;

use crate::entities::document;
use crate::plan::hold_reason;
use crate::{Ledger, LedgerError, sql};

/// What a resend did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resent {
    /// The document is ready again; ring this register.
    Ready(RegisterId),
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
    pub async fn resend(&self, id: DocumentId, by: &str, now: UnixMillis) -> Result<Resent, LedgerError> {
        const WHAT: &str = "resend a document";
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
        let waits = match &row.parent_id {
            None => row.kind != "sale",
            Some(parent) => document::Entity::find_by_id(parent.as_str())
                .one(&self.db)
                .await
                .map_err(from_db)?
                .is_none_or(|sale| sale.state != "registered"),
        };
        let next = if waits { "waiting" } else { "ready" };
        let tx = self.begin(WHAT).await?;
        let changed = sql::execute(
            &tx,
            WHAT,
            "UPDATE documents SET state = $2, content = NULL, intent = NULL, sent = NULL, hold_reason = NULL,
                 hold_text = NULL, not_before = 0, updated_at = $3
             WHERE id = $1 AND state = 'held'",
            [id.to_string().into(), next.into(), now.0.into()],
        )
        .await?;
        if changed == 0 {
            return Ok(Resent::NotHeld("changed meanwhile".to_owned()));
        }
        sql::execute(
            &tx,
            WHAT,
            "UPDATE holds SET resolved_at = $2, resolved_by = $3 WHERE document_id = $1 AND resolved_at IS NULL",
            [id.to_string().into(), now.0.into(), by.into()],
        )
        .await?;
        sql::commit(tx, WHAT).await?;
        if waits {
            return Ok(Resent::Waiting);
        }
        let register = RegisterId::parse(&row.register_id).map_err(|_| LedgerError::UnknownValue {
            column: "documents.register_id",
        })?;
        Ok(Resent::Ready(register))
    }
}
