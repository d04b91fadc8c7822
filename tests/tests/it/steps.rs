//! Every step failed and repeated: the pipeline from "callback received" to "outcome committed" is
//! one future here, and it is killed, or put to sleep, at every await it has; each request to the
//! provider is made to fail in each way; and everything is done twice. Each time the provider's own
//! books must have exactly one document.

mod cut;
mod life;
mod scene;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use futures_util::future::{join, join_all};
use sandbox::cashalot::{Fault, FaultKind};
use sandbox::fondy::{ApiFault, Endpoint};
use tests::bed::{PATIENCE, short_times};
use tests::db::Database;
use tests::eventually;
use worker::WorkerTimes;

use cut::{KillAt, PauseAt};
use life::Life;
use scene::{Act, Scene, Stage};

/// Stages that play a scene side by side.
const STAGES: usize = 8;
/// Fewer awaits than this would mean that the test lost its grip on the pipeline.
const FEWEST_AWAITS: usize = 15;

/// A dead holder's lease should run out soon; the order of the times is kept.
fn times() -> WorkerTimes {
    WorkerTimes {
        call_timeout: Duration::from_millis(400),
        lease: Duration::from_millis(650),
        settle: Duration::from_millis(500),
        look_apart: Duration::from_millis(50),
        doubt_limit: Duration::from_secs(600),
        ..short_times()
    }
}

/// After a death: a new process, the gateway sends its callback again, and the worker goes on until
/// nothing is left to do.
async fn restart_and_settle(stage: &Stage, act: &Act, what: &str) {
    let life = Life::begin(&stage.bed, &stage.shop, times()).await;
    eventually(PATIENCE, async || {
        life.receive(act.callback.clone()).await == StatusCode::OK
    })
    .await;
    settle(stage, act, &life, what).await;
}

/// What the sweep and the bells do, until nothing is left.
async fn settle(stage: &Stage, act: &Act, life: &Life, what: &str) {
    eventually(PATIENCE, async || {
        life.plan_and_work().await;
        match life.at_rest().await {
            Ok(()) => Ok(()),
            Err(open) => Err(format!("{what}: {open}\n{}", stage.story(act).await)),
        }
    })
    .await;
}

/// Plays `try_at(stage, 1)`, `try_at(stage, 2)`, … on several stages side by side until one says
/// that it came to the end; says how many there were.
async fn enumerate(database: Database, scene: Scene, try_at: impl AsyncFn(&mut Stage, usize) -> bool) -> usize {
    let (next, ended, reached) = (AtomicUsize::new(1), AtomicBool::new(false), AtomicUsize::new(0));
    let stages = (0..STAGES).map(async |_| {
        let mut stage = Stage::new(database, scene).await;
        while !ended.load(Ordering::SeqCst) {
            let number = next.fetch_add(1, Ordering::SeqCst);
            if try_at(&mut stage, number).await {
                reached.fetch_max(number, Ordering::SeqCst);
            } else {
                ended.store(true, Ordering::SeqCst);
            }
        }
    });
    join_all(stages).await;
    reached.load(Ordering::SeqCst)
}

