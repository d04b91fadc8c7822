//! Notices that wait for their register's turn.

use std::time::Duration;

use domain::document::Kind;
use domain::ids::{DocumentId, MerchantId, RegisterId};
use domain::time::UnixMillis;
use sea_orm::{DatabaseTransaction, QueryResult};

use super::Told;
use super::sort::{self, Look, Sorted};
use crate::alerts::{self, NewAlert};
use crate::leases::{self, Lease};
use crate::reconcile::{Stranger, keep_strangers};
use crate::settings::SourceKind;
use crate::{Ledger, LedgerError, day, json, sql};

/// A notice to be worked on.
#[derive(Clone, Debug)]
pub struct DueNotice {
    /// Its id in the ledger.
    pub id: String,
    /// Whose.
    pub merchant: MerchantId,
    /// What makes the document itself at the provider.
    pub provider_id: String,
    /// What it says.
    pub told: Told,
    /// How often it was put off.
    pub attempts: u32,
    /// When it came.
    pub received_at: UnixMillis,
    kind: SourceKind,
    number: Option<String>,
}

/// What the provider's API said of a check that is nobody's of ours.
#[derive(Clone, Debug)]
pub struct Confirmed<'a> {
    /// The check.
    pub stranger: &'a Stranger,
    /// The number that its maker gave it: our own would mean a second copy.
    pub number: Option<i64>,
    /// The day in Kyiv that it belongs to.
    pub day: &'a str,
    /// Something about it is not as the notice said.
    pub alert: Option<&'a NewAlert>,
}

const WHAT: &str = "work on a notice";

const DUE: &str = "SELECT provider_notices.id AS id, provider_notices.merchant_id AS merchant_id, provider_id, number,
         told, attempts, received_at, sources.kind AS kind
     FROM provider_notices JOIN sources ON sources.id = provider_notices.source_id";

/// Sorts the notices that waited for a document's outcome, which is written.
pub(crate) async fn after_outcome(
    tx: &DatabaseTransaction,
    register: &RegisterId,
    document: DocumentId,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    let statement = format!("{DUE} WHERE document_id = $1 AND provider_notices.state = 'new'");
    let rows = sql::query(tx, WHAT, &statement, [document.to_string().into()]).await?;
    for row in &rows {
        let notice = due(row)?;
        let sorted = sort::sort(tx, &notice.id, notice.kind, register, &notice.look(), now).await?;
        if sorted == Sorted::Ask {
            day::look_soon(tx, register.as_str()).await?;
        }
    }
    Ok(())
}

impl DueNotice {
    fn look(&self) -> Look<'_> {
        Look {
            provider_id: self.told.uuid.as_deref(),
            number: self.number.as_deref(),
            told: &self.told,
        }
    }
}

impl Ledger {
    /// Notices of this register that are due, longest due first.
    pub async fn due_notices(
        &self,
        register: &RegisterId,
        now: UnixMillis,
        limit: u32,
    ) -> Result<Vec<DueNotice>, LedgerError> {
        let rows = sql::query(
            &self.db,
            "find notices that are due",
            &format!(
                "{DUE} WHERE provider_notices.register_id = $1 AND provider_notices.state = 'new' AND not_before <= $2
             ORDER BY not_before, provider_notices.id LIMIT $3"
            ),
            [register.as_str().into(), now.0.into(), i64::from(limit).into()],
        )
        .await?;
        rows.iter().map(due).collect()
    }

