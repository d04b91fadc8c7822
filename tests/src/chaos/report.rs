//! What a person sees of it.
#![expect(clippy::print_stdout, reason = "this is what a person sees of a run")]

use std::collections::BTreeMap;
use std::time::Duration;

use sandbox::fondy::AttemptOutcome;

use super::books::Account;
use super::days::Days;
use super::load::{Order, Way};
use super::messages::Messages;
use super::mischief::Tally;
use super::notices::Notices;
use super::options::Size;
use super::tape::{Kind, Slip};
use super::verdict::Verdict;
use super::world::World;

/// Of each figure that is not nothing so many cases are shown.
const CASES: usize = 10;

/// One line, as things go on.
pub fn say(text: &str) {
    println!("  {text}");
}

/// What is about to happen.
pub fn opening(size: &Size, orders: &[Order], length: Duration) {
    let refunds: usize = orders.iter().map(|order| order.refunds.len()).sum();
    let by_api = orders.iter().filter(|order| order.way == Way::Api).count();
    println!("chaos, seed {}", size.seed);
    println!(
        "  {} orders ({by_api} told through the API), {} payments and {refunds} refunds on {} registers in {} s,",
        orders.len(),
        size.payments,
        size.registers,
        length.as_secs()
    );
    println!(
        "  {} workers and 1 ingress as processes; the seed decides load, kills and faults, not the threads' timing",
        size.workers
    );
}

/// How far it is.
pub fn progress(world: &World, elapsed: Duration, orders: &[Order], tally: &Tally) {
    let paid = orders.iter().filter(|order| order.at <= elapsed).count();
    let receipts = world.registers.documents();
    let blows: u32 = tally.counts().values().sum();
    println!(
        "  {:>4} s: {paid} orders begun, {receipts} documents on the tapes, {} callbacks waiting, {blows} blows dealt",
        elapsed.as_secs(),
        world.payments.waiting_callbacks()
    );
}

/// The figures.
pub fn summary(
    world: &World,
    size: &Size,
    tally: &Tally,
    accounts: &[Account],
    tape: &[Slip],
    verdict: &Verdict,
    overlaps: u64,
) {
    println!("\nBlows");
    for (what, count) in tally.counts() {
        println!("  {count:>6}  {what}");
    }
    println!("Faults of the registers' API, by requests met");
    for (what, count) in world.registers.faults_met(&world.tills) {
        println!("  {count:>6}  {what}");
    }
    println!("Faults of the payment system, by callbacks met");
    for (what, count) in payment_faults(world) {
        println!("  {count:>6}  {what}");
    }
    println!("Receipts on the tapes");
    let count = |wanted: fn(&Kind) -> bool| tape.iter().filter(|slip| wanted(&slip.kind)).count();
    let paid = accounts.iter().filter(|account| account.paid > 0).count();
    println!("  {paid:>6}  orders paid for");
    println!("  {:>6}  sales", count(|kind| matches!(kind, Kind::Sale)));
    println!("  {:>6}  returns", count(|kind| matches!(kind, Kind::Return(_))));
    println!("  {:>6}  stornos", count(|kind| matches!(kind, Kind::Storno(_))));
    let offline = tape.iter().filter(|slip| slip.offline).count();
    println!("  {offline:>6}  of these made while the tax service was away");
    println!("  {:>6}  documents on hold, as they must be", verdict.held);
    println!(
        "  {:>6}  questions to ATOL Online faster than it allows, by two workers in turn",
        world.registers.polls_too_fast()
    );
    println!("What must be nothing");
    for (what, cases) in verdict.figures() {
        println!("  {:>6}  {what}", cases.len());
        cases.iter().take(CASES).for_each(|case| println!("            {case}"));
    }
    println!("  {overlaps:>6}  two requests at once on one register");
    println!(
        "From acknowledgement to receipt of a sale, through all of that: p50 {} ms, p99 {} ms, max {} ms",
        percentile(&verdict.waits_ms, 50),
        percentile(&verdict.waits_ms, 99),
        percentile(&verdict.waits_ms, 100)
    );
    println!("To replay: --seed {}", size.seed);
}

/// The registers' days.
pub fn days(days: &Days) {
    println!("The registers' days: {} shifts closed", days.closed);
    for (what, cases) in days.figures() {
        println!("  {:>6}  {what}", cases.len());
        cases.iter().take(CASES).for_each(|case| println!("            {case}"));
    }
}

/// What providers told by themselves.
pub fn notices(notices: &Notices) {
    println!("Told by the registers' providers themselves");
    for (what, count) in &notices.told {
        println!("  {count:>6}  {what}");
    }
    for (what, cases) in notices.figures() {
        println!("  {:>6}  {what}", cases.len());
        cases.iter().take(CASES).for_each(|case| println!("            {case}"));
    }
}

/// Mail and webhooks.
pub fn messages(messages: &Messages) {
    println!(
        "Messages: {} letters to buyers and {} webhooks to shops were taken; {} and {} of them came more than once, {} tries were unclear",
        messages.letters, messages.webhooks, messages.letters_again, messages.webhooks_again, messages.unclear
    );
    for (what, cases) in messages.figures() {
        println!("  {:>6}  {what}", cases.len());
        cases.iter().take(CASES).for_each(|case| println!("            {case}"));
    }
}

fn payment_faults(world: &World) -> BTreeMap<String, u32> {
    let mut met = BTreeMap::new();
    for attempt in world.payments.attempts() {
        if let Some(fault) = attempt.fault {
            *met.entry(format!("{fault:?}")).or_default() += 1;
        }
        let answer = match attempt.outcome {
            AttemptOutcome::Acknowledged | AttemptOutcome::Dropped => continue,
            AttemptOutcome::Refused(status) => format!("answered {status}, sent again"),
            AttemptOutcome::Broken(_) => "no connection or a broken one, sent again".to_owned(),
            AttemptOutcome::TimedOut => "no answer in time, sent again".to_owned(),
        };
        *met.entry(answer).or_default() += 1;
    }
    met
}

/// The value that so many per cent do not exceed; the values are sorted.
fn percentile(sorted: &[i64], percent: usize) -> i64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let values: Vec<i64> = (1..=200).collect();
        assert_eq!(percentile(&values, 50), 100);
        assert_eq!(percentile(&values, 99), 198);
        assert_eq!(percentile(&values, 100), 200);
        assert_eq!(percentile(&[], 99), 0);
    }
}
