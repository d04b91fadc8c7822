//! Registers for a person: how each does, at a glance.

use domain::ids::{MerchantId, RegisterId};
use domain::time::UnixMillis;
use sea_orm::QueryResult;

use crate::alerts::Severity;
use crate::attention::MOST;
use crate::day::{self, Facts};
use crate::doors::Open;
use crate::page::{self, Page, Values, one_more};
use crate::people::Reach;
use crate::{Ledger, LedgerError, sql};

/// A register at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterRow {
    /// Which.
    pub id: RegisterId,
    /// Whose.
    pub merchant: MerchantId,
    /// Its provider's word.
    pub provider: String,
    /// Its number at the tax service.
    pub fiscal_number: String,
    /// Since when its shift is open, and when it must be closed.
    pub shift: Option<(UnixMillis, UnixMillis)>,
    /// When it last answered.
    pub seen_at: Option<UnixMillis>,
    /// What it said then.
    pub facts: Facts,
    /// When its key's certificate ends, as far as known.
    pub certificate_until: Option<UnixMillis>,
    /// Consecutive failures.
    pub failures: u32,
    /// Why it is left alone, in a word.
    pub trouble: Option<String>,
    /// Until when; in the past when it is not.
    pub rests_until: UnixMillis,
    /// Documents the tax service does not have yet, as far as we know; counted up to [`MOST`].
    pub offline_documents: u64,
    /// What is not done; each counted up to [`MOST`].
    pub open: Open,
    /// When its last receipt was registered.
    pub last_receipt: Option<UnixMillis>,
    /// The worst of its open alerts.
    pub worst_alert: Option<Severity>,
}

/// How a register reaches the tax service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Documents are registered at once.
    Online,
    /// Documents get offline numbers and are delivered later.
    Offline,
    /// It does not answer, or was never asked.
    Unknown,
}

impl RegisterRow {
    /// How it reaches the tax service, as far as the last look told.
    pub fn line(&self) -> Line {
        if self.seen_at.is_none() || self.failures > 0 {
            return Line::Unknown;
        }
        let offline = self.facts.tax_service == Some(false) || self.facts.undelivered == Some(true);
        if offline || self.offline_documents > 0 {
            Line::Offline
        } else {
            Line::Online
        }
    }
}

/// In which order, and how many.
#[derive(Clone, Copy)]
pub(crate) enum Order<'a> {
    /// By id, after this one.
    After(&'a str, u32),
    /// The most troubled first.
    Trouble(u32),
}

