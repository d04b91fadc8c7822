//! A register's day at CashDesk: shifts, reports, delivery, forms for people.

use ::cashdesk::CheckView;
use domain::shift::ShiftSums;
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::offline::OfflineDocument;
use ledger::renderings::Fetchable;
use ledger::sheet::SellerFacts;
use ledger::shifts::Shift;
use ledger::tape::DueDocument;

use super::told::NOT_FOUND;
use super::{CashDesk, lists, written_at};
use crate::compose::Stop;
use crate::grip::Grip;
use crate::kyiv;
use crate::providers::{
    self, Answered, Asked, Closed, Delivery, Draft, Failure, Finding, ListedDocument, ListedShift, Look, Noticed,
    OwnTotals, Sent,
};

/// Characters in a line of a check's text.
const PRINT_WIDTH: u32 = 40;

/// What a check says of itself. An offline one has no number of the tax service's yet.
fn noticed(view: &CheckView) -> Noticed {
    let (is_receipt, kind) = lists::meaning(Some(&view.check_type));
    let at = written_at(view);
    Noticed {
        fiscal_number: view.order_num.clone().filter(|_| !view.is_offline),
        local_number: view.local_number.and_then(|number| i64::try_from(number).ok()),
        registered_at: kyiv::read(&at),
        at: Some(at).filter(|at| !at.is_empty()),
        is_receipt,
        kind,
        amount: view.data.total_sum.map(|sum| sum.kopecks()),
        of_number: None,
    }
}

#[async_trait::async_trait]
impl providers::Adapter for CashDesk {
    async fn look(&self) -> Asked<Result<Look, Failure>> {
        let mut session = self.session();
        let seen = self.see(&mut session).await;
        session.end(seen.map(|seen| seen.look(self.is_cloud)))
    }

    fn write(&self, draft: &Draft<'_>) -> Result<String, Stop> {
        self.writer.written(draft)
    }

    async fn send(&self, sent: &Sent<'_>) -> Asked<Result<Answered, Failure>> {
        self.register(sent).await
    }

    async fn find(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        now: UnixMillis,
    ) -> Result<Asked<Option<Finding>>, LedgerError> {
        self.look_for(grip, document, now).await
    }

    /// Makes the Z-report: it is the closing, too. Refused when the shift is closed. On silence: ask, as for any
    /// document.
    async fn close_shift(&self) -> Asked<Result<Closed, Failure>> {
        let mut session = self.session();
        let closed = self.close(&mut session).await;
        session.end(closed)
    }

    async fn totals(&self) -> Asked<Result<OwnTotals, Failure>> {
        let mut session = self.session();
        let report = self.x_report(&mut session).await;
        let totals = report.and_then(|report| {
            let checks = report.checks.as_deref().ok_or_else(super::told::no_list)?;
            let is_open = report.shift_state != Some(false);
            Ok(OwnTotals {
                opened_at: report.opened.as_deref().filter(|_| is_open).and_then(kyiv::read_dotted),
                sums: is_open.then(|| lists::sums(checks, &self.vat)),
            })
        });
        session.end(totals)
    }

    async fn listed_shift(
        &self,
        reference: &str,
        _provider_id: Option<i64>,
        _opened_at: Option<UnixMillis>,
        _now: UnixMillis,
    ) -> Asked<Result<Option<ListedShift>, Failure>> {
        let mut session = self.session();
        let seen = self.see(&mut session).await;
        session.end(seen.map(|seen| seen.listed(reference)))
    }

    /// Nobody lists shifts, so a time is read as if it were one.
    async fn shifts_between(
        &self,
        from: UnixMillis,
        to: UnixMillis,
        now: UnixMillis,
    ) -> Asked<Result<Vec<Shift>, Failure>> {
        self.session().end(Ok(vec![as_shift(from, to.min(now))]))
    }

