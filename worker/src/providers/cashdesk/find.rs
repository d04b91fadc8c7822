//! Was it registered? The recipe of `cashdesk.md` §10: a sale or a return is looked for by its kind and our number in the
//! X-report, and, if its shift may be closed by now, in the reports of the days since. Moved cash carries no number of
//! ours: it is what nobody else explains, and it is not there only where the box adds up without it.

use ::cashdesk::{CASH, CheckType, Money, Report, ReportCheck, Search, search};
use domain::document::{Kind, Presence, Registration};
use domain::ids::FiscalNumber;
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::tape::DueDocument;

use super::check::money;
use super::lists::{days, written};
use super::session::Session;
use super::shift::{Before, presence};
use super::{CashDesk, registration};
use crate::grip::Grip;
use crate::kyiv;
use crate::providers::{Asked, Failure, Finding};

/// The provider's clock and ours may be so far apart.
const CLOCKS: std::time::Duration = std::time::Duration::from_secs(120);

/// Why a search ended early.
enum Stopped {
    /// A question was not answered.
    Unasked(Failure),
    /// The lease is lost: not one question more.
    Lost,
    /// The ledger could not be asked.
    Ledger(LedgerError),
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Unasked(failure)
    }
}

impl From<LedgerError> for Stopped {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

/// The document that is looked for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub check_type: CheckType,
    /// Ours; moved cash is not found by it.
    pub number: Option<u64>,
    pub sum: Money,
    pub sent_at: UnixMillis,
}

/// Everything that was asked.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The running shift's report.
    pub running: Option<Report>,
    /// Those of the days in which its shift may have been closed.
    pub days: Vec<Report>,
    /// Why that may not be all.
    pub unseen: Option<String>,
}

/// What the reports say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict<'a> {
    /// It is there.
    Found(&'a ReportCheck),
    Absent,
    Unclear(String),
}

impl CashDesk {
    pub(super) async fn look_for(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        now: UnixMillis,
    ) -> Result<Asked<Option<Finding>>, LedgerError> {
        let mut session = self.session();
        let value = match self.search(grip, document, now, &mut session).await {
            Ok(finding) => Some(finding),
            // The provider answers: that is no reason to leave the register alone.
            Err(Stopped::Unasked(failure)) if failure.tax_service_away => Some(Finding::Unclear(failure.text.en)),
            Err(Stopped::Unasked(failure)) => Some(Finding::Failed(failure)),
            Err(Stopped::Lost) => None,
            Err(Stopped::Ledger(error)) => return Err(error),
        };
        Ok(session.end(value))
    }

    async fn search(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        now: UnixMillis,
        session: &mut Session,
    ) -> Result<Finding, Stopped> {
        let wanted = wanted(document);
        let mut seen = Seen::default();
        self.hold_on(grip, session).await?;
        seen.running = Some(self.x_report(session).await?);
        let known = self.known(grip, &seen).await?;
        // The report may have been the last of its shift: only a shift that is open after it was open during it.
        if !matches!(judge(&seen, &wanted, &known), Verdict::Found(_))
            && !self.same_shift(grip, document, session).await?
        {
            for day in days(wanted.sent_at.minus(CLOCKS), now) {
                self.hold_on(grip, session).await?;
                match self.day(session, day).await {
                    Ok(report) => seen.days.push(report),
                    Err(failure) if failure.tax_service_away => seen.unseen = Some(failure.text.en),
                    Err(failure) => return Err(failure.into()),
                }
            }
        }
        let known = self.known(grip, &seen).await?;
        Ok(match judge(&seen, &wanted, &known) {
            Verdict::Absent => Finding::Absent,
            Verdict::Unclear(why) => Finding::Unclear(why),
            Verdict::Found(check) => {
                let delivered = seen
                    .days
                    .iter()
                    .flat_map(|day| &day.checks)
                    .flatten()
                    .any(|listed| listed == check);
                match found(check, document.number, delivered) {
                    Some(found) => Finding::Found(self.with_id(grip, session, check, found).await?),
                    None => Finding::Unclear("it is listed without a fiscal number".to_owned()),
                }
            }
        })
    }

