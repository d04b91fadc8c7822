//! Faults: queued one by one, or drawn at random from a seeded plan. Registers that answer at once have their own in
//! [`register`].
//!
//! `K` is what goes wrong there. A fault meets *occasions*: a step of a mail's way, a request.

pub mod register;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

/// Something that goes wrong, at which occasions, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault<K> {
    /// What happens.
    #[serde(flatten)]
    pub kind: K,
    /// Only where the recipient (mailbox) or the path (shop) fits this pattern, in which `*` stands for anything;
    /// letter case is not regarded. None is everywhere.
    #[serde(default)]
    pub only: Option<String>,
    /// How many occasions it meets; null in JSON and None here is until it is cleared, nothing in JSON is once.
    #[serde(default = "once")]
    pub times: Option<u32>,
}

fn once() -> Option<u32> {
    Some(1)
}

impl<K> Fault<K> {
    /// Meets the next occasion.
    pub fn once(kind: K) -> Self {
        Self {
            kind,
            only: None,
            times: once(),
        }
    }

    /// Meets every occasion until it is cleared.
    pub fn lasting(kind: K) -> Self {
        Self {
            times: None,
            ..Self::once(kind)
        }
    }

    /// Meets this many occasions.
    pub fn times(self, times: u32) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }

    /// Narrows it to recipients or paths that fit the pattern.
    pub fn only(self, pattern: &str) -> Self {
        Self {
            only: Some(pattern.to_owned()),
            ..self
        }
    }
}

/// Faults drawn at random, each occasion anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Chaos<K> {
    /// The same seed and the same occasions in the same order draw the same faults.
    pub seed: u64,
    /// Faults with their chances; those of one occasion together at most 1000.
    pub rates: Vec<Rate<K>>,
}

/// A fault's chance per thousand occasions at which it can happen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rate<K> {
    /// What happens.
    #[serde(flatten)]
    pub kind: K,
    /// How often in a thousand.
    pub per_mille: u32,
}

/// What waits for its occasions.
pub(crate) struct Faults<K> {
    waiting: Vec<Fault<K>>,
    chaos: Option<(Chaos<K>, StdRng)>,
}

impl<K: Clone> Faults<K> {
    pub(crate) fn none() -> Self {
        Self {
            waiting: Vec::new(),
            chaos: None,
        }
    }

    pub(crate) fn inject(&mut self, fault: Fault<K>) {
        self.waiting.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Faults that have not met all their occasions.
    pub(crate) fn waiting(&self) -> Vec<Fault<K>> {
        self.waiting.clone()
    }

    pub(crate) fn set_chaos(&mut self, chaos: Option<Chaos<K>>) {
        self.chaos = chaos.map(|chaos| {
            let dice = StdRng::seed_from_u64(chaos.seed);
            (chaos, dice)
        });
    }

    /// The fault of an occasion: one meant for so many times before a lasting one, else a draw.
    pub(crate) fn take(&mut self, subjects: &[&str], can_happen: impl Fn(&K) -> bool) -> Option<K> {
        let meets = |fault: &Fault<K>| {
            let fits = |pattern: &String| subjects.iter().any(|subject| fits(pattern, subject));
            can_happen(&fault.kind) && fault.only.as_ref().is_none_or(fits)
        };
        let counted = |fault: &Fault<K>| fault.times.is_some() && meets(fault);
        let place = self.waiting.iter().position(counted);
        if let Some(place) = place.or_else(|| self.waiting.iter().position(meets)) {
            let fault = &mut self.waiting[place];
            let kind = fault.kind.clone();
            fault.times = fault.times.map(|times| times.saturating_sub(1));
            if fault.times == Some(0) {
                self.waiting.remove(place);
            }
            return Some(kind);
        }
        self.draw(can_happen)
    }

    fn draw(&mut self, can_happen: impl Fn(&K) -> bool) -> Option<K> {
        let (chaos, dice) = self.chaos.as_mut()?;
        let mut possible = chaos.rates.iter().filter(|rate| can_happen(&rate.kind)).peekable();
        possible.peek()?;
        let mut roll = dice.random_range(0..1000_u32);
        for rate in possible {
            match roll.checked_sub(rate.per_mille) {
                Some(rest) => roll = rest,
                None => return Some(rate.kind.clone()),
            }
        }
        None
    }
}

/// Whether `text` fits `pattern`, in which `*` stands for any characters, none included.
fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests;
