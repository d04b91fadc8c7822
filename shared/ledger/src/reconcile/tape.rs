//! Reading a register's tape for a day, and what is on it that we did not make.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use domain::ids::RegisterId;
use domain::reconcile::FindingKind;
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, QueryResult};

use super::findings::Judged;
use super::{Figures, NewFinding, Repair};
use crate::leases::{self, Lease};
use crate::{Ledger, LedgerError, day, json, sql};

/// A reading that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TapeRead {
    /// Which day.
    pub day: String,
    /// Its midnight.
    pub from: UnixMillis,
    /// The next one.
    pub to: UnixMillis,
}

/// A receipt on our tape that we did not make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// Its number at the tax service.
    pub fiscal_number: String,
    /// Its place on the tape.
    pub local_number: i64,
    /// Its time, as written.
    pub written_at: Option<String>,
    /// `sale`, `return`, `storno`; `unknown` when it could not be read.
    pub kind: &'static str,
    /// Its sum in kopecks, if it could be read.
    pub amount: Option<i64>,
    /// The receipt it gives back or cancels.
    pub of_number: Option<String>,
    /// The reference printed on it.
    pub token: Option<String>,
}

impl Ledger {
    /// Asks for a reading of a register's tape; its keeper does it. Asking again reads again.
    pub async fn ask_tape(&self, register: &RegisterId, read: &TapeRead, now: UnixMillis) -> Result<(), LedgerError> {
        const WHAT: &str = "ask for a tape";
        let tx = self.begin(WHAT).await?;
        sql::execute(
            &tx,
            WHAT,
            "INSERT INTO tape_reads (register_id, day, day_from, day_to, asked_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (register_id, day) DO UPDATE SET asked_at = excluded.asked_at, read_at = NULL",
            [
                register.as_str().into(),
                read.day.as_str().into(),
                read.from.0.into(),
                read.to.0.into(),
                now.0.into(),
            ],
        )
        .await?;
        day::look_soon(&tx, register.as_str()).await?;
        sql::commit(tx, WHAT).await
    }

    /// The oldest reading of a register's tape that is asked for.
    pub async fn tape_wanted(&self, register: &RegisterId) -> Result<Option<TapeRead>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "find a tape that is asked for",
            "SELECT day, day_from, day_to FROM tape_reads WHERE register_id = $1 AND read_at IS NULL ORDER BY day LIMIT 1",
            [register.as_str().into()],
        )
        .await?;
        row.map(|row| {
            Ok(TapeRead {
                day: sql::get(&row, "day")?,
                from: UnixMillis(sql::get(&row, "day_from")?),
                to: UnixMillis(sql::get(&row, "day_to")?),
            })
        })
        .transpose()
    }

    /// How many documents a finished reading listed; `None`: it is not finished.
    pub async fn tape_listed(&self, register: &RegisterId, day: &str) -> Result<Option<u64>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "look for a tape",
            "SELECT listed FROM tape_reads WHERE register_id = $1 AND day = $2 AND read_at IS NOT NULL",
            [register.as_str().into(), day.into()],
        )
        .await?;
        row.map(|row| Ok(u64::try_from(sql::get::<i64>(&row, "listed")?).unwrap_or(0)))
            .transpose()
    }

    /// Of these numbers, those that are known as strangers' already.
    pub async fn known_strangers(
        &self,
        register: &RegisterId,
        numbers: &[String],
    ) -> Result<HashSet<String>, LedgerError> {
        let is_in = sql::is_in(self.backend(), "fiscal_number", "$2");
        let statement = format!("SELECT fiscal_number FROM strange_documents WHERE register_id = $1 AND {is_in}");
        let values = [register.as_str().into(), json::write(&numbers).into()];
        let rows = sql::query(&self.db, "find known strangers", &statement, values).await?;
        rows.iter().map(|row| sql::get(row, "fiscal_number")).collect()
    }

    /// Keeps a reading: what was listed, and the strangers that are new. False: the lease was lost.
    pub async fn note_tape(
        &self,
        lease: &Lease,
        read: &TapeRead,
        listed: u64,
        strangers: &[Stranger],
        length: Duration,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "keep a tape";
        let tx = self.begin(WHAT).await?;
        if !leases::renew(&tx, lease, length).await? {
            return Ok(false);
        }
        keep_strangers(&tx, &lease.register, &read.day, strangers, now).await?;
        sql::execute(
            &tx,
            WHAT,
            "UPDATE tape_reads SET read_at = $3, listed = $4 WHERE register_id = $1 AND day = $2",
            [
                lease.register.as_str().into(),
                read.day.as_str().into(),
                now.0.into(),
                i64::try_from(listed).unwrap_or(i64::MAX).into(),
            ],
        )
        .await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }

    /// What a register's strangers of a day mean: a foreign document, or a second copy of a receipt of ours.
    pub async fn judge_strangers(&self, register: &RegisterId, day: &str) -> Result<Vec<Judged>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "read strangers",
            "SELECT fiscal_number, written_at, kind, amount, of_number, order_id,
                 (SELECT documents.fiscal_number FROM documents WHERE documents.token = strange_documents.token
                     AND documents.register_id = strange_documents.register_id) AS twin,
                 EXISTS (SELECT 1 FROM documents WHERE documents.register_id = strange_documents.register_id
                     AND documents.fiscal_number = strange_documents.fiscal_number) AS ours,
                 EXISTS (SELECT 1 FROM documents WHERE documents.token = strange_documents.token
                     AND documents.state IN ('sending', 'in_doubt')) AS in_doubt
             FROM strange_documents WHERE register_id = $1 AND (day = $2
                 OR of_number IN (SELECT fiscal_number FROM strange_documents WHERE register_id = $1 AND day = $2)
                 OR fiscal_number IN (SELECT of_number FROM strange_documents WHERE register_id = $1 AND day = $2))
             ORDER BY local_number",
            [register.as_str().into(), day.into()],
        )
        .await?;
        let strangers = rows.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let undone = undone(&strangers);
        Ok(strangers
            .iter()
            .map(|one| {
                let settled = one.linked || one.ours || one.in_doubt || undone.contains(one.number.as_str());
                judged(register, one, settled)
            })
            .collect())
    }
}