    /// When the register's next notice is due that waits for no document's outcome.
    pub async fn next_notice(&self, register: &RegisterId) -> Result<Option<UnixMillis>, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "find the next notice",
            "SELECT min(not_before) AS at FROM provider_notices
             WHERE register_id = $1 AND state = 'new' AND document_id IS NULL",
            [register.as_str().into()],
        )
        .await?;
        row.map_or(Ok(None), |row| day::time(&row, "at"))
    }

    /// Sorts a notice again: its document may have moved on.
    pub async fn sort_notice(
        &self,
        register: &RegisterId,
        notice: &DueNotice,
        now: UnixMillis,
    ) -> Result<Sorted, LedgerError> {
        let tx = self.begin(WHAT).await?;
        let sorted = sort::sort(&tx, &notice.id, notice.kind, register, &notice.look(), now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(sorted)
    }

    /// Puts a notice off.
    pub async fn postpone_notice(&self, notice: &DueNotice, until: UnixMillis, why: &str) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "put a notice off",
            "UPDATE provider_notices SET not_before = $2, attempts = attempts + 1, note = $3
             WHERE id = $1 AND state = 'new'",
            [notice.id.as_str().into(), until.0.into(), why.into()],
        )
        .await?;
        Ok(())
    }

    /// Is done with a notice from which nothing follows, with an alert if somebody should know.
    pub async fn drop_notice(
        &self,
        notice: &DueNotice,
        why: &str,
        alert: Option<&NewAlert>,
        now: UnixMillis,
    ) -> Result<(), LedgerError> {
        let tx = self.begin(WHAT).await?;
        sort::take(&tx, &notice.id, None, why, now).await?;
        if let Some(alert) = alert {
            alerts::raise(&tx, alert, now).await?;
        }
        sql::commit(tx, WHAT).await
    }

    /// Keeps a check that somebody else made on the register, as a reading of its tape would. Safe to repeat. False:
    /// the lease was lost.
    pub async fn keep_noticed(
        &self,
        lease: &Lease,
        notice: &DueNotice,
        found: &Confirmed<'_>,
        length: Duration,
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        let tx = self.begin(WHAT).await?;
        if !leases::renew(&tx, lease, length).await? {
            return Ok(false);
        }
        let stranger = Stranger {
            token: match &found.stranger.token {
                Some(token) => Some(token.clone()),
                None => token_of(&tx, &lease.register, notice.told.kind(), found.number).await?,
            },
            ..found.stranger.clone()
        };
        keep_strangers(&tx, &lease.register, found.day, &[stranger], now).await?;
        if let Some(alert) = found.alert {
            alerts::raise(&tx, alert, now).await?;
        }
        sort::take(&tx, &notice.id, None, "kept as a document made elsewhere", now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }
}

/// The reference of our document with this number: a check that has it too is a second copy.
async fn token_of(
    tx: &DatabaseTransaction,
    register: &RegisterId,
    kind: Option<Kind>,
    number: Option<i64>,
) -> Result<Option<String>, LedgerError> {
    let Some(number) = number else { return Ok(None) };
    let row = sql::query_one(
        tx,
        WHAT,
        "SELECT token, kind FROM documents WHERE register_id = $1 AND number = $2",
        [register.as_str().into(), number.into()],
    )
    .await?;
    let Some(row) = row else { return Ok(None) };
    let ours = crate::plan::kind(&sql::get::<String>(&row, "kind")?)?;
    if sort::fits(kind, ours) {
        sql::get(&row, "token").map(Some)
    } else {
        Ok(None)
    }
}

fn due(row: &QueryResult) -> Result<DueNotice, LedgerError> {
    let unknown = |column| LedgerError::UnknownValue { column };
    Ok(DueNotice {
        id: sql::get(row, "id")?,
        merchant: MerchantId::parse(&sql::get::<String>(row, "merchant_id")?)
            .map_err(|_| unknown("provider_notices.merchant_id"))?,
        provider_id: sql::get(row, "provider_id")?,
        told: json::read(&sql::get::<String>(row, "told")?, "provider_notices.told")?,
        attempts: u32::try_from(sql::get::<i64>(row, "attempts")?).unwrap_or(u32::MAX),
        received_at: UnixMillis(sql::get(row, "received_at")?),
        kind: SourceKind::parse(&sql::get::<String>(row, "kind")?).ok_or_else(|| unknown("sources.kind"))?,
        number: sql::get(row, "number")?,
    })
}
