//! A stop finishes what is in hand and gives back what is not.

use std::io;

use apalis::prelude::{Monitor, ParallelizeExt, WorkerBuilder, WorkerBuilderExt};
use queue::Due;
use tokio::sync::oneshot;

use crate::bed::{Ears, KIND, RunningWorker, both_beds, eventually, ids};

#[tokio::test]
async fn a_stop_waits_for_the_handlers_in_hand_and_takes_no_more() {
    for bed in both_beds().await {
        bed.until_up().await;
        let ears = Ears::new();
        bed.ringer.ring_all(KIND, ids("hold-", 5), Due::Now);
        bed.ringer.flushed().await;
        let worker = RunningWorker::start(&bed.hearer, 2, &ears);
        ears.until_started(2).await;
        let stopping = worker.ask_to_stop();
        bed.ringer.ring(KIND, "late", Due::First);
        bed.ringer.flushed().await;
        assert!(!stopping.is_finished() && ears.finished().is_empty(), "{}", bed.name);
        ears.release();
        stopping.await.unwrap().unwrap();
        assert_eq!((ears.started().len(), ears.finished().len()), (2, 2), "{}", bed.name);
        assert_eq!(bed.ringer.depth(KIND).await, Some(4), "{}", bed.name);
    }
}

#[tokio::test]
async fn a_monitor_stops_gracefully_and_fetched_bells_are_put_back() {
    for bed in both_beds().await {
        bed.until_up().await;
        let ears = Ears::new();
        bed.ringer.ring_all(KIND, ids("hold-", 10), Due::Now);
        bed.ringer.flushed().await;
        let (stop, stopped) = oneshot::channel::<()>();
        let (doorbell, hearing) = (bed.hearer.clone(), ears.clone());
        let monitor = Monitor::new().register(move |_| {
            let hearing = hearing.clone();
            WorkerBuilder::new("monitored")
                .backend(doorbell.backend(KIND, 4))
                .concurrency(1)
                .parallelize(tokio::spawn)
                .build(move |id: String| hearing.clone().hear(id))
        });
        let monitor = tokio::spawn(monitor.run_with_signal(async {
            drop(stopped.await);
            io::Result::Ok(())
        }));
        ears.until_started(1).await;
        assert_eq!(bed.ringer.depth(KIND).await, Some(6), "{}: four are fetched", bed.name);
        stop.send(()).unwrap();
        ears.release();
        monitor.await.unwrap().unwrap();
        let handled = ears.finished().len();
        assert_eq!(ears.started().len(), handled, "{}", bed.name);
        assert_eq!(bed.ringer.depth(KIND).await, Some(10 - handled as u64), "{}", bed.name);
    }
}

#[tokio::test]
async fn dropping_a_worker_cuts_no_handler_and_gives_its_bells_back() {
    for bed in both_beds().await {
        bed.until_up().await;
        let ears = Ears::new();
        bed.ringer.ring_all(KIND, ids("hold-", 10), Due::Now);
        bed.ringer.flushed().await;
        let hearing = ears.clone();
        let worker = WorkerBuilder::new("dropped")
            .backend(bed.hearer.backend(KIND, 4))
            .concurrency(1)
            .parallelize(tokio::spawn)
            .build(move |id: String| hearing.clone().hear(id));
        let worker = tokio::spawn(worker.run());
        ears.until_started(1).await;
        worker.abort();
        assert!(worker.await.unwrap_err().is_cancelled());
        eventually("three fetched bells are back", async || {
            bed.ringer.depth(KIND).await == Some(9)
        })
        .await;
        ears.release();
        eventually("the handler finishes", async || ears.finished().len() == 1).await;
    }
}

#[tokio::test]
async fn an_idle_worker_stops_at_once() {
    for bed in both_beds().await {
        bed.until_up().await;
        let ears = Ears::new();
        let worker = RunningWorker::start(&bed.hearer, 2, &ears);
        bed.ringer.ring(KIND, "a", Due::Now);
        ears.until_finished("a").await;
        let start = tokio::time::Instant::now();
        worker.stop().await;
        assert!(start.elapsed().as_millis() < 900, "{}: {:?}", bed.name, start.elapsed());
    }
}
