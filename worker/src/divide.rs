//! Finding out what is still to be known of a divided payment before it is planned: which order a settlement divides,
//! and whose part a refund was.

use domain::event::{CarriedBasket, Event, Fact, Part};
use domain::ids::ExternalOrderId;
use domain::money::Kopecks;
use ledger::LedgerError;
use ledger::settings::Source;
use ledger::settlements::Settlement;

use crate::confirm::{Confirmed, answer, client};
use crate::state::WorkerState;

/// Does the source's merchant only collect, so that its purchases make no receipt themselves?
pub(crate) fn is_technical(source: &Source) -> bool {
    source.technical
}

/// Are payments of this source divided at all?
pub(crate) fn divides(source: &Source) -> bool {
    is_technical(source) || !source.receivers.is_empty()
}

/// The event of a settlement as one of the order that was paid; `None`: the event is of no settlement.
///
/// What was paid is always asked: the parts are checked against it, and only the payment knows the buyer's card.
pub(crate) async fn settlement(
    state: &WorkerState,
    source: &Source,
    event: &Event,
) -> Result<Option<Confirmed>, LedgerError> {
    let (of, parts) = match &event.fact {
        Fact::Settlement { of, parts } => (of.clone(), parts.clone()),
        Fact::Money { parts, .. } if divides(source) => (None, parts.clone()),
        Fact::Money { .. } | Fact::Refund { .. } | Fact::Ask { .. } | Fact::Nothing { .. } | Fact::Strange { .. } => {
            return Ok(None);
        }
    };
    let known = state.ledger.settlement_named(&source.merchant, &event.order).await?;
    let is_payment = matches!(event.fact, Fact::Money { .. });
    if is_payment && known.is_none() {
        return Ok(None);
    }
    let found = find_out(state, source, event, known.as_ref(), of, parts).await?;
    Ok(Some(found.unwrap_or_else(Confirmed::NotYet)))
}

async fn find_out(
    state: &WorkerState,
    source: &Source,
    event: &Event,
    known: Option<&Settlement>,
    of: Option<ExternalOrderId>,
    parts: Vec<Part>,
) -> Result<Result<Confirmed, String>, LedgerError> {
    let client = match client(state, source) {
        Ok(client) => client,
        Err(why) => return Ok(Err(why)),
    };
    let mut of = known.map(|known| known.order.clone()).or(of);
    let mut parts = parts;
    if of.is_none() || parts.is_empty() || source.confirm {
        match answer(client.split_status(event.order.as_str()).await) {
            Err(why) => return Ok(Err(why)),
            Ok(said) => match said.fact {
                Fact::Settlement { of: named, parts: said } => {
                    of = of.or(named);
                    if !said.is_empty() {
                        parts = said;
                    }
                }
                Fact::Money { parts: said, .. } if !said.is_empty() => parts = said,
                Fact::Nothing { why } | Fact::Ask { why } => {
                    return Ok(Err(format!("the status API does not confirm the settlement: {why}")));
                }
                Fact::Money { .. } | Fact::Refund { .. } | Fact::Strange { .. } => {}
            },
        }
    }
    let paid = match of {
        Some(of) => of,
        // The shop said who gets what of this very order: it was paid and divided at once.
        None if !state
            .ledger
            .split_facts(&source.merchant, &event.order)
            .await?
            .receivers
            .is_empty() =>
        {
            event.order.clone()
        }
        None => return Ok(Err(UNKNOWN.to_owned())),
    };
    if parts.is_empty() {
        parts = known.map(asked_for).unwrap_or_default();
    }
    if parts.is_empty() {
        return Ok(Err("nobody says who got which part".to_owned()));
    }
    Ok(answer(client.status(paid.as_str()).await).and_then(|payment| divided(payment, parts)))
}

const UNKNOWN: &str = "it is not known which order this settlement divides; \
                       the shop can say it (settlement_id in PUT /v1/orders/{order_id})";