impl Ledger {
    /// The registers within reach, by id.
    pub async fn registers_list(
        &self,
        reach: &Reach,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<RegisterRow>, LedgerError> {
        let after = page::cursor(after).unwrap_or_default();
        let rows = self.register_rows(reach, Order::After(after, limit)).await?;
        Ok(Page::cut(rows, limit, |row| row.id.as_str().to_owned()))
    }

    pub(crate) async fn register_rows(&self, reach: &Reach, order: Order<'_>) -> Result<Vec<RegisterRow>, LedgerError> {
        let mut values = Values::default();
        let within = values.within(reach, "registers.merchant_id");
        let (which, by, limit) = match order {
            Order::After(after, limit) => (
                format!("registers.id > {}", values.take(after)),
                "registers.id",
                one_more(limit),
            ),
            Order::Trouble(limit) => (
                "1 = 1".to_owned(),
                "coalesce(worst, CASE WHEN registers.failures > 0 THEN 1 ELSE 2 END), registers.id",
                i64::from(limit),
            ),
        };
        let limit = values.take(limit);
        let most = values.take(i64::try_from(MOST).unwrap_or(i64::MAX));
        let count = |condition: &str| {
            format!(
                "(SELECT count(*) FROM (SELECT 1 FROM documents
                     WHERE documents.register_id = chosen.id AND {condition} LIMIT {most}) AS counted)"
            )
        };
        // Two counts, for each has a partial index of its own.
        let due = format!("{} + {}", count("state = 'ready'"), count("state = 'pending'"));
        let doubt = count("state IN ('sending', 'in_doubt')");
        let (held, offline) = (count("state = 'held'"), count("presence = 'offline'"));
        let place = "coalesce(worst, CASE WHEN failures > 0 THEN 1 ELSE 2 END)";
        let outer = match order {
            Order::After(..) => "id".to_owned(),
            Order::Trouble(_) => format!("{place}, id"),
        };
        // First which registers, then what costs a look-up for each of them.
        let statement = format!(
            "SELECT chosen.*, {due} AS due, {doubt} AS doubt, {held} AS held, {offline} AS offline,
                 (SELECT coalesce(documents.done_at, documents.updated_at) FROM documents
                     WHERE documents.register_id = chosen.id AND documents.local_number IS NOT NULL
                       AND documents.order_id IS NOT NULL
                     ORDER BY documents.local_number DESC LIMIT 1) AS last_receipt
             FROM (SELECT registers.id AS id, registers.merchant_id AS merchant_id, registers.provider AS provider,
                     registers.fiscal_number AS fiscal_number, registers.failures AS failures,
                     registers.trouble AS trouble, registers.not_before AS not_before,
                     register_days.seen_at AS seen_at, register_days.facts AS facts,
                     register_days.certificate_until AS certificate_until,
                     shifts.opened_at AS opened_at, shifts.close_due AS close_due, troubled.worst AS worst
                 FROM registers LEFT JOIN register_days ON register_days.register_id = registers.id
                 LEFT JOIN shifts ON shifts.register_id = registers.id AND shifts.closed_at IS NULL
                 LEFT JOIN (SELECT register_id, min(CASE severity WHEN 'critical' THEN 0 ELSE 1 END) AS worst
                     FROM alerts WHERE resolved_at IS NULL AND register_id IS NOT NULL GROUP BY register_id) AS troubled
                     ON troubled.register_id = registers.id
                 WHERE {which} AND {within} ORDER BY {by} LIMIT {limit}) AS chosen
             ORDER BY {outer}"
        );
        let rows = sql::query(&self.db, "list registers", &statement, values.into_vec()).await?;
        rows.iter().map(register_row).collect()
    }
}

fn register_row(row: &QueryResult) -> Result<RegisterRow, LedgerError> {
    let count = |column| Ok::<_, LedgerError>(u64::try_from(sql::get::<i64>(row, column)?).unwrap_or(0));
    let worst: Option<i32> = sql::get(row, "worst")?;
    Ok(RegisterRow {
        id: RegisterId::parse(&sql::get::<String>(row, "id")?)
            .map_err(|_| LedgerError::UnknownValue { column: "registers.id" })?,
        merchant: MerchantId::parse(&sql::get::<String>(row, "merchant_id")?).map_err(|_| {
            LedgerError::UnknownValue {
                column: "registers.merchant_id",
            }
        })?,
        provider: sql::get(row, "provider")?,
        fiscal_number: sql::get(row, "fiscal_number")?,
        shift: day::time(row, "opened_at")?.zip(day::time(row, "close_due")?),
        seen_at: day::time(row, "seen_at")?,
        facts: day::facts(row)?,
        certificate_until: day::time(row, "certificate_until")?,
        failures: u32::try_from(sql::get::<i64>(row, "failures")?).unwrap_or(u32::MAX),
        trouble: sql::get(row, "trouble")?,
        rests_until: UnixMillis(sql::get(row, "not_before")?),
        offline_documents: count("offline")?,
        open: Open {
            due: count("due")?.min(MOST),
            in_doubt: count("doubt")?,
            held: count("held")?,
        },
        last_receipt: day::time(row, "last_receipt")?,
        worst_alert: worst.map(|worst| match worst {
            0 => Severity::Critical,
            _ => Severity::Warning,
        }),
    })
}

#[cfg(test)]
mod tests;
