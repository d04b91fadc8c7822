//! A register's day at Cashälot: shifts, Z-reports, totals, delivery, clean-up (`cashalot.md` §4.4–4.13).

use std::collections::BTreeMap;
use std::time::Duration;

use ::cashalot::{
    AutoDocument, BusinessUnit, Cleanup, CloseShift, DocClass, DocSubType, DocType, DocumentAnswer, DocumentView,
    Documents, Error, GetCheck, GetZRep, LastShiftTotals, Money, OriginalCheck, OriginalZRep, RegisterZRep,
    RegistrarState, ResultCode, SendCheckToConsumer, ShiftRef, ShiftState, Shifts, Totals, TotalsBlock,
};
use domain::document::{Kind, Registration};
use domain::money::Kopecks;
use domain::shift::{ShiftSums, Side};
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::day::Facts;
use ledger::offline::OfflineDocument;
use ledger::renderings::Fetchable;
use ledger::settings::Credentials;
use ledger::sheet::SellerFacts;
use ledger::shifts::Shift;
use ledger::tape::DueDocument;
use receipts::paper::Paper;
use secrecy::SecretString;
use wire::Exchange;

use super::{Cashalot, keep, picture, plain_registration};
use crate::compose::Stop;
use crate::grip::Grip;
use crate::kyiv;
use crate::providers::{
    self, Answered, Asked, Closed, Delivery, Draft, Failure, Finding, ListedDocument, ListedShift, Look, Original,
    OwnTotals, SeenShift, Sent,
};

/// Everything about the register's day that a state tells.
pub(super) fn facts(state: &RegistrarState) -> Facts {
    Facts {
        shift_open: match &state.shift_state {
            Some(ShiftState::Open) => Some(true),
            Some(ShiftState::Closed) => Some(false),
            Some(ShiftState::Other(_)) | None => None,
        },
        z_present: state.z_rep_present == Some(true) && state.shift_state == Some(ShiftState::Open),
        next_local: state.next_local_num,
        offline_supported: state.offline_supported,
        undelivered: state.offline_documents_present,
        delivery_trouble: state
            .offline_documents_auto_reg_state
            .as_deref()
            .map(|text| telemetry::mask::text(text).chars().take(300).collect()),
        session_minutes: state.offline_session_duration.unwrap_or(0),
        month_minutes: state.offline_sessions_monthly_duration.unwrap_or(0),
        cancelled: state.closed == Some(true),
        chief: state.chief_cashier,
        licence_until: state.license_expiration.as_deref().and_then(kyiv::read).map(|at| at.0),
        tax_service: None,
        testing: state.testing == Some(true) && state.shift_state == Some(ShiftState::Open),
    }
}

/// The open shift. Its name is the fiscal number of its opening document, or the provider's id of it.
pub(super) fn shift(state: &RegistrarState) -> Option<SeenShift> {
    if state.shift_state != Some(ShiftState::Open) {
        return None;
    }
    let provider_id = state.shift_id.filter(|id| *id > 0);
    let reference = match (&state.open_shift_fiscal_num, provider_id) {
        (Some(number), _) => number.clone(),
        (None, Some(id)) => format!("shift {id}"),
        (None, None) => "the open shift".to_owned(),
    };
    Some(SeenShift {
        reference,
        provider_id,
        operator: state.name.clone(),
        opened_at: None,
        first_local: state
            .first_local_num
            .filter(|number| *number > 0)
            .and_then(|number| i64::try_from(number).ok()),
    })
}

#[async_trait::async_trait]
impl providers::Adapter for Cashalot {
    async fn look(&self) -> Asked<Result<Look, Failure>> {
        self.read_state().await
    }

