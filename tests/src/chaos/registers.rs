//! The registers' providers, each with its tapes, and what they do to requests.

use std::collections::BTreeMap;
use std::time::Duration;

use ledger::settings::Provider;
use sandbox::fondy::RetrySchedule;
use sandbox::{atol, cashalot, cashdesk};
use tokio::time::Instant;

use super::api_faults;
use super::cast::Till;
use super::world::RETRIES_MS;

/// How often the sending of a document is spoiled on purpose, at each provider.
const SPOIL_EVERY: Duration = Duration::from_millis(800);

/// All three.
#[derive(Clone)]
pub struct Registers {
    /// Cashälot.
    pub cashalot: cashalot::Simulator,
    /// CashDesk.
    pub cashdesk: cashdesk::Simulator,
    /// ATOL Online.
    pub atol: atol::Simulator,
}

impl Registers {
    /// Nobody is enrolled yet.
    pub fn new(seed: u64) -> Self {
        let cashdesk = cashdesk::Simulator::new(cashdesk::Config {
            webhook_timeout: Duration::from_secs(1),
            webhook_schedule: RetrySchedule::repeating(RETRIES_MS.map(Duration::from_millis).to_vec()),
            ..cashdesk::Config::default()
        });
        cashdesk.set_switches(cashdesk::Switches {
            webhook_service_documents: true,
            webhook_duplicates: 1,
            // Every other seed has them come before the answer to the request.
            webhook_before_reply: seed.is_multiple_of(2),
            ..cashdesk::Switches::default()
        });
        Self {
            cashalot: cashalot::Simulator::new(cashalot::Config::default()),
            cashdesk,
            atol: atol::Simulator::new(atol::Config {
                latency: Duration::from_millis(100)..=Duration::from_millis(400),
                seed,
                ..atol::Config::default()
            }),
        }
    }

    /// From now on requests meet faults at random.
    pub fn trouble(&self, seed: u64) {
        self.cashalot.set_chaos(Some(api_faults::cashalot_plan(seed)));
        self.cashdesk.set_chaos(Some(api_faults::cashdesk_plan(seed)));
        self.atol.set_chaos(Some(api_faults::atol_plan(seed)));
    }

    /// Nothing goes wrong any more.
    pub fn calm(&self) {
        self.cashalot.set_chaos(None);
        self.cashalot.clear_faults();
        self.cashdesk.set_chaos(None);
        self.cashdesk.clear_faults();
        self.atol.set_chaos(None);
        self.atol.clear_faults();
    }

    /// Besides those drawn at random, every kind of fault in turn meets the sending of a document: also a short run must
    /// have them all where they hurt most.
    pub async fn spoil(&self, from: Instant, until: Instant) {
        let mut cashalot = api_faults::cashalot().into_iter().cycle();
        let mut cashdesk = api_faults::cashdesk().into_iter().cycle();
        let mut atol = api_faults::atol().into_iter().cycle();
        let mut at = from + SPOIL_EVERY;
        while at <= until {
            tokio::time::sleep_until(at).await;
            if let Some(rate) = cashalot.next() {
                let fault = cashalot::Fault::once(rate.fault);
                self.cashalot.inject(fault.on_command("RegisterCheck"));
            }
            if let Some(rate) = cashdesk.next() {
                let fault = cashdesk::Fault::once(rate.fault);
                self.cashdesk.inject(fault.on_command("check/sale"));
            }
            if let Some(rate) = atol.next() {
                self.atol.inject(atol::Fault::once(rate.kind).only("sell*"));
            }
            at += SPOIL_EVERY;
        }
    }

    /// The tax service behind those that work through one goes away, or comes back.
    pub fn set_tax_service(&self, up: bool) {
        self.cashalot.set_fsko(up);
        self.cashdesk.set_tax_service(up);
    }

    /// How often two requests were under way at once on one register. ATOL Online queues by itself.
    pub fn overlaps(&self) -> u64 {
        self.cashalot.total_overlaps() + self.cashdesk.total_overlaps()
    }

    /// How often ATOL Online was asked for results faster than it allows.
    pub fn polls_too_fast(&self) -> u64 {
        self.atol.groups().iter().map(|group| group.polls_too_fast).sum()
    }

    /// Documents on all tapes.
    pub fn documents(&self) -> usize {
        let cashalot: usize = self
            .cashalot
            .registers()
            .iter()
            .map(|register| register.documents)
            .sum();
        let cashdesk: usize = self
            .cashdesk
            .registers()
            .iter()
            .map(|register| register.documents)
            .sum();
        let atol: usize = self.atol.groups().iter().map(|group| group.documents).sum();
        cashalot + cashdesk + atol
    }

    /// The faults that requests of these registers met, by provider.
    pub fn faults_met(&self, tills: &[Till]) -> BTreeMap<String, u32> {
        let mut met = BTreeMap::new();
        let mut count = |provider: Provider, fault: Option<String>| {
            if let Some(fault) = fault {
                *met.entry(format!("{}: {fault}", provider.name())).or_default() += 1;
            }
        };
        for till in tills {
            match till.provider {
                Provider::Cashalot => {
                    for request in self.cashalot.requests(till.number) {
                        count(till.provider, request.fault);
                    }
                }
                Provider::CashDesk => {
                    for request in self.cashdesk.requests(till.number) {
                        count(till.provider, request.fault);
                    }
                }
                Provider::AtolOnline => {
                    for document in self.atol.accepted(&till.group()) {
                        count(
                            till.provider,
                            document.error.map(|error| format!("failed at the register: {error:?}")),
                        );
                    }
                }
            }
        }
        for request in self.atol.requests() {
            count(Provider::AtolOnline, request.fault);
        }
        met
    }
}