    /// The lease must cover every question, however many there are.
    async fn hold_on(&self, grip: &mut Grip<'_>, session: &mut Session) -> Result<(), Stopped> {
        if !grip.keep().await? {
            return Err(Stopped::Lost);
        }
        session.renew(self.limit);
        Ok(())
    }

    /// Is the very shift open that was open before the document was sent?
    async fn same_shift(
        &self,
        grip: &mut Grip<'_>,
        document: &DueDocument,
        session: &mut Session,
    ) -> Result<bool, Stopped> {
        let before = document.intent.as_deref();
        let before: Before = before
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        self.hold_on(grip, session).await?;
        let now = self.see(session).await?.shift.map(|shift| shift.reference);
        Ok(before.shift.is_some() && before.shift == now)
    }

    /// Which of the listed documents are explained by others of ours.
    async fn known(&self, grip: &Grip<'_>, seen: &Seen) -> Result<Vec<String>, Stopped> {
        const PART: usize = 500;
        let numbers: Vec<String> = seen.checks().filter_map(|check| check.order_num.clone()).collect();
        let mut known = Vec::new();
        for part in numbers.chunks(PART) {
            known.extend(grip.state.ledger.known_numbers(&grip.lease.register, part).await?);
        }
        Ok(known)
    }

    /// A list tells no id and no link. If it is still the last check they can be had; without them nothing is wrong.
    async fn with_id(
        &self,
        grip: &mut Grip<'_>,
        session: &mut Session,
        check: &ReportCheck,
        found: Registration,
    ) -> Result<Registration, Stopped> {
        self.hold_on(grip, session).await?;
        let last = session
            .ask("shift/lastCheck", self.client.last_check(self.number))
            .await;
        let last = last.ok().and_then(|answer| answer.value);
        let Some(uuid) = last
            .filter(|last| last.order_num.is_some() && last.order_num == check.order_num)
            .and_then(|last| last.uuid)
        else {
            return Ok(found);
        };
        self.hold_on(grip, session).await?;
        let told = session.ask("checks/json", self.client.check_json(&uuid)).await;
        let whole = told
            .ok()
            .and_then(|answer| registration(&answer.value, Some(found.local_number)).ok());
        Ok(match whole.filter(|whole| whole.fiscal_number == found.fiscal_number) {
            Some(whole) => Registration {
                presence: found.presence,
                provider_id: Some(uuid),
                ..whole
            },
            None => Registration {
                provider_id: Some(uuid),
                ..found
            },
        })
    }
}

fn wanted(document: &DueDocument) -> Wanted {
    Wanted {
        check_type: match document.kind {
            Kind::Sale => CheckType::Sale,
            Kind::Return | Kind::Storno => CheckType::Return,
            Kind::CashIn => CheckType::ServiceInput,
            Kind::CashOut => CheckType::ServiceOutput,
            Kind::ZReport | Kind::Closing => CheckType::ZReport,
        },
        number: document.number.and_then(|number| u64::try_from(number).ok()),
        sum: money(document.amount),
        sent_at: document.sent_at.unwrap_or(document.created_at),
    }
}

impl Seen {
    fn reports(&self) -> impl Iterator<Item = &Report> {
        self.running.iter().chain(&self.days)
    }

    fn checks(&self) -> impl Iterator<Item = &ReportCheck> {
        self.reports().flat_map(|report| &report.checks).flatten()
    }
}

/// Only a look that is whole, and all of which can be told apart, proves that a document is not there.
pub(super) fn judge<'a>(seen: &'a Seen, wanted: &Wanted, known: &[String]) -> Verdict<'a> {
    let judged = match (&wanted.check_type, wanted.number) {
        (CheckType::Sale | CheckType::Return, Some(number)) => by_number(seen, wanted, number),
        (CheckType::Sale | CheckType::Return, None) => Verdict::Unclear("it has no number to be found by".to_owned()),
        (
            CheckType::ServiceInput
            | CheckType::ServiceOutput
            | CheckType::OpenShift
            | CheckType::ZReport
            | CheckType::Other(_),
            _,
        ) => by_sum(seen, wanted, known),
    };
    match (judged, &seen.unseen) {
        (Verdict::Absent, Some(why)) => Verdict::Unclear(why.clone()),
        (judged, _) => judged,
    }
}

