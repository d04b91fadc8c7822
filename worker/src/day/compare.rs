//! A closed shift's Z-report beside our documents, to the kopeck.

use std::time::{Duration, Instant};

use domain::document::{Kind, Registration};
use domain::shift::ShiftSums;
use domain::time::UnixMillis;
use ledger::alerts::Z_DIFFERENCE;
use ledger::day::Day;
use ledger::renderings::Fetchable;
use ledger::shifts::{Compared, Shift};

use super::{Halt, ask, close, hold_on, tell};
use crate::providers::ListedDocument;
use crate::work_register::Lane;

/// The tax service knows a closed shift at once, or once the offline documents are delivered: 36 hours
/// at most. After this long a person is told.
const PATIENCE: Duration = Duration::from_secs(3 * 24 * 3600);

/// The provider's clock and ours may be so far apart. What was sent as close to a shift's ends may be in another one.
const CLOCKS: Duration = Duration::from_secs(120);

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
    let heard_of = shift.closed_at.unwrap_or(shift.opened_at);
    let shift = &Shift {
        provider_id: shift.provider_id.or(listed.provider_id),
        closed_at: Some(ended(lane, shift, heard_of).await?),
        ..shift.clone()
    };
    hold_on(lane).await?;
    let Some(mut documents) = lane.adapter.listed_documents(shift).await.told_if_there()? else {
        return Ok(false);
    };
    // What we know from the answer is better than what a list says.
    let closing_number = shift.closing_number.clone().or(listed.closing_number);
    let z_number = shift.z_number.clone().or(listed.z_number);
    let report = match &z_number {
        None => None,
        Some(number) => {
            hold_on(lane).await?;
            match lane.adapter.z_sums(shift, number).await.told_if_there()? {
                None => return Ok(false),
                Some(report) => report,
            }
        }
    };
    let theirs = report.or_else(|| shift.totals.clone());
    let Some(Ours {
        sums,
        numbers,
        missing,
        locals,
    }) = ours(lane, shift, heard_of, &documents).await?
    else {
        return Ok(false);
    };
    let strangers = strangers(&documents, &numbers);
    let difference = difference(&sums, theirs.as_ref(), &strangers, &missing);
    documents.extend(listed.closing);
    let ledger = lane.state.ledger.clone();
    let compared = Compared {
        locals,
        closing_number: closing_number.clone(),
        z_number: z_number.clone(),
        totals: theirs,
        foreign_documents: strangers,
        difference,
    };
    let made = [(Kind::Closing, closing_number), (Kind::ZReport, z_number)]
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
        let report = Fetchable {
            kind: Kind::ZReport,
            number: number.clone(),
            provider_id: None,
        };
        ask::render(lane, id, &report).await?;
    }
    Ok(true)
}

/// When the shift ended at the latest, by the provider's clock: when the next one was opened, if that was before we heard
/// of the end.
async fn ended(lane: &Lane<'_>, shift: &Shift, heard_of: UnixMillis) -> Result<UnixMillis, Halt> {
    const LATEST: u64 = 16;
    let later = lane.state.ledger.recent_shifts(&lane.register.id, LATEST).await?;
    let next = later
        .iter()
        .filter(|other| other.id != shift.id && other.opened_at >= shift.opened_at)
        .map(|other| other.opened_at)
        .min();
    let latest = heard_of.plus(CLOCKS);
    Ok(next.map_or(latest, |next| latest.min(next)))
}

/// Our side of a shift.
struct Ours {
    sums: ShiftSums,
    numbers: Vec<String>,
    /// Documents of ours that are not on its list and should be.
    missing: Vec<String>,
    /// The first and the last local number, where these stand in the tape's order.
    locals: Option<(i64, i64)>,
}

/// `None`: the list is not there yet.
async fn ours(
    lane: &Lane<'_>,
    shift: &Shift,
    heard_of: UnixMillis,
    documents: &[ListedDocument],
) -> Result<Option<Ours>, Halt> {
    let ledger = &lane.state.ledger;
    let register = &lane.register.id;
    if !lane.can.numbers {
        let Some(locals) = span(documents) else {
            return Ok(None);
        };
        let (sums, numbers) = ledger.sums_between(register, locals.0, locals.1).await?;
        return Ok(Some(Ours {
            sums,
            numbers,
            missing: Vec::new(),
            locals: Some(locals),
        }));
    }
    // A number is given once and the document may go out much later, so our numbers do not stand in the tape's order:
    // the list says which documents the shift has, and our clock which ones it should have.
    let listed: Vec<String> = documents
        .iter()
        .map(|document| document.fiscal_number.clone())
        .collect();
    let (sums, numbers) = ledger.sums_of(register, &listed).await?;
    let to = shift.closed_at.unwrap_or(heard_of).min(heard_of);
    let mut missing = ledger
        .sent_between(register, shift.opened_at.plus(CLOCKS), to.minus(CLOCKS))
        .await?;
    missing.retain(|number| !listed.contains(number));
    Ok(Some(Ours {
        sums,
        numbers,
        missing,
        locals: None,
    }))
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
    let numbers = || documents.iter().filter_map(|document| document.local_number);
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
fn difference(
    ours: &ShiftSums,
    theirs: Option<&ShiftSums>,
    strangers: &[String],
    missing: &[String],
) -> Option<String> {
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
    if !missing.is_empty() {
        told.push(format!(
            "documents of ours that are not on the tape: {}",
            missing.join(", ")
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
            local_number: Some(local),
            at: None,
            is_receipt,
            revoked,
            says: None,
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
        assert_eq!(difference(&sums, Some(&sums), &[], &[]), None);
        assert!(difference(&sums, None, &[], &[]).is_some());
        assert!(difference(&sums, Some(&sums), &["9".to_owned()], &[]).is_some_and(|text| text.contains('9')));
        assert!(difference(&sums, Some(&sums), &[], &["8".to_owned()]).is_some_and(|text| text.contains('8')));
    }
}
