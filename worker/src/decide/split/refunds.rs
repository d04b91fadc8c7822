//! Refunds of a divided payment: each lands on the receipt of the part that came back.

use domain::document::Kind;
use domain::event::Part;
use domain::hold::HoldReason;
use domain::ids::{EventId, Receiver};
use domain::money::Kopecks;
use domain::refund::{self, RefundPlan, RefundPolicy};
use ledger::plan::{NewDocument, Plan, Planned, Standing, Start};
use ledger::slot;
use ledger::splits::KnownPart;

use super::super::{Rules, counts_as_refund, exceeds_text, held, one, sale};
use super::{Draft, Refund, Told, settle};

/// A refund that is told as such, of an order that is divided, or of a receiver's part. `None`: it is the whole
/// order's.
pub(in super::super) fn refund(id: EventId, told: &Refund<'_>, standing: &Standing, rules: &Rules) -> Option<Plan> {
    if standing.parts.is_empty() {
        // It came first, and is its part's; or the order was not divided after all.
        let receiver = told.receiver.filter(|_| sale(standing).is_none())?;
        let slot = slot::refund(Some(receiver), id);
        return Some(one(NewDocument {
            register: register(rules, standing, receiver),
            kind: Kind::Return,
            slot,
            amount: told.amount,
            start: Start::AfterSale,
            lines: told.lines.cloned(),
        }));
    }
    let mut draft = Draft::default();
    draft.plan.parts.clone_from(&standing.parts);
    match told.receiver {
        Some(receiver) => {
            let Some(place) = standing.parts.iter().position(|part| part.receiver == *receiver) else {
                let why = format!("the order has no receiver {receiver}");
                return Some(unknown(rules, slot::refund(None, id), told.amount, why));
            };
            give_back(&mut draft, place, told.amount, &id.to_string(), standing, rules);
            for document in &mut draft.documents {
                document.lines = told.lines.cloned();
            }
        }
        None => {
            let left = Kopecks::sum(standing.parts.iter().map(left_of)).unwrap_or(Kopecks::MAX);
            if told.amount != left {
                let why = format!("{} came back, and nobody says which receiver's it was", told.amount);
                return Some(unknown(rules, slot::refund(None, id), told.amount, why));
            }
            give_all_back(&mut draft, &id.to_string(), standing, rules);
        }
    }
    settle_known(&mut draft, standing);
    Some(draft.finish(standing))
}

/// What a snapshot tells of refunds: of each part where it says so; all of it, when everything came back; else
/// somebody has to say whose it was.
pub(super) fn told(draft: &mut Draft, told: &Told<'_>, parts: &[Part], standing: &Standing, rules: &Rules) {
    if told.refunded_total > told.paid {
        let slot = slot::refund(None, told.refunded_total.minor());
        let refunded = given_back(&draft.plan.parts);
        if is_new(standing, &slot) {
            let text = exceeds_text(told.refunded_total, Some(told.paid), refunded);
            draft.documents.push(NewDocument {
                kind: Kind::Return,
                ..held(rules, slot, told.refunded_total, HoldReason::RefundExceedsSale, text)
            });
        }
        return;
    }
    for part in parts {
        let Some(place) = draft
            .plan
            .parts
            .iter()
            .position(|known| known.receiver == part.receiver)
        else {
            continue;
        };
        let Some(more) = part.refunded.and_then(|total| more_than_known(draft, place, total)) else {
            continue;
        };
        let total = part.refunded.unwrap_or_default().minor().to_string();
        give_back(draft, place, more, &total, standing, rules);
    }
    let known = given_back(&draft.plan.parts);
    if told.refunded_total > known {
        if told.refunded_total == told.paid {
            give_all_back(draft, "", standing, rules);
        } else {
            whose(draft, told.refunded_total, known, standing, rules);
        }
    }
    settle_known(draft, standing);
}

/// Refunds that came before the order was divided, and do not say whose they are.
pub(super) fn that_came_first(draft: &mut Draft, standing: &Standing) {
    let mut orphans: Vec<&Planned> = standing
        .documents
        .iter()
        .filter(|document| counts_as_refund(document) && !document.has_parent && !document.closed)
        .collect();
    orphans.retain(|orphan| orphan.held.is_none());
    for orphan in orphans {
        let part = slot::part(&orphan.slot);
        let place = part.and_then(|part| draft.plan.parts.iter().position(|known| known.receiver == part));
        let Some(known) = place.and_then(|place| draft.plan.parts.get_mut(place)) else {
            let why = format!("{} came back, and nobody says which receiver's it was", orphan.amount);
            draft.plan.unplaced.push((orphan.id, why));
            continue;
        };
        match known
            .refunded
            .checked_add(orphan.amount)
            .filter(|total| *total <= known.amount)
        {
            // A part without a receipt has nothing to give back on a register.
            Some(total) if known.receipt.register().is_some() => known.refunded = total,
            Some(total) => {
                known.refunded = total;
                draft.plan.settled.push((orphan.id, NO_RECEIPT));
                draft
                    .plan
                    .unplaced
                    .push((orphan.id, "its part has no receipt".to_owned()));
            }
            None => {
                let text = exceeds_text(orphan.amount, Some(known.amount), known.refunded);
                draft.exceeding.push((orphan.id, text));
            }
        }
    }
}

/// How a held document was settled by itself.
const NO_RECEIPT: &str = "its part has no receipt";
const TOLD_WHOSE: &str = "it was told whose part came back";

fn more_than_known(draft: &Draft, place: usize, total: Kopecks) -> Option<Kopecks> {
    let known = draft.plan.parts.get(place)?;
    total.checked_sub(known.refunded).filter(|more| !more.is_zero())
}

