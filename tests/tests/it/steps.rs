//! Every step failed and repeated: the pipeline from "callback received" to "outcome committed" is
//! one future here, and it is killed, or put to sleep, at every await it has; each request to the
//! provider is made to fail in each way; and everything is done twice. Each time the provider's own
//! books must have exactly one document.

pub(crate) mod cut;
mod life;
mod messages;
mod phases;
mod providers;
mod scene;

use std::sync::Mutex;
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
use phases::{Phase, Phases};
use scene::{Act, Scene, Stage};

/// Stages that play a scene side by side. There are fewer waits on SQLite, and one stage more costs
/// a ledger more.
fn stages(database: Database) -> usize {
    match database {
        Database::Sqlite => 3,
        Database::Postgres => 8,
    }
}

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
    let life = stage.calm_life();
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

/// Numbers handed out to the stages, again and again from one.
#[derive(Default)]
struct Numbers {
    passes: usize,
    taken: usize,
    most: usize,
}

/// Plays `try_at(stage, 1)`, `try_at(stage, 2)`, … on several stages side by side until one says
/// that it came to the end, and all that again until it is `enough`; says how far it went.
async fn enumerate(
    database: Database,
    scene: Scene,
    enough: impl Fn(usize) -> bool,
    try_at: impl AsyncFn(&mut Stage, usize) -> bool,
) -> usize {
    let numbers = Mutex::new(Numbers::default());
    let stages = (0..stages(database)).map(async |_| {
        let mut stage = Stage::new(database, scene).await;
        loop {
            let (pass, number) = {
                let mut numbers = numbers.lock().unwrap();
                if numbers.passes > 0 && enough(numbers.passes) {
                    return;
                }
                numbers.taken += 1;
                (numbers.passes, numbers.taken)
            };
            let went_on = try_at(&mut stage, number).await;
            let mut numbers = numbers.lock().unwrap();
            if went_on {
                numbers.most = numbers.most.max(number);
            } else if numbers.passes == pass {
                numbers.passes += 1;
                numbers.taken = 0;
            }
        }
    });
    join_all(stages).await;
    numbers.into_inner().unwrap().most
}

/// Passes over all awaits: at least so many, then until each phase was met, and no more than this.
fn passes(database: Database, phases: &Phases) -> impl Fn(usize) -> bool {
    let least = match database {
        // There are few awaits that have to wait.
        Database::Sqlite => 2,
        Database::Postgres => 1,
    };
    move |passes| (passes >= least && phases.complete()) || passes >= 30
}

fn check_grip(what: &str, awaits: usize, phases: &Phases) {
    println!("{what} at up to {awaits} awaits, {phases}");
    assert!(awaits > FEWEST_AWAITS, "{what} at only {awaits} awaits");
    assert!(phases.complete(), "{what}: not in each phase, {phases}");
}

async fn killed_everywhere(scene: Scene) {
    killed_on(&Database::each(), scene).await;
}

