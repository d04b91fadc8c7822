//! A clerk who closes shifts all the time, through everything, and every kind of fault in turn meets
//! the closing.

use std::time::Duration;

use ledger::actions::Ask;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sandbox::cashalot::{Fault, FaultKind};
use tokio::time::Instant;

use super::mischief::{Blow, Tally};
use super::world::World;

/// One register's shift is asked to be closed so often.
const EVERY: Duration = Duration::from_millis(350);

/// What meets every third closing.
fn faults() -> Vec<FaultKind> {
    vec![
        FaultKind::RegisterThenClose,
        FaultKind::CloseBefore,
        FaultKind::TruncatedJson,
        FaultKind::Http {
            status: 502,
            registers: true,
        },
        FaultKind::ZThenCloseFails,
        FaultKind::RegisterThenHang {
            close_after: Duration::from_millis(1_900),
        },
    ]
}

/// Until the last blow.
pub async fn close_often(world: &World, seed: u64, blows: &[Blow], tally: &Tally) -> anyhow::Result<()> {
    let length = blows.iter().map(|blow| blow.at).max().unwrap_or_default();
    let until = Instant::now() + length;
    let mut rng = StdRng::seed_from_u64(seed ^ 0xc1e7_2026);
    let mut faults = faults().into_iter().cycle();
    let mut turn = 0_u32;
    while Instant::now() < until {
        tokio::time::sleep(EVERY).await;
        let Some(till) = world.tills.get(rng.random_range(0..world.tills.len())) else {
            continue;
        };
        turn += 1;
        if turn.is_multiple_of(3)
            && let Some(fault) = faults.next()
        {
            if fault == FaultKind::ZThenCloseFails {
                world.registers.apply(&fault, Some(till.number));
            } else {
                let fault = Fault::once(fault).on_command("CloseShift");
                world.registers.inject(fault.on_register(till.number));
            }
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
    for till in &world.tills {
        let ledger = &world.ledger;
        ledger
            .ask(&till.register, Ask::Close, "", "clerk", ledger.now())
            .await?;
    }
    Ok(())
}