    fn write(&self, draft: &Draft<'_>) -> Result<String, Stop> {
        Ok(Self::written(draft))
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

    /// Closes the shift, with the Z-report if it is missing. Refused with `ShiftNotOpened` when it is
    /// closed. On silence: ask, as for any document.
    async fn close_shift(&self) -> Asked<Result<Closed, Failure>> {
        let request = CloseShift {
            registrar: self.number,
            z_rep_auto: true,
            visualization: false,
            uid: Some(uuid::Uuid::new_v4()),
        };
        one(self.client.close_shift(&request).await, |closed| {
            Ok(Closed {
                closing: plain_registration(closed.document)?,
                z: closed.z_rep_auto_info.and_then(made),
            })
        })
    }

    /// Registers the Z-report; the shift stays open and takes no receipt any more.
    async fn register_z(&self) -> Asked<Result<Registration, Failure>> {
        let request = RegisterZRep {
            registrar: self.number,
            visualization: false,
            uid: Some(uuid::Uuid::new_v4()),
        };
        one(self.client.register_z_rep(&request).await, plain_registration)
    }

    /// The register's own totals of the open shift (or the last one). Only reads.
    async fn totals(&self) -> Asked<Result<OwnTotals, Failure>> {
        let request = LastShiftTotals {
            registrar: self.number,
            visualization: false,
        };
        one(self.client.last_shift_totals(&request).await, |told| {
            Ok(OwnTotals {
                opened_at: told.shift_opened.as_deref().and_then(kyiv::read),
                sums: told.totals.as_ref().map(sums),
            })
        })
    }

    /// Brings the provider's view in line with the tax service's; it may make a Z-report and close the
    /// shift. With `remove` undelivered offline documents are lost.
    async fn cleanup(&self, remove: bool) -> Asked<Result<(), Failure>> {
        let request = Cleanup {
            registrar: self.number,
            remove,
            visualization: false,
            uid: Some(uuid::Uuid::new_v4()),
        };
        one(self.client.cleanup(&request).await, |_| Ok(()))
    }

    /// The shift as the tax service lists it; `None` when it does not. Only reads.
    async fn listed_shift(
        &self,
        reference: &str,
        provider_id: Option<i64>,
        opened_at: Option<UnixMillis>,
        now: UnixMillis,
    ) -> Asked<Result<Option<ListedShift>, Failure>> {
        const A_DAY: Duration = Duration::from_secs(24 * 3600);
        // One source limits the period to a month (`cashalot.md` §4.12).
        let earliest = now.minus(A_DAY * 28);
        let from = opened_at.unwrap_or(now).minus(A_DAY).max(earliest);
        let request = Shifts {
            registrar: self.number,
            from: kyiv::write(from),
            to: kyiv::write(now.plus(A_DAY)),
        };
        one(self.client.shifts(&request).await, |shifts| {
            let ours = shifts.into_iter().find(|shift| {
                shift.open_shift_fiscal_num.as_deref() == Some(reference)
                    || (provider_id.is_some() && shift.shift_id == provider_id)
            });
            Ok(ours.map(|shift| ListedShift {
                provider_id: shift.shift_id,
                opened_at: shift.opened.as_deref().and_then(kyiv::read),
                closing_number: shift.close_shift_fiscal_num,
                z_number: shift.z_rep_fiscal_num,
                closing: None,
            }))
        })
    }

    /// The shifts of a time, open or closed, as the tax service lists them. Only reads.
    async fn shifts_between(
        &self,
        from: UnixMillis,
        to: UnixMillis,
        now: UnixMillis,
    ) -> Asked<Result<Vec<Shift>, Failure>> {
        const A_DAY: Duration = Duration::from_secs(24 * 3600);
        // A shift that began the day before may reach into this one; whether its beginning or its end must be in
        // the period, nobody says.
        let request = Shifts {
            registrar: self.number,
            from: kyiv::write(from.minus(A_DAY)),
            to: kyiv::write(to),
        };
        one(self.client.shifts(&request).await, |shifts| {
            let within = |shift: &::cashalot::Shift| {
                let at = |text: &Option<String>| text.as_deref().and_then(kyiv::read);
                let begins_before = at(&shift.opened).is_none_or(|opened| opened < to);
                begins_before && at(&shift.closed).unwrap_or(now) >= from
            };
            Ok(shifts.iter().filter(|shift| within(shift)).filter_map(listed).collect())
        })
    }

    /// What a check says of itself. Only reads.
    async fn original(&self, number: &str) -> Asked<Result<Original, Failure>> {
        let request = GetCheck {
            registrar: self.number,
            fiscal_number: number.to_owned(),
            view: DocumentView::OriginalXml,
            qr_code: false,
            as_html: false,
        };
        one(self.client.get_check(&request).await, |answer| {
            let check = answer
                .data
                .as_deref()
                .and_then(|bytes| OriginalCheck::parse(bytes).ok());
            Ok(check.map(original).unwrap_or_default())
        })
    }

    /// The documents of a shift as the tax service lists them. Only reads.
    async fn listed_documents(&self, shift: &Shift) -> Asked<Result<Vec<ListedDocument>, Failure>> {
        let shift = match shift.provider_id {
            Some(id) => ShiftRef::Id(id),
            None => ShiftRef::OpenedBy(shift.reference.clone()),
        };
        let request = Documents {
            registrar: self.number,
            shift,
        };
        one(self.client.documents(&request).await, |documents| {
            Ok(documents
                .into_iter()
                .map(|document| ListedDocument {
                    is_receipt: document.class != Some(DocClass::ZRep)
                        && matches!(document.doc_type, Some(DocType::SaleGoods) | None),
                    local_number: Some(i64::try_from(document.local_number).unwrap_or(i64::MAX)),
                    at: document.doc_date_time,
                    fiscal_number: document.fiscal_number,
                    revoked: document.revoked,
                    says: None,
                })
                .collect())
        })
    }

    /// The sums of a registered Z-report; `None` when the tax service does not have it yet. Only reads.
    async fn z_sums(&self, _shift: &Shift, number: &str) -> Asked<Result<Option<ShiftSums>, Failure>> {
        let request = GetZRep {
            registrar: self.number,
            fiscal_number: number.to_owned(),
            view: DocumentView::OriginalXml,
            as_html: false,
        };
        one(self.client.get_z_rep(&request).await, |answer| {
            let report = answer.data.as_deref().and_then(|bytes| OriginalZRep::parse(bytes).ok());
            Ok(report.map(|report| sums(&report.totals)))
        })
    }

    /// Where an offline document is. Only reads.
    async fn delivery(&self, document: &OfflineDocument) -> Asked<Result<Delivery, Failure>> {
        let (kind, number) = (document.kind, document.fiscal_number.as_str());
        one(
            self.fetch(kind, number, DocumentView::Availability, false).await,
            |answer| {
                Ok(match answer.result_code {
                    Some(ResultCode::Ok) => Delivery::Done {
                        url: answer.url,
                        qr_code: answer.qr_code.as_ref().map(picture),
                    },
                    Some(ResultCode::OfflineNumberReserved) | None => Delivery::Waiting,
                    Some(ResultCode::OfflineNumberNotReserved) => {
                        Delivery::Strange("OfflineNumberNotReserved".to_owned())
                    }
                    Some(ResultCode::OnlineDocumentAbsent) => Delivery::Strange("OnlineDocumentAbsent".to_owned()),
                    Some(ResultCode::TransactionsRegistrarNotRegistered) => {
                        Delivery::Strange("TransactionsRegistrarNotRegistered".to_owned())
                    }
                    Some(ResultCode::DocumentAbsent) => Delivery::Strange("DocumentAbsent".to_owned()),
                    Some(ResultCode::Other(word)) => Delivery::Strange(word.chars().take(60).collect()),
                })
            },
        )
    }

    /// A document as a person reads it; `None` when the tax service does not have it yet. Only reads.
    async fn rendering(&self, document: &Fetchable, html: bool) -> Asked<Result<Option<String>, Failure>> {
        one(
            self.fetch(document.kind, &document.number, DocumentView::Visualization, html)
                .await,
            |answer| {
                Ok(answer
                    .data
                    .filter(|_| matches!(answer.result_code, Some(ResultCode::Ok) | None))
                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
            },
        )
    }

    /// When the certificate of the key ends; `None` when the key is not ours to ask about. Only reads.
    async fn certificate_until(&self, credentials: &Credentials) -> Asked<Result<Option<UnixMillis>, Failure>> {
        let Credentials::Keys { certificate, .. } = credentials else {
            return Asked {
                value: Ok(None),
                attempts: Vec::new(),
            };
        };
        one(self.client.certificate_info(certificate).await, |info| {
            Ok(info.valid_until.as_deref().and_then(kyiv::read))
        })
    }

    /// Who sells at this register, and where; `None`: the key sees no unit with it. Only reads.
    async fn seller(&self) -> Asked<Result<Option<SellerFacts>, Failure>> {
        let number = self.number;
        one(self.client.objects().await, |units| {
            let has = |unit: &&BusinessUnit| unit.registrars.iter().any(|till| till.num_fiscal == Some(number.0));
            Ok(units.iter().find(has).map(|unit| SellerFacts {
                name: unit.org_name.clone(),
                unit: unit.name.clone(),
                address: unit.address.clone(),
                tin: unit.tin.clone(),
                ipn: unit.ipn.clone(),
            }))
        })
    }

    /// Sends a receipt to the buyer's phone by the provider's own channel. Repeating it may send a second message.
    async fn send_to_phone(&self, paper: &Paper, phone: SecretString) -> Asked<Result<(), Failure>> {
        let request = SendCheckToConsumer {
            service_type: 0,
            phone_number: phone,
            registrar: self.number,
            fiscal_number: paper.fiscal_number.clone(),
            sum: Money::from_kopecks(i64::try_from(paper.content.total().minor()).unwrap_or(i64::MAX)),
            order_date_time: paper.registered_at.clone().unwrap_or_default(),
        };
        one(self.client.send_check_to_consumer(&request).await, |()| Ok(()))
    }

    /// Does the provider say that the tax service is reachable? Only reads.
    async fn tax_service(&self) -> Asked<Result<Option<bool>, Failure>> {
        one(self.client.server_state().await, |state| Ok(state.available))
    }
}

impl Cashalot {
    async fn fetch(
        &self,
        kind: Kind,
        number: &str,
        view: DocumentView,
        as_html: bool,
    ) -> Exchange<DocumentAnswer, Error> {
        match kind {
            Kind::ZReport => {
                let request = GetZRep {
                    registrar: self.number,
                    fiscal_number: number.to_owned(),
                    view,
                    as_html,
                };
                self.client.get_z_rep(&request).await
            }
            Kind::Sale | Kind::Storno | Kind::Return | Kind::CashIn | Kind::CashOut | Kind::Closing => {
                let request = GetCheck {
                    registrar: self.number,
                    fiscal_number: number.to_owned(),
                    view,
                    qr_code: true,
                    as_html,
                };
                self.client.get_check(&request).await
            }
        }
    }
}

/// A listed shift, for reading its documents.
fn listed(shift: &::cashalot::Shift) -> Option<Shift> {
    let at = |text: &Option<String>| text.as_deref().and_then(kyiv::read);
    let opened_at = at(&shift.opened).unwrap_or(UnixMillis::EPOCH);
    Some(Shift {
        id: String::new(),
        reference: shift
            .open_shift_fiscal_num
            .clone()
            .or_else(|| Some(format!("shift {}", shift.shift_id?)))?,
        provider_id: shift.shift_id,
        operator: shift.open_name.clone(),
        opened_at,
        first_seen_at: opened_at,
        close_due: opened_at,
        closed_at: at(&shift.closed),
        first_local: None,
        last_local: None,
        closing_number: shift.close_shift_fiscal_num.clone(),
        z_number: shift.z_rep_fiscal_num.clone(),
        totals: None,
        foreign_documents: Vec::new(),
        difference: None,
        compared_at: None,
    })
}

fn original(check: OriginalCheck) -> Original {
    let kind = match check.doc_sub_type {
        Some(DocSubType::CheckGoods) => "sale",
        Some(DocSubType::CheckReturn) => "return",
        Some(DocSubType::CheckStorno) => "storno",
        Some(_) | None => "unknown",
    };
    Original {
        kind,
        amount: check.sum.map(|sum| sum.kopecks()),
        of_number: check.return_of.or(check.storno_of),
        token: check
            .comment
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty()),
    }
}

/// One exchange as a value with its attempt.
fn one<T, U>(exchange: Exchange<T, Error>, read: impl FnOnce(T) -> Result<U, Failure>) -> Asked<Result<U, Failure>> {
    let (result, attempt) = keep(exchange);
    Asked {
        value: result.and_then(read),
        attempts: vec![attempt],
    }
}

/// A document the provider says it made on the way.
fn made(auto: AutoDocument) -> Option<Registration> {
    auto.result.ok().and_then(|document| plain_registration(document).ok())
}

fn sums(totals: &Totals) -> ShiftSums {
    ShiftSums {
        sales: totals.sales.as_ref().map(side).unwrap_or_default(),
        returns: totals.returns.as_ref().map(side).unwrap_or_default(),
        cash_in: kopecks(totals.service_input),
        cash_out: kopecks(totals.service_output),
    }
}

fn side(block: &TotalsBlock) -> Side {
    let mut forms: BTreeMap<u64, Kopecks> = BTreeMap::new();
    for form in &block.payforms {
        let sum = forms.entry(form.payformcd.unwrap_or(0)).or_default();
        *sum = sum.checked_add(kopecks(form.sum)).unwrap_or(Kopecks::MAX);
    }
    let taxes = block
        .taxes
        .iter()
        .filter_map(|tax| {
            let letter = tax.letter.as_deref()?.chars().next()?;
            let taxable = tax.sourcesum.or(tax.turnover);
            Some((letter, (kopecks(taxable), kopecks(tax.sum))))
        })
        .collect();
    Side {
        sum: kopecks(block.sum),
        count: block.orderscnt.unwrap_or(0),
        forms,
        taxes,
    }
}

/// Totals are never negative; one that is says so by not agreeing.
fn kopecks(money: Option<Money>) -> Kopecks {
    money
        .and_then(|money| u64::try_from(money.kopecks()).ok())
        .and_then(|minor| Kopecks::from_minor(minor).ok())
        .unwrap_or(Kopecks::ZERO)
}
