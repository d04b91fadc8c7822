//! Alerts: open problems a person should look at. Raising one twice is raising it once.

use domain::ids::{EventId, MerchantId, RegisterId};
use domain::time::UnixMillis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::entities::alert;
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
    /// Plain words with the next step; nothing secret or personal.
    pub detail: String,
}

/// An alert as listed.
#[derive(Clone, Debug)]
pub struct AlertView {
    /// Its kind.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// `warning` or `critical`.
    pub severity: String,
    /// Which register, if one.
    pub register: Option<String>,
    /// Plain words.
    pub detail: String,
    /// How often it was raised.
    pub seen: i64,
    /// Since when.
    pub opened_at: UnixMillis,
}

impl NewAlert {
    pub(crate) fn event_conflict(merchant: &MerchantId, event: EventId) -> Self {
        Self {
            kind: "event_conflict",
            subject: event.to_string(),
            severity: Severity::Warning,
            merchant: Some(merchant.clone()),
            register: None,
            detail: format!(
                "A repeated message about event {event} came with another content. The first one counts; \
                 the other is kept. Compare the two at the payment system."
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

    /// The open alerts, oldest first.
    pub async fn open_alerts(&self) -> Result<Vec<AlertView>, LedgerError> {
        let rows = alert::Entity::find()
            .filter(alert::Column::ResolvedAt.is_null())
            .order_by_asc(alert::Column::OpenedAt)
            .all(&self.db)
            .await
            .map_err(|error| LedgerError::from_db("list alerts", error))?;
        let view = |row: alert::Model| AlertView {
            kind: row.kind,
            subject: row.subject,
            severity: row.severity,
            register: row.register_id,
            detail: row.detail,
            seen: row.seen,
            opened_at: UnixMillis(row.opened_at),
        };
        Ok(rows.into_iter().map(view).collect())
    }
}

pub(crate) async fn raise(db: &impl ConnectionTrait, alert: &NewAlert, now: UnixMillis) -> Result<(), LedgerError> {
    sql::execute(
        db,
        "raise an alert",
        "INSERT INTO alerts (id, kind, subject, severity, merchant_id, register_id, detail, seen, opened_at, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)
         ON CONFLICT (kind, subject) WHERE resolved_at IS NULL
         DO UPDATE SET seen = alerts.seen + 1, seen_at = excluded.seen_at, detail = excluded.detail",
        [
            Uuid::now_v7().to_string().into(),
            alert.kind.into(),
            alert.subject.as_str().into(),
            alert.severity.as_str().into(),
            alert.merchant.as_ref().map(|id| id.as_str().to_owned()).into(),
            alert.register.as_ref().map(|id| id.as_str().to_owned()).into(),
            alert.detail.as_str().into(),
            now.0.into(),
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