/// The payment with its parts.
fn divided(payment: Event, parts: Vec<Part>) -> Result<Confirmed, String> {
    match payment.fact {
        Fact::Money {
            paid,
            refunded_total,
            basket,
            parts: _,
        } => Ok(Confirmed::Event(Box::new(Event {
            fact: Fact::Money {
                paid,
                refunded_total,
                basket,
                parts,
            },
            ..payment
        }))),
        Fact::Strange { .. } => Ok(Confirmed::Event(Box::new(payment))),
        Fact::Nothing { why } | Fact::Ask { why } => Err(format!(
            "the status API does not confirm the payment that was divided: {why}"
        )),
        Fact::Refund { .. } | Fact::Settlement { .. } => {
            Err("the status API shows no payment under the order that was divided".to_owned())
        }
    }
}

/// What we asked for is what was done, once the payment system says that it was done. The baskets are the order's.
pub(crate) fn asked_for(settlement: &Settlement) -> Vec<Part> {
    let part = |told: &ledger::splits::ToldReceiver| Part {
        receiver: told.receiver.clone(),
        amount: told.amount,
        refunded: None,
        basket: CarriedBasket::Absent,
    };
    settlement.receivers.iter().map(part).collect()
}

/// A snapshot tells how much came back in all. Whose it was is asked where an order is divided and only part of the
/// money came back. `patient`: a question that gets no answer is asked again later; else a person will be asked.
pub(crate) async fn whose(
    state: &WorkerState,
    source: &Source,
    confirmed: Confirmed,
    patient: bool,
) -> Result<Confirmed, LedgerError> {
    let Confirmed::Event(event) = confirmed else {
        return Ok(confirmed);
    };
    let Fact::Money {
        paid,
        refunded_total,
        basket,
        parts,
    } = &event.fact
    else {
        return Ok(Confirmed::Event(event));
    };
    let in_part = !refunded_total.is_zero() && refunded_total < paid;
    if !divides(source) || !in_part || refunded(parts) >= *refunded_total {
        return Ok(Confirmed::Event(event));
    }
    let facts = state.ledger.split_facts(&source.merchant, &event.order).await?;
    let whole = facts.parts.is_empty() && facts.receivers.is_empty() && parts.is_empty();
    let known = Kopecks::sum(facts.parts.iter().map(|part| part.refunded)).unwrap_or(Kopecks::MAX);
    if whole || known >= *refunded_total {
        return Ok(Confirmed::Event(event));
    }
    let mut best = parts.clone();
    let client = match client(state, source) {
        Ok(client) => client,
        Err(why) => return Ok(Confirmed::NotYet(why)),
    };
    for order in std::iter::once(event.order.as_str()).chain(facts.settlements.iter().map(String::as_str)) {
        let status = client.split_status(order).await;
        if status.as_ref().is_err_and(|error| !error.is_retryable()) {
            continue;
        }
        match answer(status) {
            Err(why) if patient => return Ok(Confirmed::NotYet(why)),
            Err(_) => {}
            Ok(said) => match said.fact {
                Fact::Money { parts: said, .. } | Fact::Settlement { parts: said, .. } => {
                    if refunded(&said) > refunded(&best) {
                        best = with_baskets(said, &best);
                    }
                }
                Fact::Refund { .. } | Fact::Ask { .. } | Fact::Nothing { .. } | Fact::Strange { .. } => {}
            },
        }
    }
    let fact = Fact::Money {
        paid: *paid,
        refunded_total: *refunded_total,
        basket: basket.clone(),
        parts: best,
    };
    Ok(Confirmed::Event(Box::new(Event { fact, ..*event })))
}

fn refunded(parts: &[Part]) -> Kopecks {
    Kopecks::sum(parts.iter().filter_map(|part| part.refunded)).unwrap_or(Kopecks::MAX)
}

fn with_baskets(said: Vec<Part>, before: &[Part]) -> Vec<Part> {
    said.into_iter()
        .map(
            |part| match (&part.basket, before.iter().find(|one| one.receiver == part.receiver)) {
                (CarriedBasket::Absent, Some(before)) => Part {
                    basket: before.basket.clone(),
                    ..part
                },
                (_, _) => part,
            },
        )
        .collect()
}
