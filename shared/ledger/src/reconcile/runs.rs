//! Runs: asked for by the night or by a person, claimed by a worker, gone on with where they stopped.

use std::time::Duration;

use domain::ids::{MerchantId, SourceId};
use domain::time::UnixMillis;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};

use super::Counts;
use crate::audit::{self, Actor, NewAudit, deed};
use crate::day::time;
use crate::page::{Page, Values, cursor, one_more};
use crate::people::Reach;
use crate::settings::IS_PAYMENT;
use crate::{Ledger, LedgerError, json, sql};

/// A day in Kyiv that is to be compared.
#[derive(Clone, Copy, Debug)]
pub struct Night<'a> {
    /// `2026-11-21`.
    pub day: &'a str,
    /// Its midnight.
    pub from: UnixMillis,
    /// The next one.
    pub to: UnixMillis,
    /// Take missed messages in.
    pub take_in: bool,
}

/// A comparison to be asked for.
#[derive(Clone, Copy, Debug)]
pub struct NewRun<'a> {
    /// Which day.
    pub night: Night<'a>,
    /// Ask the payment system about every single order.
    pub deep: bool,
}

/// A run at work: whoever has it may go on with it until its claim ends.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// Whose.
    pub merchant: MerchantId,
    /// Of which source.
    pub source: SourceId,
    /// Which day.
    pub day: String,
    /// Its midnight.
    pub from: UnixMillis,
    /// The next one.
    pub to: UnixMillis,
    /// Ask about every order.
    pub deep: bool,
    /// Take missed messages in.
    pub take_in: bool,
    /// How far it is.
    pub stage: String,
    /// And where there.
    pub place: String,
    /// What it counted so far.
    pub counts: Counts,
    /// Why its last try stopped.
    pub problem: Option<String>,
    /// Tries that stopped.
    pub attempts: u32,
    /// When it began.
    pub started_at: UnixMillis,
    pub(super) owner: String,
    pub(super) epoch: i64,
}

/// Where a run is after a page.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// The stage to go on with.
    pub stage: &'a str,
    /// The place in it.
    pub place: &'a str,
    /// What was counted so far.
    pub counts: &'a Counts,
    /// The claim lasts so long from now.
    pub length: Duration,
    /// What is found now is looked at once more after this.
    pub look_in: Duration,
}

/// What asking for a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedRun {
    /// The run, new or the one that is open already.
    pub id: String,
    /// It is new.
    pub new: bool,
}

/// A run as shown.
#[derive(Clone, Debug)]
pub struct RunView {
    /// Its id.
    pub id: String,
    /// Whose.
    pub merchant: String,
    /// Of which source.
    pub source: String,
    /// Which day.
    pub day: String,
    /// By the night, not by a person.
    pub nightly: bool,
    /// Every order was asked about.
    pub deep: bool,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: UnixMillis,
    /// When it ended.
    pub ended_at: Option<UnixMillis>,
    /// How far it is.
    pub stage: String,
    /// What it counted.
    pub counts: Counts,
    /// What kept it from being complete.
    pub problem: Option<String>,
}

const RUN: &str = "id, merchant_id, source_id, day, day_from, day_to, deep, take_in, stage, place, counts, problem, \
                   owner, epoch, attempts, started_at";
const VIEW: &str = "id, merchant_id, source_id, day, nightly, deep, asked_by, asked_at, ended_at, stage, counts, \
                    problem";

