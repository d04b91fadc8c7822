//! What people do about findings. Each deed is in the audit.

use std::time::Duration;

use domain::ids::{DocumentId, ExternalOrderId, RegisterId};
use domain::reconcile::AtGateway;
use domain::time::UnixMillis;

use super::{FindingView, Known, Repair, findings};
use crate::audit::{self, Actor, NewAudit, deed};
use crate::people::Reach;
use crate::resend::Resent;
use crate::{Ledger, LedgerError, sql};

/// What asking for a repair came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repaired {
    /// A worker does it within seconds.
    Asked,
    /// The held receipt goes again; ring this register.
    Resent(Option<RegisterId>),
    /// There is no such finding within reach.
    NotFound,
    /// It is not open any more.
    NotOpen,
    /// This finding is repaired in another way.
    NotThis(Repair),
}

/// What closing a finding came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// It is closed.
    Done,
    /// There is no such finding within reach.
    NotFound,
    /// It is not open any more.
    NotOpen,
    /// The reason is empty.
    NoReason,
}

/// A stranger's document and the order it is said to belong to.
#[derive(Clone, Copy, Debug)]
pub struct Linking<'a> {
    /// The finding about the document.
    pub finding: &'a str,
    /// The shop's order.
    pub order: &'a ExternalOrderId,
}

/// What linking came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// The document counts for the order.
    Done,
    /// There is no such finding within reach.
    NotFound,
    /// It is not open any more.
    NotOpen,
    /// It is not about a document on a tape.
    NotADocument,
    /// The merchant has no such order.
    NoSuchOrder,
}

