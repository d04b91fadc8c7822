//! Messages as people see them: by lane, by document, with every try.

use domain::time::UnixMillis;
use sea_orm::QueryResult;

use super::LaneId;
use crate::page::{self, Page, Values, one_more};
use crate::people::Reach;
use crate::{Ledger, LedgerError, day, sql};

/// A lane as shown.
#[derive(Clone, Debug)]
pub struct LaneView {
    /// Its id.
    pub id: LaneId,
    /// Whose.
    pub merchant: String,
    /// `mail`, `webhook`, `phone`.
    pub channel: String,
    /// A webhook's address.
    pub url: String,
    /// Messages that are due.
    pub due: u64,
    /// Messages that wait for a person.
    pub held: u64,
    /// Since when nothing is taken.
    pub down_since: Option<UnixMillis>,
    /// Why, in a word.
    pub trouble: Option<String>,
    /// When it is tried next, if it rests.
    pub rests_until: UnixMillis,
}

/// A message as shown.
#[derive(Clone, Debug)]
pub struct DeliveryView {
    /// Its id, which a receiver sees, too.
    pub id: String,
    /// Its lane.
    pub lane: LaneId,
    /// Whose.
    pub merchant: String,
    /// `mail`, `webhook`, `phone`.
    pub channel: String,
    /// A webhook's address.
    pub url: String,
    /// About which document.
    pub document: String,
    /// What that is: `sale`, `storno`, `return`.
    pub kind: String,
    /// Its order, by its id in the ledger.
    pub order_id: String,
    /// The shop's order id.
    pub order: String,
    /// What is told.
    pub news: String,
    /// Which sending by hand; 0 went by itself.
    pub copy: u64,
    /// `due`, `sending`, `done`, `held`, `failed`, `skipped`.
    pub state: String,
    /// Tries so far.
    pub attempts: u64,
    /// Tries after which nobody knows whether it arrived: so many copies too many there may be.
    pub unclear: u64,
    /// Why it is not done, in a word.
    pub trouble: Option<String>,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it was taken.
    pub done_at: Option<UnixMillis>,
    /// It is not tried before this: for its own sake, or because its lane rests.
    pub not_before: UnixMillis,
}

/// A try as shown.
#[derive(Clone, Debug)]
pub struct TryView {
    /// Its class in a word.
    pub outcome: String,
    /// The HTTP status or SMTP code.
    pub status: Option<i64>,
    /// More.
    pub detail: Option<String>,
    /// When it began.
    pub started_at: UnixMillis,
    /// How long it took.
    pub duration_ms: i64,
}

/// Which messages are listed.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// Of this lane.
    pub lane: Option<String>,
    /// In this state.
    pub state: Option<String>,
    /// About this document.
    pub document: Option<String>,
}

/// Counting stops here: "more than" is enough for a person.
const MOST: i64 = 1000;

/// States that are rare among all.
const ODD: [&str; 3] = ["held", "failed", "skipped"];

const SHOWN: &str = "
    SELECT deliveries.*, lanes.channel AS channel, lanes.url AS url, lanes.not_before AS lane_rests,
        orders.id AS order_id, orders.external_id AS external_id, documents.kind AS kind
    FROM deliveries JOIN lanes ON lanes.id = deliveries.lane_id
    JOIN documents ON documents.id = deliveries.document_id
    JOIN orders ON orders.id = documents.order_id";

