//! Documents that wait for a person, and documents nobody knows the fate of: the longest-waiting first.

use std::time::Duration;

use domain::hold::HoldReason;
use domain::money::Kopecks;
use domain::time::UnixMillis;
use sea_orm::QueryResult;

use crate::page::{self, Page, Values, one_more};
use crate::people::Reach;
use crate::{Ledger, LedgerError, day, plan, sql};

/// A document that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldDocument {
    /// Which.
    pub document: OpenDocument,
    /// Why.
    pub reason: HoldReason,
    /// In words.
    pub detail: String,
    /// Since when.
    pub since: UnixMillis,
}

/// A document with a request that left, and nobody knows yet what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubtfulDocument {
    /// Which.
    pub document: OpenDocument,
    /// `sending` or `in_doubt`.
    pub state: String,
    /// When the request left.
    pub sent_at: UnixMillis,
    /// When the register is asked next.
    pub asks_at: UnixMillis,
    /// How often it was sent or asked about.
    pub attempts: u32,
    /// Why its register is left alone, in a word.
    pub register_trouble: Option<String>,
}

/// What both lists show of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenDocument {
    /// Its id.
    pub id: String,
    /// Whose.
    pub merchant: String,
    /// The order: its id in the ledger, and the shop's. `None` for a register's own.
    pub order: Option<(String, String)>,
    /// On which register.
    pub register: String,
    /// `sale`, `return`, …
    pub kind: String,
    /// How much.
    pub amount: Kopecks,
}

/// A request that left less than this ago is nothing to worry about.
const MOMENT: Duration = Duration::from_secs(60);

/// What is to be found for [`OpenDocument`].
const OPEN: &str = "documents.id AS id, documents.merchant_id AS merchant_id, documents.order_id AS order_id,
     orders.external_id AS external_id, documents.register_id AS register_id, documents.kind AS kind,
     documents.amount AS amount";

/// Is its fate unknown for longer than a moment? `at`: the placeholder of "a moment ago".
pub(crate) fn is_doubtful(at: &str) -> String {
    format!("documents.state IN ('sending', 'in_doubt') AND coalesce(documents.sent_at, documents.updated_at) <= {at}")
}

/// A moment before `now`.
pub(crate) fn a_moment_ago(now: UnixMillis) -> UnixMillis {
    now.minus(MOMENT)
}

impl Ledger {
    /// Documents that wait for a person.
    pub async fn held_documents(
        &self,
        reach: &Reach,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<HeldDocument>, LedgerError> {
        let mut values = Values::default();
        let after = values.take(page::cursor(after).unwrap_or_default());
        let within = values.within(reach, "documents.merchant_id");
        let limit_place = values.take(one_more(limit));
        let statement = format!(
            "SELECT {OPEN}, documents.hold_reason AS hold_reason, documents.hold_text AS hold_text,
                 documents.updated_at AS updated_at
             FROM documents LEFT JOIN orders ON orders.id = documents.order_id
             WHERE documents.state = 'held' AND documents.id > {after} AND {within}
             ORDER BY documents.id LIMIT {limit_place}"
        );
        let rows = sql::query(&self.db, "list held documents", &statement, values.into_vec()).await?;
        let rows = rows.iter().map(held).collect::<Result<_, LedgerError>>()?;
        Ok(Page::cut(rows, limit, |row: &HeldDocument| row.document.id.clone()))
    }

    /// Documents whose fate is not known for longer than a moment. Most are cleared up by asking.
    pub async fn doubtful_documents(
        &self,
        reach: &Reach,
        now: UnixMillis,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<DoubtfulDocument>, LedgerError> {
        let mut values = Values::default();
        let after = values.take(page::cursor(after).unwrap_or_default());
        let doubtful = is_doubtful(&values.take(a_moment_ago(now).0));
        let within = values.within(reach, "documents.merchant_id");
        let limit_place = values.take(one_more(limit));
        let statement = format!(
            "SELECT {OPEN}, documents.state AS state, coalesce(documents.sent_at, documents.updated_at) AS sent_at,
                 documents.not_before AS not_before, documents.attempts AS attempts, registers.trouble AS trouble
             FROM documents JOIN registers ON registers.id = documents.register_id
             LEFT JOIN orders ON orders.id = documents.order_id
             WHERE {doubtful} AND documents.id > {after} AND {within}
             ORDER BY documents.id LIMIT {limit_place}"
        );
        let rows = sql::query(&self.db, "list doubtful documents", &statement, values.into_vec()).await?;
        let rows = rows.iter().map(doubtful_row).collect::<Result<_, LedgerError>>()?;
        Ok(Page::cut(rows, limit, |row: &DoubtfulDocument| row.document.id.clone()))
    }
}

fn open(row: &QueryResult) -> Result<OpenDocument, LedgerError> {
    let order: Option<String> = sql::get(row, "order_id")?;
    Ok(OpenDocument {
        id: sql::get(row, "id")?,
        merchant: sql::get(row, "merchant_id")?,
        order: order.zip(sql::get::<Option<String>>(row, "external_id")?),
        register: sql::get(row, "register_id")?,
        kind: sql::get(row, "kind")?,
        amount: plan::kopecks(sql::get(row, "amount")?, "documents.amount")?,
    })
}

fn held(row: &QueryResult) -> Result<HeldDocument, LedgerError> {
    let reason: Option<String> = sql::get(row, "hold_reason")?;
    let detail: Option<String> = sql::get(row, "hold_text")?;
    Ok(HeldDocument {
        document: open(row)?,
        reason: plan::hold_reason(&reason.unwrap_or_default())?,
        detail: detail.unwrap_or_default(),
        since: UnixMillis(sql::get(row, "updated_at")?),
    })
}

fn doubtful_row(row: &QueryResult) -> Result<DoubtfulDocument, LedgerError> {
    Ok(DoubtfulDocument {
        document: open(row)?,
        state: sql::get(row, "state")?,
        sent_at: day::time(row, "sent_at")?.unwrap_or_default(),
        asks_at: UnixMillis(sql::get(row, "not_before")?),
        attempts: u32::try_from(sql::get::<i64>(row, "attempts")?).unwrap_or(u32::MAX),
        register_trouble: sql::get(row, "trouble")?,
    })
}
