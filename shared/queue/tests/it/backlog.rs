//! A million stale bells do not delay a fresh one.

use std::time::Duration;

use queue::Due;
use tokio::time::Instant;

use crate::bed::{Bed, Ears, KIND, RunningWorker, both_beds, ids};

const MILLION: usize = 1_000_000;

/// Prints how long a fresh bell waits while a worker chews on a million older ones:
/// `cargo test -p queue --test it -- --ignored --nocapture a_fresh_bell`
#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes a million bells, takes a minute unoptimised"]
async fn a_fresh_bell_is_heard_within_a_second_of_a_million_due_ones() {
    for stale in [Due::At(5), Due::Now] {
        for bed in both_beds().await {
            check(&bed, stale).await;
        }
    }
}

async fn check(bed: &Bed, stale: Due) {
    bed.until_up().await;
    for chunk in ids("stale-", MILLION).chunks(50_000) {
        bed.ringer.ring_all(KIND, chunk.to_vec(), stale);
        bed.ringer.flushed().await;
    }
    assert_eq!(bed.hearer.depth(KIND).await, Some(MILLION as u64));
    let ears = Ears::new();
    let worker = RunningWorker::start(&bed.hearer, 16, &ears);
    ears.until_started(100).await;
    for (due, id) in [(Due::Now, "fresh-now"), (Due::First, "fresh-first")] {
        let rung = Instant::now();
        bed.ringer.ring(KIND, id, due);
        ears.until_finished(id).await;
        let (waited, heard) = (rung.elapsed(), ears.started().len());
        let left = bed.hearer.depth(KIND).await;
        println!(
            "{}, stale {stale:?}: {id} after {waited:?}; {heard} heard, {left:?} left",
            bed.name
        );
        assert!(waited < Duration::from_secs(1), "{}: {waited:?}", bed.name);
    }
    worker.stop().await;
}
