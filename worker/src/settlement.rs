//! `Settle{settlement}`: dividing a payment between its receivers on the shop's behalf (`fondy.md` §8.8).
//!
//! The intent is committed before the request leaves; a lost answer is cleared up by asking for the settlement's own
//! order id, which the payment system takes once. Receipts follow from the result, which is an event like any other.

use domain::event::{Event, Fact, PaymentMeans};
use domain::ids::SourceId;
use fondy::{OrderStatus, Sent, Snapshot};
use ledger::LedgerError;
use ledger::alerts::{NewAlert, Severity, Words};
use ledger::events::{NewEvent, Origin, Recorded};
use ledger::settings::Source;
use ledger::settlements::{Held, Settlement, Step};
use queue::{Due, Kind};
use tracing::{info, warn};

use crate::confirm::client;
use crate::divide::asked_for;
use crate::state::WorkerState;

/// Does what a settlement needs next. Safe to repeat and to run twice at once: its lease lets one hand work on it, and
/// the payment system takes its order id once.
pub async fn work_settlement(state: &WorkerState, id: &str) -> Result<(), LedgerError> {
    let now = state.ledger.now();
    let taken = state
        .ledger
        .take_settlement(id, &state.name, state.times.lease, now)
        .await?;
    let Some(held) = taken else {
        return Ok(());
    };
    let Some(step) = next_step(state, &held).await? else {
        return Ok(());
    };
    if !state.ledger.settle_step(&held, &step, state.ledger.now()).await? {
        return Ok(());
    }
    told(state, &held.settlement, &step).await
}

/// What becomes of it; `None`: somebody else has it now.
async fn next_step(state: &WorkerState, held: &Held) -> Result<Option<Step>, LedgerError> {
    let settlement = &held.settlement;
    let source = match &settlement.source {
        Some(source) => state.source(source).await?,
        None => None,
    };
    let Some(source) = source else {
        return Ok(Some(Step::Refused(
            "its payment source is not known any more".to_owned(),
        )));
    };
    let client = match client(state, &source) {
        Ok(client) => client,
        Err(why) => return Ok(Some(again(state, settlement, why))),
    };
    if settlement.state == "asked" {
        send(state, held, &source, &client).await
    } else {
        look(state, settlement, &source, &client).await.map(Some)
    }
}

async fn send(
    state: &WorkerState,
    held: &Held,
    source: &Source,
    client: &fondy::Client,
) -> Result<Option<Step>, LedgerError> {
    let settlement = &held.settlement;
    let request = match request(state, settlement, &source.id) {
        Ok(request) => request,
        Err(why) => return Ok(Some(Step::Refused(why))),
    };
    let begun = state
        .ledger
        .begin_settlement(held, state.times.lease, state.ledger.now())
        .await?;
    if !begun {
        return Ok(None);
    }
    let sent = client.settle(&request).await;
    let soon = state.ledger.now().plus(state.times.first_ask);
    Ok(Some(match sent {
        // The same order id is there: an earlier request arrived after all.
        Ok(Sent::Taken | Sent::Duplicate) => Step::Accepted(soon),
        Ok(Sent::AlreadyDivided) => whose(settlement, client).await.unwrap_or_else(|why| doubt(soon, why)),
        Err(error) => failed(state, settlement, error),
    }))
}

/// The payment is divided already: by this very settlement, or by one that is not ours.
async fn whose(settlement: &Settlement, client: &fondy::Client) -> Result<Step, String> {
    match client.split_status(settlement.external.as_str()).await {
        Ok(_) => Ok(Step::Accepted(settlement.asked_at)),
        Err(error) if error.is_unknown_order() => Ok(Step::Refused(
            "the payment was divided already, not by this settlement".to_owned(),
        )),
        Err(error) => Err(format!("the status API: {error}")),
    }
}