/// Those that are known already stay as they are.
pub(crate) async fn keep_strangers(
    tx: &DatabaseTransaction,
    register: &RegisterId,
    day: &str,
    strangers: &[Stranger],
    now: UnixMillis,
) -> Result<(), LedgerError> {
    for stranger in strangers {
        sql::execute(
            tx,
            "keep a document made elsewhere",
            "INSERT INTO strange_documents (register_id, fiscal_number, day, local_number, written_at, kind,
                 amount, of_number, token, seen_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
            [
                register.as_str().into(),
                stranger.fiscal_number.as_str().into(),
                day.into(),
                stranger.local_number.into(),
                stranger.written_at.clone().into(),
                stranger.kind.into(),
                stranger.amount.into(),
                stranger.of_number.clone().into(),
                stranger.token.clone().into(),
                now.0.into(),
            ],
        )
        .await?;
    }
    Ok(())
}

struct Row {
    number: String,
    kind: String,
    amount: Option<i64>,
    of_number: Option<String>,
    written_at: Option<String>,
    twin: Option<String>,
    linked: bool,
    ours: bool,
    /// Its reference is on a document of ours that we ask about: its fate is being found out.
    in_doubt: bool,
}

fn row(row: &QueryResult) -> Result<Row, LedgerError> {
    Ok(Row {
        number: sql::get(row, "fiscal_number")?,
        kind: sql::get(row, "kind")?,
        amount: sql::get(row, "amount")?,
        of_number: sql::get(row, "of_number")?,
        written_at: sql::get(row, "written_at")?,
        twin: sql::get(row, "twin")?,
        linked: sql::get::<Option<String>>(row, "order_id")?.is_some(),
        ours: sql::get(row, "ours")?,
        in_doubt: sql::get(row, "in_doubt")?,
    })
}

/// Strangers that strangers took back whole: both sides are in order.
fn undone(strangers: &[Row]) -> HashSet<&str> {
    let by_number: HashMap<&str, &Row> = strangers.iter().map(|one| (one.number.as_str(), one)).collect();
    let mut undone = HashSet::new();
    for back in strangers.iter().filter(|one| one.kind != "sale") {
        let sale = back.of_number.as_deref().and_then(|number| by_number.get(number));
        if let Some(sale) = sale
            && (back.kind == "storno" || back.amount == sale.amount)
        {
            undone.extend([back.number.as_str(), sale.number.as_str()]);
        }
    }
    undone
}

fn judged(register: &RegisterId, one: &Row, settled: bool) -> Judged {
    let found = || NewFinding {
        kind: match one.twin {
            Some(_) => FindingKind::DuplicateReceipt,
            None => FindingKind::ForeignDocument,
        },
        figures: Figures {
            amount: one.amount,
            document: Some(one.kind.clone()),
            twin: one.twin.clone(),
            written_at: one.written_at.clone(),
            ..Figures::default()
        },
        repair: match one.twin {
            Some(_) => Repair::AskAgain,
            None => Repair::Link,
        },
        document: None,
    };
    Judged {
        subject: format!("{register}/{}", one.number),
        external: None,
        order: None,
        place: Some((register.clone(), one.number.clone())),
        findings: if settled { Vec::new() } else { vec![found()] },
    }
}
