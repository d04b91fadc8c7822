//! What a doorbell promises wherever its bells are kept.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use apalis::prelude::{WorkerBuilder, WorkerBuilderExt};
use queue::{Due, Kind, MAX_ID_BYTES};
use tokio::time::Instant;

use crate::bed::{Ears, KIND, RunningWorker, both_beds, eventually, ids};

fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_millis()
        .try_into()
        .unwrap()
}

#[tokio::test]
async fn an_idle_worker_hears_a_bell_within_milliseconds() {
    for bed in both_beds().await {
        let ears = Ears::new();
        let worker = RunningWorker::start(&bed.hearer, 4, &ears);
        bed.ringer.ring(KIND, "warm-up", Due::Now);
        ears.until_finished("warm-up").await;
        let mut waits = Vec::new();
        for id in ids("bell-", 50) {
            let rung = Instant::now();
            bed.ringer.ring(KIND, &id, Due::Now);
            while !ears.finished().contains(&id) {
                tokio::task::yield_now().await;
            }
            waits.push(rung.elapsed());
        }
        waits.sort();
        let (median, worst) = (waits[waits.len() / 2], waits[waits.len() - 1]);
        println!("{}: ring to handler, median {median:?}, worst {worst:?}", bed.name);
        // Far below the fallback poll of one second, far above what an idle machine needs.
        assert!(median < Duration::from_millis(50), "{}: {median:?}", bed.name);
        worker.stop().await;
    }
}

#[tokio::test]
async fn ringing_twice_is_ringing_once_and_kinds_are_apart() {
    for bed in both_beds().await {
        bed.until_up().await;
        for _ in 0..3 {
            bed.ringer.ring(KIND, "same", Due::Now);
            bed.ringer
                .ring_all(KIND, ["same".to_owned(), "other".to_owned()], Due::Now);
        }
        bed.ringer.flushed().await;
        assert_eq!(bed.hearer.depth(KIND).await, Some(2), "{}", bed.name);
        assert_eq!(bed.hearer.depth(Kind::PlanEvent).await, Some(0), "{}", bed.name);
    }
}

#[tokio::test]
async fn a_scheduled_bell_waits_for_its_time_and_not_for_the_poll() {
    for bed in both_beds().await {
        let ears = Ears::new();
        let worker = RunningWorker::start(&bed.hearer, 4, &ears);
        bed.ringer.ring(KIND, "far", Due::At(now_ms() + 3_600_000));
        let due_ms = now_ms() + 300;
        bed.ringer.ring(KIND, "later", Due::At(due_ms));
        bed.ringer.ring(KIND, "past", Due::At(5));
        ears.until_finished("past").await;
        ears.until_finished("later").await;
        let late_ms = now_ms() - due_ms;
        assert!((0..500).contains(&late_ms), "{}: {late_ms} ms late", bed.name);
        assert_eq!(ears.started(), ["past", "later"], "{}", bed.name);
        worker.stop().await;
    }
}

#[tokio::test]
async fn the_earliest_ring_for_an_id_counts() {
    for bed in both_beds().await {
        let ears = Ears::new();
        let worker = RunningWorker::start(&bed.hearer, 4, &ears);
        bed.ringer.ring(KIND, "a", Due::At(now_ms() + 3_600_000));
        bed.ringer.ring(KIND, "a", Due::Now);
        ears.until_finished("a").await;
        worker.stop().await;

        bed.ringer.ring(KIND, "b", Due::At(5));
        bed.ringer.ring(KIND, "b", Due::At(now_ms() + 3_600_000));
        bed.ringer.flushed().await;
        let worker = RunningWorker::start(&bed.hearer, 4, &ears);
        ears.until_finished("b").await;
        worker.stop().await;
    }
}

