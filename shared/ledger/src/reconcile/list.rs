//! Findings as people see them.

use domain::ids::{ExternalOrderId, MerchantId, SourceId};
use domain::reconcile::FindingKind;
use domain::time::UnixMillis;
use sea_orm::QueryResult;

use super::findings::is_id;
use super::{Figures, Repair};
use crate::day::time;
use crate::page::{Page, Values, cursor, one_more};
use crate::people::Reach;
use crate::{Ledger, LedgerError, json, sql};

/// A finding as shown.
#[derive(Clone, Debug)]
pub struct FindingView {
    /// Its id.
    pub id: String,
    /// Whose.
    pub merchant: MerchantId,
    /// Of which source.
    pub source: SourceId,
    /// What does not fit.
    pub kind: FindingKind,
    /// The shop's order, if it is about one.
    pub external: Option<ExternalOrderId>,
    /// The order's id in the ledger, once it has one.
    pub order: Option<String>,
    /// Of a document on a tape: the register.
    pub register: Option<String>,
    /// And its number.
    pub fiscal_number: Option<String>,
    /// The day it was found for.
    pub day: String,
    /// Its figures.
    pub figures: Figures,
    /// What leads out of it.
    pub repair: Repair,
    /// The held receipt.
    pub document: Option<String>,
    /// `open`, `gone`, `closed`.
    pub state: String,
    /// How often it was found.
    pub seen: i64,
    /// Since when.
    pub found_at: UnixMillis,
    /// A repair that was asked for and is not done.
    pub wanted: Option<Repair>,
    /// When it ended, and by whom.
    pub ended: Option<(UnixMillis, String)>,
    /// What a person said when they settled it.
    pub reason: Option<String>,
}

/// Which findings to list; the open ones by default.
#[derive(Clone, Debug, Default)]
pub struct FindingFilter<'a> {
    /// Those of this day.
    pub day: Option<&'a str>,
    /// Of this source.
    pub source: Option<&'a str>,
    /// Of this kind.
    pub kind: Option<FindingKind>,
    /// Of this merchant.
    pub merchant: Option<&'a str>,
    /// Those that ended, too.
    pub all: bool,
}

/// Open findings of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingStats {
    /// The kind.
    pub kind: FindingKind,
    /// How many.
    pub open: i64,
}

const VIEW: &str = "id, merchant_id, source_id, kind, external_id, order_id, register_id, fiscal_number, day, figures, \
                    repair, document_id, state, seen, found_at, wanted, ended_at, ended_by, reason";

