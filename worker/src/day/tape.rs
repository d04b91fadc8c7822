//! Reading a register's tape for a day, because a reconciliation asked for it: what stands on it that is not
//! ours. In the register's turn, under its lease, like every question to a provider.

use ledger::LedgerError;
use ledger::reconcile::Stranger;
use ledger::shifts::Shift;

use super::{Halt, hold_on};
use crate::providers::ListedDocument;
use crate::work_register::Lane;

/// Reads one day that is asked for, if one is. While the tax service is away it waits.
pub(super) async fn read(lane: &mut Lane<'_>) -> Result<(), Halt> {
    let ledger = lane.state.ledger.clone();
    let Some(wanted) = ledger.tape_wanted(&lane.register.id).await? else {
        return Ok(());
    };
    hold_on(lane).await?;
    let Some(shifts) = lane
        .adapter
        .shifts_between(wanted.from, wanted.to, ledger.now())
        .await
        .told_if_there()?
    else {
        return Ok(());
    };
    let (mut listed, mut strangers) = (0_u64, Vec::new());
    for shift in &shifts {
        hold_on(lane).await?;
        let Some(documents) = lane.adapter.listed_documents(shift).await.told_if_there()? else {
            return Ok(());
        };
        listed += u64::try_from(documents.len()).unwrap_or(u64::MAX);
        let Some(found) = strangers_among(lane, shift, &documents).await? else {
            return Ok(());
        };
        strangers.extend(found);
    }
    let length = lane.state.times.lease;
    let asked = std::time::Instant::now();
    if !ledger
        .note_tape(&lane.grip.lease, &wanted, listed, &strangers, length, ledger.now())
        .await?
    {
        return Err(Halt::Lost);
    }
    lane.grip.extended(asked);
    // There may be another day.
    if ledger.tape_wanted(&lane.register.id).await?.is_some() {
        lane.look_soon();
    }
    Ok(())
}

/// `None`: one of them cannot be fetched now.
async fn strangers_among(
    lane: &mut Lane<'_>,
    shift: &Shift,
    documents: &[ListedDocument],
) -> Result<Option<Vec<Stranger>>, Halt> {
    let ledger = lane.state.ledger.clone();
    let receipts: Vec<&ListedDocument> = documents
        .iter()
        .filter(|document| document.is_receipt && !document.revoked)
        .collect();
    let numbers: Vec<String> = receipts.iter().map(|document| document.fiscal_number.clone()).collect();
    let ours = known(lane, &numbers).await?;
    let before = ledger.known_strangers(&lane.register.id, &numbers).await?;
    let mut found = Vec::new();
    for document in receipts {
        if ours.contains(&document.fiscal_number) || before.contains(&document.fiscal_number) {
            continue;
        }
        let told = match &document.says {
            Some(says) => says.clone(),
            None => {
                hold_on(lane).await?;
                match lane.adapter.original(&document.fiscal_number).await.told_if_there()? {
                    Some(told) => told,
                    None => return Ok(None),
                }
            }
        };
        tracing::warn!(
            register.id = %lane.register.id, document = %document.fiscal_number, shift = %shift.reference,
            "Document {} on the tape of {} is not ours", document.fiscal_number, lane.register.id
        );
        found.push(Stranger {
            fiscal_number: document.fiscal_number.clone(),
            local_number: document.local_number.unwrap_or_default(),
            written_at: document.at.clone(),
            kind: told.kind,
            amount: told.amount,
            of_number: told.of_number,
            token: told.token,
        });
    }
    Ok(Some(found))
}

/// Those that are ours; in parts, for a shift may be long.
async fn known(lane: &Lane<'_>, numbers: &[String]) -> Result<std::collections::HashSet<String>, LedgerError> {
    const PART: usize = 500;
    let mut known = std::collections::HashSet::new();
    for part in numbers.chunks(PART) {
        known.extend(lane.state.ledger.known_numbers(&lane.register.id, part).await?);
    }
    Ok(known)
}
