//! Alerts: open problems a person should look at. Raising one twice is raising it once.

use domain::ids::{EventId, MerchantId, RegisterId};
use domain::time::UnixMillis;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect as _, Select,
};
use uuid::Uuid;

use crate::audit::{self, Actor, NewAudit, deed};
use crate::entities::alert;
use crate::page::Values;
use crate::people::Reach;
use crate::{Ledger, LedgerError, sql};

/// How urgent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Look today.
    Warning,
    /// Look now.
    Critical,
}

impl Severity {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// A problem to be told.
#[derive(Clone, Debug)]
pub struct NewAlert {
    /// A stable word, e.g. `register_trouble`.
    pub kind: &'static str,
    /// What it is about; one alert is open per kind and subject.
    pub subject: String,
    /// How urgent it is.
    pub severity: Severity,
    /// Whose problem.
    pub merchant: Option<MerchantId>,
    /// Which register, if one.
    pub register: Option<RegisterId>,
    /// What is the matter; nothing secret or personal.
    pub text: Words,
    /// What a person should do next.
    pub next_step: Words,
}

/// Plain words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: String,
    /// Ukrainian.
    pub uk: String,
}

impl Words {
    /// The same in both languages.
    pub fn new(en: impl Into<String>, uk: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            uk: uk.into(),
        }
    }
}

/// An alert as listed.
#[derive(Clone, Debug)]
pub struct AlertView {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// `warning` or `critical`.
    pub severity: String,
    /// Which register, if one.
    pub register: Option<String>,
    /// Whose, if somebody's.
    pub merchant: Option<String>,
    /// What is the matter.
    pub text: Words,
    /// What to do next.
    pub next_step: Words,
    /// How often it was raised.
    pub seen: i64,
    /// Since when.
    pub opened_at: UnixMillis,
    /// When it closed by itself.
    pub resolved_at: Option<UnixMillis>,
    /// When somebody said that they know of it, and who.
    pub acknowledged: Option<(UnixMillis, String)>,
}

/// What acknowledging an alert did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledged {
    /// Somebody knows of it.
    Done {
        /// It closed with that ([`closes_when_acknowledged`]).
        closed: bool,
    },
    /// It was closed before; nothing was done.
    WasClosed,
    /// There is no such alert within reach.
    NotFound,
}

impl NewAlert {
    pub(crate) fn event_conflict(merchant: &MerchantId, event: EventId) -> Self {
        Self {
            kind: EVENT_CONFLICT,
            subject: event.to_string(),
            severity: Severity::Warning,
            merchant: Some(merchant.clone()),
            register: None,
            text: Words::new(
                format!(
                    "A repeated message about event {event} came with another content. The first one counts; the \
                     other is kept."
                ),
                format!("Повторне повідомлення про подію {event} прийшло з іншим вмістом. Діє перше; друге збережено."),
            ),
            next_step: Words::new(
                "Compare the two at the payment system, then acknowledge this alert.",
                "Порівняйте їх у платіжній системі, а тоді позначте попередження прочитаним.",
            ),
        }
    }
}

impl Ledger {
    /// Opens an alert, or counts it once more when it is open.
    pub async fn raise_alert(&self, alert: &NewAlert, now: UnixMillis) -> Result<(), LedgerError> {
        raise(&self.db, alert, now).await
    }

    /// Closes an alert whose cause is gone. Nothing happens when none is open.
    pub async fn resolve_alert(&self, kind: &str, subject: &str, now: UnixMillis) -> Result<(), LedgerError> {
        resolve(&self.db, kind, subject, now).await
    }

    /// The open alerts, oldest first, of this merchant if one is named.
    pub async fn open_alerts(&self, merchant: Option<&MerchantId>) -> Result<Vec<AlertView>, LedgerError> {
        let open = alert::Entity::find()
            .filter(alert::Column::ResolvedAt.is_null())
            .order_by_asc(alert::Column::OpenedAt);
        self.list(open, merchant).await
    }

    /// The newest alerts, closed ones too.
    pub async fn recent_alerts(
        &self,
        merchant: Option<&MerchantId>,
        limit: u64,
    ) -> Result<Vec<AlertView>, LedgerError> {
        let newest = alert::Entity::find()
            .order_by_desc(alert::Column::OpenedAt)
            .limit(limit);
        self.list(newest, merchant).await
    }

    async fn list(
        &self,
        mut query: Select<alert::Entity>,
        merchant: Option<&MerchantId>,
    ) -> Result<Vec<AlertView>, LedgerError> {
        if let Some(merchant) = merchant {
            query = query.filter(alert::Column::MerchantId.eq(merchant.as_str()));
        }
        let rows = query
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("list alerts", error))?;
        Ok(rows.into_iter().map(view).collect())
    }

    /// Somebody has seen the alert. One whose cause cannot go away by itself closes with that
    /// ([`closes_when_acknowledged`]). Safe to repeat; the first who acknowledged it stays.
    pub async fn acknowledge_alert(
        &self,
        reach: &Reach,
        id: &str,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Acknowledged, LedgerError> {
        const WHAT: &str = "acknowledge an alert";
        let by = by.into();
        let tx = self.begin(WHAT).await?;
        let Some(told) = lock(&tx, reach, id).await? else {
            return Ok(Acknowledged::NotFound);
        };
        if told.closed {
            return Ok(Acknowledged::WasClosed);
        }
        let closes = closes_when_acknowledged(&told.kind);
        sql::execute(
            &tx,
            WHAT,
            "UPDATE alerts SET acknowledged_at = coalesce(acknowledged_at, $2),
                 acknowledged_by = coalesce(acknowledged_by, $3), resolved_at = $4
             WHERE id = $1",
            [
                id.into(),
                now.0.into(),
                by.name.as_str().into(),
                closes.then_some(now.0).into(),
            ],
        )
        .await?;
        if closes || !told.known {
            let entry = NewAudit {
                merchant: told.merchant,
                action: deed::ALERT_ACKNOWLEDGED,
                subject: format!("alert {} about {}", told.kind, told.subject),
                before: None,
                after: closes.then(|| "closed".to_owned()),
            };
            audit::record(&tx, &by, &entry, now).await?;
        }
        sql::commit(tx, WHAT).await?;
        Ok(Acknowledged::Done { closed: closes })
    }
}

