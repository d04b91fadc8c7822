//! Chaos: real programs as processes on a private PostgreSQL and Redis, thousands of payments and
//! refunds, and everything around them breaking. The verdict comes from the simulators' own books.
//!
//! ```text
//! load (what buyers do) ─▶ shop ─▶ ingress ─▶ ledger ─▶ workers ─▶ registers' API
//! mischief: kills, outages, faults ──────▲────────▲────────▲────────▲
//! rest: nothing open any more;  verdict: tapes against books
//! ```

mod api_faults;
mod books;
mod cast;
mod clerk;
mod days;
mod load;
mod messages;
mod mischief;
mod notices;
mod options;
mod programs;
mod registers;
mod report;
mod rest;
mod shop;
mod tape;
mod verdict;
mod world;

pub use options::Options;

use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use load::Order;
use messages::Messages;
use mischief::{Blow, Tally};
use options::Size;
use sandbox::fondy::FaultRates;
use shop::Shop;
use tokio::time::Instant;
use world::World;

/// Once nothing breaks any more everything must be done within this.
const REST: Duration = Duration::from_secs(120);
/// How often a line tells how far it is.
const PROGRESS: Duration = Duration::from_secs(5);

/// Runs it all; true if everything that must be nothing is nothing.
pub async fn run(options: Options) -> anyhow::Result<bool> {
    let size = options.size();
    let orders = load::plan(&size);
    let length = orders.iter().map(Order::ends).max().unwrap_or_default();
    report::opening(&size, &orders, length);
    let world = Arc::new(World::start(&size, report::say).await?);
    let logs = world.logs.clone();
    let outcome = live(&world, &size, &orders, length).await;
    let clean = matches!(outcome, Ok(true));
    world.end().await?;
    if clean && !options.keep_logs {
        std::fs::remove_dir_all(&logs)?;
    } else {
        report::say(&format!("the programs' logs are in {}", logs.display()));
    }
    outcome
}

async fn live(world: &Arc<World>, size: &Size, orders: &[Order], length: Duration) -> anyhow::Result<bool> {
    let shop = Shop::new(Arc::clone(world))?;
    let blows = mischief::plan(size, length);
    let tally = Tally::default();
    world.registers.trouble(size.seed);
    world.payments.set_fault_rates(mischief::PAYMENT_FAULTS);
    world.mailbox.set_chaos(Some(mischief::mail_faults(size.seed)));
    world
        .shop
        .set_chaos(Some(mischief::shop_faults(size.seed, world.trap_addr)));

    trouble(world, size.seed, &shop, orders, &blows, &tally).await?;

    report::say("nothing breaks any more; waiting until everything is done");
    world.registers.calm();
    world.payments.set_fault_rates(FaultRates::default());
    world.mailbox.set_chaos(None);
    world.shop.set_chaos(None);
    let took = rest::wait(world, orders, REST).await?;
    clerk::close_all(world).await?;
    let took = took + rest::wait(world, orders, REST).await?;
    report::say(&format!("at rest after {:.1} s", took.as_secs_f32()));
    let ended = world.ended_by_themselves().await;
    ensure!(ended.is_empty(), "ended by themselves: {}", ended.join(", "));
    // An overlap is noticed a moment after the second request.
    tokio::time::sleep(Duration::from_millis(300)).await;

    let accounts = books::accounts(orders, &world.tills, &world.payments, &shop.accepted());
    let documents = world.ledger.recent_documents(None, u64::from(u32::MAX)).await?;
    let tape = tape::read(&world.registers, &world.tills, &documents);
    let verdict = verdict::judge(&accounts, &tape, &documents);
    let days = days::judge(world).await?;
    let notices = notices::judge(world, &tape).await?;
    let messages = match size.messages {
        true => messages::judge(world, &tape).await?,
        false => Messages::default(),
    };
    let overlaps = world.registers.overlaps();
    report::summary(world, size, &tally, &accounts, &tape, &verdict, overlaps);
    report::days(&days);
    report::notices(&notices);
    report::messages(&messages);
    let clean = [
        verdict.is_clean(),
        days.is_clean(),
        notices.is_clean(),
        messages.is_clean(),
        overlaps == 0,
    ];
    Ok(clean.iter().all(|clean| *clean))
}

/// The load and the blows, side by side, with a line from time to time.
async fn trouble(
    world: &Arc<World>,
    seed: u64,
    shop: &Shop,
    orders: &[Order],
    blows: &[Blow],
    tally: &Tally,
) -> anyhow::Result<()> {
    let start = Instant::now();
    let mut ticks = tokio::time::interval(PROGRESS);
    let both = async {
        tokio::try_join!(
            shop.play(orders.to_vec()),
            mischief::deal(world, blows, tally),
            clerk::close_often(world, seed, blows, tally)
        )
    };
    let mut both = std::pin::pin!(both);
    loop {
        tokio::select! {
            done = &mut both => return done.map(drop),
            _ = ticks.tick() => report::progress(world, start.elapsed(), orders, tally),
        }
    }
}
