//! Faults of registers that answer at once: queued one by one, or drawn at random from a seeded plan.
//!
//! `K` is what goes wrong there. A fault meets *requests*, and some kinds are *conditions*: they change the world before
//! the request is carried out, and may meet it together with one fault of its answer.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

/// A fault waiting for its requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault<K> {
    /// What happens.
    #[serde(flatten)]
    pub kind: K,
    /// Only requests of this name, any letter case: a command (Cashälot); a method (`check/sale`, `shift/xReport`, …) or
    /// an `action_type` (`Z_REPORT`, …) (CashDesk). None is any.
    #[serde(default)]
    pub command: Option<String>,
    /// Only requests for this register; None is any, those without a register included.
    #[serde(default)]
    pub register: Option<u64>,
    /// How many requests it meets.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

impl<K> Fault<K> {
    /// Meets the next request, whatever it is.
    pub fn once(kind: K) -> Self {
        Self {
            kind,
            command: None,
            register: None,
            times: once(),
        }
    }

    /// Narrows the fault to requests of one name.
    pub fn on_command(self, command: &str) -> Self {
        Self {
            command: Some(command.to_owned()),
            ..self
        }
    }

    /// Narrows the fault to one register.
    pub fn on_register(self, register: u64) -> Self {
        Self {
            register: Some(register),
            ..self
        }
    }

    fn meets(&self, occasion: Occasion) -> bool {
        let is_named = |name: &String| {
            let action = occasion.action.is_some_and(|action| name.eq_ignore_ascii_case(action));
            action || name.eq_ignore_ascii_case(occasion.command)
        };
        let register_fits = self.register.is_none() || self.register == occasion.register;
        self.times > 0 && self.command.as_ref().is_none_or(is_named) && register_fits
    }
}

/// Faults drawn at random. The draws of a register depend on the seed, its number and the count of its requests only.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChaosPlan<K> {
    /// The same seed draws the same faults.
    pub seed: u64,
    /// Faults with their chances; together at most 1000.
    pub rates: Vec<ChaosRate<K>>,
    /// When given, every duration of a drawn fault comes from this range of milliseconds instead of its own.
    #[serde(default)]
    pub delay_ms: Option<(u64, u64)>,
    /// Spares requests that make no documents.
    #[serde(default)]
    pub only_document_commands: bool,
}

impl<K> Default for ChaosPlan<K> {
    fn default() -> Self {
        Self {
            seed: 0,
            rates: Vec::new(),
            delay_ms: None,
            only_document_commands: false,
        }
    }
}

/// A fault's chance per thousand requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChaosRate<K> {
    /// What happens.
    #[serde(flatten)]
    pub fault: K,
    /// How often in a thousand requests.
    pub per_mille: u32,
}

/// What the queue must know of a kind.
pub(crate) trait Kind: Clone {
    /// Whether it changes the world rather than the way of one answer.
    fn is_condition(&self) -> bool;

    /// How long it lasts, if it lasts.
    fn duration_mut(&mut self) -> Option<&mut Duration>;
}

/// A request, as faults see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occasion {
    pub command: &'static str,
    /// Another name that a fault may ask for.
    pub action: Option<&'static str>,
    pub register: Option<u64>,
    pub makes_documents: bool,
}

/// Faults that wait, and the draw of random ones.
pub(crate) struct Faults<K> {
    queue: VecDeque<Fault<K>>,
    chaos: Option<ChaosPlan<K>>,
    drawn: HashMap<u64, u64>,
}

impl<K: Kind> Faults<K> {
    pub(crate) fn none() -> Self {
        Self {
            queue: VecDeque::new(),
            chaos: None,
            drawn: HashMap::new(),
        }
    }

    pub(crate) fn inject(&mut self, fault: Fault<K>) {
        self.queue.push_back(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.queue.clear();
    }

    pub(crate) fn set_chaos(&mut self, plan: Option<ChaosPlan<K>>) {
        self.chaos = plan;
        self.drawn.clear();
    }

    /// Queued faults that have not met all their requests.
    pub(crate) fn waiting(&self) -> impl ExactSizeIterator<Item = &Fault<K>> {
        self.queue.iter()
    }

    /// The faults that meet this request: queued ones first, conditions up to the first that is none, else a draw.
    pub(crate) fn take(&mut self, occasion: Occasion) -> Vec<K> {
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

    fn draw(&mut self, occasion: Occasion) -> Option<K> {
        let plan = self.chaos.as_ref()?;
        if plan.only_document_commands && !occasion.makes_documents {
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
