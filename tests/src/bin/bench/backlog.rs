//! An idle register's receipt beside a huge backlog: a million due bells, a hundred thousand waiting
//! documents on a thousand registers, and payments on registers that have nothing else to do.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::Args;
use sandbox::cashalot::DocSubType;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::figures::{median, micros, millis_text, print_table};
use crate::payments::Payments;
use crate::wire::Wire;
use crate::world::{Backlog, Doorstep, Steps, World};
use crate::{Verdict, http, settings};

#[derive(Args)]
pub(crate) struct Options {
    /// Due bells for events that are planned already or were never heard of.
    #[arg(long, default_value_t = 1_000_000)]
    bells: usize,
    /// Documents that wait to be registered.
    #[arg(long, default_value_t = 100_000)]
    documents: usize,
    /// Registers they wait on.
    #[arg(long, default_value_t = 1_000)]
    registers: usize,
    /// Payments on idle registers, one a second, each on a register of its own.
    #[arg(long, default_value_t = 20)]
    payments: usize,
}

/// The promise: an acknowledged payment of an idle register has its receipt within this.
const LIMIT: Duration = Duration::from_secs(1);
/// A receipt that has not come by then never will.
const PATIENCE: Duration = Duration::from_secs(60);
/// The workers are deep in the backlog by then.
const SETTLE: Duration = Duration::from_secs(3);
const BETWEEN_PAYMENTS: Duration = Duration::from_secs(1);
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

pub(crate) async fn run(options: &Options) -> anyhow::Result<Verdict> {
    ensure!(options.payments > 0, "one payment at least");
    let mut payments = Payments::new();
    let mut world = World::start(options.registers, options.payments * 2).await?;

    println!("paying on an empty system …");
    world.start_workers()?;
    let first = options.registers;
    let empty = pay(&world, &mut payments, first, options.payments).await?;
    world.stop_workers();

    println!("making the backlog …");
    let backlog = Backlog {
        bells: options.bells,
        documents: options.documents,
        registers: options.registers,
    };
    world.fill(&backlog).await?;
    world.start_workers()?;
    sleep(SETTLE).await;
    println!("paying beside it …");
    let before = world.left().await?;
    let began = Instant::now();
    let beside = pay(&world, &mut payments, first + options.payments, options.payments).await?;
    let (after, took) = (world.left().await?, began.elapsed());

    let seconds = took.as_secs().max(1);
    let fewer = |before: u64, after: u64| before.saturating_sub(after) / seconds;
    let steps = world
        .steps(first + options.payments..first + 2 * options.payments)
        .await?;
    let step = |of: fn(&Steps) -> i64| {
        let times: Vec<u64> = steps.iter().map(|step| of(step).unsigned_abs()).collect();
        format!("{} ms", median(&times))
    };
    let most = beside.iter().max().copied().unwrap_or(u64::MAX);
    let overlaps = world.cashalot.total_overlaps();
    print_table(
        &format!(
            "{} due bells, {} waiting documents on {} registers; {} payments on idle ones",
            options.bells, options.documents, options.registers, options.payments
        ),
        &[
            (
                "acknowledged to receipt, empty system, p50",
                millis_text(median(&empty)),
            ),
            (
                "acknowledged to receipt, empty system, max",
                millis_text(empty.iter().max().copied().unwrap_or(0)),
            ),
            ("acknowledged to receipt, beside it, p50", millis_text(median(&beside))),
            (
                "acknowledged to receipt, beside it, max",
                format!("{} (limit 1 s)", millis_text(most)),
            ),
            ("of that until planned, p50", step(|step| step.planned)),
            ("of that until the request left, p50", step(|step| step.request_left)),
            ("of that until registered, p50", step(|step| step.registered)),
            (
                "bells left at the end",
                match (before.bells, after.bells) {
                    (Some(before), Some(after)) => format!("{after} ({} /s)", fewer(before, after)),
                    (_, None) | (None, _) => "Redis did not say".to_owned(),
                },
            ),
            (
                "documents left at the end",
                format!("{} ({} /s)", after.documents, fewer(before.documents, after.documents)),
            ),
            ("two requests at once on a register", overlaps.to_string()),
        ],
    );
    let kept = most <= micros(LIMIT) && overlaps == 0;
    Ok(if kept { Verdict::Kept } else { Verdict::Broken })
}

/// Pays once on each of `count` registers from `first` on; microseconds from the answer 200 to the
/// receipt in the ledger.
async fn pay(world: &World, payments: &mut Payments, first: usize, count: usize) -> anyhow::Result<Vec<u64>> {
    let mut ticks = interval(BETWEEN_PAYMENTS);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut waiting = JoinSet::new();
    for (place, (order, callback)) in payments.make(count)?.into_iter().enumerate() {
        ticks.tick().await;
        let number = first + place;
        let path = format!("/callbacks/{}", settings::source_id(number));
        let request = http::post(&path, callback.content_type, &callback.body);
        let mut wire = Wire::connect(world.ingress_port, http::whole).await?;
        let answered = wire.exchange(&request).await?;
        ensure!(answered, "the payment {order} was not acknowledged");
        let acknowledged = Instant::now();
        let doorstep = world.doorstep(number);
        waiting.spawn(async move { receipt(&doorstep, acknowledged).await });
    }
    let mut times = Vec::with_capacity(count);
    while let Some(done) = waiting.join_next().await {
        let (register, us) = done??;
        println!("  {register}: {}", millis_text(us));
        times.push(us);
    }
    Ok(times)
}

async fn receipt(doorstep: &Doorstep, acknowledged: Instant) -> anyhow::Result<(String, u64)> {
    let number = settings::fiscal_number(doorstep.number);
    let register = settings::register_id(doorstep.number);
    let waiting = async {
        // Looking at the simulator costs next to nothing; the ledger is asked when there is something.
        let registered = || {
            let tape = doorstep.cashalot.documents(number);
            tape.iter().any(|document| document.is(DocSubType::CheckGoods))
        };
        while !registered() {
            sleep(BETWEEN_LOOKS).await;
        }
        while !doorstep.is_registered(&register).await? {
            sleep(BETWEEN_LOOKS).await;
        }
        anyhow::Ok(micros(acknowledged.elapsed()))
    };
    let us = tokio::time::timeout(PATIENCE, waiting)
        .await
        .with_context(|| format!("no receipt on {register} within {PATIENCE:?}"))??;
    Ok((register, us))
}