async fn killed_on(databases: &[Database], scene: Scene) {
    let on = async |database: Database| {
        let phases = &Phases::default();
        let awaits = enumerate(database, scene, passes(database, phases), async |stage, number| {
            let act = stage.next().await;
            let what = format!("{scene:?} on {database}, killed at await {number}");
            let life = stage.life().await;
            let finished = KillAt::new(number, life.whole(act.callback.clone())).await;
            if finished.is_none() {
                phases.note(Phase::of(stage, &act).await);
                restart_and_settle(stage, &act, &what).await;
            }
            stage.check(&act, &what).await;
            finished.is_none()
        })
        .await;
        check_grip(&format!("{scene:?} on {database} killed"), awaits, phases);
    };
    join_all(databases.iter().map(|database| on(*database))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_killed_at_any_await_is_one_receipt() {
    killed_everywhere(Scene::SALE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storno_killed_at_any_await_is_one_storno() {
    killed_everywhere(Scene::STORNO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_killed_at_any_await_is_one_return() {
    killed_everywhere(Scene::RETURN).await;
}

/// A sleeper may hold a lock in the database; the others then wait for it no longer than this.
const NAP: Duration = Duration::from_millis(1_200);

/// A process sleeps at an await past its lease, another takes over and settles everything, then the
/// sleeper goes on as if nothing had happened.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_wakes_late_at_any_await_doubles_nothing() {
    let scene = Scene::SALE;
    let on = async |database: Database| {
        let phases = &Phases::default();
        let awaits = enumerate(database, scene, passes(database, phases), async |stage, number| {
            let act = stage.next().await;
            let what = format!("{scene:?} on {database}, asleep at await {number}");
            let life = stage.life().await;
            let Some(sleeper) = PauseAt::new(number, life.whole(act.callback.clone())).await else {
                stage.check(&act, &what).await;
                return false;
            };
            phases.note(Phase::of(stage, &act).await);
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
        check_grip(&format!("{scene:?} on {database} asleep"), awaits, phases);
    };
    join(on(Database::Sqlite), on(Database::Postgres)).await;
}

/// Ways in which the document's own request goes wrong.
fn faults_of_sending() -> Vec<FaultKind> {
    let soon = Duration::from_millis(60);
    let more = [
        FaultKind::RegisterThenClose,
        FaultKind::RegisterThenHang {
            close_after: times().call_timeout * 2,
        },
        FaultKind::RegisterThenEmptyBody,
        FaultKind::Http {
            status: 502,
            registers: true,
        },
        FaultKind::BrokenBody,
        FaultKind::LateRegister { after: soon },
        FaultKind::Delay {
            by: times().call_timeout + soon,
        },
    ];
    [faults_of_asking(), more.to_vec()].concat()
}

/// Ways in which a question goes wrong; nothing is registered by one.
fn faults_of_asking() -> Vec<FaultKind> {
    vec![
        FaultKind::CloseBefore,
        FaultKind::Http {
            status: 500,
            registers: false,
        },
        FaultKind::TruncatedJson,
    ]
}

/// The document's own request, after one look at the register.
const SENDING: u32 = 2;
/// The last request of a settled doubt, and one more.
const LAST: u32 = 8;

/// Which request fails in which way; those after the sending are reached through a doubt.
fn failures() -> Vec<(u32, FaultKind)> {
    let look = faults_of_asking().into_iter().map(|kind| (1, kind));
    let sending = faults_of_sending().into_iter().map(|kind| (SENDING, kind));
    let settling =
        (SENDING + 1..=LAST).flat_map(|number| faults_of_asking().into_iter().map(move |kind| (number, kind)));
    look.chain(sending).chain(settling).collect()
}

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

/// Each request fails in each way; in a doubt, those that settle it do too.
async fn every_request_fails(scene: Scene) {
    let cases = &failures();
    let on = async |database: Database| {
        enumerate(
            database,
            scene,
            |_| true,
            async |stage, number| {
                let Some((request, kind)) = cases.get(number - 1) else {
                    return false;
                };
                let act = stage.next().await;
                let what = format!("{scene:?} on {database}, {kind:?} at request {request}");
                if *request > SENDING {
                    fail_request(stage, SENDING, FaultKind::RegisterThenClose);
                    fail_request(stage, request - SENDING, kind.clone());
                } else {
                    fail_request(stage, *request, kind.clone());
                }
                let life = stage.calm_life();
                assert_eq!(life.receive(act.callback.clone()).await, StatusCode::OK);
                settle(stage, &act, &life, &what).await;
                stage.bed.cashalot.clear_faults();
                stage.check(&act, &what).await;
                true
            },
        )
        .await
    };
    let (sqlite, postgres) = join(on(Database::Sqlite), on(Database::Postgres)).await;
    println!("{scene:?}: requests failed {sqlite} and {postgres} times");
    assert_eq!((sqlite, postgres), (cases.len(), cases.len()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_survives_any_failure_of_any_request() {
    every_request_fails(Scene::SALE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storno_survives_any_failure_of_any_request() {
    every_request_fails(Scene::STORNO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_survives_any_failure_of_any_request() {
    every_request_fails(Scene::RETURN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_confirmed_through_any_failure_of_the_payment_system() {
    let on = async |database: Database| {
        let mut stage = Stage::new(database, Scene::SALE).await;
        for fault in [
            ApiFault::ServerError,
            ApiFault::ServerErrorAfter,
            ApiFault::ResponseLost,
            ApiFault::Delay(times().call_timeout * 2),
        ] {
            let act = stage.next().await;
            stage.bed.fondy.fault_next_call(Endpoint::Status, fault);
            let what = format!("{fault:?} on {database}");
            let life = stage.calm_life();
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
            let one = stage.life().await;
            let two = stage.life().await;
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
            .flat_map(|scene| Database::each().map(|database| Box::pin(on(database, scene)))),
    )
    .await;
}