#[tokio::test]
async fn bells_are_taken_from_both_ends_and_first_is_first() {
    // (bells fetched at once, the order in which they are heard)
    let cases = [
        (1, ["first", "now", "t1", "t4", "t2", "t3"]),
        (6, ["first", "t1", "t2", "now", "t4", "t3"]),
    ];
    for (prefetch, expected) in cases {
        for bed in both_beds().await {
            let ears = Ears::new();
            let recent = now_ms() - 10_000;
            bed.ringer.ring(KIND, "now", Due::Now);
            for n in 1..=4 {
                bed.ringer.ring(KIND, format!("t{n}"), Due::At(recent + n));
            }
            bed.ringer.ring(KIND, "first", Due::First);
            bed.ringer.flushed().await;
            let hearing = ears.clone();
            let worker = WorkerBuilder::new("ordered")
                .backend(bed.hearer.backend(KIND, prefetch))
                .concurrency(1)
                .build(move |id: String| hearing.clone().hear(id));
            let worker = tokio::spawn(worker.run());
            ears.until_started(6).await;
            worker.abort();
            assert_eq!(ears.started(), expected, "{}, {prefetch} at once", bed.name);
        }
    }
}

#[tokio::test]
async fn ten_thousand_due_bells_are_all_heard_once() {
    for bed in both_beds().await {
        let ears = Ears::new();
        let all = ids("bell-", 10_000);
        bed.ringer.ring_all(KIND, all.clone(), Due::Now);
        bed.ringer.flushed().await;
        let workers = [(); 2].map(|()| RunningWorker::start(&bed.hearer, 16, &ears));
        ears.until_started(all.len()).await;
        for worker in workers {
            worker.stop().await;
        }
        let heard = ears.finished();
        assert_eq!(heard.len(), all.len(), "{}", bed.name);
        assert_eq!(BTreeSet::from_iter(heard), BTreeSet::from_iter(all), "{}", bed.name);
    }
}

#[tokio::test]
async fn a_busy_worker_leaves_bells_to_a_free_one() {
    for bed in both_beds().await {
        let (busy, free) = (Ears::new(), Ears::new());
        let busy_worker = RunningWorker::start(&bed.hearer, 1, &busy);
        bed.ringer.ring(KIND, "hold", Due::Now);
        busy.until_started(1).await;
        let free_worker = RunningWorker::start(&bed.hearer, 1, &free);
        bed.ringer.ring_all(KIND, ids("bell-", 20), Due::Now);
        free.until_started(20).await;
        assert_eq!(busy.started(), ["hold"], "{}", bed.name);
        busy.release();
        busy_worker.stop().await;
        free_worker.stop().await;
    }
}

#[tokio::test]
async fn never_more_handlers_at_once_than_asked_for() {
    for bed in both_beds().await {
        let ears = Ears::new();
        bed.ringer.ring_all(KIND, ids("hold-", 10), Due::Now);
        bed.ringer.flushed().await;
        let worker = RunningWorker::start(&bed.hearer, 3, &ears);
        ears.until_started(3).await;
        assert_eq!(bed.hearer.depth(KIND).await, Some(7), "{}", bed.name);
        ears.release();
        ears.until_started(10).await;
        worker.stop().await;
    }
}

#[tokio::test]
async fn a_bell_rung_while_its_handler_runs_is_heard_again() {
    for bed in both_beds().await {
        let ears = Ears::new();
        let worker = RunningWorker::start(&bed.hearer, 2, &ears);
        for count in 1..=2 {
            bed.ringer.ring(KIND, "hold", Due::Now);
            ears.until_started(count).await;
        }
        ears.release();
        worker.stop().await;
        assert_eq!(ears.finished(), ["hold", "hold"], "{}", bed.name);
    }
}

#[tokio::test]
async fn a_panicking_handler_does_not_end_the_worker() {
    for bed in both_beds().await {
        let ears = Ears::new();
        let worker = RunningWorker::start(&bed.hearer, 2, &ears);
        for id in ids("panic-", 5) {
            bed.ringer.ring(KIND, id, Due::Now);
        }
        ears.until_started(5).await;
        bed.ringer.ring(KIND, "after", Due::Now);
        ears.until_finished("after").await;
        worker.stop().await;
    }
}

#[tokio::test]
async fn ids_that_do_not_fit_are_dropped_and_counted() {
    for bed in both_beds().await {
        bed.until_up().await;
        let fits = "é".repeat(MAX_ID_BYTES / 2);
        let too_long = format!("{fits}x");
        bed.ringer.ring_all(KIND, [fits, too_long, String::new()], Due::Now);
        bed.ringer.flushed().await;
        assert_eq!(bed.ringer.dropped(), 2, "{}", bed.name);
        eventually("one bell is there", async || bed.hearer.depth(KIND).await == Some(1)).await;
    }
}
