//! What follows from an event for a payment that is divided between receivers: each receiver with a register and a
//! basket gets a receipt of its part, and refunds go to the part they belong to.
//!
//! Who the receivers are is known from the payment system, else from the shop. Once an order is divided it stays
//! so; an order whose whole sale was planned is not divided any more.

mod refunds;

use domain::basket::Basket;
use domain::document::Kind;
use domain::event::{CarriedBasket, Event, Part};
use domain::hold::HoldReason;
use domain::ids::{DocumentId, EventId, Receiver};
use domain::money::Kopecks;
use ledger::plan::{NewDocument, Plan, Planned, SplitPlan, Standing, Start};
use ledger::slot;
use ledger::splits::{KnownPart, PartReceipt};

use super::{Rules, held, is_second_payment, one, sale};
use crate::compose;

pub(super) use refunds::refund;

/// What an event tells of the money.
pub(super) struct Told<'a> {
    pub paid: Kopecks,
    pub refunded_total: Kopecks,
    /// Empty when the payment system told of no split.
    pub parts: &'a [Part],
}

/// A refund that is told as such.
pub(super) struct Refund<'a> {
    pub amount: Kopecks,
    pub lines: Option<&'a Basket>,
    pub receiver: Option<&'a Receiver>,
}

/// The documents of a plan and what it does to the parts.
#[derive(Default)]
struct Draft {
    documents: Vec<NewDocument>,
    exceeding: Vec<(DocumentId, String)>,
    plan: SplitPlan,
}

impl Draft {
    fn finish(self, standing: &Standing) -> Plan {
        let nothing_new = self.documents.is_empty()
            && self.exceeding.is_empty()
            && self.plan.unplaced.is_empty()
            && self.plan.settled.is_empty()
            && self.plan.parts == standing.parts;
        if nothing_new {
            return Plan::Ignore("everything it tells is planned already".to_owned());
        }
        Plan::Documents {
            documents: self.documents,
            exceeding: self.exceeding,
            split: Some(Box::new(self.plan)),
        }
    }
}

/// A snapshot of an order that is divided, or is to be. `None`: it is whole.
pub(super) fn money(id: EventId, event: &Event, told: &Told<'_>, standing: &Standing, rules: &Rules) -> Option<Plan> {
    if !standing.parts.is_empty() {
        return Some(more(id, event, told, standing, rules));
    }
    if !rules.divides() || told.paid.is_zero() || sale(standing).is_some() {
        return None;
    }
    if !told.parts.is_empty() {
        return Some(first(event, told, told.parts.to_vec(), standing, rules));
    }
    if !standing.receivers.is_empty() {
        let parts = standing
            .receivers
            .iter()
            .map(|told| Part {
                receiver: told.receiver.clone(),
                amount: told.amount,
                refunded: None,
                basket: CarriedBasket::Absent,
            })
            .collect();
        return Some(first(event, told, parts, standing, rules));
    }
    rules
        .technical
        .then(|| Plan::Wait("it is divided between receivers who are not known yet".to_owned()))
}

/// The order is divided for the first time.
fn first(event: &Event, told: &Told<'_>, parts: Vec<Part>, standing: &Standing, rules: &Rules) -> Plan {
    let total = Kopecks::sum(parts.iter().map(|part| part.amount)).unwrap_or(Kopecks::MAX);
    if total != told.paid {
        let why = format!("the receivers' parts add up to {total} and {} was paid", told.paid);
        return mismatch(told.paid, why, standing, rules);
    }
    let mut draft = Draft::default();
    for part in &parts {
        let receipt = receipt_of(part, standing, rules);
        if let PartReceipt::On(_) = receipt {
            draft
                .documents
                .extend(new_sale(event, part.amount, part, standing, rules));
        }
        draft.plan.parts.push(KnownPart {
            receiver: part.receiver.clone(),
            amount: part.amount,
            refunded: Kopecks::ZERO,
            receipt,
        });
    }
    draft.plan.parts.sort_by(|one, other| one.receiver.cmp(&other.receiver));
    settle(
        &mut draft,
        standing,
        |held| held.held == Some(HoldReason::SplitMismatch),
        DIVIDED,
    );
    refunds::that_came_first(&mut draft, standing);
    refunds::told(&mut draft, told, &parts, standing, rules);
    draft.finish(standing)
}

