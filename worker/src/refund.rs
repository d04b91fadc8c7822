//! Refunds that we ask a payment system for: the intent first, the request once, a lost answer asked about. The
//! receipt follows from the reversal the payment system stands by, never from our request.

use domain::event::Fact;
use domain::money::Kopecks;
use domain::reconcile::{AtGateway, Money};
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::alerts::{NewAlert, Severity, Words};
use ledger::refunds::{Refund, RefundState, RefundStep};
use ledger::settings::Source;
use receipts::language::Language;
use tokio::time::MissedTickBehavior;
use tracing::{info, warn};

use crate::gateways::{Answer, Gateway, NO_REFUNDS, RefundAnswer, RefundWish, Reversed, Told};
use crate::reconcile::take_in;
use crate::state::WorkerState;
use crate::trouble;

/// The kind of alert that is open while a refund waits for a person.
const REFUND_HELD: &str = "refund_held";

/// Works until the worker stops.
pub(crate) async fn run(state: WorkerState) {
    let mut ticks = tokio::time::interval(state.times.sweep);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = state.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = due(&state).await {
            trouble::log_ledger("give money back", &error);
        }
    }
}

/// Every refund that is due.
async fn due(state: &WorkerState) -> Result<(), LedgerError> {
    while !state.stopping.is_cancelled() {
        let now = state.ledger.now();
        // A call is cut long before its claim ends, so whoever takes over knows that it has ended.
        let claim = state.times.lease + state.times.call_timeout * 3;
        let Some(refund) = state.ledger.take_refund(&state.name, claim, now).await? else {
            return Ok(());
        };
        let step = step(state, &refund).await?;
        settle(state, &refund, step).await?;
    }
    Ok(())
}

async fn settle(state: &WorkerState, refund: &Refund, step: Option<RefundStep>) -> Result<(), LedgerError> {
    let Some(step) = step else { return Ok(()) };
    let now = state.ledger.now();
    if !state.ledger.settle_refund(refund, &step, now).await? {
        return Ok(());
    }
    let id = &refund.id;
    match &step {
        RefundStep::Done => info!(refund.id = %id, "Refund {id} is done"),
        RefundStep::Declined(code, why) => {
            warn!(refund.id = %id, code = ?code, "Refund {id} was refused: {why}");
        }
        RefundStep::Held(why) => {
            warn!(refund.id = %id, "Refund {id} waits for a person: {why}");
            state.ledger.raise_alert(&held(refund), now).await?;
        }
        RefundStep::Again(_) | RefundStep::Doubt { .. } | RefundStep::Accepted(_) => {
            info!(refund.id = %id, "Refund {id} goes on later");
        }
    }
    Ok(())
}

/// `None`: somebody else has it.
async fn step(state: &WorkerState, refund: &Refund) -> Result<Option<RefundStep>, LedgerError> {
    let source = state.source(&refund.source).await?;
    let gateway = source.as_ref().map(|source| Gateway::of(state, source));
    let (Some(source), Some(Ok(gateway))) = (source, gateway) else {
        return Ok(Some(RefundStep::Held("its payment source cannot be asked".to_owned())));
    };
    match refund.state {
        // Its source was another payment system's when it was asked for.
        RefundState::Asked if !source.kind.gives_back() => Ok(Some(RefundStep::Declined(None, NO_REFUNDS.to_owned()))),
        RefundState::Asked => first(state, refund, &gateway).await,
        // Its worker stopped after the intent: the request may have left.
        RefundState::Sending | RefundState::InDoubt | RefundState::Accepted => {
            look(state, refund, &source, &gateway).await
        }
        RefundState::Done | RefundState::Declined | RefundState::Held => Ok(None),
    }
}

