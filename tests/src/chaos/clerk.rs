//! A clerk who closes shifts all the time, through everything, and every kind of fault in turn meets
//! the closing.

use std::time::Duration;

use ledger::actions::Ask;
use ledger::settings::Provider;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sandbox::{cashalot, cashdesk};
use tokio::time::Instant;

use super::cast::Till;
use super::mischief::{Blow, Tally};
use super::registers::Registers;
use super::world::World;

/// One register's shift is asked to be closed so often.
const EVERY: Duration = Duration::from_millis(350);

/// Beyond the worker's patience.
const HANG: Duration = Duration::from_millis(1_900);

/// What meets every third closing at Cashälot.
fn cashalot_faults() -> Vec<cashalot::FaultKind> {
    use cashalot::FaultKind as Kind;
    vec![
        Kind::RegisterThenClose,
        Kind::CloseBefore,
        Kind::TruncatedJson,
        Kind::Http {
            status: 502,
            registers: true,
        },
        Kind::ZThenCloseFails,
        Kind::RegisterThenHang { close_after: HANG },
    ]
}

/// What meets every third closing at CashDesk.
fn cashdesk_faults() -> Vec<cashdesk::FaultKind> {
    use cashdesk::FaultKind as Kind;
    vec![
        Kind::RegisterThenClose,
        Kind::CloseBefore,
        Kind::TruncatedJson,
        Kind::Http {
            status: 502,
            registers: true,
        },
        Kind::RegisterThenHang { close_after: HANG },
    ]
}

/// The faults that come, one after the other.
struct Spoils {
    cashalot: Box<dyn Iterator<Item = cashalot::FaultKind> + Send>,
    cashdesk: Box<dyn Iterator<Item = cashdesk::FaultKind> + Send>,
}

impl Spoils {
    fn new() -> Self {
        Self {
            cashalot: Box::new(cashalot_faults().into_iter().cycle()),
            cashdesk: Box::new(cashdesk_faults().into_iter().cycle()),
        }
    }

    /// The next closing of this register goes wrong.
    fn spoil(&mut self, registers: &Registers, till: &Till) {
        match till.provider {
            Provider::Cashalot => match self.cashalot.next() {
                Some(fault @ cashalot::FaultKind::ZThenCloseFails) => {
                    registers.cashalot.apply(&fault, Some(till.number));
                }
                Some(fault) => {
                    let fault = cashalot::Fault::once(fault).on_command("CloseShift");
                    registers.cashalot.inject(fault.on_register(till.number));
                }
                None => {}
            },
            Provider::CashDesk => {
                if let Some(fault) = self.cashdesk.next() {
                    let fault = cashdesk::Fault::once(fault).on_command("Z_REPORT");
                    registers.cashdesk.inject(fault.on_register(till.number));
                }
            }
            // Its shifts are its own matter.
            Provider::AtolOnline => {}
        }
    }
}

/// Until the last blow.
pub async fn close_often(world: &World, seed: u64, blows: &[Blow], tally: &Tally) -> anyhow::Result<()> {
    let length = blows.iter().map(|blow| blow.at).max().unwrap_or_default();
    let until = Instant::now() + length;
    let mut rng = StdRng::seed_from_u64(seed ^ 0xc1e7_2026);
    let mut spoils = Spoils::new();
    let closable: Vec<&Till> = closable(world).collect();
    let mut turn = 0_u32;
    while Instant::now() < until {
        tokio::time::sleep(EVERY).await;
        let Some(till) = closable.get(rng.random_range(0..closable.len().max(1))) else {
            continue;
        };
        turn += 1;
        if turn.is_multiple_of(3) {
            spoils.spoil(&world.registers, till);
        }
        let ledger = &world.ledger;
        // The ledger may be away right now: the clerk tries the next one.
        if ledger
            .ask(&till.register, Ask::Close, "", "clerk", ledger.now())
            .await
            .is_ok()
        {
            tally.count("shifts asked to be closed");
        }
    }
    Ok(())
}

/// The last closing of every register.
pub async fn close_all(world: &World) -> anyhow::Result<()> {
    for till in closable(world) {
        let ledger = &world.ledger;
        ledger
            .ask(&till.register, Ask::Close, "", "clerk", ledger.now())
            .await?;
    }
    Ok(())
}

/// Whose shifts are closed by us.
fn closable(world: &World) -> impl Iterator<Item = &Till> {
    let tills = world.tills.iter();
    tills.filter(|till| till.provider.capabilities().shifts)
}