impl Ledger {
    /// Makes sure that every source has its nightly run of a day; how many are new. Safe to repeat and to do
    /// anywhere at once. Sources whose receipts nobody compares here are left out by the caller's day.
    pub async fn plan_night(&self, night: Night<'_>, now: UnixMillis) -> Result<u64, LedgerError> {
        const WHAT: &str = "plan a night";
        // One that a person asked for and that is at work serves for the night, too.
        sql::execute(
            &self.db,
            WHAT,
            "UPDATE reconciliations SET nightly = TRUE WHERE day = $1 AND ended_at IS NULL AND NOT nightly
               AND NOT EXISTS (SELECT 1 FROM reconciliations AS other
                   WHERE other.source_id = reconciliations.source_id AND other.day = $1 AND other.nightly)",
            [night.day.into()],
        )
        .await?;
        sql::execute(
            &self.db,
            WHAT,
            &format!("INSERT INTO reconciliations (id, merchant_id, source_id, day, day_from, day_to, nightly, deep, take_in,
                 asked_by, asked_at, stage)
             SELECT 'night-' || CAST($1 AS TEXT) || '-' || sources.id, merchant_id, sources.id, CAST($1 AS TEXT), $2, $3,
                 TRUE, FALSE, $4, $5, $6, 'begin' FROM sources
             WHERE {IS_PAYMENT} AND NOT EXISTS (SELECT 1 FROM reconciliations AS known
                 WHERE known.source_id = sources.id AND known.day = $1 AND (known.nightly OR known.ended_at IS NULL))
             ON CONFLICT DO NOTHING"),
            [
                night.day.into(),
                night.from.0.into(),
                night.to.0.into(),
                night.take_in.into(),
                audit::OURSELVES.into(),
                now.0.into(),
            ],
        )
        .await
    }

    /// Asks for a comparison of one source's day, or joins the one that is open. `None`: there is no such source
    /// within reach.
    pub async fn ask_reconciliation(
        &self,
        reach: &Reach,
        source: &SourceId,
        wanted: NewRun<'_>,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Option<AskedRun>, LedgerError> {
        const WHAT: &str = "ask for a reconciliation";
        let by = by.into();
        let tx = self.begin(WHAT).await?;
        let row = sql::query_one(
            &tx,
            WHAT,
            &format!("SELECT merchant_id FROM sources WHERE id = $1 AND {IS_PAYMENT}"),
            [source.as_str().into()],
        )
        .await?;
        let merchant: Option<String> = row.map(|row| sql::get(&row, "merchant_id")).transpose()?;
        let Some(merchant) = merchant.filter(|merchant| reach.sees(merchant)) else {
            return Ok(None);
        };
        let asked = insert(&tx, source, &merchant, wanted, &by.name, now).await?;
        if asked.new {
            let entry = NewAudit {
                merchant: MerchantId::parse(&merchant).ok(),
                action: deed::RECONCILIATION_ASKED,
                subject: format!("source {source}"),
                before: None,
                after: Some(wanted.night.day.to_owned()),
            };
            audit::record(&tx, &by, &entry, now).await?;
        }
        sql::commit(tx, WHAT).await?;
        Ok(Some(asked))
    }

    /// Takes a run that nobody is at: this one, or the one that waits longest.
    pub async fn claim_run(
        &self,
        which: Option<&str>,
        owner: &str,
        length: Duration,
        now: UnixMillis,
    ) -> Result<Option<Run>, LedgerError> {
        let clock = sql::clock(self.backend());
        // A person who waits at a command line does not want to wait for a pause.
        let which_one = match which {
            Some(_) => "id = $4",
            None => "not_before <= $3 AND $4 = ''",
        };
        let statement = format!(
            "UPDATE reconciliations SET owner = $1, epoch = epoch + 1, until = {clock} + $2,
                 started_at = coalesce(started_at, $3)
             WHERE ended_at IS NULL AND (owner IS NULL OR until < {clock}) AND id = (
                 SELECT id FROM reconciliations
                 WHERE ended_at IS NULL AND (owner IS NULL OR until < {clock}) AND {which_one}
                 ORDER BY nightly, asked_at, id LIMIT 1)
             RETURNING {RUN}"
        );
        let values = [
            owner.into(),
            millis(length).into(),
            now.0.into(),
            which.unwrap_or_default().into(),
        ];
        let row = sql::query_one(&self.db, "claim a reconciliation", &statement, values).await?;
        row.as_ref().map(run).transpose()
    }