fn by_number<'a>(seen: &'a Seen, wanted: &Wanted, number: u64) -> Verdict<'a> {
    let mut all: Vec<&ReportCheck> = Vec::new();
    let mut blind = false;
    for report in seen.reports() {
        match search(report, &wanted.check_type, number) {
            Search::Found(checks) => {
                // A shift that was closed meanwhile may have told of it twice.
                let new = checks
                    .into_iter()
                    .filter(|check| !all.iter().any(|one| same(one, check)));
                let new: Vec<_> = new.collect();
                all.extend(new);
            }
            Search::Absent => {}
            Search::Blind => blind = true,
        }
    }
    match all.as_slice() {
        [] if blind => Verdict::Unclear("the list of checks does not tell our numbers".to_owned()),
        [] => Verdict::Absent,
        [check] if check.sum.is_some_and(|sum| sum != wanted.sum) => {
            Verdict::Unclear(format!("number {number} is on a check of another sum"))
        }
        [check] => Verdict::Found(check),
        more => Verdict::Unclear(format!("{} checks have number {number}", more.len())),
    }
}

fn same(one: &ReportCheck, other: &ReportCheck) -> bool {
    one.order_num.is_some() && one.order_num == other.order_num
}

/// Moved cash: a document of its kind and sum, made since, that is none of those we know.
fn by_sum<'a>(seen: &'a Seen, wanted: &Wanted, known: &[String]) -> Verdict<'a> {
    let since = wanted.sent_at.minus(CLOCKS);
    let mut all: Vec<&ReportCheck> = Vec::new();
    for check in seen.checks() {
        let fits = check.check_type.as_ref() == Some(&wanted.check_type)
            && check.sum == Some(wanted.sum)
            && !check.order_num.as_ref().is_some_and(|number| known.contains(number))
            && written(check).is_none_or(|at| at >= since);
        if fits && !all.iter().any(|one| same(one, check)) {
            all.push(check);
        }
    }
    match all.as_slice() {
        [check] => Verdict::Found(check),
        [] if seen.reports().all(adds_up) => Verdict::Absent,
        [] => Verdict::Unclear("the cash in the box is not explained by the listed documents".to_owned()),
        more => Verdict::Unclear(format!("{} documents could be it", more.len())),
    }
}

/// Do the listed documents explain all the cash in the box? Then no movement of it is missing from the list.
fn adds_up(report: &Report) -> bool {
    let (Some(start), Some(end), Some(checks)) = (report.cash_in_box_start, report.cash_in_box, &report.checks) else {
        return false;
    };
    let moved: Option<Vec<i64>> = checks.iter().map(cash).collect();
    moved.is_some_and(|moved| start.kopecks() + moved.iter().sum::<i64>() == end.kopecks())
}

/// The cash that a document moved; `None` where it does not tell.
fn cash(check: &ReportCheck) -> Option<i64> {
    let paid = || -> Option<i64> {
        if check.payments.is_empty() {
            return None;
        }
        let mut cash = 0;
        for payment in &check.payments {
            if payment.code? == u64::from(CASH) {
                cash += payment.sum?.kopecks();
            }
        }
        Some(cash)
    };
    match check.check_type.as_ref()? {
        CheckType::Sale => paid(),
        CheckType::Return => paid().map(|cash| -cash),
        CheckType::ServiceInput => check.sum.map(Money::kopecks),
        CheckType::ServiceOutput => check.sum.map(|sum| -sum.kopecks()),
        CheckType::OpenShift | CheckType::ZReport => Some(0),
        CheckType::Other(_) => None,
    }
}

/// A day's report is not made before everything in it is delivered.
fn found(check: &ReportCheck, number: Option<i64>, delivered: bool) -> Option<Registration> {
    let told = check.order_num.as_deref()?;
    let offline = if delivered {
        Presence::Delivered
    } else {
        Presence::Offline
    };
    Some(Registration {
        fiscal_number: FiscalNumber::parse(told).ok()?,
        local_number: number.unwrap_or_default(),
        registered_at: written(check).map(kyiv::write).unwrap_or_default(),
        presence: presence(told, offline),
        url: None,
        qr_code: None,
        rendering: None,
        provider_id: None,
    })
}

#[cfg(test)]
mod tests;
