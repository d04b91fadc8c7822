//! Everything behind the simulator's lock.

use std::collections::BTreeMap;

use super::config::{Config, OperatorSetup, RegisterSetup};
use super::faults::Faults;
use super::register::Register;
use super::sent::SentReceipt;
use super::transcript::Transcript;
use super::world::World;
use crate::flight::Flights;

pub(super) struct State {
    pub world: World,
    pub registers: BTreeMap<u64, Register>,
    pub faults: Faults,
    pub flights: Flights,
    pub transcript: Transcript,
    /// What went to phones, in order.
    pub sent: Vec<SentReceipt>,
}

impl State {
    pub(super) fn new(config: Config) -> Self {
        Self {
            world: World::new(config),
            registers: BTreeMap::new(),
            faults: Faults::none(),
            flights: Flights::default(),
            transcript: Transcript::default(),
            sent: Vec::new(),
        }
    }

    /// Adds a register; one that is known already keeps its tape and its settings.
    pub(super) fn add_register(&mut self, setup: RegisterSetup) {
        let credentials = setup
            .credentials
            .clone()
            .unwrap_or_else(|| self.world.config.credentials.clone());
        let operator = OperatorSetup {
            name: setup.operator.clone(),
            credentials,
            chief: setup.chief,
        };
        let operator = self.world.operator(operator);
        self.registers
            .entry(setup.num_fiscal)
            .or_insert_with(|| Register::new(setup, operator));
    }

    /// Delivers what the timer would deliver.
    pub(super) fn tick(&mut self) {
        for register in self
            .registers
            .values_mut()
            .filter(|register| !register.undelivered.is_empty())
        {
            register.deliver(&mut self.world);
        }
    }
}
