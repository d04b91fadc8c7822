//! What providers told by themselves. A notice decides nothing but when a document is asked about, so nothing may
//! come of it: all receipts here are ours, whatever is told of them, how often and when.

use std::collections::{BTreeMap, BTreeSet};

use ledger::settings::Provider;
use sandbox::{atol, cashdesk};

use super::registers::Registers;
use super::tape::Slip;
use super::world::World;

/// What was told, and what must be nothing, with its cases in words.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    /// Posts by provider, and what is to be said of them.
    pub told: BTreeMap<String, usize>,
    /// Receipts of ours that were taken for somebody else's.
    pub strangers: Vec<String>,
}

impl Notices {
    /// Names and cases of everything that must be nothing.
    pub fn figures(&self) -> [(&'static str, &[String]); 1] {
        [("receipts of ours taken for somebody else's", &self.strangers)]
    }

    /// Is everything nothing?
    pub fn is_clean(&self) -> bool {
        self.figures().iter().all(|(_, cases)| cases.is_empty())
    }
}

/// Reads all of it.
pub async fn judge(world: &World, tape: &[Slip]) -> anyhow::Result<Notices> {
    let mut notices = Notices::default();
    for till in &world.tills {
        let slips = tape.iter().filter(|slip| slip.till == till.register.as_str());
        let numbers: Vec<String> = slips.map(|slip| slip.number.clone()).collect();
        let taken = world.ledger.known_strangers(&till.register, &numbers).await?;
        let words = taken.into_iter().map(|number| format!("{number} of {}", till.register));
        notices.strangers.extend(words);
        notices.results(&world.registers.atol, &till.group());
    }
    let deliveries = world.registers.cashdesk.deliveries(None);
    for attempt in deliveries.iter().flat_map(|delivery| &delivery.attempts) {
        notices.count(Provider::CashDesk, &answered(attempt.status));
    }
    Ok(notices)
}

impl Notices {
    /// ATOL Online posts each result once, if nothing goes wrong.
    fn results(&mut self, atol: &atol::Simulator, group: &str) {
        let mut told = BTreeSet::new();
        for callback in atol.callbacks(group) {
            let status = match callback.delivery {
                atol::Delivery::Answered(status) => Some(status),
                atol::Delivery::Sending | atol::Delivery::Failed => None,
            };
            self.count(Provider::AtolOnline, &answered(status));
            if callback.forged {
                self.count(Provider::AtolOnline, "of these not true");
            }
            if !told.insert(callback.uuid) {
                self.count(Provider::AtolOnline, "of these told before");
            }
        }
        for document in atol.accepted(group) {
            if !told.contains(&document.uuid) {
                self.count(Provider::AtolOnline, "never told");
            }
        }
    }

    fn count(&mut self, provider: Provider, what: &str) {
        let words = format!("{}: {what}", provider.name());
        *self.told.entry(words).or_default() += 1;
    }
}

fn answered(status: Option<u16>) -> String {
    status.map_or_else(|| "no answer".to_owned(), |status| format!("answered {status}"))
}

/// Posts that are under way, or wait for their time.
pub fn on_their_way(registers: &Registers) -> usize {
    let deliveries = registers.cashdesk.deliveries(None);
    let under_way = deliveries.iter().filter(|delivery| match delivery.state {
        cashdesk::DeliveryState::Waiting | cashdesk::DeliveryState::Sending => true,
        cashdesk::DeliveryState::Taken | cashdesk::DeliveryState::GivenUp => false,
    });
    under_way.count() + registers.atol.callbacks_waiting()
}
