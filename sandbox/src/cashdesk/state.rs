//! Everything behind the simulator's lock.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::config::{Config, RegisterSetup};
use super::document::RecordedDocument;
use super::faults::Faults;
use super::register::Register;
use super::tokens::Tokens;
use super::transcript::Transcript;
use super::webhook::Outbox;
use super::world::World;
use crate::flight::Flights;

pub(super) struct State {
    pub world: World,
    pub registers: BTreeMap<u64, Register>,
    /// Whether a register added from now on reaches the tax service.
    pub tax_up: bool,
    pub tokens: Tokens,
    pub faults: Faults,
    pub flights: Flights,
    pub transcript: Transcript,
    pub outbox: Outbox,
}

impl State {
    pub(super) fn new(config: Config) -> Self {
        Self {
            world: World::new(config),
            registers: BTreeMap::new(),
            tax_up: true,
            tokens: Tokens::default(),
            faults: Faults::none(),
            flights: Flights::default(),
            transcript: Transcript::default(),
            outbox: Outbox::default(),
        }
    }

    /// Adds a register; one that is known already keeps its tape and its settings.
    pub(super) fn add_register(&mut self, setup: RegisterSetup) {
        let tax_up = self.tax_up;
        self.registers
            .entry(setup.num_fiscal)
            .or_insert_with(|| Register::new(setup, tax_up));
    }

    /// Whether the tax service can be reached; without a register from all of them.
    pub(super) fn set_tax_service(&mut self, up: bool, register: Option<u64>) {
        if register.is_none() {
            self.tax_up = up;
        }
        let meant = self
            .registers
            .values_mut()
            .filter(|known| register.is_none_or(|number| known.setup.num_fiscal == number));
        for register in meant {
            register.tax_up = up;
        }
    }

    /// Uploads what waits for the tax service.
    pub(super) fn upload_all(&mut self) {
        let waiting = self
            .registers
            .values_mut()
            .filter(|register| !register.queue.is_empty());
        waiting.for_each(Register::upload);
        self.announce();
    }

    /// Puts what happened at the registers into the outbox, as far as it is announced at all.
    pub(super) fn announce(&mut self) {
        let (now, switches) = (self.world.now_ms(), &self.world.switches);
        for register in self.registers.values_mut() {
            for news in std::mem::take(&mut register.news) {
                let Some(document) = register.documents.get(news.place) else {
                    continue;
                };
                let wanted = document.kind.is_check() || switches.webhook_service_documents;
                if wanted && (!news.uploaded || switches.webhook_after_upload) && register.webhook_url.is_some() {
                    self.outbox.add(document, news.place, now, switches, &self.world.config);
                }
            }
        }
    }

    /// The document with CashDesk's id.
    pub(super) fn document(&self, uuid: Uuid) -> Option<&RecordedDocument> {
        self.registers
            .values()
            .find_map(|register| register.documents.iter().find(|document| document.uuid == uuid))
    }
}
