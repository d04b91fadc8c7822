//! Lists of alerts for a person, a page at a time.

use sea_orm::{EntityTrait, Statement};

use crate::alerts::{self, AlertView};
use crate::entities::alert;
use crate::page::{self, Page, Values, one_more};
use crate::people::Reach;
use crate::{Ledger, LedgerError, plan};

/// Which alerts are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertList {
    /// The open ones, oldest first, but for those that only tell of a hold: holds have a list of their
    /// own.
    Open,
    /// Everything there ever was, newest first.
    All,
}

impl Ledger {
    /// Alerts within reach.
    pub async fn list_alerts(
        &self,
        reach: &Reach,
        list: AlertList,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<AlertView>, LedgerError> {
        let mut values = Values::default();
        let within = values.within(reach, "merchant_id");
        let (compare, order) = match list {
            AlertList::Open => (">", "opened_at, id"),
            AlertList::All => ("<", "opened_at DESC, id DESC"),
        };
        let which = match list {
            AlertList::Open => format!("resolved_at IS NULL AND kind <> {}", values.take(plan::DOCUMENT_HELD)),
            AlertList::All => "1 = 1".to_owned(),
        };
        let further = match after {
            None => "1 = 1".to_owned(),
            Some(after) => {
                let after = values.take(page::cursor(Some(after)).unwrap_or_default());
                format!(
                    "(opened_at, id) {compare} (SELECT last.opened_at, last.id FROM alerts AS last WHERE last.id = {after})"
                )
            }
        };
        let limit_place = values.take(one_more(limit));
        let statement = format!(
            "SELECT alerts.* FROM alerts WHERE {which} AND {within} AND {further} ORDER BY {order} LIMIT {limit_place}"
        );
        let statement = Statement::from_sql_and_values(self.backend(), statement, values.into_vec());
        let rows = alert::Entity::find()
            .from_raw_sql(statement)
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("list alerts", error))?;
        let rows = rows.into_iter().map(alerts::view).collect();
        Ok(Page::cut(rows, limit, |row: &AlertView| row.id.clone()))
    }
}
