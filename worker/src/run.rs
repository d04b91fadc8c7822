//! A worker's life: five kinds of bells, the sweep, the gauges, reconciliation and refunds until it is told to stop; then the
//! calls in hand are finished.

use std::future::Future;

use ledger::Ledger;
use queue::{Doorbell, Kind, WorkerEnded, run_worker};
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::config::WorkerConfig;
use crate::state::{SetupError, WorkerState};
use crate::{deliver, gateway, gauges, plan_event, reconcile, refund, settlement, sweep, work_register};

/// Why a worker ended before it was told to.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// A part of it cannot be made.
    #[error("the worker cannot be put together")]
    Setup(#[from] SetupError),
    /// The queue's runtime ended.
    #[error("the queue's runtime ended by itself")]
    Queue(#[from] WorkerEnded),
}

/// Works until `shutdown` resolves, then finishes what is in hand.
pub async fn run(
    config: WorkerConfig,
    ledger: Ledger,
    doorbell: Doorbell,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), WorkerError> {
    let stopping = CancellationToken::new();
    let state = WorkerState::new(&config, ledger, doorbell.clone(), stopping.clone())?;
    info!(worker = %config.name, "Worker {} started", config.name);
    let stop = |token: CancellationToken| async move { token.cancelled().await };
    let plans = {
        let state = state.clone();
        run_worker(
            &doorbell,
            Kind::PlanEvent,
            "plan_event",
            config.plan_concurrency,
            move |id| plan_event::handle(state.clone(), id),
            stop(stopping.clone()),
        )
    };
    let registers = {
        let state = state.clone();
        run_worker(
            &doorbell,
            Kind::WorkRegister,
            "work_register",
            config.register_concurrency,
            move |id| work_register::handle(state.clone(), id),
            stop(stopping.clone()),
        )
    };
    let deliveries = {
        let state = state.clone();
        run_worker(
            &doorbell,
            Kind::Deliver,
            "deliver",
            config.deliver_concurrency,
            move |id| deliver::handle(state.clone(), id),
            stop(stopping.clone()),
        )
    };
    let settlements = {
        let state = state.clone();
        run_worker(
            &doorbell,
            Kind::Settle,
            "settle",
            config.plan_concurrency,
            move |id| settlement::handle(state.clone(), id),
            stop(stopping.clone()),
        )
    };
    let looks = {
        let state = state.clone();
        run_worker(
            &doorbell,
            Kind::Expect,
            "expect",
            config.look_concurrency,
            move |id| gateway::handle(state.clone(), id),
            stop(stopping.clone()),
        )
    };
    let until_told = async {
        shutdown.await;
        info!(worker = %config.name, "Worker {} stops; it finishes the calls in hand", config.name);
        stopping.cancel();
        Ok(())
    };
    let background = async {
        tokio::join!(
            sweep::run(state.clone()),
            gauges::run(state.clone()),
            reconcile::run(state.clone()),
            refund::run(state.clone())
        );
        Ok(())
    };
    let ended = tokio::try_join!(plans, registers, deliveries, settlements, looks, background, until_told);
    doorbell.flushed().await;
    ended?;
    info!(worker = %config.name, "Worker {} stopped", config.name);
    Ok(())
}
