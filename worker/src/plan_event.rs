//! `PlanEvent{event}`: an event becomes documents.

use std::collections::BTreeMap;

use domain::event::{Event, Fact};
use domain::ids::{EventId, MerchantId, Receiver, RegisterId};
use domain::receipt::MismatchPolicy;
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::alerts::{NewAlert, Severity, Words};
use ledger::events::{Origin, PendingEvent};
use ledger::settings::{ReceiptMaker, Register, Source};
use queue::{Due, Kind};
use tracing::{info, warn};

use crate::confirm::{Confirmed, confirm};
use crate::decide::{Rules, Till, decide};
use crate::state::WorkerState;
use crate::{divide, gateway, metrics};

/// What planning an event came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planned {
    /// It was planned, now or before.
    Done,
    /// It will be tried again later.
    Later,
}

/// Plans an event. Safe to repeat and to run twice at once: the event's row and the documents'
/// slots let one plan win.
pub async fn plan_event(state: &WorkerState, id: EventId) -> Result<Planned, LedgerError> {
    let Some(pending) = state.ledger.pending_event(id).await? else {
        count("repeated");
        return Ok(Planned::Done);
    };
    let (source, register) = settings(state, &pending).await?;
    if let Some(source) = source.as_ref().filter(|source| makes_its_own(source))
        && let Some(planned) = leave_to_gateway(state, &pending, source).await?
    {
        return Ok(planned);
    }
    let Some(register) = register else {
        return postpone(state, &pending, "its register is not known; add it in the settings").await;
    };
    let mut event = pending.event.clone();
    let mut unconfirmed = None;
    let tills = match tills(state, &pending, source.as_ref()).await? {
        Ok(tills) => tills,
        Err(why) => return postpone(state, &pending, &why).await,
    };
    if let Some(source) = &source {
        let settlement = divide::settlement(state, source, &pending.event).await?;
        // A settlement that nobody stands by makes no receipt, however long that lasts.
        let patient = settlement.is_some() || state.ledger.now().since(pending.received_at) < state.times.confirm_limit;
        let confirmed = match settlement {
            Some(confirmed) => confirmed,
            None => confirm(state, source, &pending.event).await,
        };
        match divide::whose(state, source, confirmed, patient).await? {
            Confirmed::Event(confirmed) => event = *confirmed,
            Confirmed::NotYet(why) if patient => return postpone(state, &pending, &why).await,
            Confirmed::NotYet(why) => {
                event = as_unconfirmed(event, &why);
                unconfirmed = Some(why);
            }
        }
    }
    let on_mismatch = source
        .as_ref()
        .map_or(MismatchPolicy::Hold, |source| source.on_mismatch);
    let stand_in = stand_in(state, &register).await?;
    let rules = Rules {
        stand_in,
        till: Till::from(register),
        on_mismatch,
        unconfirmed,
        technical: source.as_ref().is_some_and(divide::is_technical),
        tills,
    };
    match write_plan(state, &pending, &event, &rules).await {
        Ok(planned) => {
            if let Some(source) = &source
                && is_first_sale(&event)
            {
                gateway::probe(state, source, &pending).await?;
            }
            Ok(planned)
        }
        // What the payment system began, it goes on with, whatever the source's mode is now.
        Err(LedgerError::MadeByGateway) => {
            let expected = gateway::expect(state, &pending, &event).await?;
            Ok(expected.unwrap_or(Planned::Later))
        }
        Err(error) => Err(error),
    }
}

const fn makes_its_own(source: &Source) -> bool {
    match source.makes_receipts {
        ReceiptMaker::Gateway => true,
        ReceiptMaker::Kasyr => false,
    }
}

fn is_first_sale(event: &Event) -> bool {
    matches!(&event.fact, Fact::Money { refunded_total, .. } if refunded_total.is_zero())
}

/// The payment system makes this source's receipts: nothing is planned for a register of ours. `None`: the order's sale
/// was made there before the source's mode changed, so its refunds are, too.
async fn leave_to_gateway(
    state: &WorkerState,
    pending: &PendingEvent,
    source: &Source,
) -> Result<Option<Planned>, LedgerError> {
    let event = match confirm(state, source, &pending.event).await {
        Confirmed::Event(event) => *event,
        Confirmed::NotYet(why) if state.ledger.now().since(pending.received_at) < state.times.confirm_limit => {
            return postpone(state, pending, &why).await.map(Some);
        }
        // Nothing can be expected of a payment that nobody stands by.
        Confirmed::NotYet(why) => Event {
            fact: Fact::Strange { why, money_moved: true },
            ..pending.event.clone()
        },
    };
    gateway::expect(state, pending, &event).await
}

