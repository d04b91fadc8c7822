//! Findings: opened, found again, gone when their cause is.

use std::collections::HashMap;
use std::time::Duration;

use domain::ids::{ExternalOrderId, MerchantId, RegisterId, SourceId};
use domain::reconcile::{AtGateway, Difference, FindingKind, Missing, Sides, compare};
use domain::time::UnixMillis;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use uuid::Uuid;

use super::runs::{self, Progress, Run};
use super::{Figures, OrderSides, RECONCILIATION, Repair};
use crate::alerts::{self, NewAlert, Severity, Words};
use crate::{Ledger, LedgerError, audit, json, sql};

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFinding {
    /// What.
    pub kind: FindingKind,
    /// Its figures.
    pub figures: Figures,
    /// What leads out of it.
    pub repair: Repair,
    /// The held receipt that can be sent again.
    pub document: Option<String>,
}

/// An order, or a document on a tape, that was looked at whole: what of it is found now is all there is.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What names it among the findings of a source.
    pub(super) subject: String,
    /// The shop's id, of an order.
    pub external: Option<ExternalOrderId>,
    /// Its id in the ledger.
    pub order: Option<String>,
    /// Of a document on a tape: where.
    pub(super) place: Option<(RegisterId, String)>,
    /// What does not fit.
    pub findings: Vec<NewFinding>,
}

impl OrderSides {
    /// Compares with what the payment system says.
    pub fn judge(&self, gateway: AtGateway, patience: Duration, now: UnixMillis) -> Judged {
        let sides = Sides {
            gateway,
            told: self.told,
            refunded_elsewhere: self.refunded_elsewhere,
            apart: self.apart,
            made: &self.made,
        };
        let findings = compare(&sides, patience, now);
        Judged {
            subject: subject_of_order(&self.known.external),
            external: Some(self.known.external.clone()),
            order: self.known.order.clone(),
            place: None,
            findings: findings.iter().map(|found| self.finding(found)).collect(),
        }
    }

    fn finding(&self, found: &Difference) -> NewFinding {
        let held = matches!(found.missing, Some(Missing::Held(_)));
        let repair = match found.kind {
            FindingKind::MissedPayment => Repair::TakeIn,
            FindingKind::PaidWithoutReceipt | FindingKind::RefundedWithoutReturn => match found.missing {
                Some(Missing::Held(_)) if self.resendable.is_some() => Repair::Resend,
                Some(Missing::Held(_) | Missing::UnderWay) => Repair::AskAgain,
                Some(Missing::Nothing) | None => Repair::TakeIn,
            },
            FindingKind::ReceiptWithoutPayment | FindingKind::AmountsDiffer | FindingKind::DuplicateReceipt => {
                Repair::AskAgain
            }
            FindingKind::ForeignDocument => Repair::Link,
        };
        NewFinding {
            kind: found.kind,
            figures: Figures::of(found),
            repair,
            document: self.resendable.clone().filter(|_| held),
        }
    }
}

/// Order ids are long; a finding is known by their digest.
pub(super) fn subject_of_order(external: &ExternalOrderId) -> String {
    sql::digest(external.as_str().as_bytes())
}

/// Where a finding belongs.
#[derive(Clone, Copy)]
pub(super) struct Whose<'a> {
    pub merchant: &'a MerchantId,
    pub source: &'a SourceId,
    pub day: &'a str,
    pub run: Option<&'a str>,
    /// What is just found is looked at once more soon: much of it is on its way.
    pub look_in: Duration,
}

impl Ledger {
    /// Keeps what a page of a run found, and where the run is now, at once. False: the claim is lost.
    pub async fn keep_page(
        &self,
        run: &Run,
        progress: Progress<'_>,
        judged: &[Judged],
        now: UnixMillis,
    ) -> Result<bool, LedgerError> {
        const WHAT: &str = "keep a page of a reconciliation";
        let tx = self.begin(WHAT).await?;
        if !runs::keep(&tx, run, progress).await? {
            return Ok(false);
        }
        let whose = Whose {
            merchant: &run.merchant,
            source: &run.source,
            day: &run.day,
            run: Some(&run.id),
            look_in: progress.look_in,
        };
        write(&tx, whose, judged, now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(true)
    }

    /// Keeps what one more look at single orders found, outside of a run.
    pub async fn keep_looks(
        &self,
        merchant: &MerchantId,
        source: &SourceId,
        day: &str,
        judged: &[Judged],
        now: UnixMillis,
    ) -> Result<(), LedgerError> {
        const WHAT: &str = "keep looks at findings";
        let tx = self.begin(WHAT).await?;
        let whose = Whose {
            merchant,
            source,
            day,
            run: None,
            look_in: LOOK_IN,
        };
        write(&tx, whose, judged, now).await?;
        tell(&tx, source, now).await?;
        sql::commit(tx, WHAT).await
    }
}

/// Opens what was found, ends what was open about the same subjects and is found no more.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    whose: Whose<'_>,
    judged: &[Judged],
    now: UnixMillis,
) -> Result<(), LedgerError> {
    let open = open_about(tx, whose.source, judged).await?;
    for one in judged {
        for found in &one.findings {
            upsert(tx, whose, one, found, now).await?;
        }
        for (id, kind) in open.get(&one.subject).into_iter().flatten() {
            if !one.findings.iter().any(|found| found.kind.as_str() == kind) {
                end(tx, id, now).await?;
            }
        }
    }
    Ok(())
}