    /// Gives a run back for a while: something did not answer, or it waits for something.
    pub async fn rest_run(&self, run: &Run, until: UnixMillis, problem: Option<&str>) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "rest a reconciliation",
            "UPDATE reconciliations SET owner = NULL, not_before = $3, problem = $4,
                 attempts = attempts + CASE WHEN $4 IS NULL THEN 0 ELSE 1 END
             WHERE id = $1 AND epoch = $2 AND ended_at IS NULL",
            [run.id.as_str().into(), run.epoch.into(), until.0.into(), problem.into()],
        )
        .await?;
        Ok(())
    }

    /// Ends a run. False: somebody else has it.
    pub async fn end_run(
        &self,
        run: &Run,
        counts: &Counts,
        problem: Option<&str>,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "end a reconciliation";
        let tx = self.begin(WHAT).await?;
        let changed = sql::execute(
            &tx,
            WHAT,
            "UPDATE reconciliations SET stage = 'done', place = '', counts = $3, problem = $4, ended_at = $5,
                 owner = NULL
             WHERE id = $1 AND epoch = $2 AND ended_at IS NULL",
            [
                run.id.as_str().into(),
                run.epoch.into(),
                json::write(counts).into(),
                problem.into(),
                now.0.into(),
            ],
        )
        .await?;
        if changed == 0 {
            return Ok(false);
        }
        super::findings::tell(&tx, &run.source, now).await?;
        super::reports::prepare(&tx, run, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }

    /// One run within reach.
    pub async fn reconciliation(&self, reach: &Reach, id: &str) -> Result<Option<RunView>, LedgerError> {
        let Some(id) = cursor(Some(id)) else {
            return Ok(None);
        };
        let statement = format!("SELECT {VIEW} FROM reconciliations WHERE id = $1");
        let row = sql::query_one(&self.db, "read a reconciliation", &statement, [id.into()]).await?;
        let view = row.as_ref().map(view).transpose()?;
        Ok(view.filter(|view| reach.sees(&view.merchant)))
    }

    /// Runs within reach, newest first: of a day and of a source, if named. `after` is the id of the last one seen.
    pub async fn reconciliations(
        &self,
        reach: &Reach,
        day: Option<&str>,
        source: Option<&str>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<RunView>, LedgerError> {
        let mut values = Values::default();
        let mut conditions = vec![values.within(reach, "merchant_id")];
        for (column, value) in [("day", cursor(day)), ("source_id", cursor(source))] {
            if let Some(value) = value {
                conditions.push(format!("{column} = {}", values.take(value)));
            }
        }
        if let Some(after) = cursor(after) {
            let place = values.take(after);
            conditions.push(format!(
                "(asked_at, id) < (SELECT asked_at, id FROM reconciliations WHERE id = {place})"
            ));
        }
        let most = values.take(one_more(limit));
        let statement = format!(
            "SELECT {VIEW} FROM reconciliations WHERE {} ORDER BY asked_at DESC, id DESC LIMIT {most}",
            conditions.join(" AND ")
        );
        let rows = sql::query(&self.db, "list reconciliations", &statement, values.into_vec()).await?;
        let rows = rows.iter().map(view).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::cut(rows, limit, |row| row.id.clone()))
    }

    /// Registers that another source with a smaller id has, too: their tapes are read for that one.
    pub async fn registers_of_earlier_sources(&self, source: &SourceId) -> Result<Vec<String>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "find shared registers",
            &format!("SELECT DISTINCT register_id FROM sources WHERE id < $1 AND {IS_PAYMENT}"),
            [source.as_str().into()],
        )
        .await?;
        rows.iter().map(|row| sql::get(row, "register_id")).collect()
    }

    /// When the newest complete run of each source ended.
    pub async fn last_reconciliations(&self) -> Result<Vec<(String, Option<UnixMillis>)>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "read when sources were reconciled",
            &format!(
                "SELECT sources.id AS id, (SELECT max(ended_at) FROM reconciliations
                 WHERE reconciliations.source_id = sources.id) AS ended_at FROM sources WHERE {IS_PAYMENT} ORDER BY id"
            ),
            [],
        )
        .await?;
        rows.iter()
            .map(|row| Ok((sql::get(row, "id")?, time(row, "ended_at")?)))
            .collect()
    }
}

