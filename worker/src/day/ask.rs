//! What people and schedules asked of a register.

use domain::document::Kind;
use domain::ids::DocumentId;
use domain::shift::ShiftSums;
use ledger::LedgerError;
use ledger::actions::{Action, Ask, End, LOSE_DOCUMENTS};
use ledger::day::Day;
use ledger::renderings::Fetchable;
use ledger::shifts::{Shift, write_sums};

use super::clean::{self, Cleaned, done};
use super::{Halt, hold_on, plan};
use crate::kyiv::for_people;
use crate::work_register::Lane;

/// Does what can be done now; a closing or a Z-report ends when its document is on the tape.
pub(super) async fn answer(lane: &mut Lane<'_>, day: &Day) -> Result<(), Halt> {
    for action in &day.actions {
        let end = match action.ask {
            Ask::Close => close(lane, day, action).await?,
            Ask::ZReport => z_report(lane, day, action).await?,
            Ask::Totals => Some(totals(lane, day).await?),
            Ask::Cleanup => Some(cleanup(lane, false).await?),
            Ask::Remove => Some(remove(lane, day, action).await?),
            Ask::Sync => Some(done(true, "the register was looked at")),
            Ask::Fetch => fetch(lane, action).await?,
        };
        if let Some(end) = end {
            let ledger = &lane.state.ledger;
            ledger.end_action(&action.id, &end, ledger.now()).await?;
        }
    }
    Ok(())
}

/// Closes the shift that was open when it was asked; a later one is not meant.
async fn close(lane: &Lane<'_>, day: &Day, action: &Action) -> Result<Option<End>, Halt> {
    let Some(shift) = day.shift.as_ref().filter(|shift| was_open(shift, action)) else {
        if day.shift.is_none() && day.facts.shift_open != Some(false) {
            return Ok(None);
        }
        return Ok(Some(closed(lane, action).await?));
    };
    plan(lane, shift, Kind::Closing).await?;
    Ok(held(lane, shift, Kind::Closing).await?)
}

/// The end of an action whose document cannot go on by itself.
async fn held(lane: &Lane<'_>, shift: &Shift, kind: Kind) -> Result<Option<End>, LedgerError> {
    let document = lane.state.ledger.document_of_shift(&shift.id, kind).await?;
    let held = document.is_some_and(|(_, state)| state == "held" || state == "closed");
    Ok(held.then(|| done(false, "its document waits for a person: see the alerts")))
}

async fn z_report(lane: &Lane<'_>, day: &Day, action: &Action) -> Result<Option<End>, Halt> {
    let Some(shift) = day.shift.as_ref().filter(|shift| was_open(shift, action)) else {
        return Ok(Some(done(false, "no shift is open, so there is nothing to report")));
    };
    if let Some(number) = &shift.z_number {
        return Ok(Some(done(true, &format!("Z-report {number}"))));
    }
    plan(lane, shift, Kind::ZReport).await?;
    Ok(held(lane, shift, Kind::ZReport).await?)
}

fn was_open(shift: &Shift, action: &Action) -> bool {
    shift.opened_at.min(shift.first_seen_at) <= action.asked_at
}

async fn closed(lane: &Lane<'_>, action: &Action) -> Result<End, Halt> {
    let last = lane.state.ledger.recent_shifts(&lane.register.id, 2).await?;
    let ours = last
        .iter()
        .find(|shift| shift.closed_at.is_some_and(|at| at >= action.asked_at));
    Ok(match ours {
        Some(shift) => {
            let z = shift.z_number.as_deref().unwrap_or("?");
            done(
                true,
                &format!(
                    "the shift opened {} is closed, Z-report {z}",
                    for_people(shift.opened_at)
                ),
            )
        }
        None => done(true, "no shift was open"),
    })
}

/// Both sides as JSON, in kopecks.
async fn totals(lane: &mut Lane<'_>, day: &Day) -> Result<End, Halt> {
    hold_on(lane).await?;
    let Some(told) = lane.adapter.totals().await.told_if_there()? else {
        return Ok(done(
            false,
            "the register does not tell its totals while the tax service is away",
        ));
    };
    let Some(shift) = &day.shift else {
        let theirs = told.sums.as_ref().map_or_else(|| "null".to_owned(), write_sums);
        return Ok(done(true, &format!("{{\"shift_open\":false,\"theirs\":{theirs}}}")));
    };
    let sums = told.sums.unwrap_or_default();
    let ledger = &lane.state.ledger;
    ledger.note_totals(&shift.id, &sums, ledger.now()).await?;
    let Some(ours) = our_sums(lane, shift).await? else {
        return Ok(done(
            true,
            &format!("{{\"shift_open\":true,\"theirs\":{}}}", write_sums(&sums)),
        ));
    };
    let differences: Vec<String> = ours.differences(&sums).iter().map(ToString::to_string).collect();
    Ok(done(
        true,
        &format!(
            "{{\"shift_open\":true,\"opened_at\":{},\"ours\":{},\"theirs\":{},\"differences\":{}}}",
            serde_json::json!(for_people(shift.opened_at)),
            write_sums(&ours),
            write_sums(&sums),
            serde_json::json!(differences)
        ),
    ))
}

