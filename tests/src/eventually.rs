use std::fmt::Debug;
use std::panic::Location;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// What a condition may answer: `bool`, `Option<T>`, or `Result<T, E>` whose error says how things
/// stand meanwhile.
pub trait Condition {
    /// What the wait ends with.
    type Value;

    /// The value once the condition holds; else how things stand, for the panic message.
    fn settle(self) -> Result<Self::Value, String>;
}

impl Condition for bool {
    type Value = ();

    fn settle(self) -> Result<(), String> {
        if self { Ok(()) } else { Err("false".to_owned()) }
    }
}

impl<T> Condition for Option<T> {
    type Value = T;

    fn settle(self) -> Result<T, String> {
        self.ok_or_else(|| "None".to_owned())
    }
}

impl<T, E: Debug> Condition for Result<T, E> {
    type Value = T;

    fn settle(self) -> Result<T, String> {
        self.map_err(|error| format!("{error:?}"))
    }
}

/// Asks until the condition holds and gives back its value; panics after `limit` with the last
/// answer and the caller's line.
#[track_caller]
pub fn eventually<C: Condition>(limit: Duration, ask: impl AsyncFnMut() -> C) -> impl Future<Output = C::Value> {
    let caller = Location::caller();
    async move {
        let held = wait(limit, ask).await;
        held.unwrap_or_else(|last| panic!("{caller}: waited {limit:?} in vain, the last answer was {last}"))
    }
}

/// Asks until the condition holds, for so long; else the last answer. The only place where tests sleep.
pub(crate) async fn wait<C: Condition>(limit: Duration, mut ask: impl AsyncFnMut() -> C) -> Result<C::Value, String> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        let last = match ask().await.settle() {
            Ok(value) => return Ok(value),
            Err(last) => last,
        };
        if start.elapsed() >= limit {
            return Err(last);
        }
        sleep(pause).await;
        pause = (pause * 3 / 2).min(Duration::from_millis(100));
    }
}

/// Like [`eventually`], for what should *not* happen: `None` when it did not within `patience`.
pub async fn eventually_or_not<C: Condition>(patience: Duration, mut ask: impl AsyncFnMut() -> C) -> Option<C::Value> {
    let start = Instant::now();
    while start.elapsed() < patience {
        if let Ok(value) = ask().await.settle() {
            return Some(value);
        }
        sleep(Duration::from_millis(20)).await;
    }
    None
}