/// Everything that is left of every part; `what` names the refund in its slot, else the running total does.
fn give_all_back(draft: &mut Draft, what: &str, standing: &Standing, rules: &Rules) {
    for place in 0..draft.plan.parts.len() {
        let Some((left, total)) = draft.plan.parts.get(place).map(|part| (left_of(part), part.amount)) else {
            continue;
        };
        if left.is_zero() {
            continue;
        }
        let total = total.minor().to_string();
        let name = if what.is_empty() { total.as_str() } else { what };
        give_back(draft, place, left, name, standing, rules);
    }
}

/// One more refund of a part; without a receipt of the part only the sum is kept.
fn give_back(draft: &mut Draft, place: usize, amount: Kopecks, what: &str, standing: &Standing, rules: &Rules) {
    let Some(known) = draft.plan.parts.get_mut(place) else {
        return;
    };
    let slot = slot::refund(Some(&known.receiver), what);
    if !is_new(standing, &slot) {
        return;
    }
    let after = known
        .refunded
        .checked_add(amount)
        .filter(|after| *after <= known.amount);
    let part = Part {
        receiver: known.receiver.clone(),
        amount: known.amount,
        refunded: None,
        basket: domain::event::CarriedBasket::Absent,
    };
    let before = known.refunded;
    let has_receipt = known.receipt.register().is_some();
    if let Some(after) = after {
        known.refunded = after;
    }
    if has_receipt || after.is_none() {
        draft
            .documents
            .extend(document(rules, standing, &part, slot, amount, before));
    }
}

/// The document of a part's refund; held when more would come back than the part.
pub(super) fn document(
    rules: &Rules,
    standing: &Standing,
    part: &Part,
    slot: String,
    amount: Kopecks,
    before: Kopecks,
) -> Option<NewDocument> {
    let register = register(rules, standing, &part.receiver);
    let policy = rules
        .tills
        .values()
        .find(|till| till.register == register)
        .map_or(RefundPolicy::StornoFirst, |till| till.refund_policy);
    let so_far = refund::Standing {
        sold: Some(part.amount),
        refunded: before,
    };
    let (kind, amount, start) = match refund::plan_single(so_far, amount, policy) {
        RefundPlan::Nothing => return None,
        RefundPlan::Document { kind, amount } => (kind, amount, Start::AfterSale),
        RefundPlan::Exceeds { amount } => {
            let text = exceeds_text(amount, Some(part.amount), before);
            (Kind::Return, amount, Start::Held(HoldReason::RefundExceedsSale, text))
        }
    };
    Some(NewDocument {
        register,
        kind,
        slot,
        amount,
        start,
        lines: None,
    })
}

/// Where a receiver's sale is, or would be.
fn register(rules: &Rules, standing: &Standing, receiver: &Receiver) -> domain::ids::RegisterId {
    let slot = slot::sale(Some(receiver));
    let planned = standing.documents.iter().find(|document| document.slot == slot);
    match (planned, rules.tills.get(receiver)) {
        (Some(sale), _) => sale.register.clone(),
        (None, Some(till)) => till.register.clone(),
        (None, None) => rules.till.register.clone(),
    }
}

/// Part of the payment came back and nobody says whose; what waits for that answer already is not asked twice.
fn whose(draft: &mut Draft, total: Kopecks, known: Kopecks, standing: &Standing, rules: &Rules) {
    let slot = slot::refund(None, total.minor());
    let asked = standing
        .documents
        .iter()
        .filter(|document| document.held == Some(HoldReason::ReceiverUnknown) && !document.closed)
        .filter(|document| running_total(&document.slot).is_some())
        .map(|document| document.amount);
    let asked = Kopecks::sum(asked).unwrap_or(Kopecks::MAX);
    let open = total
        .checked_sub(known)
        .and_then(|open| open.checked_sub(asked))
        .unwrap_or(Kopecks::ZERO);
    if open.is_zero() || !is_new(standing, &slot) {
        return;
    }
    let why = format!("{open} came back, and nobody says which receiver's it was");
    draft.documents.push(NewDocument {
        kind: Kind::Return,
        ..held(rules, slot, open, HoldReason::ReceiverUnknown, why)
    });
}

/// Questions whose answer is known by now.
fn settle_known(draft: &mut Draft, standing: &Standing) {
    let known = given_back(&draft.plan.parts);
    settle(
        draft,
        standing,
        |document| {
            document.held == Some(HoldReason::ReceiverUnknown)
                && running_total(&document.slot).is_some_and(|total| total <= known.minor())
        },
        TOLD_WHOSE,
    );
}

/// The running total in a slot of a whole order's refund.
fn running_total(slot: &str) -> Option<u64> {
    slot.strip_prefix("refund:")?.parse().ok()
}

fn unknown(rules: &Rules, slot: String, amount: Kopecks, why: String) -> Plan {
    one(NewDocument {
        kind: Kind::Return,
        ..held(rules, slot, amount, HoldReason::ReceiverUnknown, why)
    })
}

fn given_back(parts: &[KnownPart]) -> Kopecks {
    Kopecks::sum(parts.iter().map(|part| part.refunded)).unwrap_or(Kopecks::MAX)
}

fn left_of(part: &KnownPart) -> Kopecks {
    part.amount.checked_sub(part.refunded).unwrap_or(Kopecks::ZERO)
}

fn is_new(standing: &Standing, slot: &str) -> bool {
    standing.documents.iter().all(|document| document.slot != slot)
}