impl Ledger {
    /// The lanes within reach, by id.
    pub async fn lanes(&self, reach: &Reach, after: Option<&str>, limit: u32) -> Result<Page<LaneView>, LedgerError> {
        let mut values = Values::default();
        let within = values.within(reach, "merchant_id");
        let after = values.take(page::cursor(after).unwrap_or_default());
        let (most, limit_mark) = (values.take(MOST), values.take(one_more(limit)));
        let count = |state: &str| {
            format!(
                "(SELECT count(*) FROM (SELECT 1 FROM deliveries
                     WHERE deliveries.lane_id = chosen.id AND {state} LIMIT {most}) AS counted)"
            )
        };
        let (due, held) = (count("state IN ('due', 'sending')"), count("state = 'held'"));
        let statement = format!(
            "SELECT chosen.*, {due} AS due, {held} AS held FROM (
                 SELECT id, merchant_id, channel, url, down_since, trouble, not_before FROM lanes
                 WHERE {within} AND id > {after} ORDER BY id LIMIT {limit_mark}
             ) AS chosen ORDER BY id"
        );
        let rows = sql::query(&self.db, "list lanes", &statement, values.into_vec()).await?;
        let rows = rows.iter().map(lane_view).collect::<Result<_, _>>()?;
        Ok(Page::cut(rows, limit, |lane: &LaneView| lane.id.as_str().to_owned()))
    }

    /// Messages within reach, newest first.
    pub async fn list_deliveries(
        &self,
        reach: &Reach,
        filter: &DeliveryFilter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<DeliveryView>, LedgerError> {
        let mut values = Values::default();
        let mut conditions = vec![values.within(reach, "deliveries.merchant_id")];
        let columns = [
            ("deliveries.lane_id", &filter.lane),
            ("deliveries.document_id", &filter.document),
        ];
        for (column, wanted) in columns {
            if let Some(wanted) = page::cursor(wanted.as_deref()) {
                conditions.push(format!("{column} = {}", values.take(wanted)));
            }
        }
        // A state stands there as itself, so that an index of few states can be used.
        match filter.state.as_deref() {
            None => {}
            Some(state) if ODD.contains(&state) => {
                conditions.push("deliveries.state IN ('held', 'failed', 'skipped')".to_owned());
                conditions.push(format!("deliveries.state = '{state}'"));
            }
            Some(state @ ("due" | "sending")) => {
                conditions.push("deliveries.state IN ('due', 'sending')".to_owned());
                conditions.push(format!("deliveries.state = '{state}'"));
            }
            Some("done") => conditions.push("deliveries.state = 'done'".to_owned()),
            Some(_) => return Ok(Page::empty()),
        }
        if let Some(after) = page::cursor(after) {
            conditions.push(format!("deliveries.id < {}", values.take(after)));
        }
        let limit_mark = values.take(one_more(limit));
        let statement = format!(
            "{SHOWN} WHERE {} ORDER BY deliveries.id DESC LIMIT {limit_mark}",
            conditions.join(" AND ")
        );
        let rows = sql::query(&self.db, "list deliveries", &statement, values.into_vec()).await?;
        let rows = rows.iter().map(delivery_view).collect::<Result<_, _>>()?;
        Ok(Page::cut(rows, limit, |delivery: &DeliveryView| delivery.id.clone()))
    }

    /// One message within reach.
    pub async fn delivery(&self, reach: &Reach, id: &str) -> Result<Option<DeliveryView>, LedgerError> {
        let mut values = Values::default();
        let id = values.take(page::cursor(Some(id)).unwrap_or_default());
        let within = values.within(reach, "deliveries.merchant_id");
        let statement = format!("{SHOWN} WHERE deliveries.id = {id} AND {within}");
        let row = sql::query_one(&self.db, "show a delivery", &statement, values.into_vec()).await?;
        row.as_ref().map(delivery_view).transpose()
    }

    /// The tries of a message within reach, oldest first.
    pub async fn delivery_tries(&self, reach: &Reach, delivery: &str) -> Result<Vec<TryView>, LedgerError> {
        let mut values = Values::default();
        let id = values.take(page::cursor(Some(delivery)).unwrap_or_default());
        let within = values.within(reach, "deliveries.merchant_id");
        let most = values.take(MOST);
        let statement = format!(
            "SELECT delivery_tries.* FROM delivery_tries JOIN deliveries ON deliveries.id = delivery_tries.delivery_id
             WHERE delivery_id = {id} AND {within} ORDER BY delivery_tries.id LIMIT {most}"
        );
        let rows = sql::query(&self.db, "list tries", &statement, values.into_vec()).await?;
        rows.iter()
            .map(|row| {
                Ok(TryView {
                    outcome: sql::get(row, "outcome")?,
                    status: sql::get(row, "status")?,
                    detail: sql::get(row, "detail")?,
                    started_at: UnixMillis(sql::get(row, "started_at")?),
                    duration_ms: sql::get(row, "duration_ms")?,
                })
            })
            .collect()
    }
}

fn count(row: &QueryResult, column: &'static str) -> Result<u64, LedgerError> {
    Ok(u64::try_from(sql::get::<i64>(row, column)?).unwrap_or(0))
}

fn lane_view(row: &QueryResult) -> Result<LaneView, LedgerError> {
    Ok(LaneView {
        id: LaneId::from_bell(sql::get(row, "id")?),
        merchant: sql::get(row, "merchant_id")?,
        channel: sql::get(row, "channel")?,
        url: sql::get(row, "url")?,
        due: count(row, "due")?,
        held: count(row, "held")?,
        down_since: day::time(row, "down_since")?,
        trouble: sql::get(row, "trouble")?,
        rests_until: UnixMillis(sql::get(row, "not_before")?),
    })
}

fn delivery_view(row: &QueryResult) -> Result<DeliveryView, LedgerError> {
    Ok(DeliveryView {
        id: sql::get(row, "id")?,
        lane: LaneId::from_bell(sql::get(row, "lane_id")?),
        merchant: sql::get(row, "merchant_id")?,
        channel: sql::get(row, "channel")?,
        url: sql::get(row, "url")?,
        document: sql::get(row, "document_id")?,
        kind: sql::get(row, "kind")?,
        order_id: sql::get(row, "order_id")?,
        order: sql::get(row, "external_id")?,
        news: sql::get(row, "news")?,
        copy: count(row, "copy")?,
        state: sql::get(row, "state")?,
        attempts: count(row, "attempts")?,
        unclear: count(row, "unclear")?,
        trouble: sql::get(row, "trouble")?,
        created_at: UnixMillis(sql::get(row, "created_at")?),
        done_at: day::time(row, "done_at")?,
        not_before: UnixMillis(sql::get::<i64>(row, "not_before")?.max(sql::get(row, "lane_rests")?)),
    })
}
