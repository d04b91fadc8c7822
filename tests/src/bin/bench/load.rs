//! A closed loop: every connection sends its next request when the last one was answered.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::LocalSet;

use crate::figures::micros;
use crate::wire::Wire;

/// Ready requests, each sent once.
pub(crate) struct Requests {
    names: Vec<String>,
    ready: Vec<Vec<u8>>,
    next: Cell<usize>,
}

impl Requests {
    /// `names` say what each request is about; none, if nobody will ask.
    pub fn new(names: Vec<String>, ready: Vec<Vec<u8>>) -> Rc<Self> {
        Rc::new(Self {
            names,
            ready,
            next: Cell::new(0),
        })
    }

    pub fn name(&self, index: usize) -> Option<&str> {
        self.names.get(index).map(String::as_str)
    }

    fn take(&self) -> Option<usize> {
        let index = self.next.get();
        self.next.set(index + 1);
        (index < self.ready.len()).then_some(index)
    }
}

/// What became of a round.
#[derive(Debug, Default)]
pub(crate) struct Round {
    /// Which requests were answered with success.
    pub done: Vec<usize>,
    /// How many of them before the time was over.
    pub in_time: usize,
    /// From sending to the whole answer, of those in `done`.
    pub latencies_us: Vec<u64>,
    /// Answered otherwise, or not at all.
    pub failed: usize,
    /// True when the requests ran out before the time.
    pub ran_out: bool,
}

/// Sends `requests` over `wires` for `length`. A connection that breaks ends; the others go on.
pub(crate) async fn run(wires: &mut Vec<Wire>, requests: &Rc<Requests>, length: Duration) -> Round {
    let ends = Instant::now() + length;
    let local = LocalSet::new();
    let lanes: Vec<_> = wires
        .drain(..)
        .map(|wire| local.spawn_local(lane(wire, Rc::clone(requests), ends)))
        .collect();
    let mut round = Round::default();
    local
        .run_until(async {
            for lane in lanes {
                let Ok((wire, part)) = lane.await else {
                    continue;
                };
                wires.extend(wire);
                round.done.extend(part.done);
                round.in_time += part.in_time;
                round.latencies_us.extend(part.latencies_us);
                round.failed += part.failed;
                round.ran_out |= part.ran_out;
            }
        })
        .await;
    round
}

async fn lane(mut wire: Wire, requests: Rc<Requests>, ends: Instant) -> (Option<Wire>, Round) {
    let mut round = Round::default();
    loop {
        let began = Instant::now();
        if began >= ends {
            return (Some(wire), round);
        }
        let Some(index) = requests.take() else {
            round.ran_out = true;
            return (Some(wire), round);
        };
        let Some(request) = requests.ready.get(index) else {
            return (Some(wire), round);
        };
        match wire.exchange(request).await {
            Ok(true) => {
                let answered = Instant::now();
                round.done.push(index);
                round.latencies_us.push(micros(answered - began));
                round.in_time += usize::from(answered < ends);
            }
            Ok(false) => round.failed += 1,
            Err(_) => {
                round.failed += 1;
                return (None, round);
            }
        }
    }
}
