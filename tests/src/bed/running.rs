use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A graceful stop may take as long as the longest call in hand.
const STOP: Duration = Duration::from_secs(20);

/// A program under test. Dropped, it ends at its next await, as a killed process does; its own
/// spawned handlers run to their end.
#[derive(Debug)]
pub struct Running {
    name: &'static str,
    stop: CancellationToken,
    task: JoinHandle<Result<(), String>>,
}

impl Running {
    /// Starts a program that ends gracefully when its token is cancelled.
    pub fn start<F, E>(name: &'static str, program: impl FnOnce(CancellationToken) -> F) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Display,
    {
        let stop = CancellationToken::new();
        let running = program(stop.clone());
        let task = tokio::spawn(async move { running.await.map_err(|error| error.to_string()) });
        Self { name, stop, task }
    }

    /// Tells it to stop, as SIGTERM does, without waiting.
    pub fn tell_to_stop(&self) {
        self.stop.cancel();
    }

    /// Stops it gracefully; panics if it ended badly or does not end.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(STOP, &mut self.task).await;
        let name = self.name;
        match ended {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => panic!("{name} ended badly: {error}"),
            Ok(Err(error)) => panic!("{name} panicked: {error}"),
            Err(_) => panic!("{name} did not stop within {STOP:?}"),
        }
    }

    /// False once it ended, for whatever reason.
    pub fn runs(&self) -> bool {
        !self.task.is_finished()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}
