//! What all registers share: the tax service, the clock, the operators and the number sequences.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::clock::Clock;
use super::config::{Config, Credentials, OperatorSetup};

pub(super) struct World {
    pub config: Config,
    pub clock: Clock,
    /// Whether the tax service's server (ФСКО) can be reached.
    pub fsko_up: bool,
    /// Whether a register's state and totals come from the tax service too, rather than from Cashälot itself.
    pub state_needs_fsko: bool,
    pub operators: Vec<Operator>,
    /// Operators whose keys `Setup` has stored.
    pub stored: Vec<OperatorId>,
    fiscal: u64,
    shift: u64,
    session: u64,
}

/// An index into `World::operators`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OperatorId(usize);

#[derive(Clone, Debug)]
pub(super) struct Operator {
    pub name: String,
    pub credentials: Credentials,
    pub chief: bool,
    /// 64 hex digits.
    pub key_id: String,
    /// The end of the certificate, where a test has set one.
    pub certificate_ends: Option<Timestamp>,
}

impl World {
    pub(super) fn new(config: Config) -> Self {
        let fiscal = config.fiscal_numbers_above;
        Self {
            config,
            clock: Clock::default(),
            fsko_up: true,
            state_needs_fsko: false,
            operators: Vec::new(),
            stored: Vec::new(),
            fiscal,
            shift: 50_000,
            session: 700_000,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The operator with these credentials; made at the first mention.
    pub(super) fn operator(&mut self, setup: OperatorSetup) -> OperatorId {
        let known = self
            .operators
            .iter()
            .position(|known| known.credentials == setup.credentials);
        OperatorId(known.unwrap_or_else(|| {
            let key_id = hex(&Sha256::digest(format!(
                "operator {} {}",
                self.operators.len(),
                setup.name
            )));
            let OperatorSetup {
                name,
                credentials,
                chief,
            } = setup;
            self.operators.push(Operator {
                name,
                credentials,
                chief,
                key_id,
                certificate_ends: None,
            });
            self.operators.len() - 1
        }))
    }

    /// Another person with a key of their own, who never calls this simulator.
    pub(super) fn stranger(&mut self) -> OperatorId {
        let credentials = Credentials::KeyPin("the other operator's, never sent".to_owned());
        self.operator(OperatorSetup {
            name: "Інший Касир".to_owned(),
            credentials,
            chief: false,
        })
    }

    pub(super) fn person(&self, id: OperatorId) -> Option<&Operator> {
        self.operators.get(id.0)
    }

    pub(super) fn set_certificate_end(&mut self, id: OperatorId, until: Option<Timestamp>) {
        if let Some(operator) = self.operators.get_mut(id.0) {
            operator.certificate_ends = until;
        }
    }

    /// Operators with their ids.
    pub(super) fn people(&self) -> impl Iterator<Item = (OperatorId, &Operator)> {
        self.operators
            .iter()
            .enumerate()
            .map(|(index, operator)| (OperatorId(index), operator))
    }

    /// The next online fiscal number: greater than all before it, with gaps.
    pub(super) fn next_fiscal(&mut self) -> String {
        self.fiscal += 1 + self.fiscal % 3;
        self.fiscal.to_string()
    }

    pub(super) fn next_shift(&mut self) -> u64 {
        self.shift += 1;
        self.shift
    }

    /// A fresh offline session id, and a 15-digit seed that goes with it.
    pub(super) fn next_session(&mut self) -> (u64, u64) {
        self.session += 1;
        let digest = Sha256::digest(format!("seed {}", self.session));
        let bytes = digest
            .iter()
            .take(8)
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        (self.session, 100_000_000_000_000 + bytes % 900_000_000_000_000)
    }
}

/// Lower-case hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