async fn first(state: &WorkerState, refund: &Refund, gateway: &Gateway) -> Result<Option<RefundStep>, LedgerError> {
    let again = || RefundStep::Again(later(state, refund));
    let Ok((money, _)) = money(gateway, refund).await else {
        return Ok(Some(again()));
    };
    let left = money.paid.checked_sub(money.refunded).unwrap_or_default();
    if refund.amount > left {
        let why = format!("the payment system has {left} left to give back of this order");
        return Ok(Some(RefundStep::Declined(None, why)));
    }
    let Ok(reversals) = gateway.reversals(&refund.external).await else {
        return Ok(Some(again()));
    };
    let seen: Vec<String> = reversals.into_iter().map(|one| one.id).collect();
    send(state, refund, gateway, (money.refunded, &seen)).await
}

/// The intent, then the request.
async fn send(
    state: &WorkerState,
    refund: &Refund,
    gateway: &Gateway,
    before: (Kopecks, &[String]),
) -> Result<Option<RefundStep>, LedgerError> {
    let ledger = &state.ledger;
    if !ledger.begin_refund(refund, before.0, before.1, ledger.now()).await? {
        return Ok(None);
    }
    let wish = RefundWish {
        order: &refund.external,
        amount: refund.amount,
        id: &refund.id,
        comment: refund.comment.as_deref(),
    };
    let step = match gateway.refund(&wish).await {
        // Believed once its books say so, which is asked at once.
        RefundAnswer::Done => RefundStep::Accepted(ledger.now()),
        RefundAnswer::Accepted => RefundStep::Accepted(later(state, refund)),
        RefundAnswer::Declined(_, why) if refund.attempts > 0 => {
            // Said of a repeat: the first one may have been done after all.
            info!(refund.id = %refund.id, "A repeated reversal was refused ({why}); asking");
            doubt(state, None)
        }
        RefundAnswer::Declined(code, why) => RefundStep::Declined(code, why),
        RefundAnswer::NotDone(why) => {
            info!(refund.id = %refund.id, "Refund {} was not sent: {why}", refund.id);
            RefundStep::Again(later(state, refund))
        }
        RefundAnswer::Unknown(why) => {
            warn!(refund.id = %refund.id, "Nobody knows of refund {}: {why}; asking", refund.id);
            doubt(state, None)
        }
    };
    Ok(Some(step))
}

/// Was it done? Only reads, but for a repeat of what is proved absent.
async fn look(
    state: &WorkerState,
    refund: &Refund,
    source: &Source,
    gateway: &Gateway,
) -> Result<Option<RefundStep>, LedgerError> {
    let now = state.ledger.now();
    let wait = || match refund.state {
        RefundState::Accepted => RefundStep::Accepted(later(state, refund)),
        RefundState::Asked
        | RefundState::Sending
        | RefundState::InDoubt
        | RefundState::Done
        | RefundState::Declined
        | RefundState::Held => RefundStep::Doubt {
            ask_at: later(state, refund),
            absent_since: refund.absent_since,
        },
    };
    let asked = (money(gateway, refund).await, gateway.reversals(&refund.external).await);
    let (Ok((money, told)), Ok(reversals)) = asked else {
        return Ok(Some(wait()));
    };
    let wanted = (refund.amount, refund.before.unwrap_or_default(), refund.seen.as_slice());
    match judge(wanted, money, &reversals) {
        Found::Done => {
            take_in(state, source, &told).await?;
            Ok(Some(RefundStep::Done))
        }
        _ if now.since(refund.asked_at) > state.times.confirm_limit => Ok(Some(RefundStep::Held(
            "the payment system does not say whether the money went back".to_owned(),
        ))),
        Found::Unclear => Ok(Some(wait())),
        Found::Absent if refund.state == RefundState::Accepted => Ok(Some(wait())),
        Found::Absent => absent(state, refund, gateway, money, now).await,
    }
}

