//! A register's day: what the last look at it told, and when to look again.

use domain::ids::RegisterId;
use domain::time::UnixMillis;
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};

use crate::actions::Action;
use crate::leases::{self, Lease};
use crate::shifts::{self, Opened, Shift};
use crate::{Ledger, LedgerError, alerts, json, sql};

/// What a look at a register told. `None` means "not told".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// A shift is open.
    pub shift_open: Option<bool>,
    /// The open shift has its Z-report; only closing makes sense then.
    pub z_present: bool,
    /// The local number the next document gets.
    pub next_local: Option<u64>,
    /// The register may work offline.
    pub offline_supported: Option<bool>,
    /// The provider holds documents that the tax service does not have yet.
    pub undelivered: Option<bool>,
    /// Why they are not taken, in the provider's words.
    pub delivery_trouble: Option<String>,
    /// Minutes of the running offline session; the law stops at 2160.
    pub session_minutes: u64,
    /// Offline minutes of the calendar month in finished sessions; the law stops at 10080 in all.
    pub month_minutes: u64,
    /// The registration is cancelled; only closing the shift is allowed.
    pub cancelled: bool,
    /// Our key is a senior cashier's.
    pub chief: Option<bool>,
    /// When the provider's licence ends, milliseconds since 1970.
    pub licence_until: Option<i64>,
    /// The provider said that the tax service is reachable.
    pub tax_service: Option<bool>,
    /// The open shift is a test one: what is made in it is no fiscal receipt.
    pub testing: bool,
}

/// A register's day as the ledger knows it.
#[derive(Clone, Debug, Default)]
pub struct Day {
    /// When to look again; in the past when a look is due.
    pub look_at: UnixMillis,
    /// When the register last answered.
    pub seen_at: Option<UnixMillis>,
    /// What it said then.
    pub facts: Facts,
    /// The shift that was open then.
    pub shift: Option<Shift>,
    /// The oldest closed shift whose report has not been compared with our sums.
    pub uncompared: Option<Shift>,
    /// When its key's certificate ends.
    pub certificate_until: Option<UnixMillis>,
    /// When the certificate was last asked for.
    pub certificate_seen_at: Option<UnixMillis>,
    /// When who sells there was last asked for.
    pub seller_seen_at: Option<UnixMillis>,
    /// Clean-ups since the last registered document.
    pub cleanups: u32,
    /// Documents registered offline and not delivered as far as we know.
    pub offline_documents: u64,
    /// What was asked of it and is not done, oldest first.
    pub actions: Vec<Action>,
    /// Kinds of the alerts that are open about it.
    pub alerts: Vec<String>,
}

/// A register's day for gauges and lists.
#[derive(Clone, Debug)]
pub struct DayView {
    /// Which register.
    pub register: RegisterId,
    /// When it last answered.
    pub seen_at: Option<UnixMillis>,
    /// What it said then.
    pub facts: Facts,
    /// When the open shift was opened, when it closes, and its law's end is 24 h after the first.
    pub shift: Option<(UnixMillis, UnixMillis)>,
    /// When its key's certificate ends.
    pub certificate_until: Option<UnixMillis>,
    /// Documents registered offline and not delivered as far as we know.
    pub offline_documents: u64,
    /// Consecutive failures.
    pub failures: u32,
    /// Why it is left alone, in a word.
    pub trouble: Option<String>,
}

/// Gives a register that was just made known its day; a look is due at once.
pub(crate) async fn begin(db: &impl ConnectionTrait, register: &RegisterId) -> Result<(), LedgerError> {
    sql::execute(
        db,
        "begin a register's day",
        "INSERT INTO register_days (register_id) VALUES ($1) ON CONFLICT (register_id) DO NOTHING",
        [register.as_str().into()],
    )
    .await?;
    Ok(())
}

/// A look is due now, whatever was planned.
pub(crate) async fn look_soon(db: &impl ConnectionTrait, register: &str) -> Result<(), LedgerError> {
    sql::execute(
        db,
        "call for a look",
        "UPDATE register_days SET look_at = 0 WHERE register_id = $1 AND look_at > 0",
        [register.into()],
    )
    .await?;
    Ok(())
}

impl Ledger {
    /// Everything the keeper of a register's day needs to know. A few look-ups in indexes.
    pub async fn day(&self, register: &RegisterId) -> Result<Day, LedgerError> {
        const WHAT: &str = "read a register's day";
        let Some(row) = sql::query_one(
            &self.db,
            WHAT,
            "SELECT look_at, seen_at, facts, certificate_until, certificate_seen_at, seller_seen_at, cleanups,
                 (SELECT count(*) FROM documents WHERE documents.register_id = $1 AND presence = 'offline') AS offline
             FROM register_days WHERE register_id = $1",
            [register.as_str().into()],
        )
        .await?
        else {
            return Ok(Day::default());
        };
        Ok(Day {
            look_at: UnixMillis(sql::get(&row, "look_at")?),
            seen_at: time(&row, "seen_at")?,
            facts: facts(&row)?,
            shift: shifts::open(&self.db, register).await?,
            uncompared: shifts::uncompared(&self.db, register).await?,
            certificate_until: time(&row, "certificate_until")?,
            certificate_seen_at: time(&row, "certificate_seen_at")?,
            seller_seen_at: time(&row, "seller_seen_at")?,
            cleanups: u32::try_from(sql::get::<i64>(&row, "cleanups")?).unwrap_or(u32::MAX),
            offline_documents: u64::try_from(sql::get::<i64>(&row, "offline")?).unwrap_or(0),
            actions: self.open_actions(register).await?,
            alerts: alerts::open_about(&self.db, register.as_str()).await?,
        })
    }

