//! The inbox: what is acknowledged is committed, whatever happens in between.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use ingress::{Limits, Rate};
use tower::ServiceExt;

use crate::bed::{Bed, config, eventually};
use crate::sign::sale;

fn numbered(number: usize) -> String {
    sale().with("payment_id", &number.to_string()).json()
}

fn callback(body: String) -> Request<Body> {
    Request::post("/callbacks/flowers-fondy")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn nothing_is_acknowledged_before_it_is_committed() {
    let mut config = config();
    config.limits.commit_within = Duration::from_millis(50);
    let (bed, inbox) = Bed::without_inbox(config).await;
    let answer = bed.callback(sale().json()).await;
    assert_eq!(answer.verdict(), "503 ledger_unavailable");
    assert_eq!(answer.headers["retry-after"], "2");
    assert_eq!(bed.stored().await.len(), 0);
    // The letter is still there: once somebody commits, it is not lost, and its repeat is known.
    tokio::spawn(inbox.run());
    eventually(async || bed.stored().await.len() == 1).await;
    assert_eq!(bed.callback(sale().json()).await.verdict(), "200");
    assert_eq!((bed.stored().await.len(), bed.bells().await), (1, 1));
}

#[tokio::test]
async fn a_burst_is_committed_together_and_each_is_answered() {
    let (bed, inbox) = Bed::without_inbox(config()).await;
    let mut waiting = Vec::new();
    for number in 0..300 {
        // Every tenth comes twice.
        for _ in 0..=usize::from(number % 10 == 0) {
            let router = bed.router.clone();
            waiting.push(tokio::spawn(router.oneshot(callback(numbered(number)))));
        }
    }
    tokio::spawn(inbox.run());
    for answer in waiting {
        assert_eq!(answer.await.unwrap().unwrap().status(), 200);
    }
    assert_eq!((bed.stored().await.len(), bed.bells().await), (300, 300));
}

#[tokio::test]
async fn a_full_inbox_says_come_again() {
    let mut config = config();
    config.limits = Limits {
        inbox_events: 1,
        commit_within: Duration::from_millis(200),
        ..config.limits
    };
    let (bed, _inbox) = Bed::without_inbox(config).await;
    let first = tokio::spawn(bed.router.clone().oneshot(callback(numbered(1))));
    // The first one takes the only place; whoever comes while it waits is sent away.
    eventually(async || {
        let began = std::time::Instant::now();
        let verdict = bed.callback(numbered(2)).await.verdict();
        verdict == "503 ledger_unavailable" && began.elapsed() < Duration::from_millis(150)
    })
    .await;
    assert_eq!(first.await.unwrap().unwrap().status(), 503);
}

#[tokio::test]
async fn a_sender_that_hangs_up_does_not_undo_its_event() {
    let (bed, inbox) = Bed::without_inbox(config()).await;
    let sending = tokio::spawn(bed.router.clone().oneshot(callback(numbered(1))));
    tokio::task::yield_now().await;
    let other = tokio::spawn(bed.router.clone().oneshot(callback(numbered(2))));
    tokio::spawn(inbox.run());
    sending.abort();
    assert_eq!(other.await.unwrap().unwrap().status(), 200);
    // Whether the first one got as far as the inbox or not, sending it again is enough.
    assert_eq!(bed.callback(numbered(1)).await.verdict(), "200");
    assert_eq!((bed.stored().await.len(), bed.bells().await), (2, 2));
}

#[tokio::test]
async fn what_was_taken_is_committed_when_the_program_stops() {
    let mut config = config();
    config.limits.commit_within = Duration::from_millis(20);
    let (mut bed, inbox) = Bed::without_inbox(config).await;
    for number in 0..3 {
        assert_eq!(bed.callback(numbered(number)).await.status, 503);
    }
    // The last of the state goes; the inbox empties itself and ends.
    bed.router = axum::Router::new();
    inbox.run().await;
    assert_eq!((bed.stored().await.len(), bed.bells().await), (3, 3));
}

#[tokio::test]
async fn a_source_that_sends_too_much_is_slowed_down_and_others_are_not() {
    let mut config = config();
    config.limits.per_source = Rate {
        per_second: 1,
        burst: 2,
    };
    let bed = Bed::start_with(config).await;
    assert_eq!(bed.callback(numbered(1)).await.verdict(), "200");
    assert_eq!(bed.callback(numbered(2)).await.verdict(), "200");
    let refused = bed.callback(numbered(3)).await;
    assert_eq!(refused.verdict(), "429 too_many_requests");
    assert_eq!(refused.headers["retry-after"], "1");
    let other = bed.callback_to("flowers-live", "{}").await;
    assert_eq!(other.verdict(), "400 missing_signature");
}
