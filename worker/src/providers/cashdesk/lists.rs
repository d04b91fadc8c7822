//! What is on the tape, as reports list it: the running shift's by the X-report, closed ones' by the day.

use std::collections::BTreeMap;

use ::cashdesk::{AskPeriod, AskXReport, CheckType, Letters, Money, PaidBy, Report, ReportCheck};
use domain::money::Kopecks;
use domain::shift::{ShiftSums, Side};
use domain::tax::VatScheme;
use domain::time::UnixMillis;
use jiff::civil::Date;
use ledger::shifts::Shift;

use super::session::Session;
use super::{CashDesk, told};
use crate::kyiv;
use crate::providers::{Failure, ListedDocument, Original};

/// A shift lives a day at most; a tape is asked for by the day.
const MOST_DAYS: usize = 4;

impl CashDesk {
    /// The checks of a shift, or of a time that is written as one: those of a running shift are in the X-report. A day
    /// may have had several shifts, and a shift may have gone over midnight, so checks of closed ones are told apart by
    /// their own times.
    pub(super) async fn checks(&self, session: &mut Session, shift: &Shift) -> Result<Vec<ReportCheck>, Failure> {
        let report = self.x_report(session).await?;
        let mut checks = report.checks.ok_or_else(told::no_list)?;
        let Some(end) = shift.closed_at else {
            return Ok(checks);
        };
        for day in days(shift.opened_at, end) {
            checks.extend(self.day(session, day).await?.checks.ok_or_else(told::no_list)?);
        }
        // Times are told in seconds.
        let from = UnixMillis(shift.opened_at.0 / 1000 * 1000);
        checks.retain(|check| written(check).is_none_or(|at| from <= at && at < end));
        Ok(once_each(checks))
    }

    pub(super) async fn x_report(&self, session: &mut Session) -> Result<Report, Failure> {
        let request = AskXReport::with_checks(self.number);
        let answer = session.ask("shift/xReport", self.client.x_report(&request)).await?;
        Ok(answer.value)
    }

    /// One day's closed shifts.
    pub(super) async fn day(&self, session: &mut Session, day: Date) -> Result<Report, Failure> {
        let request = AskPeriod::new(self.number, day, day);
        let answer = session
            .ask("shift/zReport/period", self.client.period_report(&request))
            .await?;
        Ok(answer.value)
    }
}

/// The days of Kyiv from one moment to another, the last ones of too many.
pub(super) fn days(from: UnixMillis, to: UnixMillis) -> Vec<Date> {
    let (first, last) = (kyiv::local(from).date(), kyiv::local(to).date());
    let mut days: Vec<Date> = std::iter::successors(Some(last), |day| day.yesterday().ok())
        .take_while(|day| *day >= first)
        .take(MOST_DAYS)
        .collect();
    days.reverse();
    days
}

/// A check may stand in the X-report and in a day's, if its shift was closed in between.
fn once_each(checks: Vec<ReportCheck>) -> Vec<ReportCheck> {
    let mut seen = std::collections::HashSet::new();
    let mut kept = checks;
    kept.retain(|check| {
        check
            .order_num
            .as_ref()
            .is_none_or(|number| seen.insert(number.clone()))
    });
    kept
}

pub(super) fn written(check: &ReportCheck) -> Option<UnixMillis> {
    let text = check.datetime.as_deref()?;
    kyiv::read_dotted(text).or_else(|| kyiv::read(text))
}

/// Does it count, and in which way?
pub(super) const fn meaning(check: Option<&CheckType>) -> (bool, &'static str) {
    match check {
        Some(CheckType::Sale) => (true, "sale"),
        Some(CheckType::Return) => (true, "return"),
        Some(CheckType::ServiceInput | CheckType::ServiceOutput | CheckType::Other(_)) | None => (true, "unknown"),
        Some(CheckType::OpenShift | CheckType::ZReport) => (false, "unknown"),
    }
}

/// A check as the tape lists it; none without a number, for it could be compared with nothing.
pub(super) fn listed(check: &ReportCheck) -> Option<ListedDocument> {
    let (is_receipt, kind) = meaning(check.check_type.as_ref());
    Some(ListedDocument {
        fiscal_number: check.order_num.clone()?,
        local_number: check.local_number.and_then(|number| i64::try_from(number).ok()),
        at: written(check).map(kyiv::write).or_else(|| check.datetime.clone()),
        is_receipt,
        revoked: false,
        says: Some(Original {
            kind,
            amount: check.sum.map(Money::kopecks),
            ..Original::default()
        }),
    })
}

/// Checks in numbers.
pub(super) fn sums(checks: &[ReportCheck], vat: &VatScheme) -> ShiftSums {
    let mut sums = ShiftSums::default();
    for check in checks {
        match &check.check_type {
            Some(CheckType::Sale) => add(&mut sums.sales, check, vat),
            Some(CheckType::Return) => add(&mut sums.returns, check, vat),
            Some(CheckType::ServiceInput) => sums.cash_in = plus(sums.cash_in, check.sum),
            Some(CheckType::ServiceOutput) => sums.cash_out = plus(sums.cash_out, check.sum),
            // What it is nobody says; on the list of documents it is a stranger.
            Some(CheckType::OpenShift | CheckType::ZReport | CheckType::Other(_)) | None => {}
        }
    }
    sums
}

fn add(side: &mut Side, check: &ReportCheck, vat: &VatScheme) {
    side.sum = plus(side.sum, check.sum);
    side.count += 1;
    for PaidBy { code, sum, .. } in &check.payments {
        let form = side.forms.entry(code.unwrap_or_default()).or_default();
        *form = plus(*form, *sum);
    }
    for row in &check.taxes {
        let Some(letter) = row.letter.as_deref().and_then(|told| ours(told, vat)) else {
            continue;
        };
        let (taxable, tax) = side.taxes.entry(letter).or_default();
        *taxable = plus(*taxable, row.turnover);
        *tax = plus(*tax, row.sum);
    }
}

/// The letter as the register's scheme writes it: a Latin one of ours was sent in Cyrillic.
fn ours(told: &str, vat: &VatScheme) -> Option<char> {
    let told = Letters::new(told);
    let known: BTreeMap<String, char> = match vat {
        VatScheme::NotAPayer => BTreeMap::new(),
        VatScheme::Letters { rates, .. } => rates
            .keys()
            .map(|letter| (Letters::new(&letter.to_string()).as_str().to_owned(), letter.letter()))
            .collect(),
    };
    known
        .get(told.as_str())
        .copied()
        .or_else(|| told.as_str().chars().next())
}

/// Sums are never negative; one that is says so by not agreeing.
fn plus(sum: Kopecks, more: Option<Money>) -> Kopecks {
    let more = more
        .and_then(|money| u64::try_from(money.kopecks()).ok())
        .and_then(|minor| Kopecks::from_minor(minor).ok())
        .unwrap_or(Kopecks::ZERO);
    sum.checked_add(more).unwrap_or(Kopecks::MAX)
}

#[cfg(test)]
mod tests;
