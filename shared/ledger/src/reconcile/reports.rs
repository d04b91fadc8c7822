//! The morning letter to a merchant: one per day, once all its sources were compared.

use std::time::Duration;

use domain::ids::MerchantId;
use domain::time::UnixMillis;
use sea_orm::DatabaseTransaction;

use super::runs::{self, Run};
use super::{Counts, FindingFilter, FindingView};
use crate::people::Reach;
use crate::settings::IS_PAYMENT;
use crate::{Ledger, LedgerError, sql};

/// Missed payments that the night took in get their receipts first.
const SETTLES: Duration = Duration::from_secs(600);

/// A letter that is due, taken for a while.
#[derive(Clone, Debug)]
pub struct DueReport {
    /// Whose.
    pub merchant: MerchantId,
    /// About which day.
    pub day: String,
    /// This try's number; the first is 1.
    pub attempts: u32,
    /// When it was made ready.
    pub made_at: UnixMillis,
    epoch: i64,
}

/// What a letter says.
#[derive(Clone, Debug)]
pub struct ReportFacts {
    /// The merchant's name.
    pub name: String,
    /// Where it goes; `None`: nobody wants it any more.
    pub to: Option<String>,
    /// `uk` or `en`.
    pub locale: Option<String>,
    /// The sender; `None`: the service's.
    pub from: Option<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// What was counted, over all sources.
    pub counts: Counts,
    /// Why a comparison is not complete.
    pub problems: Vec<String>,
    /// The first open findings.
    pub findings: Vec<FindingView>,
    /// How many there are.
    pub open: u64,
}

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportEnd {
    /// It was taken.
    Sent,
    /// Not yet.
    Again(UnixMillis, String),
    /// It cannot be sent.
    Held(String),
    /// Nobody wants it.
    Skipped,
}

/// Makes the letter ready with the last of the merchant's nightly runs of a day.
pub(super) async fn prepare(tx: &DatabaseTransaction, run: &Run, now: UnixMillis) -> Result<(), LedgerError> {
    sql::execute(
        tx,
        "make a daily report ready",
        &format!(
            "INSERT INTO daily_reports (merchant_id, day, state, not_before, made_at)
         SELECT id, CAST($2 AS TEXT), 'due', $3, $4 FROM merchants
         WHERE id = $1 AND report_to IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM sources WHERE sources.merchant_id = $1 AND {IS_PAYMENT} AND NOT EXISTS (
                 SELECT 1 FROM reconciliations WHERE reconciliations.source_id = sources.id
                     AND reconciliations.day = $2 AND nightly AND ended_at IS NOT NULL))
         ON CONFLICT DO NOTHING"
        ),
        [
            run.merchant.as_str().into(),
            run.day.as_str().into(),
            now.plus(SETTLES).0.into(),
            now.0.into(),
        ],
    )
    .await?;
    Ok(())
}

impl Ledger {
    /// Takes a letter that is due for so long.
    pub async fn take_report(&self, now: UnixMillis, length: Duration) -> Result<Option<DueReport>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "take a daily report",
            "UPDATE daily_reports SET epoch = epoch + 1, attempts = attempts + 1, not_before = $2
             WHERE state = 'due' AND not_before <= $1 AND (merchant_id, day) = (
                 SELECT merchant_id, day FROM daily_reports WHERE state = 'due' AND not_before <= $1
                 ORDER BY not_before LIMIT 1)
             RETURNING merchant_id, day, attempts, epoch, made_at",
            [now.0.into(), now.plus(length).0.into()],
        )
        .await?;
        row.map(|row| {
            Ok(DueReport {
                merchant: MerchantId::parse(&sql::get::<String>(&row, "merchant_id")?).map_err(|_| {
                    LedgerError::UnknownValue {
                        column: "daily_reports.merchant_id",
                    }
                })?,
                day: sql::get(&row, "day")?,
                attempts: u32::try_from(sql::get::<i64>(&row, "attempts")?).unwrap_or(u32::MAX),
                made_at: UnixMillis(sql::get(&row, "made_at")?),
                epoch: sql::get(&row, "epoch")?,
            })
        })
        .transpose()
    }

    /// What a letter says now.
    pub async fn report_facts(&self, report: &DueReport, lines: u32) -> Result<ReportFacts, LedgerError> {
        const WHAT: &str = "read a daily report";
        let merchant = report.merchant.as_str();
        let row = sql::query_one(
            &self.db,
            WHAT,
            "SELECT name, report_to, report_locale, mail_from, mail_reply_to FROM merchants WHERE id = $1",
            [merchant.into()],
        )
        .await?
        .ok_or(LedgerError::UnknownValue {
            column: "daily_reports.merchant_id",
        })?;
        let rows = sql::query(
            &self.db,
            WHAT,
            "SELECT id, merchant_id, source_id, day, nightly, deep, asked_by, asked_at, ended_at, stage, counts, problem
             FROM reconciliations WHERE merchant_id = $1 AND day = $2 AND nightly",
            [merchant.into(), report.day.as_str().into()],
        )
        .await?;
        let (mut counts, mut problems) = (Counts::default(), Vec::new());
        for row in &rows {
            let run = runs::view(row)?;
            counts.payments += run.counts.payments;
            counts.receipts += run.counts.receipts;
            counts.paid = counts.paid.saturating_add(run.counts.paid);
            counts.sold = counts.sold.saturating_add(run.counts.sold);
            counts.refunded = counts.refunded.saturating_add(run.counts.refunded);
            counts.returned = counts.returned.saturating_add(run.counts.returned);
            counts.taken_in += run.counts.taken_in;
            problems.extend(run.problem);
        }
        let reach = Reach::Merchants(vec![report.merchant.clone()]);
        let filter = FindingFilter::default();
        let found = self.findings(&reach, &filter, None, lines).await?;
        let stats = self.finding_stats(&reach, &filter).await?;
        let open: i64 = stats.iter().map(|one| one.open).sum();
        Ok(ReportFacts {
            name: sql::get(&row, "name")?,
            to: sql::get(&row, "report_to")?,
            locale: sql::get(&row, "report_locale")?,
            from: sql::get(&row, "mail_from")?,
            reply_to: sql::get(&row, "mail_reply_to")?,
            counts,
            problems,
            findings: found.rows,
            open: u64::try_from(open).unwrap_or(0),
        })
    }

    /// Keeps what became of a letter. False: somebody else has taken it.
    pub async fn settle_report(
        &self,
        report: &DueReport,
        end: &ReportEnd,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let (state, not_before, trouble) = match end {
            ReportEnd::Sent => ("sent", now, None),
            ReportEnd::Again(at, trouble) => ("due", *at, Some(trouble.as_str())),
            ReportEnd::Held(trouble) => ("held", now, Some(trouble.as_str())),
            ReportEnd::Skipped => ("skipped", now, None),
        };
        let done_at = (state != "due").then_some(now.0);
        let changed = sql::execute(
            &self.db,
            "settle a daily report",
            "UPDATE daily_reports SET state = $4, not_before = $5, trouble = $6, done_at = $7
             WHERE merchant_id = $1 AND day = $2 AND epoch = $3 AND state = 'due'",
            [
                report.merchant.as_str().into(),
                report.day.as_str().into(),
                report.epoch.into(),
                state.into(),
                not_before.0.into(),
                trouble.into(),
                done_at.into(),
            ],
        )
        .await?;
        Ok(changed == 1)
    }
}
