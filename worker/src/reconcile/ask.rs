//! Asking the payment system about single orders: at a pace, a few at a time; and taking in what it says.

use std::sync::Mutex;
use std::time::Duration;

use domain::event::Fact;
use domain::ids::ExternalOrderId;
use domain::reconcile::{AtGateway, FindingKind};
use futures_util::{StreamExt as _, stream};
use ledger::LedgerError;
use ledger::events::{NewEvent, Origin, Recorded};
use ledger::reconcile::{Judged, OrderSides};
use ledger::settings::Source;
use queue::{Due, Kind};
use tokio::time::Instant;

use super::{AtWork, Stop};
use crate::gateways::{Answer, Gateway, Told};
use crate::state::WorkerState;

/// So many questions at a time.
const AT_ONCE: usize = 4;
/// So many between two commits: a claim must outlive them.
const CHUNK: usize = 32;

/// Questions begin at least so far apart.
pub(super) struct Pace {
    apart: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    pub fn new(apart: Duration) -> Self {
        Self {
            apart,
            next: Mutex::new(Instant::now()),
        }
    }

    async fn turn(&self) {
        let at = {
            let mut next = self.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let at = (*next).max(Instant::now());
            *next = at + self.apart;
            at
        };
        tokio::time::sleep_until(at).await;
    }
}

/// An order and what the payment system said of it, if it was asked and answered.
pub(super) struct Asked {
    pub sides: OrderSides,
    pub answer: Option<Answer>,
}

/// Asks about these orders, takes in what was missed, and judges each that was answered.
pub(super) async fn about(
    at_work: &mut AtWork<'_>,
    source: &Source,
    gateway: &Gateway,
    orders: Vec<OrderSides>,
) -> Result<Vec<Judged>, Stop> {
    let mut judged = Vec::new();
    let mut orders = orders.into_iter().peekable();
    while orders.peek().is_some() {
        let chunk: Vec<OrderSides> = orders.by_ref().take(CHUNK).collect();
        let asked = ask(at_work, gateway, chunk).await?;
        for one in &asked {
            if let Some(found) = judge(at_work, source, one).await? {
                judged.push(found);
            }
        }
        if orders.peek().is_some() {
            // The page is not done; this only holds on to the run.
            at_work.keep(&[]).await?;
        }
    }
    Ok(judged)
}

async fn ask(at_work: &mut AtWork<'_>, gateway: &Gateway, orders: Vec<OrderSides>) -> Result<Vec<Asked>, Stop> {
    let pace = &at_work.pace;
    let questions = orders.into_iter().map(|sides| async move {
        pace.turn().await;
        let answer = gateway.status(&sides.known.external).await;
        (sides, answer)
    });
    let answers: Vec<_> = stream::iter(questions).buffered(AT_ONCE).collect().await;
    let failed = answers.iter().filter(|(_, answer)| answer.is_err()).count();
    let why = answers.iter().find_map(|(_, answer)| answer.as_ref().err().cloned());
    if let Some(why) = why
        && failed == answers.len()
        && at_work.may_wait()
    {
        return Err(Stop::Away(why));
    }
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    at_work.counts.asked += number(answers.len());
    at_work.counts.unanswered += number(failed);
    Ok(answers
        .into_iter()
        .map(|(sides, answer)| Asked {
            sides,
            answer: answer.ok(),
        })
        .collect())
}

/// `None`: nothing can be said of it now.
async fn judge(at_work: &mut AtWork<'_>, source: &Source, asked: &Asked) -> Result<Option<Judged>, Stop> {
    let state = at_work.state;
    let Some(answer) = &asked.answer else { return Ok(None) };
    let Some(money) = answer.money() else { return Ok(None) };
    let now = state.ledger.now();
    let judged = match heard(state, source, &asked.sides, answer, money).await? {
        Some(sides) => sides.judge(money, state.times.reconcile_patience, now),
        None => asked.sides.judge(money, state.times.reconcile_patience, now),
    };
    let missed = judged.findings.iter().any(|found| {
        matches!(
            found.kind,
            FindingKind::MissedPayment | FindingKind::PaidWithoutReceipt | FindingKind::RefundedWithoutReturn
        )
    });
    if missed
        && at_work.run.take_in
        && let Answer::Order(told) = answer
        && take_in(state, source, told).await?
    {
        at_work.counts.taken_in += 1;
    }
    Ok(Some(judged))
}

/// A message that came and waits to be planned is not missed: then the order, as told.
pub(super) async fn heard(
    state: &WorkerState,
    source: &Source,
    sides: &OrderSides,
    answer: &Answer,
    money: AtGateway,
) -> Result<Option<OrderSides>, LedgerError> {
    let (Answer::Order(told), AtGateway::Money(money)) = (answer, money) else {
        return Ok(None);
    };
    if sides.told.is_some() || !state.ledger.knows_event(&source.id, &told.key).await? {
        return Ok(None);
    }
    Ok(Some(OrderSides {
        told: Some(money),
        ..sides.clone()
    }))
}

/// Takes in what the payment system says, as its own message would have been: a late one is a repeat. True: it
/// is new.
pub(crate) async fn take_in(state: &WorkerState, source: &Source, told: &Told) -> Result<bool, LedgerError> {
    if !matches!(told.event.fact, Fact::Money { .. }) {
        return Ok(false);
    }
    let new = NewEvent {
        merchant: source.merchant.clone(),
        origin: Origin::Source(source.id.clone()),
        key: told.key.clone(),
        fingerprint: told.fingerprint.clone(),
        event: told.event.clone(),
        raw: "{\"found_by\":\"asking the payment system\"}".to_owned(),
        received_at: state.ledger.now(),
    };
    let recorded = state.ledger.record_found(&new).await?;
    match recorded {
        Recorded::New(id) => {
            state.doorbell.ring(Kind::PlanEvent, id.to_string(), Due::Now);
            tracing::info!(event.id = %id, source.id = %source.id, "Took in event {id}, found by asking");
            Ok(true)
        }
        Recorded::Repeated(_) | Recorded::Conflict(_) => Ok(false),
    }
}

/// Orders of these ids, as we know them.
pub(super) async fn named(
    state: &WorkerState,
    source: &Source,
    externals: &[ExternalOrderId],
) -> Result<Vec<OrderSides>, LedgerError> {
    let known = state.ledger.orders_named(&source.merchant, externals).await?;
    state.ledger.sides(&source.id, known).await
}