async fn write_plan(
    state: &WorkerState,
    pending: &PendingEvent,
    event: &Event,
    rules: &Rules,
) -> Result<Planned, LedgerError> {
    let now = state.ledger.now();
    let id = pending.id;
    let plan = state
        .ledger
        .plan(pending, event, now, |standing| decide(id, event, standing, rules))
        .await?;
    let Some(result) = plan else {
        count("repeated");
        return Ok(Planned::Done);
    };
    if let Some(why) = &result.waits {
        return wait(state, pending, why).await;
    }
    if let Fact::Strange {
        why,
        money_moved: false,
    } = &event.fact
    {
        state
            .ledger
            .raise_alert(&strange_alert(&pending.merchant, id, why), now)
            .await?;
    }
    for (register, idle) in result.bells {
        // An idle register goes ahead of those that have a backlog.
        let due = if idle { Due::First } else { Due::Now };
        state.doorbell.ring(Kind::WorkRegister, register.as_str(), due);
    }
    count(if result.documents == 0 { "ignored" } else { "documents" });
    info!(
        event.id = %id, documents = result.documents, held = result.held,
        "Planned event {id}: {} documents, {} of them held", result.documents, result.held
    );
    Ok(Planned::Done)
}

/// The event's source, if it came by callback, and the register its receipts are made on.
async fn settings(
    state: &WorkerState,
    pending: &PendingEvent,
) -> Result<(Option<Source>, Option<Register>), LedgerError> {
    let (source, register): (Option<Source>, Option<RegisterId>) = match &pending.origin {
        Origin::Source(id) => {
            let source = state.source(id).await?;
            let register = source.as_ref().map(|source| source.register.clone());
            (source, register)
        }
        Origin::Api(register) => (None, Some(register.clone())),
    };
    let register = match register {
        Some(id) => state.register(&id).await?,
        None => None,
    };
    Ok((source, register))
}

/// Where a new order is sold while this register does not work, if anywhere.
async fn stand_in(state: &WorkerState, register: &Register) -> Result<Option<Till>, LedgerError> {
    let now = state.ledger.now();
    let Some(stand_in) = register.stand_in.as_ref().filter(|it| register.is_down(it.after, now)) else {
        return Ok(None);
    };
    let other = state.register(&stand_in.register).await?;
    // One that is down, too, is no help.
    Ok(other
        .filter(|other| !other.is_down(stand_in.after, now))
        .map(Till::from))
}

/// Receivers of splits and their registers; the text says what is wrong with them. What the shop tells comes through
/// no source, so all of the merchant's count.
async fn tills(
    state: &WorkerState,
    pending: &PendingEvent,
    source: Option<&Source>,
) -> Result<Result<BTreeMap<Receiver, Till>, String>, LedgerError> {
    let told = match source {
        Some(source) => source.receivers.clone(),
        None => state.receivers(&pending.merchant).await?,
    };
    let mut tills = BTreeMap::new();
    for (receiver, register) in told {
        let Ok(receiver) = Receiver::parse(&receiver) else {
            return Ok(Err(format!(
                "{receiver:?} cannot be a receiver; correct the source's receivers"
            )));
        };
        // Whoever sees the merchant's orders sees their receipts, so a receipt is on a register of the same merchant.
        match state.register(&register).await? {
            Some(found) if found.merchant == pending.merchant => {
                tills.insert(receiver, Till::from(found));
            }
            Some(_) | None => {
                return Ok(Err(format!(
                    "the merchant has no register {register}, which is to be receiver {receiver}'s"
                )));
            }
        }
    }
    Ok(Ok(tills))
}

/// A payment that is to be divided waits for whoever says how; after a while somebody is told.
async fn wait(state: &WorkerState, pending: &PendingEvent, why: &str) -> Result<Planned, LedgerError> {
    let now = state.ledger.now();
    put_off(state, pending, why).await?;
    if now.since(pending.received_at) >= state.times.split_limit {
        state
            .ledger
            .alert_while_new(pending.id, &split_alert(pending), now)
            .await?;
    }
    count("waits");
    info!(event.id = %pending.id, "Event {} waits: {why}", pending.id);
    Ok(Planned::Later)
}