impl Ledger {
    /// Findings within reach, oldest first; `after` is the id of the last one seen.
    pub async fn findings(
        &self,
        reach: &Reach,
        filter: &FindingFilter<'_>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<FindingView>, LedgerError> {
        let mut values = Values::default();
        let mut conditions = vec![values.within(reach, "merchant_id")];
        if !filter.all {
            conditions.push("state = 'open'".to_owned());
        }
        let kind = filter.kind.map(FindingKind::as_str);
        let wanted = [
            ("day =", cursor(filter.day)),
            ("source_id =", cursor(filter.source)),
            ("merchant_id =", cursor(filter.merchant)),
            ("kind =", kind),
            ("id >", cursor(after)),
        ];
        for (condition, value) in wanted {
            if let Some(value) = value {
                conditions.push(format!("{condition} {}", values.take(value)));
            }
        }
        let most = values.take(one_more(limit));
        let statement = format!(
            "SELECT {VIEW} FROM findings WHERE {} ORDER BY id LIMIT {most}",
            conditions.join(" AND ")
        );
        let rows = sql::query(&self.db, "list findings", &statement, values.into_vec()).await?;
        let rows = rows.iter().map(view).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::cut(rows, limit, |row| row.id.clone()))
    }

    /// One finding within reach.
    pub async fn finding(&self, reach: &Reach, id: &str) -> Result<Option<FindingView>, LedgerError> {
        if !is_id(id) {
            return Ok(None);
        }
        let statement = format!("SELECT {VIEW} FROM findings WHERE id = $1");
        let row = sql::query_one(&self.db, "read a finding", &statement, [id.into()]).await?;
        let view = row.as_ref().map(view).transpose()?;
        Ok(view.filter(|view| reach.sees(view.merchant.as_str())))
    }

    /// How many findings are open, by kind; kinds without any are there, too.
    pub async fn finding_stats(
        &self,
        reach: &Reach,
        filter: &FindingFilter<'_>,
    ) -> Result<Vec<FindingStats>, LedgerError> {
        let mut values = Values::default();
        let mut conditions = vec![values.within(reach, "merchant_id")];
        for (condition, value) in [
            ("day =", cursor(filter.day)),
            ("source_id =", cursor(filter.source)),
            ("merchant_id =", cursor(filter.merchant)),
        ] {
            if let Some(value) = value {
                conditions.push(format!("{condition} {}", values.take(value)));
            }
        }
        let statement = format!(
            "SELECT kind, count(*) AS number FROM findings WHERE state = 'open' AND {} GROUP BY kind",
            conditions.join(" AND ")
        );
        let rows = sql::query(&self.db, "count findings", &statement, values.into_vec()).await?;
        let counted = rows
            .iter()
            .map(|row| Ok((kind_of(row)?, sql::get(row, "number")?)))
            .collect::<Result<Vec<(FindingKind, i64)>, LedgerError>>()?;
        let number = |kind| {
            counted
                .iter()
                .find(|(counted, _)| *counted == kind)
                .map_or(0, |(_, number)| *number)
        };
        Ok(FindingKind::ALL
            .into_iter()
            .map(|kind| FindingStats {
                kind,
                open: number(kind),
            })
            .collect())
    }

    /// Findings whose next look is due, oldest first.
    pub async fn due_looks(&self, now: UnixMillis, limit: u32) -> Result<Vec<FindingView>, LedgerError> {
        let statement =
            format!("SELECT {VIEW} FROM findings WHERE state = 'open' AND look_at <= $1 ORDER BY look_at, id LIMIT $2");
        let values = [now.0.into(), i64::from(limit).into()];
        let rows = sql::query(&self.db, "find due looks", &statement, values).await?;
        rows.iter().map(view).collect()
    }

    /// The open findings of a source that a run has not found again, by id.
    pub async fn findings_not_seen(
        &self,
        source: &SourceId,
        run: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<FindingView>, LedgerError> {
        let statement = format!(
            "SELECT {VIEW} FROM findings
             WHERE source_id = $1 AND state = 'open' AND (run_id IS NULL OR run_id <> $2) AND id > $3
             ORDER BY id LIMIT $4"
        );
        let values = [
            source.as_str().into(),
            run.into(),
            after.into(),
            i64::from(limit).into(),
        ];
        let rows = sql::query(&self.db, "read a source's findings", &statement, values).await?;
        rows.iter().map(view).collect()
    }
}

fn kind_of(row: &QueryResult) -> Result<FindingKind, LedgerError> {
    FindingKind::parse(&sql::get::<String>(row, "kind")?).ok_or(LedgerError::UnknownValue {
        column: "findings.kind",
    })
}

fn view(row: &QueryResult) -> Result<FindingView, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    let external: Option<String> = sql::get(row, "external_id")?;
    let wanted: Option<String> = sql::get(row, "wanted")?;
    let by: Option<String> = sql::get(row, "ended_by")?;
    Ok(FindingView {
        id: sql::get(row, "id")?,
        merchant: MerchantId::parse(&sql::get::<String>(row, "merchant_id")?)
            .map_err(|_| unknown("findings.merchant_id"))?,
        source: SourceId::parse(&sql::get::<String>(row, "source_id")?).map_err(|_| unknown("findings.source_id"))?,
        kind: kind_of(row)?,
        external: external
            .map(|id| ExternalOrderId::parse(&id))
            .transpose()
            .map_err(|_| unknown("findings.external_id"))?,
        order: sql::get(row, "order_id")?,
        register: sql::get(row, "register_id")?,
        fiscal_number: sql::get(row, "fiscal_number")?,
        day: sql::get(row, "day")?,
        figures: json::read(&sql::get::<String>(row, "figures")?, "findings.figures")?,
        repair: Repair::parse(&sql::get::<String>(row, "repair")?).ok_or_else(|| unknown("findings.repair"))?,
        document: sql::get(row, "document_id")?,
        state: sql::get(row, "state")?,
        seen: sql::get(row, "seen")?,
        found_at: UnixMillis(sql::get(row, "found_at")?),
        wanted: wanted.as_deref().and_then(Repair::parse),
        ended: time(row, "ended_at")?.zip(by),
        reason: sql::get(row, "reason")?,
    })
}
