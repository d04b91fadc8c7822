//! Documents registered offline: listed until the tax service has them.

use domain::document::{Kind, Presence};
use domain::ids::{DocumentId, RegisterId};
use domain::time::UnixMillis;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect as _};

use crate::deliveries::{self, LaneId, News};
use crate::entities::document;
use crate::{Ledger, LedgerError, plan, sql};

/// A document that was registered offline.
#[derive(Clone, Debug)]
pub struct OfflineDocument {
    /// Its id.
    pub id: DocumentId,
    /// What it is.
    pub kind: Kind,
    /// Its offline number, which it keeps.
    pub fiscal_number: String,
    /// When it was registered.
    pub registered_at: UnixMillis,
}

impl Ledger {
    /// Documents registered offline that are not delivered as far as we know, oldest first.
    pub async fn offline_documents(
        &self,
        register: &RegisterId,
        limit: u64,
    ) -> Result<Vec<OfflineDocument>, LedgerError> {
        let rows = document::Entity::find()
            .filter(document::Column::RegisterId.eq(register.as_str()))
            .filter(document::Column::Presence.eq(Presence::Offline.as_str()))
            .order_by_asc(document::Column::Id)
            .limit(limit)
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("list offline documents", error))?;
        rows.into_iter()
            .map(|row| {
                Ok(OfflineDocument {
                    id: plan::document_id(&row.id)?,
                    kind: plan::kind(&row.kind)?,
                    fiscal_number: row.fiscal_number.unwrap_or_default(),
                    registered_at: UnixMillis(row.updated_at),
                })
            })
            .collect()
    }

    /// The tax service has an offline document. Safe to repeat. The lanes of messages that follow are returned.
    pub async fn note_delivered(
        &self,
        id: DocumentId,
        url: Option<&str>,
        qr_code: Option<&str>,
        now: UnixMillis,
    ) -> Result<Vec<LaneId>, LedgerError> {
        const WHAT: &str = "note a delivery to the tax service";
        let tx = self.begin(WHAT).await?;
        let changed = sql::execute(
            &tx,
            WHAT,
            "UPDATE documents SET presence = 'delivered', url = coalesce($2, url), qr_code = coalesce($3, qr_code),
                 updated_at = $4
             WHERE id = $1 AND state = 'registered' AND presence = 'offline'",
            [id.to_string().into(), url.into(), qr_code.into(), now.0.into()],
        )
        .await?;
        if changed == 0 {
            return Ok(Vec::new());
        }
        let lanes = deliveries::announce(&tx, &id.to_string(), News::Delivered, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(lanes)
    }
}
