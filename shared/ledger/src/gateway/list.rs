//! Expectations as people see them: those of an order, and those that are not met.

use domain::ids::{MerchantId, SourceId};
use domain::time::UnixMillis;
use sea_orm::QueryResult;

use super::{Progress, Totals};
use crate::audit::{self, Actor, NewAudit, deed};
use crate::page::{self, Page, Values, one_more};
use crate::people::Reach;
use crate::{Ledger, LedgerError, alerts, day, plan, sql};

/// An expectation as shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectationView {
    /// Its id.
    pub id: String,
    /// Whose.
    pub merchant: MerchantId,
    /// Whose register it is about.
    pub source: SourceId,
    /// The order, by its id in the ledger.
    pub order_id: String,
    /// How far it is.
    pub progress: Progress,
    /// What should be there.
    pub expected: Totals,
    /// What is.
    pub found: Totals,
    /// Since when something is missing.
    pub since: UnixMillis,
    /// It is looked for again then.
    pub look_at: Option<UnixMillis>,
    /// Why the last look brought nothing.
    pub trouble: Option<String>,
    /// Who closed it, and why.
    pub closed: Option<(String, String)>,
}

/// An expectation that is not met, with its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The expectation.
    pub expectation: ExpectationView,
    /// The shop's order id.
    pub order: String,
}

const COLUMNS: &str =
    "expectations.id AS id, expectations.merchant_id AS merchant_id, source_id, order_id, state, sold,
    returned, found_sold, found_returned, since, look_at, trouble, closed_by, closed_why";

