//! Documents registered offline: followed until the tax service has them. They are never registered
//! again; the provider delivers them by itself.

use std::time::Duration;

use ledger::day::Day;
use ledger::offline::OfflineDocument;

use super::{Halt, hold_on, tell, watch};
use crate::deliver;
use crate::providers::Delivery;
use crate::work_register::Lane;

/// So many are asked about at a look; the rest at the next ones.
const AT_ONCE: u64 = 50;

/// The tax service wants them soon after the link is back; after this long somebody is told.
const SLOW: Duration = Duration::from_secs(2 * 3600);

pub(super) async fn follow(lane: &mut Lane<'_>, day: &Day) -> Result<(), Halt> {
    if day.offline_documents == 0 {
        return all_delivered(lane, day).await;
    }
    let documents = lane.state.ledger.offline_documents(&lane.register.id, AT_ONCE).await?;
    if day.facts.undelivered == Some(true) {
        return still_there(lane, day, &documents).await;
    }
    for document in &documents {
        hold_on(lane).await?;
        let asked = lane.adapter.delivery(document).await;
        let ledger = &lane.state.ledger;
        match asked.told_if_there()? {
            Some(Delivery::Done { url, qr_code }) => {
                let lanes = ledger
                    .note_delivered(document.id, url.as_deref(), qr_code.as_deref(), ledger.now())
                    .await?;
                deliver::ring(lane.state, &lanes);
            }
            Some(Delivery::Waiting) => return still_there(lane, day, &documents).await,
            Some(Delivery::Strange(word)) => {
                let alert = tell::delivery_refused(&lane.register, &word, &numbers(&documents));
                ledger.raise_alert(&alert, ledger.now()).await?;
                return Ok(());
            }
            None => return Ok(()),
        }
    }
    if documents.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX) {
        return all_delivered(lane, day).await;
    }
    Ok(())
}

async fn still_there(lane: &Lane<'_>, day: &Day, documents: &[OfflineDocument]) -> Result<(), Halt> {
    let ledger = &lane.state.ledger;
    let now = ledger.now();
    if let Some(why) = &day.facts.delivery_trouble {
        let alert = tell::delivery_refused(&lane.register, why, &numbers(documents));
        ledger.raise_alert(&alert, now).await?;
        return Ok(());
    }
    let oldest = documents.first().map_or(now, |document| document.registered_at);
    // While the tax service is away there is nothing to deliver to.
    if day.facts.tax_service == Some(true) && now.since(oldest) > SLOW {
        let alert = tell::delivery_slow(&lane.register, &numbers(documents));
        ledger.raise_alert(&alert, now).await?;
    }
    Ok(())
}

async fn all_delivered(lane: &Lane<'_>, day: &Day) -> Result<(), Halt> {
    for kind in [tell::DELIVERY_REFUSED, tell::DELIVERY_SLOW] {
        watch::close(lane, day, kind).await?;
    }
    Ok(())
}

fn numbers(documents: &[OfflineDocument]) -> Vec<String> {
    documents
        .iter()
        .map(|document| document.fiscal_number.clone())
        .collect()
}