    async fn listed_documents(&self, shift: &Shift) -> Asked<Result<Vec<ListedDocument>, Failure>> {
        let mut session = self.session();
        let checks = self.checks(&mut session, shift).await;
        session.end(checks.map(|checks| checks.iter().filter_map(lists::listed).collect()))
    }

    async fn z_sums(&self, shift: &Shift, _number: &str) -> Asked<Result<Option<ShiftSums>, Failure>> {
        let mut session = self.session();
        let checks = self.checks(&mut session, shift).await;
        session.end(checks.map(|checks| Some(lists::sums(&checks, &self.vat))))
    }

    /// Nothing tells of one document whether it was delivered; the report of its day is made only once all are.
    async fn delivery(&self, document: &OfflineDocument) -> Asked<Result<Delivery, Failure>> {
        let mut session = self.session();
        let day = kyiv::local(document.registered_at).date();
        let report = self.day(&mut session, day).await;
        session.end(match report {
            Ok(_) => Ok(Delivery::Done {
                url: None,
                qr_code: None,
            }),
            Err(failure) if failure.tax_service_away => Ok(Delivery::Waiting),
            Err(failure) => Err(failure),
        })
    }

    /// A text only; its page for people is behind the receipt's link.
    async fn rendering(&self, document: &Fetchable, html: bool) -> Asked<Result<Option<String>, Failure>> {
        let mut session = self.session();
        let text = match &document.provider_id {
            Some(uuid) if !html => session
                .ask("checks/text", self.client.check_text(uuid, PRINT_WIDTH))
                .await
                .map(|answer| Some(answer.value)),
            Some(_) | None => Ok(None),
        };
        session.end(text)
    }

    async fn notice(&self, uuid: &str) -> Asked<Result<Option<Noticed>, Failure>> {
        let mut session = self.session();
        let told = match session.ask("checks/json", self.client.check_json(uuid)).await {
            Ok(answer) if answer.value.num_fiscal == self.number => Ok(Some(noticed(&answer.value))),
            // Another register's is none of ours.
            Ok(_) => Ok(None),
            Err(failure) if failure.word == NOT_FOUND => Ok(None),
            Err(failure) => Err(failure),
        };
        session.end(told)
    }

    async fn seller(&self) -> Asked<Result<Option<SellerFacts>, Failure>> {
        let mut session = self.session();
        let object = session.ask("tax_objects", self.client.tax_object(self.number)).await;
        session.end(object.map(|answer| {
            let object = answer.value;
            Some(SellerFacts {
                name: object.org_name,
                unit: object.name,
                address: object.address,
                tin: object.tin,
                ipn: object.ipn,
            })
        }))
    }

    /// A SmartConnect says whether its shift runs without the tax service; the cloud says nothing.
    async fn tax_service(&self) -> Asked<Result<Option<bool>, Failure>> {
        if self.is_cloud {
            return Asked::nothing();
        }
        let mut session = self.session();
        let seen = self.see(&mut session).await;
        session.end(seen.map(|seen| seen.is_online()))
    }

    /// Every look that finds the shift open is followed by one.
    async fn sign_of_life(&self) {
        if self.is_cloud {
            let mut session = self.session();
            // Nothing waits for it long.
            let client = self.client.within(self.limit / 4);
            if let Err(failure) = session.ask("shift/ping", client.ping(self.number)).await {
                tracing::debug!(code = %failure.word, "A sign of life was not taken: {}", failure.text.en);
            }
        }
    }
}

/// A time written as a shift, for reading its documents.
fn as_shift(from: UnixMillis, to: UnixMillis) -> Shift {
    Shift {
        id: String::new(),
        reference: "the tape".to_owned(),
        provider_id: None,
        operator: None,
        opened_at: from,
        first_seen_at: from,
        close_due: to,
        closed_at: Some(to),
        first_local: None,
        last_local: None,
        closing_number: None,
        z_number: None,
        totals: None,
        foreign_documents: Vec::new(),
        difference: None,
        compared_at: None,
    }
}
