//! What is broken, and when: decided by the seed before anything starts. The blows of one victim
//! come one after the other; victims suffer at the same time.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::ensure;
use futures_util::future::try_join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sandbox::fault::Rate;
use sandbox::fondy::FaultRates;
use sandbox::mailbox::{self, FaultKind as MailFault, Step};
use sandbox::shop::{self, FaultKind as ShopFault};
use tokio::time::Instant;

use super::options::Size;
use super::world::World;

/// Who or what is struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Victim {
    /// A worker, by index.
    Worker(usize),
    /// The one ingress.
    Ingress,
    /// The queue's server.
    Redis,
    /// The ledger's server.
    Postgres,
    /// The tax service behind the registers.
    TaxService,
}

/// How.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `kill -9`, and started again; or gone, and back.
    Away,
    /// It answers nobody.
    Stalled,
    /// It forgets everything it knows.
    Emptied,
}

/// One blow.
#[derive(Clone, Copy, Debug)]
pub struct Blow {
    /// From the start of the load.
    pub at: Duration,
    /// Whom.
    pub victim: Victim,
    /// How.
    pub how: How,
    /// Until it is put right.
    pub lasts: Duration,
}

/// How often what happened, for the report.
#[derive(Clone, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<&'static str, u32>>>);

impl Tally {
    /// It happened once more.
    pub fn count(&self, what: &'static str) {
        *self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(what)
            .or_default() += 1;
    }

