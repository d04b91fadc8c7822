//! A closed shift's Z-report beside our documents, to the kopeck.

use std::time::{Duration, Instant};

use domain::document::{Kind, Registration};
use domain::shift::ShiftSums;
use ledger::alerts::Z_DIFFERENCE;
use ledger::day::Day;
use ledger::shifts::{Compared, Shift};

use super::{Halt, ask, close, hold_on, tell};
use crate::providers::ListedDocument;
use crate::work_register::Lane;

/// The tax service knows a closed shift at once, or once the offline documents are delivered: 36 hours
/// at most. After this long a person is told.
const PATIENCE: Duration = Duration::from_secs(3 * 24 * 3600);

pub(super) async fn compare(lane: &mut Lane<'_>, day: &Day) -> Result<(), Halt> {
    let Some(shift) = &day.uncompared else {
        return Ok(());
    };
    if compare_with(lane, shift).await? {
        return Ok(());
    }
    let closed_at = shift.closed_at.unwrap_or(shift.opened_at);
    if lane.state.ledger.now().since(closed_at) < PATIENCE {
        return Ok(());
    }
    let difference = "the tax service has not told of it for three days, so nothing could be compared".to_owned();
    let compared = Compared {
        difference: Some(difference),
        ..Compared::default()
    };
    keep(lane, shift, &compared, &[]).await
}

/// False: not yet.
async fn compare_with(lane: &mut Lane<'_>, shift: &Shift) -> Result<bool, Halt> {
    // A document in doubt may belong to that shift: its place is known once it is settled.
    if lane.state.ledger.has_unsettled(&lane.register.id).await? {
        return Ok(false);
    }
    let listed = close::listed(lane, shift).await?.told_if_there()?.flatten();
    let Some(listed) = listed.filter(|listed| listed.closing_number.is_some()) else {
        return Ok(false);
    };
    let shift = &Shift {
        provider_id: shift.provider_id.or(listed.provider_id),
        ..shift.clone()
    };
    hold_on(lane).await?;
    let Some(documents) = lane.adapter.listed_documents(shift).await.told_if_there()? else {
        return Ok(false);
    };
    let z_number = listed.z_number.or_else(|| shift.z_number.clone());
    let report = match &z_number {
        None => None,
        Some(number) => {
            hold_on(lane).await?;
            match lane.adapter.z_sums(number).await.told_if_there()? {
                None => return Ok(false),
                Some(report) => report,
            }
        }
    };
    let theirs = report.or_else(|| shift.totals.clone());
    let Some(locals) = span(&documents) else {
        return Ok(false);
    };
    let ledger = lane.state.ledger.clone();
    let (ours, our_numbers) = ledger.sums_between(&lane.register.id, locals.0, locals.1).await?;
    let strangers = strangers(&documents, &our_numbers);
    let difference = difference(&ours, theirs.as_ref(), &strangers);
    let compared = Compared {
        locals: Some(locals),
        closing_number: listed.closing_number.clone(),
        z_number: z_number.clone(),
        totals: theirs,
        foreign_documents: strangers,
        difference,
    };
    let made = [(Kind::Closing, listed.closing_number), (Kind::ZReport, z_number)]
        .into_iter()
        .filter_map(|(kind, number)| {
            let number = number?;
            let listed = documents.iter().find(|document| document.fiscal_number == number)?;
            Some((kind, close::registration(listed)?))
        })
        .collect::<Vec<_>>();
    keep(lane, shift, &compared, &made).await?;
    // The report as a person reads it; without it nothing is wrong, and it can be fetched later.
    if let Some(number) = &compared.z_number
        && let Some((id, _)) = ledger.document_of_shift(&shift.id, Kind::ZReport).await?
    {
        ask::render(lane, id, Kind::ZReport, number).await?;
    }
    Ok(true)
}

/// Writes it down and tells of a difference.
async fn keep(
    lane: &mut Lane<'_>,
    shift: &Shift,
    compared: &Compared,
    made: &[(Kind, Registration)],
) -> Result<(), Halt> {
    let length = lane.state.times.lease;
    let asked = Instant::now();
    let ledger = lane.state.ledger.clone();
    let kept = ledger
        .note_compared(&lane.grip.lease, shift, compared, made, length, ledger.now())
        .await?;
    if !kept {
        return Err(Halt::Lost);
    }
    lane.grip.extended(asked);
    report_difference(lane, shift, compared.difference.as_deref()).await
}

async fn report_difference(lane: &Lane<'_>, shift: &Shift, difference: Option<&str>) -> Result<(), Halt> {
    let ledger = &lane.state.ledger;
    let id = lane.register.id.as_str();
    // What was noticed while the shift was open is part of this now.
    ledger.resolve_alert(tell::FOREIGN_DOCUMENTS, id, ledger.now()).await?;
    match difference {
        Some(difference) => {
            let alert = tell::z_difference(&lane.register, shift, difference);
            ledger.raise_alert(&alert, ledger.now()).await?;
        }
        None => ledger.resolve_alert(Z_DIFFERENCE, id, ledger.now()).await?,
    }
    Ok(())
}

/// The local numbers of a shift's first and last document.
fn span(documents: &[ListedDocument]) -> Option<(i64, i64)> {
    let numbers = || documents.iter().map(|document| document.local_number);
    numbers().min().zip(numbers().max())
}

/// Receipts on the tape that are not ours.
pub(super) fn strangers(documents: &[ListedDocument], ours: &[String]) -> Vec<String> {
    documents
        .iter()
        .filter(|document| document.is_receipt && !document.revoked && !ours.contains(&document.fiscal_number))
        .map(|document| document.fiscal_number.clone())
        .collect()
}

/// In words, or nothing when both sides agree.
fn difference(ours: &ShiftSums, theirs: Option<&ShiftSums>, strangers: &[String]) -> Option<String> {
    let Some(theirs) = theirs else {
        return Some("the Z-report could not be read, so nothing could be compared".to_owned());
    };
    let mut told: Vec<String> = ours.differences(theirs).iter().map(ToString::to_string).collect();
    if !strangers.is_empty() {
        told.push(format!(
            "documents on the tape that are not ours: {}",
            strangers.join(", ")
        ));
    }
    (!told.is_empty()).then(|| told.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(number: &str, local: i64, is_receipt: bool, revoked: bool) -> ListedDocument {
        ListedDocument {
            fiscal_number: number.to_owned(),
            local_number: local,
            at: None,
            is_receipt,
            revoked,
        }
    }

    #[test]
    fn strangers_are_receipts_that_count_and_are_not_ours() {
        let tape = [
            listed("1", 41, false, false),
            listed("2", 42, true, false),
            listed("3", 43, true, true),
            listed("4", 44, true, false),
            listed("5", 45, false, false),
        ];
        assert_eq!(strangers(&tape, &["2".to_owned()]), ["4"]);
        assert_eq!(span(&tape), Some((41, 45)));
        assert_eq!(span(&[]), None);
    }

    #[test]
    fn nothing_is_told_when_both_sides_agree() {
        let sums = ShiftSums::default();
        assert_eq!(difference(&sums, Some(&sums), &[]), None);
        assert!(difference(&sums, None, &[]).is_some());
        assert!(difference(&sums, Some(&sums), &["9".to_owned()]).is_some_and(|text| text.contains('9')));
    }
}