/// Our documents of the open shift; `None`: which they are is not known.
async fn our_sums(lane: &mut Lane<'_>, shift: &Shift) -> Result<Option<ShiftSums>, Halt> {
    let ledger = lane.state.ledger.clone();
    if !lane.can.numbers {
        let Some(first) = shift.first_local else {
            return Ok(None);
        };
        let (ours, _) = ledger.sums_between(&lane.register.id, first, i64::MAX).await?;
        return Ok(Some(ours));
    }
    // Our numbers do not stand in the tape's order, so the list says which documents they are.
    hold_on(lane).await?;
    let Some(listed) = lane.adapter.listed_documents(shift).await.told_if_there()? else {
        return Ok(None);
    };
    let numbers: Vec<String> = listed.into_iter().map(|document| document.fiscal_number).collect();
    let (ours, _) = ledger.sums_of(&lane.register.id, &numbers).await?;
    Ok(Some(ours))
}

async fn cleanup(lane: &mut Lane<'_>, remove: bool) -> Result<End, Halt> {
    match clean::now(lane, remove).await? {
        Cleaned::Done => Ok(done(true, "the provider's view of the register was brought in line")),
        Cleaned::Lost => Err(Halt::Lost),
        Cleaned::Failed(failure, attempts) => {
            let text = format!("the clean-up failed: {}", failure.text.en);
            if attempts.is_empty() || failure.tax_service_away {
                // Nobody knows whether it was done, and the register is quiet until that is settled; or the
                // tax service is away, which is no reason to leave the register alone.
                Ok(done(false, &text))
            } else {
                Err(Halt::Trouble(failure, attempts))
            }
        }
    }
}

/// Loses what is not delivered: only in so many words.
async fn remove(lane: &mut Lane<'_>, day: &Day, action: &Action) -> Result<End, Halt> {
    let undelivered = day.facts.undelivered != Some(false) || day.offline_documents > 0;
    if undelivered && action.subject != LOSE_DOCUMENTS {
        return Ok(done(
            false,
            &format!(
                "offline documents are not delivered yet and would be lost; to lose them all the same, say \"{LOSE_DOCUMENTS}\""
            ),
        ));
    }
    cleanup(lane, true).await
}

/// A document as a person reads it, kept in the ledger. While the tax service is away it waits.
async fn fetch(lane: &mut Lane<'_>, action: &Action) -> Result<Option<End>, Halt> {
    let Ok(id) = DocumentId::parse(&action.subject) else {
        return Ok(Some(done(false, "this is not a document's id")));
    };
    let Some(document) = lane.state.ledger.fetchable(&lane.register.id, id).await? else {
        return Ok(Some(done(false, "no registered document of this register has that id")));
    };
    Ok(match render(lane, id, &document).await? {
        Rendered::Kept => Some(done(true, "fetched")),
        Rendered::Away => None,
        Rendered::NotThere => Some(done(false, "the tax service does not have this document yet")),
    })
}

/// What came of asking for a document's rendering.
pub(super) enum Rendered {
    Kept,
    /// The tax service is away.
    Away,
    /// It does not have the document.
    NotThere,
}

/// Fetches and keeps a document as text and as HTML, or in the one form there is.
pub(super) async fn render(lane: &mut Lane<'_>, id: DocumentId, document: &Fetchable) -> Result<Rendered, Halt> {
    let mut rendered = Rendered::NotThere;
    for html in [false, true] {
        hold_on(lane).await?;
        let Some(rendering) = lane.adapter.rendering(document, html).await.told_if_there()? else {
            return Ok(Rendered::Away);
        };
        if let Some(body) = rendering {
            let ledger = &lane.state.ledger;
            ledger.keep_rendering(id, html, &body, ledger.now()).await?;
            rendered = Rendered::Kept;
        }
    }
    Ok(rendered)
}