    /// What happened so far.
    pub fn counts(&self) -> BTreeMap<&'static str, u32> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Redis answers nobody for so long.
const STALL: Duration = Duration::from_secs(5);

/// All blows for a load of this length, by time.
pub fn plan(size: &Size, length: Duration) -> Vec<Blow> {
    let mut rng = StdRng::seed_from_u64(size.seed ^ 0x0b10_3355);
    let mut blows = Vec::new();
    let mut again_and_again = |victim, every: (u64, u64), lasts: (u64, u64)| {
        let mut at = Duration::from_millis(rng.random_range(500..every.0));
        while at < length {
            let lasts = Duration::from_millis(rng.random_range(lasts.0..lasts.1));
            let how = How::Away;
            blows.push(Blow { at, victim, how, lasts });
            at += lasts + Duration::from_millis(rng.random_range(every.0..every.1));
        }
    };
    for worker in 0..size.workers {
        again_and_again(Victim::Worker(worker), (3_000, 9_000), (50, 1_500));
    }
    again_and_again(Victim::Ingress, (6_000, 14_000), (50, 1_000));
    again_and_again(Victim::Redis, (7_000, 16_000), (50, 2_000));
    again_and_again(Victim::Postgres, (11_000, 21_000), (50, 1_500));
    again_and_again(Victim::TaxService, (9_000, 25_000), (2_000, 5_000));
    for (part, how, lasts) in [(2, How::Emptied, Duration::ZERO), (3, How::Stalled, STALL)] {
        let victim = Victim::Redis;
        let at = length * part / 5;
        blows.push(Blow { at, victim, how, lasts });
    }
    blows.sort_by_key(|blow| blow.at);
    blows
}

/// What happens to buyers' mail, drawn at random.
pub fn mail_faults(seed: u64) -> mailbox::Chaos {
    let ms = Duration::from_millis;
    let rates = [
        (30, MailFault::answer(Step::Rcpt, 450)),
        (20, MailFault::answer(Step::Greeting, 421)),
        (20, MailFault::Drop { step: Step::Data }),
        (20, MailFault::Drop { step: Step::Message }),
        (40, MailFault::KeepThenDrop),
        (10, MailFault::KeepThenSilent),
        (
            30,
            MailFault::Slow {
                step: None,
                by: ms(200),
            },
        ),
    ];
    let rates = rates.map(|(per_mille, kind)| Rate { kind, per_mille });
    mailbox::Chaos {
        seed,
        rates: rates.to_vec(),
    }
}

/// What happens to webhooks; a redirect leads back to this machine, where nothing may ever come.
pub fn shop_faults(seed: u64, trap: SocketAddr) -> shop::Chaos {
    let to = format!("http://{trap}/trap");
    let rates = [
        (40, ShopFault::status(500)),
        (15, ShopFault::status(404)),
        (15, ShopFault::status(503)),
        (10, ShopFault::Redirect { status: 307, to }),
        (10, ShopFault::Hang),
        (20, ShopFault::DropBefore),
        (40, ShopFault::DropAfter),
        (
            30,
            ShopFault::Slow {
                by: Duration::from_millis(300),
            },
        ),
    ];
    let rates = rates.map(|(per_mille, kind)| Rate { kind, per_mille });
    shop::Chaos {
        seed,
        rates: rates.to_vec(),
    }
}

/// What the payment system does to callbacks and to questions, in thousandths.
pub const PAYMENT_FAULTS: FaultRates = FaultRates {
    duplicate: 100,
    reorder: 50,
    drop: 50,
    delay: 30,
    replay_old: 20,
    corrupt_signature: 5,
    upper_case_signature: 2,
    unknown_field: 10,
    renamed_field: 5,
    truncated_body: 5,
    wrong_content_type: 5,
    reset: 10,
    slow_send: 10,
    big_payment_id: 20,
    api_server_error: 30,
    api_response_lost: 20,
};

/// Deals all blows; comes back when the last is put right.
pub async fn deal(world: &World, blows: &[Blow], tally: &Tally) -> anyhow::Result<()> {
    let start = Instant::now();
    let mut by_victim: BTreeMap<Victim, Vec<Blow>> = BTreeMap::new();
    for blow in blows {
        by_victim.entry(blow.victim).or_default().push(*blow);
    }
    let dealing = by_victim.into_values().map(|blows| async move {
        for blow in blows {
            tokio::time::sleep_until(start + blow.at).await;
            strike(world, blow, tally).await?;
        }
        anyhow::Ok(())
    });
    let last = blows.iter().map(|blow| blow.at).max().unwrap_or_default();
    let (dealt, ()) = tokio::join!(try_join_all(dealing), world.registers.spoil(start, start + last));
    dealt.map(drop)
}

async fn strike(world: &World, blow: Blow, tally: &Tally) -> anyhow::Result<()> {
    let pause = tokio::time::sleep(blow.lasts);
    match (blow.victim, blow.how) {
        (Victim::Worker(index), _) => {
            tally.count("kill -9 of a worker");
            if let Some(worker) = world.workers.get(index) {
                ensure!(worker.strike().await?, "{} had ended by itself", worker.name());
                pause.await;
                worker.revive().await?;
            }
        }
        (Victim::Ingress, _) => {
            tally.count("kill -9 of ingress");
            ensure!(world.ingress.strike().await?, "ingress had ended by itself");
            pause.await;
            world.ingress.revive().await?;
        }
        (Victim::Redis, How::Away) => {
            tally.count("kill -9 of Redis");
            world.redis.kill9().await;
            pause.await;
            world.redis.restart().await;
        }
        (Victim::Redis, How::Stalled) => {
            tally.count("stall of Redis for 5 s");
            world.redis.stall(blow.lasts).await;
            pause.await;
        }
        (Victim::Redis, How::Emptied) => {
            tally.count("FLUSHALL of Redis");
            world.redis.flushall().await;
        }
        (Victim::Postgres, _) => {
            tally.count("kill -9 of PostgreSQL");
            world.postgres.kill9().await;
            pause.await;
            world.postgres.restart().await;
        }
        (Victim::TaxService, _) => {
            tally.count("tax service away");
            world.registers.set_tax_service(false);
            pause.await;
            world.registers.set_tax_service(true);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_struck_and_redis_is_emptied_and_stalled_once() {
        for payments in [200, 2_000] {
            let size = Size {
                seed: 7,
                payments,
                refunds: 0,
                registers: 8,
                workers: 2,
                pace: Duration::ZERO,
                messages: true,
            };
            let blows = plan(&size, Duration::from_secs(25));
            let count = |victim, how| {
                let hit = blows.iter().filter(|blow| (blow.victim, blow.how) == (victim, how));
                hit.count()
            };
            for victim in [
                Victim::Worker(0),
                Victim::Worker(1),
                Victim::Ingress,
                Victim::Redis,
                Victim::Postgres,
                Victim::TaxService,
            ] {
                assert!(count(victim, How::Away) > 0, "{victim:?}");
            }
            assert_eq!(count(Victim::Redis, How::Emptied), 1);
            assert_eq!(count(Victim::Redis, How::Stalled), 1);
        }
    }
}
