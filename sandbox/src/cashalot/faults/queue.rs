//! Faults that wait, and the draw of random ones.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::{ChaosPlan, Fault, FaultKind};
use crate::cashalot::wire::Command;

#[derive(Default)]
pub(in crate::cashalot) struct Faults {
    queue: VecDeque<Fault>,
    chaos: Option<ChaosPlan>,
    drawn: HashMap<u64, u64>,
}

impl Faults {
    pub(in crate::cashalot) fn inject(&mut self, fault: Fault) {
        self.queue.push_back(fault);
    }

    pub(in crate::cashalot) fn clear(&mut self) {
        self.queue.clear();
    }

    pub(in crate::cashalot) fn set_chaos(&mut self, plan: Option<ChaosPlan>) {
        self.chaos = plan;
        self.drawn.clear();
    }

    /// How many queued faults have not met all their requests.
    pub(in crate::cashalot) fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// The faults that meet this request: queued ones first, conditions up to the first that is none, else a draw.
    pub(in crate::cashalot) fn take(&mut self, command: Command, register: Option<u64>) -> Vec<FaultKind> {
        let mut taken = Vec::new();
        for fault in self.queue.iter_mut().filter(|fault| fault.meets(command, register)) {
            fault.times -= 1;
            taken.push(fault.kind.clone());
            if !fault.kind.is_condition() {
                break;
            }
        }
        self.queue.retain(|fault| fault.times > 0);
        if taken.is_empty() {
            taken.extend(self.draw(command, register));
        }
        taken
    }

    fn draw(&mut self, command: Command, register: Option<u64>) -> Option<FaultKind> {
        let plan = self.chaos.as_ref()?;
        if plan.only_document_commands && !command.makes_documents() {
            return None;
        }
        let register = register.unwrap_or(0);
        let count = self.drawn.entry(register).or_default();
        *count += 1;
        let mut rng = StdRng::seed_from_u64(plan.seed ^ register.rotate_left(32) ^ *count);
        let mut roll = rng.random_range(0..1000_u32);
        for rate in &plan.rates {
            match roll.checked_sub(rate.per_mille) {
                Some(rest) => roll = rest,
                None => {
                    let mut fault = rate.fault.clone();
                    if let (Some((from, to)), Some(duration)) = (plan.delay_ms, fault.duration_mut()) {
                        *duration = Duration::from_millis(rng.random_range(from..=to.max(from)));
                    }
                    return Some(fault);
                }
            }
        }
        None
    }
}