impl Ledger {
    /// Asks for the repair a finding has, or for one more look. Safe to repeat.
    pub async fn repair_finding(
        &self,
        reach: &Reach,
        id: &str,
        repair: Repair,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Repaired, LedgerError> {
        const WHAT: &str = "ask for a repair";
        let by = by.into();
        let Some(finding) = self.finding(reach, id).await? else {
            return Ok(Repaired::NotFound);
        };
        if finding.state != "open" {
            return Ok(Repaired::NotOpen);
        }
        if repair == Repair::Link || (repair != Repair::AskAgain && repair != finding.repair) {
            return Ok(Repaired::NotThis(finding.repair));
        }
        let mut resent = None;
        if repair == Repair::Resend {
            let document = finding.document.as_deref().and_then(|id| DocumentId::parse(id).ok());
            let Some(document) = document else {
                return Ok(Repaired::NotThis(Repair::AskAgain));
            };
            resent = match self.resend(document, by.clone(), now).await? {
                Resent::Ready(register) => Some(Some(register)),
                // Somebody was quicker, or it waits for its sale, or its payment is divided anew, which the sweep finds.
                Resent::Waiting | Resent::NotHeld(_) | Resent::Replanned(_) => Some(None),
                Resent::NotFound | Resent::NotResendable(_) => return Ok(Repaired::NotThis(Repair::AskAgain)),
            };
        }
        let tx = self.begin(WHAT).await?;
        let look_at = match repair {
            // Its receipt takes a moment.
            Repair::Resend => now.plus(Duration::from_secs(3)),
            Repair::TakeIn | Repair::AskAgain | Repair::Link => now,
        };
        let changed = sql::execute(
            &tx,
            WHAT,
            "UPDATE findings SET wanted = $2, look_at = $3, looks = 0 WHERE id = $1 AND state = 'open'",
            [finding.id.as_str().into(), repair.as_str().into(), look_at.0.into()],
        )
        .await?;
        if changed == 0 {
            return Ok(Repaired::NotOpen);
        }
        audit::record(&tx, &by, &entry(&finding, deed::FINDING_REPAIRED, repair.as_str()), now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(resent.map_or(Repaired::Asked, Repaired::Resent))
    }

    /// Closes a finding: a person settled it another way and says how. Found again with the same figures it
    /// stays closed.
    pub async fn close_finding(
        &self,
        reach: &Reach,
        id: &str,
        reason: &str,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Closing, LedgerError> {
        const WHAT: &str = "close a finding";
        let (by, reason) = (by.into(), reason.trim());
        let Some(finding) = self.finding(reach, id).await? else {
            return Ok(Closing::NotFound);
        };
        if finding.state != "open" {
            return Ok(Closing::NotOpen);
        }
        if reason.is_empty() {
            return Ok(Closing::NoReason);
        }
        let tx = self.begin(WHAT).await?;
        let changed = sql::execute(
            &tx,
            WHAT,
            "UPDATE findings SET state = 'closed', ended_at = $2, ended_by = $3, reason = $4, look_at = NULL,
                 wanted = NULL WHERE id = $1 AND state = 'open'",
            [
                finding.id.as_str().into(),
                now.0.into(),
                by.name.as_str().into(),
                reason.into(),
            ],
        )
        .await?;
        if changed == 0 {
            return Ok(Closing::NotOpen);
        }
        findings::tell(&tx, &finding.source, now).await?;
        audit::record(&tx, &by, &entry(&finding, deed::FINDING_CLOSED, reason), now).await?;
        sql::commit(tx, WHAT).await?;
        Ok(Closing::Done)
    }

    /// Says which order a stranger's document belongs to: from then on it counts there as if it were ours.
    pub async fn link_document(
        &self,
        reach: &Reach,
        linking: Linking<'_>,
        by: impl Into<Actor>,
        now: UnixMillis,
    ) -> Result<Linked, LedgerError> {
        const WHAT: &str = "link a document to an order";
        let by = by.into();
        let Some(finding) = self.finding(reach, linking.finding).await? else {
            return Ok(Linked::NotFound);
        };
        if finding.state != "open" {
            return Ok(Linked::NotOpen);
        }
        let (Some(register), Some(number)) = (&finding.register, &finding.fiscal_number) else {
            return Ok(Linked::NotADocument);
        };
        let mut orders = self
            .orders_named(&finding.merchant, std::slice::from_ref(linking.order))
            .await?;
        let Some(known) = orders.pop().filter(|known| known.order.is_some()) else {
            return Ok(Linked::NoSuchOrder);
        };
        let tx = self.begin(WHAT).await?;
        sql::execute(
            &tx,
            WHAT,
            "UPDATE strange_documents SET order_id = $3, linked_by = $4, linked_at = $5
             WHERE register_id = $1 AND fiscal_number = $2",
            [
                register.as_str().into(),
                number.as_str().into(),
                known.order.clone().into(),
                by.name.as_str().into(),
                now.0.into(),
            ],
        )
        .await?;
        let reason = format!("linked to order {}", linking.order);
        sql::execute(
            &tx,
            WHAT,
            "UPDATE findings SET state = 'gone', ended_at = $2, ended_by = $3, reason = $4, look_at = NULL,
                 wanted = NULL WHERE id = $1 AND state = 'open'",
            [
                finding.id.as_str().into(),
                now.0.into(),
                by.name.as_str().into(),
                reason.as_str().into(),
            ],
        )
        .await?;
        audit::record(&tx, &by, &entry(&finding, deed::DOCUMENT_LINKED, &reason), now).await?;
        sql::commit(tx, WHAT).await?;
        self.judge_linked(&finding, known, now).await?;
        Ok(Linked::Done)
    }

    /// What the link spoils is said at once (the order has one receipt too many); what it mends is looked at
    /// soon, for that needs the payment system's word.
    async fn judge_linked(&self, finding: &FindingView, known: Known, now: UnixMillis) -> Result<(), LedgerError> {
        let subject = findings::subject_of_order(&known.external);
        let sides = self.sides(&finding.source, vec![known]).await?;
        let judged: Vec<_> = sides
            .iter()
            .map(|sides| sides.judge(AtGateway::NotAsked, Duration::ZERO, now))
            .filter(|judged| !judged.findings.is_empty())
            .collect();
        self.keep_looks(&finding.merchant, &finding.source, &finding.day, &judged, now)
            .await?;
        sql::execute(
            &self.db,
            "call for a look at an order",
            "UPDATE findings SET look_at = $3, looks = 0 WHERE source_id = $1 AND subject = $2 AND state = 'open'",
            [finding.source.as_str().into(), subject.into(), now.0.into()],
        )
        .await?;
        Ok(())
    }

    /// Takes a finding's look for a while, so that others leave it alone. False: somebody has it.
    pub async fn take_look(&self, id: &str, now: UnixMillis, until: UnixMillis) -> Result<bool, LedgerError> {
        let changed = sql::execute(
            &self.db,
            "take a look",
            "UPDATE findings SET look_at = $3 WHERE id = $1 AND state = 'open' AND look_at <= $2",
            [id.into(), now.0.into(), until.0.into()],
        )
        .await?;
        Ok(changed == 1)
    }

    /// Sets when an open finding is looked at next; `None`: with the next run. What a person asked for since
    /// `finding` was read stays as it is: that look is still to come.
    pub async fn look_next(
        &self,
        finding: &FindingView,
        at: Option<UnixMillis>,
        done: bool,
    ) -> Result<(), LedgerError> {
        sql::execute(
            &self.db,
            "set a finding's next look",
            "UPDATE findings SET look_at = $2, looks = looks + 1, wanted = CASE WHEN $3 THEN NULL ELSE wanted END
             WHERE id = $1 AND state = 'open' AND wanted IS NOT DISTINCT FROM $4",
            [
                finding.id.as_str().into(),
                at.map(|at| at.0).into(),
                done.into(),
                finding.wanted.map(Repair::as_str).into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// How often an open finding was looked at since it was found or a repair was asked for.
    pub async fn looks(&self, id: &str) -> Result<u32, LedgerError> {
        let row = sql::query_one(
            &self.db,
            "read a finding's looks",
            "SELECT looks FROM findings WHERE id = $1",
            [id.into()],
        )
        .await?;
        let looks: i64 = row.map_or(Ok(0), |row| sql::get(&row, "looks"))?;
        Ok(u32::try_from(looks).unwrap_or(u32::MAX))
    }
}

fn entry(finding: &FindingView, action: &'static str, after: &str) -> NewAudit {
    let about = match (&finding.external, &finding.fiscal_number) {
        (Some(order), _) => format!("order {order}"),
        (None, Some(number)) => format!("document {number}"),
        (None, None) => finding.id.clone(),
    };
    NewAudit {
        merchant: Some(finding.merchant.clone()),
        action,
        subject: about,
        before: Some(finding.kind.as_str().to_owned()),
        after: Some(after.to_owned()),
    }
}