async fn put_off(state: &WorkerState, pending: &PendingEvent, why: &str) -> Result<(), LedgerError> {
    let until = state
        .ledger
        .now()
        .plus(state.times.event_backoff.wait(pending.attempts + 1));
    state.ledger.postpone_event(pending.id, until, why).await?;
    state.doorbell.ring(
        Kind::PlanEvent,
        pending.id.to_string(),
        crate::work_register::bell_at(state, until),
    );
    Ok(())
}

async fn postpone(state: &WorkerState, pending: &PendingEvent, why: &str) -> Result<Planned, LedgerError> {
    put_off(state, pending, why).await?;
    if pending.attempts + 1 >= TELL_AFTER {
        state
            .ledger
            .alert_while_new(pending.id, &waiting_alert(pending, why), state.ledger.now())
            .await?;
    }
    count("postponed");
    warn!(event.id = %pending.id, attempts = pending.attempts, "Event {} waits: {why}", pending.id);
    Ok(Planned::Later)
}

/// A question that never got an answer is money that may have moved.
fn as_unconfirmed(event: Event, why: &str) -> Event {
    match event.fact {
        Fact::Ask { .. } => Event {
            fact: Fact::Strange {
                why: why.to_owned(),
                money_moved: true,
            },
            ..event
        },
        Fact::Money { .. }
        | Fact::Refund { .. }
        | Fact::Settlement { .. }
        | Fact::Nothing { .. }
        | Fact::Strange { .. } => event,
    }
}

/// After so many tries somebody is told that an event cannot be planned.
const TELL_AFTER: u32 = 5;

fn waiting_alert(pending: &PendingEvent, why: &str) -> NewAlert {
    NewAlert {
        kind: ledger::plan::EVENT_WAITS,
        subject: pending.id.to_string(),
        severity: Severity::Warning,
        merchant: Some(pending.merchant.clone()),
        register: None,
        text: Words::new(
            format!("Event {} cannot become a receipt yet: {why}.", pending.id),
            format!("Подія {} поки не може стати чеком: {why}.", pending.id),
        ),
        next_step: Words::new(
            "It is tried again by itself; check the payment source with kasyr doctor.",
            "Спроби тривають самі; перевірте джерело оплат командою kasyr doctor.",
        ),
    }
}

fn split_alert(pending: &PendingEvent) -> NewAlert {
    let order = &pending.event.order;
    NewAlert {
        kind: ledger::plan::SPLIT_WAITS,
        subject: pending.id.to_string(),
        severity: Severity::Warning,
        merchant: Some(pending.merchant.clone()),
        register: None,
        text: Words::new(
            format!("Order {order} was paid and is still not divided between its receivers, so it has no receipt."),
            format!("Замовлення {order} оплачено і досі не поділено між отримувачами, тому чека немає."),
        ),
        next_step: Words::new(
            "Divide the payment (POST /v1/orders/{order_id}/settlement), or say who its receivers are (PUT /v1/orders/{order_id}).",
            "Поділіть оплату (POST /v1/orders/{order_id}/settlement) або вкажіть її отримувачів (PUT /v1/orders/{order_id}).",
        ),
    }
}

pub(crate) fn strange_alert(merchant: &MerchantId, event: EventId, why: &str) -> NewAlert {
    NewAlert {
        kind: ledger::alerts::STRANGE_EVENT,
        subject: event.to_string(),
        severity: Severity::Warning,
        merchant: Some(merchant.clone()),
        register: None,
        text: Words::new(
            format!("The payment system sent something no rule covers ({why})."),
            format!("Платіжна система надіслала те, для чого немає правила ({why})."),
        ),
        next_step: Words::new(
            "Look at the order in its cabinet, then acknowledge this alert.",
            "Перегляньте замовлення в її кабінеті, а тоді позначте попередження прочитаним.",
        ),
    }
}

pub(crate) fn count(outcome: &'static str) {
    ::metrics::counter!(metrics::EVENTS_PLANNED, "outcome" => outcome).increment(1);
}

/// The bell's handler: failures are logged and left to the sweep.
pub(crate) async fn handle(state: WorkerState, id: String) {
    let Ok(id) = EventId::parse(&id) else {
        warn!("A bell rang for something that is not an event");
        return;
    };
    if let Err(error) = plan_event(&state, id).await {
        let retry = state.ledger.now().plus(state.times.event_backoff.first);
        ring_again(&state, id, retry);
        crate::trouble::log_ledger("plan an event", &error);
    }
}

fn ring_again(state: &WorkerState, id: EventId, at: UnixMillis) {
    state.doorbell.ring(
        Kind::PlanEvent,
        id.to_string(),
        crate::work_register::bell_at(state, at),
    );
}