fn failed(state: &WorkerState, settlement: &Settlement, error: fondy::Error) -> Step {
    use fondy::Error as E;
    let soon = state.ledger.now().plus(state.times.first_ask);
    match error {
        E::NotSent(_) => again(state, settlement, error.to_string()),
        E::Api { .. } if !error.is_retryable() => Step::Refused(error.to_string()),
        E::Api { .. }
        | E::NoAnswer(_)
        | E::BadAnswer { .. }
        | E::TooLong { .. }
        | E::WrongSignature
        | E::OtherOrder => doubt(soon, error.to_string()),
    }
}

/// Asks what became of it.
async fn look(
    state: &WorkerState,
    settlement: &Settlement,
    source: &Source,
    client: &fondy::Client,
) -> Result<Step, LedgerError> {
    let now = state.ledger.now();
    let later = now.plus(state.times.event_backoff.wait(settlement.attempts));
    match client.split_status(settlement.external.as_str()).await {
        Ok(snapshot) => match &snapshot.order_status {
            OrderStatus::Approved | OrderStatus::Reversed => {
                record(state, settlement, source, &snapshot).await?;
                Ok(Step::Done)
            }
            OrderStatus::Declined | OrderStatus::Expired => {
                Ok(Step::Refused("the payment system declined it".to_owned()))
            }
            OrderStatus::Created | OrderStatus::Processing | OrderStatus::Other(_) => Ok(Step::Accepted(later)),
        },
        Err(error) if error.is_unknown_order() => Ok(absent(state, settlement)),
        Err(error) if settlement.state == "accepted" => {
            warn!(settlement.id = %settlement.id, "The result of settlement {} is not known yet: {error}", settlement.id);
            Ok(Step::Accepted(later))
        }
        Err(error) => Ok(Step::Doubt {
            ask_at: later,
            absent_since: None,
            note: format!("the status API: {error}"),
        }),
    }
}

/// Two looks some time apart, after a lost request must have ended, prove that it never arrived.
fn absent(state: &WorkerState, settlement: &Settlement) -> Step {
    let now = state.ledger.now();
    let note = "the payment system does not know it".to_owned();
    let over = settlement
        .sent_at
        .map_or(now, |sent| sent.plus(state.times.call_timeout).plus(state.times.settle));
    if now < over {
        return Step::Doubt {
            ask_at: over,
            absent_since: None,
            note,
        };
    }
    match settlement.absent_since {
        Some(since) if now.since(since) >= state.times.look_apart => Step::Again(now, note),
        since => Step::Doubt {
            ask_at: now.plus(state.times.look_apart),
            absent_since: since.or(Some(now)),
            note,
        },
    }
}

/// The result as an event: the one that its callback would be, found by asking. Safe to repeat.
async fn record(
    state: &WorkerState,
    settlement: &Settlement,
    source: &Source,
    snapshot: &Snapshot,
) -> Result<(), LedgerError> {
    let said = payments::fondy::event(snapshot).ok().map(|event| event.fact);
    let parts = match said {
        Some(Fact::Settlement { parts, .. } | Fact::Money { parts, .. }) if !parts.is_empty() => parts,
        Some(_) | None => asked_for(settlement),
    };
    let event = NewEvent {
        merchant: settlement.merchant.clone(),
        origin: Origin::Source(source.id.clone()),
        key: format!("settlement:{}", settlement.id),
        fingerprint: settlement.id.clone(),
        event: Event {
            order: settlement.external.clone(),
            payment_id: None,
            fact: Fact::Settlement {
                of: Some(settlement.order.clone()),
                parts,
            },
            means: PaymentMeans::default(),
            payer_email: None,
        },
        raw: format!("{{\"found_by\":\"status of settlement {}\"}}", settlement.id),
        received_at: state.ledger.now(),
    };
    for recorded in state.ledger.record_events(&[event]).await? {
        if let Recorded::New(id) = recorded {
            state.doorbell.ring(Kind::PlanEvent, id.to_string(), Due::Now);
        }
    }
    Ok(())
}

