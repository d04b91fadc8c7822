//! The simulator's clock over HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cashdesk::simulator::Simulator;
use crate::clock::Clock;

#[derive(Serialize)]
pub(super) struct Now {
    now: String,
}

pub(super) async fn time(State(simulator): State<Simulator>) -> Json<Now> {
    Json(Now {
        now: simulator.now().to_string(),
    })
}

/// One way to set the clock.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClockChange {
    /// The system clock again.
    Real,
    /// An instant to stand still at.
    Fixed(String),
    /// The system clock plus this.
    OffsetSeconds(i64),
    /// Further on than now.
    AdvanceSeconds(u64),
}

pub(super) async fn clock(State(simulator): State<Simulator>, Json(change): Json<ClockChange>) -> StatusCode {
    match change {
        ClockChange::Real => simulator.set_clock(Clock::Real),
        ClockChange::Fixed(at) => {
            let Ok(at) = at.parse::<Timestamp>() else {
                return StatusCode::UNPROCESSABLE_ENTITY;
            };
            let ms = u64::try_from(at.as_millisecond()).unwrap_or(0);
            simulator.set_clock(Clock::Virtual(Arc::new(AtomicU64::new(ms))));
        }
        ClockChange::OffsetSeconds(seconds) => {
            let ms = seconds.saturating_mul(1000);
            simulator.set_clock(Clock::Moved(Arc::new(AtomicI64::new(ms))));
        }
        ClockChange::AdvanceSeconds(seconds) => simulator.advance_clock(Duration::from_secs(seconds)),
    }
    StatusCode::NO_CONTENT
}