async fn killed_everywhere(scene: Scene) {
    let on = async |database: Database| {
        let awaits = enumerate(database, scene, async |stage, number| {
            let act = stage.next().await;
            let what = format!("{scene:?} on {database}, killed at await {number}");
            let life = Life::begin(&stage.bed, &stage.shop, times()).await;
            let finished = KillAt::new(number, life.whole(act.callback.clone())).await;
            if finished.is_none() {
                restart_and_settle(stage, &act, &what).await;
            }
            stage.check(&act, &what).await;
            finished.is_none()
        })
        .await;
        println!("{scene:?} on {database}: killed at {awaits} awaits");
        assert!(awaits > FEWEST_AWAITS, "only {awaits} awaits on {database}");
    };
    join(on(Database::Sqlite), on(Database::Postgres)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_killed_at_any_await_is_one_receipt() {
    killed_everywhere(Scene::Sale).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storno_killed_at_any_await_is_one_storno() {
    killed_everywhere(Scene::Storno).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_killed_at_any_await_is_one_return() {
    killed_everywhere(Scene::Return).await;
}

/// A sleeper may hold a lock in the database; the others then wait for it no longer than this.
const NAP: Duration = Duration::from_millis(1_200);

/// A process sleeps at an await past its lease, another takes over and settles everything, then the
/// sleeper goes on as if nothing had happened.
async fn asleep_everywhere(scene: Scene) {
    let on = async |database: Database| {
        let awaits = enumerate(database, scene, async |stage, number| {
            let act = stage.next().await;
            let what = format!("{scene:?} on {database}, asleep at await {number}");
            let life = Life::begin(&stage.bed, &stage.shop, times()).await;
            let Some(sleeper) = PauseAt::new(number, life.whole(act.callback.clone())).await else {
                stage.check(&act, &what).await;
                return false;
            };
            {
                let mut taken_over = std::pin::pin!(restart_and_settle(stage, &act, &what));
                match tokio::time::timeout(NAP, &mut taken_over).await {
                    Ok(()) => sleeper.await,
                    Err(_) => {
                        join(taken_over, sleeper).await;
                    }
                }
            }
            restart_and_settle(stage, &act, &what).await;
            stage.check(&act, &what).await;
            true
        })
        .await;
        println!("{scene:?} on {database}: asleep at {awaits} awaits");
        assert!(awaits > FEWEST_AWAITS, "only {awaits} awaits on {database}");
    };
    join(on(Database::Sqlite), on(Database::Postgres)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_wakes_late_at_any_await_doubles_no_sale() {
    asleep_everywhere(Scene::Sale).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_wakes_late_at_any_await_doubles_no_return() {
    asleep_everywhere(Scene::Return).await;
}

/// Ways in which a request to the provider goes wrong.
fn faults() -> Vec<FaultKind> {
    let soon = Duration::from_millis(60);
    vec![
        FaultKind::CloseBefore,
        FaultKind::RegisterThenClose,
        FaultKind::RegisterThenHang {
            close_after: times().call_timeout * 2,
        },
        FaultKind::RegisterThenEmptyBody,
        FaultKind::Http {
            status: 500,
            registers: false,
        },
        FaultKind::Http {
            status: 502,
            registers: true,
        },
        FaultKind::TruncatedJson,
        FaultKind::BrokenBody,
        FaultKind::LateRegister { after: soon },
        FaultKind::Delay {
            by: times().call_timeout + soon,
        },
    ]
}

/// Requests of a sale and of the settling of its doubt, and a few that are never reached.
const REQUESTS: u32 = 9;

/// The `number`-th request from now on meets `kind`, those before it meet nothing.
fn fail_request(stage: &Stage, number: u32, kind: FaultKind) {
    let harmless = FaultKind::SlowAnswer { by: Duration::ZERO };
    if number > 1 {
        stage.bed.cashalot.inject(Fault {
            times: number - 1,
            ..Fault::once(harmless)
        });
    }
    stage.bed.cashalot.inject(Fault::once(kind));
}

/// Each request fails in each way, without and with a doubt that must be settled through it.
async fn every_request_fails(scene: Scene) {
    let mut cases = Vec::new();
    for kind in faults() {
        for number in 1..=REQUESTS {
            for doubt in [false, true] {
                // Without a doubt there are two requests; with one, the first two are as before.
                if doubt == (number > 2) {
                    cases.push((kind.clone(), number, doubt));
                }
            }
        }
    }
    let cases = &cases;
    let on = async |database: Database| {
        enumerate(database, scene, async |stage, number| {
            let Some((kind, request, doubt)) = cases.get(number - 1) else {
                return false;
            };
            let act = stage.next().await;
            let what = format!("{scene:?} on {database}, {kind:?} at request {request}, doubt: {doubt}");
            if *doubt {
                // The second request is the document's own.
                fail_request(stage, 2, FaultKind::RegisterThenClose);
                fail_request(stage, request - 2, kind.clone());
            } else {
                fail_request(stage, *request, kind.clone());
            }
            let life = Life::begin(&stage.bed, &stage.shop, times()).await;
            assert_eq!(life.receive(act.callback.clone()).await, StatusCode::OK);
            settle(stage, &act, &life, &what).await;
            stage.bed.cashalot.clear_faults();
            stage.check(&act, &what).await;
            true
        })
        .await
    };
    let (sqlite, postgres) = join(on(Database::Sqlite), on(Database::Postgres)).await;
    println!("{scene:?}: requests failed {sqlite} and {postgres} times");
    assert_eq!((sqlite, postgres), (cases.len(), cases.len()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_survives_any_failure_of_any_request() {
    every_request_fails(Scene::Sale).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storno_survives_any_failure_of_any_request() {
    every_request_fails(Scene::Storno).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_survives_any_failure_of_any_request() {
    every_request_fails(Scene::Return).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_confirmed_through_any_failure_of_the_payment_system() {
    let on = async |database: Database| {
        let mut stage = Stage::new(database, Scene::Sale).await;
        for fault in [
            ApiFault::ServerError,
            ApiFault::ServerErrorAfter,
            ApiFault::ResponseLost,
            ApiFault::Delay(times().call_timeout * 2),
        ] {
            let act = stage.next().await;
            stage.bed.fondy.fault_next_call(Endpoint::Status, fault);
            let what = format!("{fault:?} on {database}");
            let life = Life::begin(&stage.bed, &stage.shop, times()).await;
            assert_eq!(life.receive(act.callback.clone()).await, StatusCode::OK);
            settle(&stage, &act, &life, &what).await;
            stage.check(&act, &what).await;
        }
    };
    join(on(Database::Sqlite), on(Database::Postgres)).await;
}

/// Every step twice at once, by two processes, and once more afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn every_step_doubled_is_one_document() {
    let on = async |database: Database, scene: Scene| {
        let mut stage = Stage::new(database, scene).await;
        for round in 1..=4 {
            let act = stage.next().await;
            let what = format!("{scene:?} on {database}, everything doubled, round {round}");
            let one = Life::begin(&stage.bed, &stage.shop, times()).await;
            let two = Life::begin(&stage.bed, &stage.shop, times()).await;
            let (first, second) = join(
                one.receive_times(act.callback.clone(), 2),
                two.receive_times(act.callback.clone(), 2),
            )
            .await;
            assert_eq!([first, second].concat(), [StatusCode::OK; 4], "{what}");
            let events = one.events().await;
            assert_eq!(events.len(), 1, "{what}");
            join(one.plan(events[0]), two.plan(events[0])).await;
            join(one.plan(events[0]), two.plan(events[0])).await;
            join(one.work(), two.work()).await;
            join(one.work(), two.work()).await;
            settle(&stage, &act, &one, &what).await;
            assert_eq!(two.receive(act.callback.clone()).await, StatusCode::OK);
            settle(&stage, &act, &two, &what).await;
            stage.check(&act, &what).await;
        }
    };
    let on = &on;
    join_all(
        scene::EACH
            .into_iter()
            .flat_map(|scene| Database::each().map(|database| on(database, scene))),
    )
    .await;
}