impl Ledger {
    /// What is expected for an order, by the order's id in the ledger.
    pub async fn expectations_of(&self, order: &str) -> Result<Vec<ExpectationView>, LedgerError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM expectations WHERE order_id = $1 AND purpose = 'receipt' ORDER BY expectations.id"
        );
        let rows = sql::query(&self.db, "list an order's expectations", &statement, [order.into()]).await?;
        rows.iter().map(view).collect()
    }

    /// The progress of those of some orders (a JSON array of ids) that are not met.
    pub(crate) async fn unmet_of(&self, orders: &str) -> Result<Vec<(String, Progress)>, LedgerError> {
        let statement = format!(
            "SELECT order_id, state FROM expectations
             WHERE purpose = 'receipt' AND state IN ('open', 'missed') AND {}",
            sql::is_in(self.backend(), "order_id", "$1")
        );
        let rows = sql::query(&self.db, "list orders' expectations", &statement, [orders.into()]).await?;
        rows.iter()
            .map(|row| Ok((sql::get(row, "order_id")?, progress(row)?)))
            .collect()
    }

    /// The expectations within reach that are not met, newest first.
    pub async fn unmet_expectations(
        &self,
        reach: &Reach,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Page<Unmet>, LedgerError> {
        let mut values = Values::default();
        let within = values.within(reach, "expectations.merchant_id");
        let older = match page::cursor(before) {
            Some(before) => format!("AND expectations.id < {}", values.take(before)),
            None => String::new(),
        };
        let most = values.take(one_more(limit));
        let statement = format!(
            "SELECT {COLUMNS}, orders.external_id AS external_id
             FROM expectations JOIN orders ON orders.id = expectations.order_id
             WHERE {within} AND purpose = 'receipt' AND state IN ('open', 'missed') {older}
             ORDER BY expectations.id DESC LIMIT {most}"
        );
        let rows = sql::query(&self.db, "list unmet expectations", &statement, values.into_vec()).await?;
        let rows = rows
            .iter()
            .map(|row| {
                Ok(Unmet {
                    expectation: view(row)?,
                    order: sql::get(row, "external_id")?,
                })
            })
            .collect::<Result<_, LedgerError>>()?;
        Ok(Page::cut(rows, limit, |unmet: &Unmet| unmet.expectation.id.clone()))
    }

    /// Has an unmet expectation within reach looked for now. False: there is none.
    pub async fn look_for_receipt_now(&self, reach: &Reach, id: &str, now: UnixMillis) -> Result<bool, LedgerError> {
        if id.contains('\0') {
            return Ok(false);
        }
        let mut values = Values::default();
        let id = values.take(id);
        let at = values.take(now.0);
        let within = values.within(reach, "merchant_id");
        let statement = format!(
            "UPDATE expectations SET look_at = {at}, version = version + 1
             WHERE id = {id} AND purpose = 'receipt' AND state IN ('open', 'missed') AND {within}"
        );
        let changed = sql::execute(&self.db, "look for a receipt now", &statement, values.into_vec()).await?;
        Ok(changed > 0)
    }

    /// A person settled it another way: it is not looked for any more, and its alerts close. False: there is no unmet
    /// one within reach.
    pub async fn close_expectation(
        &self,
        reach: &Reach,
        id: &str,
        why: &str,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "close an expectation";
        if id.contains('\0') {
            return Ok(false);
        }
        let by = by.into();
        let tx = self.begin(WHAT).await?;
        let mut values = Values::default();
        let (key, name, reason) = (values.take(id), values.take(by.name.as_str()), values.take(why));
        let at = values.take(now.0);
        let within = values.within(reach, "merchant_id");
        let statement = format!(
            "UPDATE expectations SET state = 'closed', look_at = NULL, closed_by = {name}, closed_why = {reason},
                 version = version + 1, updated_at = {at}
             WHERE id = {key} AND purpose = 'receipt' AND state IN ('open', 'missed') AND {within}
             RETURNING merchant_id, (SELECT external_id FROM orders WHERE orders.id = order_id) AS external_id"
        );
        let Some(row) = sql::query_one(&tx, WHAT, &statement, values.into_vec()).await? else {
            return Ok(false);
        };
        for kind in [super::alert::MISSING, super::alert::REFUSED, super::alert::DIFFERS] {
            alerts::resolve(&tx, kind, id, now).await?;
        }
        let entry = NewAudit {
            merchant: Some(merchant(&row)?),
            action: deed::EXPECTATION_CLOSED,
            subject: format!("order {}", sql::get::<String>(&row, "external_id")?),
            before: None,
            after: Some(why.to_owned()),
        };
        audit::record(&tx, &by, &entry, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }
}

fn merchant(row: &QueryResult) -> Result<MerchantId, LedgerError> {
    MerchantId::parse(&sql::get::<String>(row, "merchant_id")?).map_err(|_| LedgerError::UnknownValue {
        column: "expectations.merchant_id",
    })
}

fn progress(row: &QueryResult) -> Result<Progress, LedgerError> {
    Progress::parse(&sql::get::<String>(row, "state")?).ok_or(LedgerError::UnknownValue {
        column: "expectations.state",
    })
}

fn view(row: &QueryResult) -> Result<ExpectationView, LedgerError> {
    let amount = |column, name| plan::kopecks(sql::get(row, column)?, name);
    let by: Option<String> = sql::get(row, "closed_by")?;
    Ok(ExpectationView {
        id: sql::get(row, "id")?,
        merchant: merchant(row)?,
        source: SourceId::parse(&sql::get::<String>(row, "source_id")?).map_err(|_| LedgerError::UnknownValue {
            column: "expectations.source_id",
        })?,
        order_id: sql::get(row, "order_id")?,
        progress: progress(row)?,
        expected: Totals {
            sold: amount("sold", "expectations.sold")?,
            returned: amount("returned", "expectations.returned")?,
        },
        found: Totals {
            sold: amount("found_sold", "expectations.found_sold")?,
            returned: amount("found_returned", "expectations.found_returned")?,
        },
        since: UnixMillis(sql::get(row, "since")?),
        look_at: day::time(row, "look_at")?,
        trouble: sql::get(row, "trouble")?,
        closed: by.zip(sql::get(row, "closed_why")?),
    })
}