/// Not there: once more the same, but only when a lost request must have ended and a second look agrees.
async fn absent(
    state: &WorkerState,
    refund: &Refund,
    gateway: &Gateway,
    money: Money,
    now: UnixMillis,
) -> Result<Option<RefundStep>, LedgerError> {
    let settled = refund.sent_at.is_none_or(|at| now.since(at) >= state.times.settle);
    let twice = refund
        .absent_since
        .is_some_and(|since| now.since(since) >= state.times.look_apart);
    if !(settled && twice) {
        let since = refund.absent_since.filter(|_| settled).or(settled.then_some(now));
        return Ok(Some(doubt(state, since)));
    }
    let left = money.paid.checked_sub(money.refunded).unwrap_or_default();
    if refund.amount > left {
        let why = format!("the payment system has {left} left to give back of this order");
        return Ok(Some(RefundStep::Declined(None, why)));
    }
    // A `sending` row of somebody who stopped must be in doubt before it may go again.
    if refund.state == RefundState::Sending {
        return Ok(Some(doubt(state, refund.absent_since)));
    }
    let before = refund.before.unwrap_or(money.refunded);
    send(state, refund, gateway, (before, &refund.seen)).await
}

fn doubt(state: &WorkerState, absent_since: Option<UnixMillis>) -> RefundStep {
    let wait = state.times.first_ask.max(state.times.look_apart);
    RefundStep::Doubt {
        ask_at: state.ledger.now().plus(wait),
        absent_since,
    }
}

fn later(state: &WorkerState, refund: &Refund) -> UnixMillis {
    let wait = state.times.event_backoff.wait(refund.attempts.saturating_add(1));
    state.ledger.now().plus(wait)
}

async fn money(gateway: &Gateway, refund: &Refund) -> Result<(Money, Box<Told>), ()> {
    let answer = gateway.status(&refund.external).await.map_err(|why| {
        info!(refund.id = %refund.id, "Refund {} cannot be asked about: {why}", refund.id);
    })?;
    match (answer.money(), answer) {
        (Some(AtGateway::Money(money)), Answer::Order(told)) if matches!(told.event.fact, Fact::Money { .. }) => {
            Ok((money, told))
        }
        _ => Err(()),
    }
}

/// What the payment system's books say of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Done,
    Absent,
    Unclear,
}

/// The running total is signed, the list of movements tells whose it is.
fn judge((amount, before, seen): (Kopecks, Kopecks, &[String]), money: Money, reversals: &[Reversed]) -> Found {
    let Some(more) = money.refunded.checked_sub(before) else {
        return Found::Unclear;
    };
    let new: Vec<&Reversed> = reversals.iter().filter(|one| !seen.contains(&one.id)).collect();
    if more.is_zero() {
        return if new.is_empty() { Found::Absent } else { Found::Unclear };
    }
    if more >= amount && new.iter().any(|one| one.amount == Some(amount)) {
        return Found::Done;
    }
    let others = Kopecks::sum(new.iter().filter_map(|one| one.amount));
    let all_told = new.iter().all(|one| one.amount.is_some());
    match (all_told, others) {
        // Somebody else gave other sums back meanwhile; ours is not among them.
        (true, Some(others)) if others == more => Found::Absent,
        _ => Found::Unclear,
    }
}

fn held(refund: &Refund) -> NewAlert {
    let order = &refund.external;
    NewAlert {
        kind: REFUND_HELD,
        subject: refund.id.clone(),
        severity: Severity::Critical,
        merchant: Some(refund.merchant.clone()),
        register: None,
        text: Words::new(
            format!(
                "Nobody knows whether {} ₴ of order {order} went back to the buyer.",
                receipts::money(refund.amount, Language::En)
            ),
            format!(
                "Невідомо, чи повернулися покупцеві {} ₴ за замовленням {order}.",
                receipts::money(refund.amount, Language::Uk)
            ),
        ),
        next_step: Words::new(
            "Look at the order in the payment system's cabinet; if the money did not go back, ask for it anew there.",
            "Перегляньте замовлення в кабінеті платіжної системи; якщо гроші не повернулися, поверніть їх там.",
        ),
    }
}

#[cfg(test)]
mod tests;