/// An alert that is being acknowledged.
struct Told {
    kind: String,
    subject: String,
    merchant: Option<MerchantId>,
    known: bool,
    closed: bool,
}

/// The alert, if it is within reach; it stays as it is until the transaction ends.
async fn lock(tx: &DatabaseTransaction, reach: &Reach, id: &str) -> Result<Option<Told>, LedgerError> {
    let mut values = Values::default();
    let id = values.take(id);
    let within = values.within(reach, "merchant_id");
    let statement = format!(
        "UPDATE alerts SET seen = seen WHERE id = {id} AND {within}
         RETURNING kind, subject, merchant_id, acknowledged_at, resolved_at"
    );
    let row = sql::query_one(tx, "lock an alert", &statement, values.into_vec()).await?;
    row.map(|row| {
        let merchant: Option<String> = sql::get(&row, "merchant_id")?;
        let acknowledged: Option<i64> = sql::get(&row, "acknowledged_at")?;
        let resolved: Option<i64> = sql::get(&row, "resolved_at")?;
        Ok(Told {
            kind: sql::get(&row, "kind")?,
            subject: sql::get(&row, "subject")?,
            merchant: merchant
                .map(|id| MerchantId::parse(&id))
                .transpose()
                .map_err(|_| LedgerError::UnknownValue {
                    column: "alerts.merchant_id",
                })?,
            known: acknowledged.is_some(),
            closed: resolved.is_some(),
        })
    })
    .transpose()
}

/// True for alerts about something that happened, which no later event undoes: they stay until
/// somebody has seen them.
pub fn closes_when_acknowledged(kind: &str) -> bool {
    matches!(
        kind,
        crate::notices::NOTICE_CONFLICT
            | crate::notices::NOTICE_DIFFERS
            | crate::notices::NOTICE_UNCONFIRMED
            | crate::notices::NOTICE_OF_HELD
            | EVENT_CONFLICT
            | STRANGE_EVENT
            | Z_DIFFERENCE
            | crate::settlements::SETTLEMENT_STUCK
    )
}

/// A repeated key came with another content.
pub const EVENT_CONFLICT: &str = "event_conflict";
/// The payment system sent something no rule covers.
pub const STRANGE_EVENT: &str = "strange_event";
/// A Z-report and our sums differ. Closes when a later report of the register agrees, too.
pub const Z_DIFFERENCE: &str = "z_difference";

pub(crate) fn view(row: alert::Model) -> AlertView {
    AlertView {
        id: row.id,
        kind: row.kind,
        subject: row.subject,
        severity: row.severity,
        register: row.register_id,
        merchant: row.merchant_id,
        text: Words::new(row.detail, row.detail_uk),
        next_step: Words::new(row.next_step, row.next_step_uk),
        seen: row.seen,
        opened_at: UnixMillis(row.opened_at),
        resolved_at: row.resolved_at.map(UnixMillis),
        acknowledged: row.acknowledged_at.map(UnixMillis).zip(row.acknowledged_by),
    }
}

/// Kinds of the open alerts about a subject. Only open alerts are read, over a partial index.
pub(crate) async fn open_about(db: &impl ConnectionTrait, subject: &str) -> Result<Vec<String>, LedgerError> {
    let rows = sql::query(
        db,
        "list alerts about something",
        "SELECT kind FROM alerts WHERE subject = $1 AND resolved_at IS NULL",
        [subject.into()],
    )
    .await?;
    rows.iter().map(|row| sql::get(row, "kind")).collect()
}

pub(crate) async fn raise(db: &impl ConnectionTrait, alert: &NewAlert, now: UnixMillis) -> Result<(), LedgerError> {
    sql::execute(
        db,
        "raise an alert",
        "INSERT INTO alerts (id, kind, subject, severity, merchant_id, register_id, detail, detail_uk, next_step,
             next_step_uk, seen, opened_at, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $9, $10, $11, 1, $8, $8)
         ON CONFLICT (kind, subject) WHERE resolved_at IS NULL
         DO UPDATE SET seen = alerts.seen + 1, seen_at = excluded.seen_at, severity = excluded.severity,
             detail = excluded.detail, detail_uk = excluded.detail_uk, next_step = excluded.next_step,
             next_step_uk = excluded.next_step_uk",
        [
            Uuid::now_v7().to_string().into(),
            alert.kind.into(),
            alert.subject.as_str().into(),
            alert.severity.as_str().into(),
            alert.merchant.as_ref().map(|id| id.as_str().to_owned()).into(),
            alert.register.as_ref().map(|id| id.as_str().to_owned()).into(),
            alert.text.en.as_str().into(),
            now.0.into(),
            alert.text.uk.as_str().into(),
            alert.next_step.en.as_str().into(),
            alert.next_step.uk.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn resolve(
    db: &impl ConnectionTrait,
    kind: &str,
    subject: &str,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    sql::execute(
        db,
        "resolve an alert",
        "UPDATE alerts SET resolved_at = $3 WHERE kind = $1 AND subject = $2 AND resolved_at IS NULL",
        [kind.into(), subject.into(), now.0.into()],
    )
    .await?;
    Ok(())
}
