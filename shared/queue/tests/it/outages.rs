//! Redis in trouble: late bells, and nothing else.

use queue::{Doorbell, Due, Kind};
use tokio::time::{Duration, Instant, timeout};

use crate::bed::{Ears, KIND, RedisServer, RunningWorker, eventually, ids};

/// A worker with two handlers in hand meets the trouble, finishes them, and hears bells again
/// once the trouble is over.
async fn check(trouble: impl AsyncFnOnce(&mut RedisServer, &Doorbell)) {
    let mut server = RedisServer::start().await;
    let (ringer, hearer) = (server.doorbell(), server.doorbell());
    let ears = Ears::new();
    let worker = RunningWorker::start(&hearer, 4, &ears);
    ringer.ring_all(KIND, ids("hold-", 2), Due::Now);
    ears.until_started(2).await;

    trouble(&mut server, &hearer).await;

    assert!(ears.finished().is_empty() && !worker.task.is_finished());
    ears.release();
    ears.until_finished("hold-0").await;
    ears.until_finished("hold-1").await;
    ringer.ring(KIND, "after", Due::Now);
    ears.until_finished("after").await;
    wakes_are_back(&ringer, &ears).await;
    worker.stop().await;
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    let started = sorted(ears.started());
    assert_eq!(started, sorted(ears.finished()), "no handler was cut");
    let held = started.iter().filter(|id| id.starts_with("hold"));
    assert_eq!(held.count(), 2, "the bells in hand were not heard again");
    assert_eq!(ringer.dropped(), 0);
}

/// Three bells in a row faster than the fallback poll: the wake-ups work again too.
async fn wakes_are_back(ringer: &Doorbell, ears: &Ears) {
    let start = Instant::now();
    for round in 0.. {
        let ring = Instant::now();
        for id in ids(&format!("round-{round}-"), 3) {
            ringer.ring(KIND, &id, Due::Now);
            ears.until_finished(&id).await;
        }
        if ring.elapsed() < Duration::from_millis(500) {
            return;
        }
        assert!(start.elapsed() < crate::bed::PATIENCE, "bells stay slow");
    }
}

async fn until_down(doorbell: &Doorbell) {
    eventually("the outage is noticed", async || !doorbell.is_up()).await;
    assert_eq!(doorbell.depth(KIND).await, None);
}

#[tokio::test]
async fn redis_is_killed_and_comes_back_empty() {
    check(async |server, doorbell| {
        server.kill();
        until_down(doorbell).await;
        server.run(&[]).await;
    })
    .await;
}

#[tokio::test]
async fn redis_is_killed_five_times_in_a_row() {
    check(async |server, doorbell| {
        for _ in 0..5 {
            server.kill();
            until_down(doorbell).await;
            server.run(&[]).await;
            eventually("it is up again", async || doorbell.is_up()).await;
        }
    })
    .await;
}

#[tokio::test]
async fn redis_stalls_for_five_seconds() {
    check(async |server, doorbell| {
        let () = server.command(&["CLIENT", "PAUSE", "5000"]).await;
        until_down(doorbell).await;
    })
    .await;
}

#[tokio::test]
async fn redis_drops_every_connection() {
    check(async |server, _| {
        for kind in ["normal", "pubsub"] {
            let killed: u32 = server.command(&["CLIENT", "KILL", "TYPE", kind]).await;
            assert!(killed > 0, "{kind}");
        }
    })
    .await;
}

#[tokio::test]
async fn redis_forgets_everything() {
    check(async |server, _| {
        let () = server.command(&["FLUSHALL"]).await;
        let () = server.command(&["SCRIPT", "FLUSH"]).await;
    })
    .await;
}

#[tokio::test]
async fn redis_refuses_to_write() {
    check(async |server, doorbell| {
        let () = server.command(&["REPLICAOF", "127.0.0.1", "1"]).await;
        doorbell.ring(Kind::PlanEvent, "unwritable", Due::Now);
        until_down(doorbell).await;
        let () = server.command(&["REPLICAOF", "NO", "ONE"]).await;
        doorbell.flushed().await;
        eventually("the bell was kept", async || {
            doorbell.depth(Kind::PlanEvent).await == Some(1)
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn redis_is_loading_its_data() {
    check(async |server, doorbell| {
        let fill = "for i = 1, 300 do redis.call('SET', 'filler:' .. i, i) end";
        let () = server.command(&["EVAL", fill, "0"]).await;
        let () = server.command(&["SAVE"]).await;
        server.kill();
        until_down(doorbell).await;
        // About three seconds of `LOADING` answers.
        let slow = [
            "--key-load-delay",
            "10000",
            "--loading-process-events-interval-bytes",
            "1024",
        ];
        server.run(&slow).await;
        let info: String = server.command(&["INFO", "persistence"]).await;
        assert!(info.contains("\r\nloading:1"), "{info}");
        assert!(!doorbell.is_up());
    })
    .await;
}

#[tokio::test]
async fn a_worker_started_without_redis_hears_once_it_is_there() {
    let mut server = RedisServer::absent();
    let doorbell = server.doorbell();
    let ears = Ears::new();
    let worker = RunningWorker::start(&doorbell, 4, &ears);
    doorbell.ring(KIND, "early", Due::Now);
    assert!(!doorbell.is_up());
    assert_eq!(doorbell.depth(KIND).await, None);
    server.run(&[]).await;
    ears.until_finished("early").await; // it waited in the buffer
    wakes_are_back(&doorbell, &ears).await;
    worker.stop().await;
}

#[tokio::test]
async fn without_redis_bells_are_dropped_and_counted_and_nobody_waits() {
    let server = RedisServer::absent();
    let doorbell = server.doorbell();
    let start = Instant::now();
    doorbell.ring_all(KIND, ids("bell-", 70_000), Due::Now);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(doorbell.dropped(), 70_000 - 65_536, "the buffer is bounded");
    timeout(Duration::from_secs(20), doorbell.flushed()).await.unwrap();
    assert_eq!(doorbell.dropped(), 70_000);
    let worker = RunningWorker::start(&doorbell, 4, &Ears::new());
    worker.stop().await; // and a worker can be stopped meanwhile
}

#[tokio::test]
async fn bells_rung_just_before_the_doorbell_goes_are_written() {
    let server = RedisServer::start().await;
    let (ringer, other) = (server.doorbell(), server.doorbell());
    ringer.ring_all(KIND, ids("bell-", 5_000), Due::Now);
    drop(ringer);
    eventually("they arrive", async || other.depth(KIND).await == Some(5_000)).await;
}
