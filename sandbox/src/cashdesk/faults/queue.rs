//! Faults that wait, and the draw of random ones.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::{ChaosPlan, Fault, FaultKind, Occasion};

#[derive(Default)]
pub(in crate::cashdesk) struct Faults {
    queue: VecDeque<Fault>,
    chaos: Option<ChaosPlan>,
    drawn: HashMap<u64, u64>,
}

impl Faults {
    pub(in crate::cashdesk) fn inject(&mut self, fault: Fault) {
        self.queue.push_back(fault);
    }

    pub(in crate::cashdesk) fn clear(&mut self) {
        self.queue.clear();
    }

    pub(in crate::cashdesk) fn set_chaos(&mut self, plan: Option<ChaosPlan>) {
        self.chaos = plan;
        self.drawn.clear();
    }

    /// Queued faults that have not met all their requests.
    pub(in crate::cashdesk) fn waiting(&self) -> impl ExactSizeIterator<Item = &Fault> {
        self.queue.iter()
    }

    /// The faults that meet this request: queued ones first, conditions up to the first that is none, else a draw.
    pub(in crate::cashdesk) fn take(&mut self, occasion: Occasion) -> Vec<FaultKind> {
        let mut taken = Vec::new();
        for fault in self.queue.iter_mut().filter(|fault| fault.meets(occasion)) {
            fault.times -= 1;
            taken.push(fault.kind.clone());
            if !fault.kind.is_condition() {
                break;
            }
        }
        self.queue.retain(|fault| fault.times > 0);
        if taken.is_empty() {
            taken.extend(self.draw(occasion));
        }
        taken
    }

    fn draw(&mut self, occasion: Occasion) -> Option<FaultKind> {
        let plan = self.chaos.as_ref()?;
        if plan.only_document_commands && !occasion.call.makes_documents() {
            return None;
        }
        let register = occasion.register.unwrap_or(0);
        let count = self.drawn.entry(register).or_default();
        *count += 1;
        let mut dice = StdRng::seed_from_u64(plan.seed ^ register.rotate_left(32) ^ *count);
        let mut roll = dice.random_range(0..1000_u32);
        for rate in &plan.rates {
            match roll.checked_sub(rate.per_mille) {
                Some(rest) => roll = rest,
                None => {
                    let mut fault = rate.fault.clone();
                    if let (Some((from, to)), Some(duration)) = (plan.delay_ms, fault.duration_mut()) {
                        *duration = Duration::from_millis(dice.random_range(from..=to.max(from)));
                    }
                    return Some(fault);
                }
            }
        }
        None
    }
}
