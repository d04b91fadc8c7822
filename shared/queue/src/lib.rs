//! The doorbell: which id should be looked at, and when. This crate knows how a bell gets from
//! the process that rings it to a worker's handler, through Redis or in memory.
//!
//! **The ledger is the truth and a bell may be lost**: Redis may crash, be flushed or be away, a
//! full buffer drops bells, a reply lost on the wire takes its bells with it. The sweep rings
//! again for whatever is still open, so a lost bell costs latency and nothing else. A bell may
//! also be heard twice, or by two workers at once; handlers load, decide and store under the
//! ledger's own guards.
//!
//! ```text
//! ring ─▶ Buffer ─▶ flusher ──ZADD LT, PUBLISH──▶ Redis ──message──▶ listener
//!  (never waits, drops when full)                   │                   │ wakes
//!          handler ◀─ apalis ◀─ DoorbellBackend ◀─ popper ◀──one script─┘ (or the next due time, or 1 s)
//! ```
//!
//! In Redis a kind is one sorted set, `{prefix}:bell:<kind>` (the braces are a hash tag): member =
//! id, score = due time in unix milliseconds. Nothing grows but the number of distinct ids that
//! are waiting, and no command's cost grows with the backlog. Redis 6.2 or newer is needed
//! (`ZADD … LT`). Due times come from the clocks of the processes, so hosts should keep time: a
//! host that runs one second ahead has its bells heard one second late.
//!
//! # Building a worker
//!
//! [`run_worker`] is the whole recipe. A worker built by hand from [`Doorbell::backend`] must keep
//! this order, because the first layer is the outermost:
//!
//! ```ignore
//! WorkerBuilder::new("plan-1")
//!     .backend(doorbell.backend(Kind::PlanEvent, 1))
//!     .concurrency(16)            // outside: a slot is held until the spawned handler is done
//!     .parallelize(tokio::spawn)  // inside: handlers are tasks of their own, on all threads
//!     .build(handler)
//!     .run_until(stop)            // finishes the handlers in hand, then puts unheard bells back
//! ```
//!
//! Without `.concurrency` apalis starts a handler for every bell there is. Without
//! `.parallelize(tokio::spawn)` all handlers share one task, and dropping the worker's future
//! cuts them at their next `.await`; with it they run to their end, and a panic inside one is an
//! error event instead of an unwinding worker.
//!
//! Trouble with Redis never reaches apalis: [`DoorbellBackend`]'s error type has no values, so
//! there is nothing a supervisor would have to restart.

mod backend;
mod buffer;
mod config;
mod doorbell;
mod due;
mod flusher;
mod kind;
mod link;
mod listener;
mod memory;
mod outage;
mod popper;
mod redis_pop;
mod wakes;
mod worker;

pub use backend::DoorbellBackend;
pub use config::{QueueConfig, QueueUrl, QueueUrlError, RedisUrl};
pub use doorbell::Doorbell;
pub use due::Due;
pub use kind::Kind;
pub use worker::{WorkerEnded, run_worker};

/// The longest id a bell can carry, in bytes. Longer ids are dropped and counted.
pub const MAX_ID_BYTES: usize = 200;
