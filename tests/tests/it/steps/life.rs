//! One life of a process that is ingress and worker in one future: dropping that future is its
//! death. It has connections of its own, so nothing half used lives on in the next life.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::ids::{EventId, RegisterId};
use futures_util::future::join;
use ingress::{AppState, Parts};
use ledger::{Ledger, wall_clock};
use sandbox::fondy::SignedCallback;
use tests::bed::{PATIENCE, Shop, TestBed, ingress_config};
use tests::eventually;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use worker::plan_event::{Planned, plan_event};
use worker::work_register::{Turn, work_register};
use worker::{WorkerConfig, WorkerState};

use super::times;

pub struct Life {
    parts: Parts,
    worker: WorkerState,
    shop: Shop,
}

impl Life {
    /// Born with a name and connections of its own, as each process is; may be killed.
    pub async fn begin(bed: &TestBed, shop: &Shop) -> Self {
        Self::with(bed.parts().await, shop)
    }

    /// One that nobody will kill needs no connections of its own.
    pub fn calm(parts: &Parts, shop: &Shop) -> Self {
        Self::with(parts.clone(), shop)
    }

    fn with(parts: Parts, shop: &Shop) -> Self {
        let config = WorkerConfig::new(times());
        let (ledger, doorbell) = (parts.ledger.clone(), parts.doorbell.clone());
        let worker = WorkerState::new(&config, ledger, doorbell, CancellationToken::new()).unwrap();
        Self {
            parts,
            worker,
            shop: shop.clone(),
        }
    }

    /// From "callback received" to "outcome committed", handler by handler in one future. On a busy
    /// machine a call may time out; then it goes on as the sweep would.
    pub async fn whole(self, callback: SignedCallback) {
        assert_eq!(self.receive(callback).await, StatusCode::OK);
        eventually(PATIENCE, async || {
            self.plan_and_work().await;
            self.at_rest().await
        })
        .await;
    }

    /// Nothing is left to do; else what there is.
    pub async fn at_rest(&self) -> Result<(), String> {
        let stats = self.ledger().stats().await.map_err(|error| error.to_string())?;
        let open: i64 = stats.documents.iter().map(|(_, number)| number).sum();
        if stats.events_waiting + open == 0 {
            Ok(())
        } else {
            Err(format!("{stats:?}"))
        }
    }

    /// Everything after the callback's answer.
    pub async fn plan_and_work(&self) {
        for event in self.events().await {
            self.plan(event).await;
        }
        while self.work().await == Some(Turn::More) {}
    }

    /// The callback, through the router and its inbox.
    pub async fn receive(&self, callback: SignedCallback) -> StatusCode {
        self.receive_times(callback, 1).await.remove(0)
    }

    /// The same callback so many times at once.
    pub async fn receive_times(&self, callback: SignedCallback, times: usize) -> Vec<StatusCode> {
        let (state, inbox) = AppState::new(self.parts.clone(), &ingress_config());
        let router = ingress::router(state);
        let posts = (0..times).map(|_| {
            let request = Request::post(format!("/callbacks/{}", self.shop.source))
                .header("content-type", callback.content_type)
                .body(Body::from(callback.body.clone()))
                .unwrap();
            let answered = router.clone().oneshot(request);
            async { answered.await.unwrap().status() }
        });
        let posts: Vec<_> = posts.collect();
        drop(router);
        // The inbox ends with the last router.
        join(futures_util::future::join_all(posts), inbox.run()).await.0
    }

    pub async fn events(&self) -> Vec<EventId> {
        let due = self.ledger().due_events(wall_clock(), Duration::ZERO, 100).await;
        // A database that is busy with a paused neighbour is an outage like any other.
        due.unwrap_or_default()
    }

    pub async fn plan(&self, event: EventId) -> Option<Planned> {
        plan_event(&self.worker, event).await.ok()
    }

    pub async fn work(&self) -> Option<Turn> {
        work_register(&self.worker, self.register()).await.ok()
    }

    pub fn register(&self) -> &RegisterId {
        &self.shop.register
    }

    fn ledger(&self) -> &Ledger {
        &self.parts.ledger
    }
}