async fn insert(
    tx: &DatabaseTransaction,
    source: &SourceId,
    merchant: &str,
    wanted: NewRun<'_>,
    by: &str,
    now: UnixMillis,
) -> Result<AskedRun, LedgerError> {
    let id = sql::id_at(now);
    let night = wanted.night;
    let row = sql::query_one(
        tx,
        "open a reconciliation",
        "INSERT INTO reconciliations (id, merchant_id, source_id, day, day_from, day_to, nightly, deep, take_in,
             asked_by, asked_at, stage)
         VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7, $8, $9, $10, 'begin')
         ON CONFLICT (source_id, day) WHERE ended_at IS NULL DO UPDATE
         SET not_before = 0, take_in = (reconciliations.take_in OR excluded.take_in) RETURNING id",
        [
            id.as_str().into(),
            merchant.into(),
            source.as_str().into(),
            night.day.into(),
            night.from.0.into(),
            night.to.0.into(),
            wanted.deep.into(),
            night.take_in.into(),
            by.into(),
            now.0.into(),
        ],
    )
    .await?;
    let found: String = row.map_or_else(|| Ok(id.clone()), |row| sql::get(&row, "id"))?;
    Ok(AskedRun {
        new: found == id,
        id: found,
    })
}

/// Keeps how far a run is, in the transaction that keeps what it found. False: the claim is lost.
pub(super) async fn keep(tx: &DatabaseTransaction, run: &Run, progress: Progress<'_>) -> Result<bool, LedgerError> {
    let clock = sql::clock(tx.get_database_backend());
    let statement = format!(
        "UPDATE reconciliations SET stage = $4, place = $5, counts = $6, until = {clock} + $7
         WHERE id = $1 AND owner = $2 AND epoch = $3 AND ended_at IS NULL"
    );
    let values = [
        run.id.as_str().into(),
        run.owner.as_str().into(),
        run.epoch.into(),
        progress.stage.into(),
        progress.place.into(),
        json::write(progress.counts).into(),
        millis(progress.length).into(),
    ];
    Ok(sql::execute(tx, "keep how far a reconciliation is", &statement, values).await? == 1)
}

fn run(row: &QueryResult) -> Result<Run, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    Ok(Run {
        id: sql::get(row, "id")?,
        merchant: MerchantId::parse(&sql::get::<String>(row, "merchant_id")?)
            .map_err(|_| unknown("reconciliations.merchant_id"))?,
        source: SourceId::parse(&sql::get::<String>(row, "source_id")?)
            .map_err(|_| unknown("reconciliations.source_id"))?,
        day: sql::get(row, "day")?,
        from: UnixMillis(sql::get(row, "day_from")?),
        to: UnixMillis(sql::get(row, "day_to")?),
        deep: sql::get(row, "deep")?,
        take_in: sql::get(row, "take_in")?,
        stage: sql::get(row, "stage")?,
        place: sql::get(row, "place")?,
        counts: json::read(&sql::get::<String>(row, "counts")?, "reconciliations.counts")?,
        problem: sql::get(row, "problem")?,
        attempts: u32::try_from(sql::get::<i64>(row, "attempts")?).unwrap_or(u32::MAX),
        started_at: time(row, "started_at")?.unwrap_or(UnixMillis::EPOCH),
        owner: sql::get::<Option<String>>(row, "owner")?.unwrap_or_default(),
        epoch: sql::get(row, "epoch")?,
    })
}

pub(super) fn view(row: &QueryResult) -> Result<RunView, LedgerError> {
    Ok(RunView {
        id: sql::get(row, "id")?,
        merchant: sql::get(row, "merchant_id")?,
        source: sql::get(row, "source_id")?,
        day: sql::get(row, "day")?,
        nightly: sql::get(row, "nightly")?,
        deep: sql::get(row, "deep")?,
        asked_by: sql::get(row, "asked_by")?,
        asked_at: UnixMillis(sql::get(row, "asked_at")?),
        ended_at: time(row, "ended_at")?,
        stage: sql::get(row, "stage")?,
        counts: json::read(&sql::get::<String>(row, "counts")?, "reconciliations.counts")?,
        problem: sql::get(row, "problem")?,
    })
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}
