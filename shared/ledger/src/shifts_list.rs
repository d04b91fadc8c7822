//! A register's shifts for a person, newest first.

use domain::document::Kind;
use domain::ids::{DocumentId, RegisterId};

use crate::page::{self, Page, Values, one_more};
use crate::people::Reach;
use crate::shifts::{self, Shift};
use crate::{Ledger, LedgerError, plan, sql};

/// A shift with its documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftRow {
    /// The shift.
    pub shift: Shift,
    /// Its Z-report, if it is in the ledger.
    pub z_report: Option<DocumentId>,
    /// Its closing, if it is in the ledger.
    pub closing: Option<DocumentId>,
}

impl Ledger {
    /// The shifts of a register within reach.
    pub async fn shifts_of(
        &self,
        reach: &Reach,
        register: &RegisterId,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<ShiftRow>, LedgerError> {
        let mut values = Values::default();
        let register = values.take(register.as_str());
        let within = values.within(reach, "registers.merchant_id");
        let further = match after {
            None => "1 = 1".to_owned(),
            Some(after) => {
                let after = values.take(page::cursor(Some(after)).unwrap_or_default());
                format!(
                    "(shifts.opened_at, shifts.id) <
                         (SELECT last.opened_at, last.id FROM shifts AS last WHERE last.id = {after})"
                )
            }
        };
        let limit_place = values.take(one_more(limit));
        let document = |kind: Kind| {
            format!(
                "(SELECT documents.id FROM documents WHERE documents.register_id = shifts.register_id
                     AND documents.slot = '{}:' || shifts.id AND documents.order_id IS NULL)",
                kind.as_str()
            )
        };
        let (z, closing) = (document(Kind::ZReport), document(Kind::Closing));
        let statement = format!(
            "SELECT shifts.*, {z} AS z_report, {closing} AS closing
             FROM shifts JOIN registers ON registers.id = shifts.register_id
             WHERE shifts.register_id = {register} AND {within} AND {further}
             ORDER BY shifts.opened_at DESC, shifts.id DESC LIMIT {limit_place}"
        );
        let rows = sql::query(&self.db, "list shifts", &statement, values.into_vec()).await?;
        let rows = rows
            .iter()
            .map(|row| {
                let id = |column| {
                    let id: Option<String> = sql::get(row, column)?;
                    id.map(|id| plan::document_id(&id)).transpose()
                };
                Ok(ShiftRow {
                    shift: shifts::shift(row)?,
                    z_report: id("z_report")?,
                    closing: id("closing")?,
                })
            })
            .collect::<Result<_, LedgerError>>()?;
        Ok(Page::cut(rows, limit, |row: &ShiftRow| row.shift.id.clone()))
    }
}
