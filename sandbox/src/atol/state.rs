//! Everything behind the simulator's lock.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::{self, TimeZone};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::Serializer;

use super::callback::Outbox;
use super::config::{Config, GroupSetup};
use super::fault::Faults;
use super::group::Group;
use super::token::Tokens;
use super::transcript::RecordedRequest;
use super::work;

pub(super) struct State {
    pub groups: BTreeMap<String, Group>,
    pub tokens: Tokens,
    pub transcript: Vec<RecordedRequest>,
    pub desk: Desk,
}

/// What all groups share.
pub(super) struct Desk {
    pub config: Config,
    pub faults: Faults,
    pub outbox: Outbox,
    pub dice: StdRng,
}

impl State {
    pub(super) fn new(config: Config) -> Self {
        Self {
            groups: BTreeMap::new(),
            tokens: Tokens::default(),
            transcript: Vec::new(),
            desk: Desk {
                faults: Faults::none(),
                outbox: Outbox::default(),
                dice: StdRng::seed_from_u64(config.seed),
                config,
            },
        }
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.desk.config.clock.now_ms()
    }

    /// Adds a group; one that is known already keeps its documents and its settings.
    pub(super) fn add_group(&mut self, setup: GroupSetup) {
        let (place, now_ms) = (self.groups.len(), self.now_ms());
        self.groups
            .entry(setup.group_code.clone())
            .or_insert_with(|| Group::new(setup, place, now_ms));
    }

    /// Does what was due by now, as if it had been done in its time.
    pub(super) fn settle(&mut self) {
        let now_ms = self.now_ms();
        for group in self.groups.values_mut() {
            work::settle(group, &mut self.desk, now_ms);
        }
    }

    /// Forgets all but the settings, the groups and the clock.
    pub(super) fn reset(&mut self) {
        let now_ms = self.now_ms();
        for (place, group) in self.groups.values_mut().enumerate() {
            *group = Group::new(group.setup.clone(), place, now_ms);
        }
        self.tokens = Tokens::default();
        self.transcript.clear();
        self.desk.faults = Faults::none();
        self.desk.outbox.forget();
    }

    /// When something is due next.
    pub(super) fn next_due_ms(&self) -> Option<u64> {
        let work = self
            .groups
            .values()
            .filter_map(|group| work::next(group, &self.desk.config));
        work.chain(self.desk.outbox.next_due_ms()).min()
    }
}

impl Desk {
    pub(super) fn new_id(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.dice.random())
            .into_uuid()
            .to_string()
    }
}

/// Milliseconds since 1970 as an instant.
pub(super) fn instant(ms: u64) -> Timestamp {
    let ms = i64::try_from(ms).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}

/// `21.11.2026 10:15:41`, Moscow time.
pub(super) fn moscow(ms: u64) -> String {
    moscow_as(ms, "%d.%m.%Y %H:%M:%S")
}

/// As the fiscal storage has it: no seconds.
pub(super) fn moscow_minute(ms: u64) -> String {
    moscow_as(ms, "%d.%m.%Y %H:%M:00")
}

fn moscow_as(ms: u64, format: &str) -> String {
    let moscow = instant(ms).to_zoned(TimeZone::fixed(tz::offset(3)));
    moscow.strftime(format).to_string()
}

/// An instant in the records' JSON, such as `2026-11-21T07:15:46Z`.
pub(super) fn timed<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

pub(super) fn perhaps_timed<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}
