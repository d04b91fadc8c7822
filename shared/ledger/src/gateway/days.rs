//! The days of a payment system's register: each has a Z-report, whose file is asked for after the day.

use domain::found::FoundReceipt;
use domain::ids::{MerchantId, SourceId};
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, QueryResult};

use super::Claim;
use crate::page::{self, Page, Values, one_more};
use crate::people::Reach;
use crate::{Ledger, LedgerError, day, sql};

/// A Z-report that somebody asks for now; nobody else asks meanwhile.
#[derive(Clone, Debug)]
pub struct DayClaim {
    /// Its id.
    pub id: String,
    /// Where to ask.
    pub source: SourceId,
    /// The newest transaction of the day.
    pub transaction: String,
    /// Since when it is asked for.
    pub since: UnixMillis,
}

/// A day of a payment system's register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayView {
    /// Its id.
    pub id: String,
    /// Whose.
    pub merchant: MerchantId,
    /// Which source.
    pub source: SourceId,
    /// The register's number at the tax service.
    pub register_number: String,
    /// `YYYY-MM-DD`.
    pub day: String,
    /// When the Z-report came; `None`: it is not there yet.
    pub fetched_at: Option<UnixMillis>,
    /// Why it did not come at the last try.
    pub trouble: Option<String>,
    /// It is asked for again then.
    pub look_at: Option<UnixMillis>,
}

const COLUMNS: &str = "id, merchant_id, source_id, register_number, day, fetched_at, trouble, look_at";

/// The day of a receipt is known, with its newest transaction. A Z-report that came too early, before this receipt, is
/// asked for again.
pub(super) async fn expect(
    tx: &DatabaseTransaction,
    claim: &Claim,
    receipt: &FoundReceipt,
    day: &str,
    at: UnixMillis,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    sql::execute(
        tx,
        "note a day of a payment system's register",
        "INSERT INTO gateway_days (id, merchant_id, source_id, register_number, day, transaction_id, look_at, since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT (source_id, register_number, day) DO UPDATE
             SET transaction_id = excluded.transaction_id, look_at = excluded.look_at, since = excluded.since
             WHERE length(gateway_days.transaction_id) < length(excluded.transaction_id)
                OR (length(gateway_days.transaction_id) = length(excluded.transaction_id)
                    AND gateway_days.transaction_id < excluded.transaction_id)",
        [
            sql::id_at(now).into(),
            claim.merchant.as_str().into(),
            claim.source.as_str().into(),
            receipt.register_number.clone().unwrap_or_default().into(),
            day.into(),
            receipt.transaction.as_str().into(),
            at.0.into(),
        ],
    )
    .await?;
    Ok(())
}

impl Ledger {
    /// Days whose Z-report is to be asked for now, longest due first.
    pub async fn due_gateway_days(&self, now: UnixMillis, limit: u32) -> Result<Vec<String>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "sweep days of payment systems' registers",
            "SELECT id FROM gateway_days WHERE look_at <= $1 ORDER BY look_at, id LIMIT $2",
            [now.0.into(), i64::from(limit).into()],
        )
        .await?;
        rows.iter().map(|row| sql::get(row, "id")).collect()
    }

    /// Takes a due question: nobody else asks before `until`. `None`: it is not due, or somebody asks.
    pub async fn claim_gateway_day(
        &self,
        id: &str,
        until: UnixMillis,
        now: UnixMillis,
    ) -> Result<Option<DayClaim>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "claim a day of a payment system's register",
            "UPDATE gateway_days SET look_at = $2, looks = looks + 1 WHERE id = $1 AND look_at <= $3
             RETURNING source_id, transaction_id, since",
            [id.into(), until.0.into(), now.0.into()],
        )
        .await?;
        row.map(|row| {
            Ok(DayClaim {
                id: id.to_owned(),
                source: source(&row)?,
                transaction: sql::get(&row, "transaction_id")?,
                since: UnixMillis(sql::get(&row, "since")?),
            })
        })
        .transpose()
    }

    /// Keeps a Z-report's file, in base64. A newer transaction of the day leaves the next question as it is.
    pub async fn keep_gateway_day(&self, claim: &DayClaim, body: &str, now: UnixMillis) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "keep a Z-report of a payment system's register",
            "UPDATE gateway_days SET body = $3, fetched_at = $4, trouble = NULL,
                 look_at = CASE WHEN transaction_id = $2 THEN NULL ELSE look_at END
             WHERE id = $1",
            [
                claim.id.as_str().into(),
                claim.transaction.as_str().into(),
                body.into(),
                now.0.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// It did not come; it is asked for again at `look_at`, if at all.
    pub async fn postpone_gateway_day(
        &self,
        claim: &DayClaim,
        why: &str,
        look_at: Option<UnixMillis>,
    ) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "postpone a Z-report of a payment system's register",
            "UPDATE gateway_days SET trouble = $3, look_at = $4 WHERE id = $1 AND transaction_id = $2",
            [
                claim.id.as_str().into(),
                claim.transaction.as_str().into(),
                why.into(),
                look_at.map(|at| at.0).into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// The days within reach, newest first.
    pub async fn gateway_days(
        &self,
        reach: &Reach,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Page<DayView>, LedgerError> {
        let mut values = Values::default();
        let within = values.within(reach, "merchant_id");
        let older = match page::cursor(before) {
            Some(before) => format!("AND id < {}", values.take(before)),
            None => String::new(),
        };
        let most = values.take(one_more(limit));
        let statement =
            format!("SELECT {COLUMNS} FROM gateway_days WHERE {within} {older} ORDER BY id DESC LIMIT {most}");
        let rows = sql::query(
            &self.db,
            "list days of payment systems' registers",
            &statement,
            values.into_vec(),
        )
        .await?;
        let rows = rows.iter().map(view).collect::<Result<_, _>>()?;
        Ok(Page::cut(rows, limit, |day: &DayView| day.id.clone()))
    }

    /// A Z-report's file within reach, in base64.
    pub async fn gateway_day_file(&self, reach: &Reach, id: &str) -> Result<Option<String>, LedgerError> {
        if id.contains('\0') {
            return Ok(None);
        }
        let mut values = Values::default();
        let id = values.take(id);
        let within = values.within(reach, "merchant_id");
        let statement = format!("SELECT body FROM gateway_days WHERE id = {id} AND {within}");
        let row = sql::query_one(
            &self.db,
            "read a Z-report of a payment system's register",
            &statement,
            values.into_vec(),
        )
        .await?;
        row.map_or(Ok(None), |row| sql::get(&row, "body"))
    }
}

fn source(row: &QueryResult) -> Result<SourceId, LedgerError> {
    SourceId::parse(&sql::get::<String>(row, "source_id")?).map_err(|_| LedgerError::UnknownValue {
        column: "gateway_days.source_id",
    })
}

fn view(row: &QueryResult) -> Result<DayView, LedgerError> {
    Ok(DayView {
        id: sql::get(row, "id")?,
        merchant: MerchantId::parse(&sql::get::<String>(row, "merchant_id")?).map_err(|_| {
            LedgerError::UnknownValue {
                column: "gateway_days.merchant_id",
            }
        })?,
        source: source(row)?,
        register_number: sql::get(row, "register_number")?,
        day: sql::get(row, "day")?,
        fetched_at: day::time(row, "fetched_at")?,
        trouble: sql::get(row, "trouble")?,
        look_at: day::time(row, "look_at")?,
    })
}