/// How a held document was settled by itself.
const DIVIDED: &str = "the payment was divided";

/// More is told of an order that was divided before.
fn more(id: EventId, event: &Event, told: &Told<'_>, standing: &Standing, rules: &Rules) -> Plan {
    let total = Kopecks::sum(standing.parts.iter().map(|part| part.amount)).unwrap_or(Kopecks::MAX);
    let mut sales = standing
        .documents
        .iter()
        .filter(|document| slot::is_sale(&document.slot));
    if sales.any(|sale| is_second_payment(sale, event)) {
        let slot = format!("second:{}", event.payment_id.as_deref().unwrap_or("?"));
        if standing.documents.iter().any(|document| document.slot == slot) {
            return Plan::Ignore("the second payment is held already".to_owned());
        }
        let why = format!(
            "{} was paid again for an order that has a receipt of {total}",
            told.paid
        );
        return one(held(rules, slot, told.paid, HoldReason::SecondPayment, why));
    }
    if total != told.paid {
        let why = format!("{} is said to be paid, and the receipt is for {total}", told.paid);
        let slot = format!("strange:{id}");
        return one(held(rules, slot, told.paid, HoldReason::StrangeEvent, why));
    }
    let mut draft = Draft::default();
    draft.plan.parts.clone_from(&standing.parts);
    if !same_parts(told.parts, &standing.parts) {
        draft.documents.extend(late(OTHERWISE, told.paid, standing, rules));
        // Whose refunds these are is anybody's guess then.
        return draft.finish(standing);
    }
    let parts: Vec<Part> = standing.parts.iter().map(|known| as_told(known, told.parts)).collect();
    receipts_for_baskets(&mut draft, event, &parts, standing, rules);
    refunds::told(&mut draft, told, &parts, standing, rules);
    draft.finish(standing)
}

/// A known part with what the event says of it.
fn as_told(known: &KnownPart, told: &[Part]) -> Part {
    let found = told.iter().find(|part| part.receiver == known.receiver);
    Part {
        receiver: known.receiver.clone(),
        amount: known.amount,
        refunded: found.and_then(|part| part.refunded),
        basket: found.map_or(CarriedBasket::Absent, |part| part.basket.clone()),
    }
}

/// Parts that had no receipt get one once a basket and a register are there.
fn receipts_for_baskets(draft: &mut Draft, event: &Event, parts: &[Part], standing: &Standing, rules: &Rules) {
    for (place, part) in parts.iter().enumerate() {
        let Some(known) = draft.plan.parts.get_mut(place) else {
            continue;
        };
        if known.receipt.register().is_some() {
            continue;
        }
        let receipt = receipt_of(part, standing, rules);
        if let PartReceipt::On(_) = receipt {
            draft
                .documents
                .extend(new_sale(event, known.amount, part, standing, rules));
            if !known.refunded.is_zero() {
                let slot = slot::refund(Some(&part.receiver), known.refunded.minor());
                draft.documents.extend(refunds::document(
                    rules,
                    standing,
                    part,
                    slot,
                    known.refunded,
                    Kopecks::ZERO,
                ));
            }
        }
        known.receipt = receipt;
    }
}

fn same_parts(told: &[Part], known: &[KnownPart]) -> bool {
    if told.is_empty() {
        return true;
    }
    let same = |part: &Part| {
        known
            .iter()
            .any(|known| known.receiver == part.receiver && known.amount == part.amount)
    };
    told.len() == known.len() && told.iter().all(same)
}

