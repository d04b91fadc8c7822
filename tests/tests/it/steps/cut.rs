//! Dying and sleeping at an await.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Ends `inner` at its `left`-th await that had to wait: everything it holds is dropped there, as
/// when its process is killed at that point. `None`: it was killed.
pub struct KillAt<F> {
    inner: Option<Pin<Box<F>>>,
    left: usize,
}

impl<F: Future> KillAt<F> {
    pub fn new(await_number: usize, inner: F) -> Self {
        Self {
            inner: Some(Box::pin(inner)),
            left: await_number,
        }
    }
}

impl<F: Future> Future for KillAt<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(inner) = &mut self.inner else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(output) = inner.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        self.left -= 1;
        if self.left == 0 {
            self.inner = None;
            return Poll::Ready(None);
        }
        Poll::Pending
    }
}

/// Stops polling `inner` at its `left`-th await that had to wait and hands it back, still alive:
/// a process that was stopped, or a machine that sleeps, and may go on much later.
pub struct PauseAt<F> {
    inner: Option<Pin<Box<F>>>,
    left: usize,
}

impl<F: Future> PauseAt<F> {
    pub fn new(await_number: usize, inner: F) -> Self {
        Self {
            inner: Some(Box::pin(inner)),
            left: await_number,
        }
    }
}

impl<F: Future> Future for PauseAt<F> {
    /// The sleeper; `None`: it came to its end first.
    type Output = Option<Pin<Box<F>>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(inner) = &mut self.inner else {
            return Poll::Ready(None);
        };
        if inner.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        self.left -= 1;
        if self.left == 0 {
            return Poll::Ready(self.inner.take());
        }
        Poll::Pending
    }
}