/// By subject: id and kind.
type OpenFindings = HashMap<String, Vec<(String, String)>>;

async fn open_about(
    tx: &DatabaseTransaction,
    source: &SourceId,
    judged: &[Judged],
) -> Result<OpenFindings, LedgerError> {
    let subjects: Vec<&str> = judged.iter().map(|one| one.subject.as_str()).collect();
    let is_in = sql::is_in(tx.get_database_backend(), "subject", "$2");
    let statement =
        format!("SELECT id, kind, subject FROM findings WHERE source_id = $1 AND state = 'open' AND {is_in}");
    let values = [source.as_str().into(), json::write(&subjects).into()];
    let rows = sql::query(tx, "read open findings", &statement, values).await?;
    let mut open = OpenFindings::new();
    for row in &rows {
        let subject: String = sql::get(row, "subject")?;
        let found = (sql::get(row, "id")?, sql::get(row, "kind")?);
        open.entry(subject).or_default().push(found);
    }
    Ok(open)
}

async fn upsert(
    tx: &DatabaseTransaction,
    whose: Whose<'_>,
    judged: &Judged,
    found: &NewFinding,
    now: UnixMillis,
) -> Result<(), LedgerError> {
    let (register, number) = judged.place.clone().unzip();
    sql::execute(
        tx,
        "open a finding",
        "INSERT INTO findings (id, merchant_id, source_id, kind, subject, external_id, order_id, register_id,
             fiscal_number, day, figures, repair, document_id, state, run_id, found_at, seen_at, look_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', $14, $15, $15, $16)
         ON CONFLICT (source_id, kind, subject) DO UPDATE SET
             day = CASE WHEN findings.state = 'open' THEN findings.day ELSE excluded.day END,
             found_at = CASE WHEN findings.state = 'open' THEN findings.found_at ELSE excluded.found_at END,
             look_at = CASE WHEN findings.state = 'open' THEN findings.look_at ELSE excluded.look_at END,
             looks = CASE WHEN findings.state = 'open' THEN findings.looks ELSE 0 END,
             ended_at = NULL, ended_by = NULL, reason = NULL, state = 'open',
             order_id = excluded.order_id, repair = excluded.repair, document_id = excluded.document_id,
             figures = excluded.figures, seen = findings.seen + 1, seen_at = excluded.seen_at,
             run_id = coalesce(excluded.run_id, findings.run_id)
         WHERE findings.state <> 'closed' OR findings.figures <> excluded.figures",
        [
            sql::id_at(now).into(),
            whose.merchant.as_str().into(),
            whose.source.as_str().into(),
            found.kind.as_str().into(),
            judged.subject.as_str().into(),
            judged.external.as_ref().map(|id| id.as_str().to_owned()).into(),
            judged.order.clone().into(),
            register.map(|id| id.as_str().to_owned()).into(),
            number.into(),
            whose.day.into(),
            json::write(&found.figures).into(),
            found.repair.as_str().into(),
            found.document.clone().into(),
            whose.run.map(str::to_owned).into(),
            now.0.into(),
            now.plus(whose.look_in).0.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The same for what is found between runs.
const LOOK_IN: Duration = Duration::from_secs(5);

async fn end(tx: &DatabaseTransaction, id: &str, now: UnixMillis) -> Result<(), LedgerError> {
    sql::execute(
        tx,
        "end a finding",
        "UPDATE findings SET state = 'gone', ended_at = $2, ended_by = $3, look_at = NULL, wanted = NULL
         WHERE id = $1 AND state = 'open'",
        [id.into(), now.0.into(), audit::OURSELVES.into()],
    )
    .await?;
    Ok(())
}

/// Opens or closes the alert about a source's findings. Runs, looks and repairs of one source count one after
/// another: two that counted at once could leave an alert about nothing.
pub(super) async fn tell(tx: &DatabaseTransaction, source: &SourceId, now: UnixMillis) -> Result<(), LedgerError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = "SELECT id FROM sources WHERE id = $1 FOR NO KEY UPDATE";
        sql::query(tx, "lock a source's findings", lock, [source.as_str().into()]).await?;
    }
    let row = sql::query_one(
        tx,
        "count open findings",
        "SELECT count(*) AS number, min(merchant_id) AS merchant_id FROM findings
         WHERE source_id = $1 AND state = 'open'",
        [source.as_str().into()],
    )
    .await?;
    let (number, merchant): (i64, Option<String>) = match &row {
        Some(row) => (sql::get(row, "number")?, sql::get(row, "merchant_id")?),
        None => (0, None),
    };
    if number == 0 {
        return alerts::resolve(tx, RECONCILIATION, source.as_str(), now).await;
    }
    let alert = NewAlert {
        kind: RECONCILIATION,
        subject: source.to_string(),
        severity: Severity::Warning,
        merchant: merchant.and_then(|id| MerchantId::parse(&id).ok()),
        register: None,
        text: Words::new(
            format!("Money and receipts of {source} do not agree: {number} findings are open."),
            format!("Гроші та чеки джерела {source} не сходяться: відкритих розбіжностей — {number}."),
        ),
        next_step: Words::new(
            "Open the page Reconciliation: each line says what is the matter and has its repair.",
            "Відкрийте сторінку «Звірка»: кожен рядок пояснює, що не так, і має дію, яка це виправляє.",
        ),
    };
    alerts::raise(tx, &alert, now).await
}

/// A finding's own name.
pub(super) fn is_id(id: &str) -> bool {
    Uuid::try_parse(id).is_ok()
}