/// Where a part's receipt is made, or why none is.
fn receipt_of(part: &Part, standing: &Standing, rules: &Rules) -> PartReceipt {
    match rules.tills.get(&part.receiver) {
        None => PartReceipt::NoRegister,
        Some(till) => match (shops_basket(&part.receiver, standing), &part.basket) {
            (None, CarriedBasket::Absent) => PartReceipt::NoBasket,
            (Some(_), _) | (None, CarriedBasket::Lines(_) | CarriedBasket::Broken(_)) => {
                PartReceipt::On(till.register.clone())
            }
        },
    }
}

fn shops_basket<'a>(receiver: &Receiver, standing: &'a Standing) -> Option<&'a Basket> {
    let told = standing.receivers.iter().find(|told| told.receiver == *receiver)?;
    told.basket.as_ref()
}

fn new_sale(event: &Event, amount: Kopecks, part: &Part, standing: &Standing, rules: &Rules) -> Option<NewDocument> {
    let till = rules.tills.get(&part.receiver)?;
    let start = match &rules.unconfirmed {
        Some(why) => Start::Held(HoldReason::NotConfirmed, why.clone()),
        None => {
            let order = compose::OrderSide {
                basket: shops_basket(&part.receiver, standing),
                carried: &part.basket,
                description: None,
                order_id: event.order.as_str(),
            };
            match compose::sale(&order, amount, rules.on_mismatch, &till.vat, event.means.clone()) {
                Ok(receipt) => Start::Ready(Box::new(receipt)),
                Err(stop) => Start::Held(stop.reason, stop.text),
            }
        }
    };
    Some(NewDocument {
        register: till.register.clone(),
        kind: Kind::Sale,
        slot: slot::sale(Some(&part.receiver)),
        amount,
        start,
        lines: None,
    })
}

/// The whole sale was planned, and now a split is told: nothing is made of it, and somebody is told once.
pub(super) fn told_too_late(told: &Told<'_>, plan: Plan, standing: &Standing, rules: &Rules) -> Plan {
    if told.parts.is_empty() || !rules.divides() || sale(standing).is_none() {
        return plan;
    }
    let Some(document) = late(TOO_LATE, told.paid, standing, rules) else {
        return plan;
    };
    match plan {
        Plan::Ignore(_) | Plan::Wait(_) => one(document),
        Plan::Documents {
            mut documents,
            exceeding,
            split,
        } => {
            documents.push(document);
            Plan::Documents {
                documents,
                exceeding,
                split,
            }
        }
    }
}

const TOO_LATE: &str = "the payment was divided between receivers after its receipt was planned";
const OTHERWISE: &str = "the payment system divides the payment otherwise than its receipts do";

fn late(why: &str, paid: Kopecks, standing: &Standing, rules: &Rules) -> Option<NewDocument> {
    let slot = "split:late";
    let known = standing.documents.iter().any(|document| document.slot == slot);
    (!known).then(|| held(rules, slot.to_owned(), paid, HoldReason::SplitTooLate, why.to_owned()))
}

/// Held once at a time: a resend plans the payment anew.
fn mismatch(paid: Kopecks, why: String, standing: &Standing, rules: &Rules) -> Plan {
    let earlier: Vec<&Planned> = standing
        .documents
        .iter()
        .filter(|document| document.held == Some(HoldReason::SplitMismatch))
        .collect();
    if earlier.iter().any(|document| !document.closed) {
        return Plan::Ignore("it is held already that the parts are not what was paid".to_owned());
    }
    let slot = format!("split:{}", earlier.len() + 1);
    one(held(rules, slot, paid, HoldReason::SplitMismatch, why))
}

/// Held documents that the plan settles.
fn settle(draft: &mut Draft, standing: &Standing, which: impl Fn(&Planned) -> bool, how: &'static str) {
    let settled = standing
        .documents
        .iter()
        .filter(|document| document.held.is_some() && !document.closed && which(document));
    draft.plan.settled.extend(settled.map(|document| (document.id, how)));
}

#[cfg(test)]
mod tests;