    /// Keeps what a look told: the facts, the shift it saw (a shift that is open no more is closed
    /// here too), and when to look again. False: the lease was lost.
    pub async fn note_look(
        &self,
        lease: &Lease,
        facts: &Facts,
        opened: Option<&Opened>,
        look_at: UnixMillis,
        length: std::time::Duration,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "note a look at a register";
        let tx = self.begin(WHAT).await?;
        if !leases::renew(&tx, lease, length).await? {
            return Ok(false);
        }
        if facts.shift_open.is_some() {
            shifts::see(&tx, &lease.register, opened, now).await?;
        }
        sql::execute(
            &tx,
            WHAT,
            "UPDATE register_days SET facts = $2, seen_at = $3, look_at = $4 WHERE register_id = $1",
            [
                lease.register.as_str().into(),
                json::write(facts).into(),
                now.0.into(),
                look_at.0.into(),
            ],
        )
        .await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }

    /// Sets when to look next, unless somebody called for a look since `noted` was noted.
    pub async fn look_again(
        &self,
        register: &RegisterId,
        noted: UnixMillis,
        at: UnixMillis,
    ) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "set when to look next",
            "UPDATE register_days SET look_at = $3 WHERE register_id = $1 AND look_at = $2",
            [register.as_str().into(), noted.0.into(), at.0.into()],
        )
        .await?;
        Ok(())
    }

    /// Asks for a look now: at the latest the sweep finds it.
    pub async fn look_soon(&self, register: &RegisterId) -> Result<(), LedgerError> {
        look_soon(&self.db, register.as_str()).await
    }

    /// Keeps when the certificate of a register's key ends.
    pub async fn note_certificate(
        &self,
        register: &RegisterId,
        until: Option<UnixMillis>,
        now: UnixMillis,
    ) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "note a certificate",
            "UPDATE register_days SET certificate_until = $2, certificate_seen_at = $3 WHERE register_id = $1",
            [
                register.as_str().into(),
                until.map(|until| until.0).into(),
                now.0.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Counts a clean-up; it is forgotten when a document is registered.
    pub async fn note_cleanup(&self, register: &RegisterId) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "count a clean-up",
            "UPDATE register_days SET cleanups = cleanups + 1, look_at = 0 WHERE register_id = $1",
            [register.as_str().into()],
        )
        .await?;
        Ok(())
    }

    /// Every register's day, for gauges and lists.
    pub async fn days(&self) -> Result<Vec<DayView>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "read the registers' days",
            "SELECT registers.id AS id, registers.failures AS failures, registers.trouble AS trouble,
                 register_days.seen_at AS seen_at, register_days.facts AS facts,
                 register_days.certificate_until AS certificate_until,
                 shifts.opened_at AS opened_at, shifts.close_due AS close_due,
                 (SELECT count(*) FROM documents
                     WHERE documents.register_id = registers.id AND presence = 'offline') AS offline
             FROM registers LEFT JOIN register_days ON register_days.register_id = registers.id
             LEFT JOIN shifts ON shifts.register_id = registers.id AND shifts.closed_at IS NULL
             ORDER BY registers.id",
            [],
        )
        .await?;
        rows.iter().map(day_view).collect()
    }
}

fn day_view(row: &QueryResult) -> Result<DayView, LedgerError> {
    let shift = time(row, "opened_at")?.zip(time(row, "close_due")?);
    Ok(DayView {
        register: RegisterId::parse(&sql::get::<String>(row, "id")?)
            .map_err(|_| LedgerError::UnknownValue { column: "registers.id" })?,
        seen_at: time(row, "seen_at")?,
        facts: facts(row)?,
        shift,
        certificate_until: time(row, "certificate_until")?,
        offline_documents: u64::try_from(sql::get::<i64>(row, "offline")?).unwrap_or(0),
        failures: u32::try_from(sql::get::<i64>(row, "failures")?).unwrap_or(u32::MAX),
        trouble: sql::get(row, "trouble")?,
    })
}

pub(crate) fn facts(row: &QueryResult) -> Result<Facts, LedgerError> {
    let text: Option<String> = sql::get(row, "facts")?;
    text.map_or_else(|| Ok(Facts::default()), |text| json::read(&text, "register_days.facts"))
}

pub(crate) fn time(row: &QueryResult, column: &'static str) -> Result<Option<UnixMillis>, LedgerError> {
    Ok(sql::get::<Option<i64>>(row, column)?.map(UnixMillis))
}
