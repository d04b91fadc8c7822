//! The payment system's own file (PDF) of a receipt that it made.

use domain::ids::DocumentId;

use super::Claim;
use crate::{Ledger, LedgerError, plan, sql};

/// A document whose file is not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The document.
    pub document: DocumentId,
    /// What the payment system knows it by.
    pub transaction: String,
}

impl Ledger {
    /// Ends the looks at an expectation that is met and whose files are here; false: more is to be looked for.
    pub async fn rest_expectation(&self, claim: &Claim) -> Result<bool, LedgerError> {
        let changed = sql::execute(
            &self.db,
            "rest an expectation",
            "UPDATE expectations SET look_at = NULL WHERE id = $1 AND version = $2 AND state = 'met'",
            [claim.id.as_str().into(), claim.version.into()],
        )
        .await?;
        Ok(changed > 0)
    }

    /// Documents of an expectation whose files are not here, oldest first.
    pub async fn wanted_files(&self, claim: &Claim) -> Result<Vec<Wanted>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "find documents without a file",
            "SELECT documents.id AS id, documents.transaction_id AS transaction_id
             FROM expectations JOIN documents ON documents.order_id = expectations.order_id
                 AND documents.source_id = expectations.source_id AND documents.made_by = 'gateway'
             WHERE expectations.id = $1 AND NOT EXISTS (
                 SELECT 1 FROM renderings WHERE document_id = documents.id AND form = 'pdf')
             ORDER BY documents.id",
            [claim.id.as_str().into()],
        )
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Wanted {
                    document: plan::document_id(&sql::get::<String>(row, "id")?)?,
                    transaction: sql::get(row, "transaction_id")?,
                })
            })
            .collect()
    }
}