/// What the payment system is told; the text says why it cannot be.
fn request(state: &WorkerState, settlement: &Settlement, source: &SourceId) -> Result<fondy::Settlement, String> {
    let said = settlement
        .description
        .clone()
        .unwrap_or_else(|| format!("Замовлення {}", settlement.order));
    let receivers = settlement
        .receivers
        .iter()
        .map(|told| {
            let receiver = &told.receiver;
            let merchant_id = payments::fondy::receiver_number(receiver)
                .ok_or_else(|| format!("receiver {receiver} is no merchant of the payment system"))?;
            let basket = told.basket.as_ref().map(|basket| {
                fondy::reservation_data::encode(&payments::fondy::products(basket))
                    .map_err(|error| format!("the basket of receiver {receiver}: {error}"))
            });
            Ok(fondy::MerchantPart {
                merchant_id,
                amount: told.amount.minor(),
                description: told.description.clone().unwrap_or_else(|| said.clone()),
                reservation_data: basket.transpose()?,
            })
        })
        .collect::<Result<_, String>>()?;
    Ok(fondy::Settlement {
        order_id: settlement.external.as_str().to_owned(),
        operation_id: settlement.order.as_str().to_owned(),
        amount: settlement.amount.minor(),
        currency: "UAH".to_owned(),
        order_desc: said,
        server_callback_url: Some(format!("{}/callbacks/{source}", state.public_url)),
        receivers,
    })
}

fn again(state: &WorkerState, settlement: &Settlement, why: String) -> Step {
    let wait = state.times.event_backoff.wait(settlement.attempts + 1);
    Step::Again(state.ledger.now().plus(wait), why)
}

fn doubt(ask_at: domain::time::UnixMillis, note: String) -> Step {
    Step::Doubt {
        ask_at,
        absent_since: None,
        note,
    }
}

/// Rings for what comes next, and tells somebody of what will not come.
async fn told(state: &WorkerState, settlement: &Settlement, step: &Step) -> Result<(), LedgerError> {
    let id = settlement.id.as_str();
    match step {
        Step::Again(at, why)
        | Step::Doubt {
            ask_at: at, note: why, ..
        } => {
            info!(settlement.id = %id, "Settlement {id} is not done yet: {why}");
            let bell = crate::work_register::bell_at(state, *at);
            state.doorbell.ring(Kind::Settle, id, bell);
            if settlement.attempts >= TELL_AFTER {
                state
                    .ledger
                    .raise_alert(&alert(settlement, why), state.ledger.now())
                    .await?;
            }
        }
        Step::Accepted(at) => {
            let bell = crate::work_register::bell_at(state, *at);
            state.doorbell.ring(Kind::Settle, id, bell);
        }
        Step::Done => {
            let (kind, now) = (ledger::settlements::SETTLEMENT_STUCK, state.ledger.now());
            state.ledger.resolve_alert(kind, id, now).await?;
            info!(settlement.id = %id, "Settlement {id} is done");
        }
        Step::Refused(why) => {
            warn!(settlement.id = %id, "Settlement {id} was refused: {why}");
            state
                .ledger
                .raise_alert(&alert(settlement, why), state.ledger.now())
                .await?;
        }
    }
    Ok(())
}

/// After so many tries somebody is told that it does not come to an end.
const TELL_AFTER: u32 = 8;

fn alert(settlement: &Settlement, why: &str) -> NewAlert {
    let (order, id) = (&settlement.order, &settlement.external);
    NewAlert {
        kind: ledger::settlements::SETTLEMENT_STUCK,
        subject: settlement.id.clone(),
        severity: Severity::Critical,
        merchant: Some(settlement.merchant.clone()),
        register: None,
        text: Words::new(
            format!("The payment of order {order} is not divided ({id}): {why}."),
            format!(
                "Оплату замовлення {order} не поділено ({id}): {}.",
                domain::ukrainian::of(why)
            ),
        ),
        next_step: Words::new(
            "Look at the payment at the payment system; what was refused can be asked for again.",
            "Перегляньте оплату в платіжній системі; якщо їй відмовлено, поділ можна замовити ще раз.",
        ),
    }
}

/// The bell's handler: failures are logged and left to the sweep.
pub(crate) async fn handle(state: WorkerState, id: String) {
    if let Err(error) = work_settlement(&state, &id).await {
        crate::trouble::log_ledger("work on a settlement", &error);
    }
}
