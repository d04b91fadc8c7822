//! What follows from an event: pure. The order's documents so far come in, a plan goes out.

mod split;

use std::collections::BTreeMap;

use domain::document::Kind;
use domain::event::{CarriedBasket, Event, Fact};
use domain::hold::HoldReason;
use domain::ids::{EventId, Receiver, RegisterId};
use domain::money::Kopecks;
use domain::receipt::MismatchPolicy;
use domain::refund::{self, RefundPlan, RefundPolicy};
use domain::tax::VatScheme;
use ledger::plan::{NewDocument, Plan, Planned, SALE, Standing, Start};
use ledger::settings::Register;

use crate::compose;

/// A register on which receipts are made, and how.
#[derive(Clone)]
pub(crate) struct Till {
    pub register: RegisterId,
    pub refund_policy: RefundPolicy,
    pub vat: VatScheme,
}

impl From<Register> for Till {
    fn from(register: Register) -> Self {
        Self {
            register: register.id,
            refund_policy: register.refund_policy,
            vat: register.vat,
        }
    }
}

/// The settings that shape a plan.
#[derive(Clone)]
pub(crate) struct Rules {
    /// The register that receipts are made on.
    pub till: Till,
    pub on_mismatch: MismatchPolicy,
    /// The payment system does not confirm this payment: plan it, held.
    pub unconfirmed: Option<String>,
    /// The source's purchases make no receipt themselves: only their receivers' parts do.
    pub technical: bool,
    /// Receivers of splits that have a register.
    pub tills: BTreeMap<Receiver, Till>,
    /// The register has not worked for long: an order that has nothing yet is sold here.
    pub stand_in: Option<Till>,
}

impl Rules {
    /// Where this order's documents go, if not to the rules' own: to where it was sold; a new one to where it can be.
    fn elsewhere(&self, standing: &Standing) -> Option<Till> {
        if let Some(sale) = sale(standing) {
            return (sale.register != self.till.register).then(|| Till {
                register: sale.register.clone(),
                ..self.till.clone()
            });
        }
        // A refund that came before its sale waits on the register it was planned for.
        self.stand_in.clone().filter(|_| standing.documents.is_empty())
    }

    /// Are payments divided here at all? Where nobody declared a receiver, a split of the money is the payment
    /// system's business: the sale is the source's.
    fn divides(&self) -> bool {
        self.technical || !self.tills.is_empty()
    }
}

/// Decides. `event` is what the payment system stands by, `id` names it.
pub(crate) fn decide(id: EventId, event: &Event, standing: &Standing, rules: &Rules) -> Plan {
    match rules.elsewhere(standing) {
        None => at_register(id, event, standing, rules),
        Some(till) => {
            let elsewhere = Rules { till, ..rules.clone() };
            at_register(id, event, standing, &elsewhere)
        }
    }
}

fn at_register(id: EventId, event: &Event, standing: &Standing, rules: &Rules) -> Plan {
    match &event.fact {
        Fact::Nothing { why }
        | Fact::Ask { why }
        | Fact::Strange {
            why,
            money_moved: false,
        } => Plan::Ignore(why.clone()),
        Fact::Strange { why, money_moved: true } => one(held(
            rules,
            format!("strange:{id}"),
            Kopecks::ZERO,
            HoldReason::StrangeEvent,
            why.clone(),
        )),
        // Whoever plans has found out which payment it divides.
        Fact::Settlement { .. } => Plan::Ignore("a settlement of an order that is not known".to_owned()),
        Fact::Refund {
            amount,
            lines,
            receiver,
        } => {
            let told = split::Refund {
                amount: *amount,
                lines: lines.as_ref(),
                receiver: receiver.as_ref(),
            };
            if let Some(plan) = split::refund(id, &told, standing, rules) {
                return plan;
            }
            let sold = sale(standing).map(|sale| sale.amount);
            let standing = refund::Standing {
                sold,
                refunded: refunded(standing),
            };
            let slot = format!("refund:{id}");
            match refund::plan_single(standing, *amount, rules.till.refund_policy) {
                RefundPlan::Nothing => Plan::Ignore("the refund is planned already".to_owned()),
                RefundPlan::Document { kind, amount } => one(NewDocument {
                    lines: lines.clone(),
                    ..after_sale(rules, slot, kind, amount)
                }),
                RefundPlan::Exceeds { amount } => one(exceeding(rules, slot, amount, standing)),
            }
        }
        Fact::Money {
            paid,
            refunded_total,
            basket,
            parts,
        } => {
            let told = split::Told {
                paid: *paid,
                refunded_total: *refunded_total,
                parts,
            };
            match split::money(id, event, &told, standing, rules) {
                Some(plan) => plan,
                None => {
                    let plan = money(id, event, standing, rules, *paid, *refunded_total, basket);
                    split::told_too_late(&told, plan, standing, rules)
                }
            }
        }
    }
}

fn money(
    id: EventId,
    event: &Event,
    standing: &Standing,
    rules: &Rules,
    paid: Kopecks,
    refunded_total: Kopecks,
    basket: &CarriedBasket,
) -> Plan {
    let mut documents = Vec::new();
    let mut exceeding_before = Vec::new();
    match sale(standing) {
        None if paid.is_zero() => return Plan::Ignore("nothing was paid".to_owned()),
        None => {
            documents.push(new_sale(event, standing, rules, paid, basket));
            exceeding_before = orphans_above(standing, paid);
        }
        Some(sale) if is_second_payment(sale, event) => {
            let slot = format!("second:{}", event.payment_id.as_deref().unwrap_or("?"));
            if standing.documents.iter().any(|document| document.slot == slot) {
                return Plan::Ignore("the second payment is held already".to_owned());
            }
            let why = format!(
                "{paid} was paid again for an order that has a receipt of {}",
                sale.amount
            );
            return one(held(rules, slot, paid, HoldReason::SecondPayment, why));
        }
        Some(sale) if sale.amount != paid && sale.held != Some(HoldReason::NotConfirmed) => {
            let why = format!("{paid} is said to be paid, and the receipt is for {}", sale.amount);
            return one(held(
                rules,
                format!("strange:{id}"),
                paid,
                HoldReason::StrangeEvent,
                why,
            ));
        }
        Some(_) => {}
    }
    let standing_of_refunds = refund::Standing {
        sold: Some(paid),
        refunded: refunded(standing),
    };
    let slot = format!("refund:{}", refunded_total.minor());
    match refund::plan_running_total(standing_of_refunds, refunded_total, rules.till.refund_policy) {
        RefundPlan::Nothing => {}
        _ if standing.documents.iter().any(|document| document.slot == slot) => {}
        RefundPlan::Document { kind, amount } => documents.push(after_sale(rules, slot, kind, amount)),
        RefundPlan::Exceeds { amount } => documents.push(exceeding(rules, slot, amount, standing_of_refunds)),
    }
    if documents.is_empty() {
        return Plan::Ignore("everything it tells is planned already".to_owned());
    }
    Plan::Documents {
        documents,
        exceeding: exceeding_before,
        split: None,
    }
}

fn new_sale(event: &Event, standing: &Standing, rules: &Rules, paid: Kopecks, carried: &CarriedBasket) -> NewDocument {
    if let Some(why) = &rules.unconfirmed {
        return held(rules, SALE.to_owned(), paid, HoldReason::NotConfirmed, why.clone());
    }
    let order = compose::OrderSide {
        basket: standing.basket.as_ref(),
        description: standing.description.as_deref(),
        carried,
        order_id: event.order.as_str(),
    };
    match compose::sale(&order, paid, rules.on_mismatch, &rules.till.vat, event.means.clone()) {
        Ok(receipt) => NewDocument {
            register: rules.till.register.clone(),
            kind: Kind::Sale,
            slot: SALE.to_owned(),
            amount: paid,
            start: Start::Ready(Box::new(receipt)),
            lines: None,
        },
        Err(stop) => held(rules, SALE.to_owned(), paid, stop.reason, stop.text),
    }
}

/// The sale of the order, whatever its state.
fn sale(standing: &Standing) -> Option<&Planned> {
    standing.documents.iter().find(|document| document.slot == SALE)
}

fn is_second_payment(sale: &Planned, event: &Event) -> bool {
    match (&sale.payment_id, &event.payment_id) {
        (Some(first), Some(second)) => first != second,
        (Some(_), None) | (None, Some(_)) | (None, None) => false,
    }
}

/// What refund documents give back; refunds held because they exceed their sale do not count.
fn refunded(standing: &Standing) -> Kopecks {
    let counted = standing.documents.iter().filter(|document| counts_as_refund(document));
    Kopecks::sum(counted.map(|document| document.amount)).unwrap_or(Kopecks::MAX)
}

fn counts_as_refund(document: &Planned) -> bool {
    document.kind.is_refund() && document.held != Some(HoldReason::RefundExceedsSale)
}

/// Refunds that came before the sale and, added up in order, exceed it.
fn orphans_above(standing: &Standing, paid: Kopecks) -> Vec<(domain::ids::DocumentId, String)> {
    let mut total = Kopecks::ZERO;
    let mut above = Vec::new();
    for orphan in standing
        .documents
        .iter()
        .filter(|document| counts_as_refund(document) && !document.has_parent)
    {
        match total.checked_add(orphan.amount).filter(|total| *total <= paid) {
            Some(fits) => total = fits,
            None => above.push((orphan.id, exceeds_text(orphan.amount, Some(paid), total))),
        }
    }
    above
}

fn one(document: NewDocument) -> Plan {
    Plan::Documents {
        documents: vec![document],
        exceeding: Vec::new(),
        split: None,
    }
}

fn after_sale(rules: &Rules, slot: String, kind: Kind, amount: Kopecks) -> NewDocument {
    NewDocument {
        register: rules.till.register.clone(),
        kind,
        slot,
        amount,
        start: Start::AfterSale,
        lines: None,
    }
}

fn exceeding(rules: &Rules, slot: String, amount: Kopecks, standing: refund::Standing) -> NewDocument {
    let text = exceeds_text(amount, standing.sold, standing.refunded);
    NewDocument {
        start: Start::Held(HoldReason::RefundExceedsSale, text),
        ..after_sale(rules, slot, Kind::Return, amount)
    }
}

fn exceeds_text(amount: Kopecks, sold: Option<Kopecks>, refunded: Kopecks) -> String {
    match sold {
        Some(sold) => format!("{amount} would be given back; {sold} was sold and {refunded} given back before"),
        None => format!("{amount} would be given back, more than any sale"),
    }
}

fn held(rules: &Rules, slot: String, amount: Kopecks, reason: HoldReason, text: String) -> NewDocument {
    NewDocument {
        register: rules.till.register.clone(),
        kind: Kind::Sale,
        slot,
        amount,
        start: Start::Held(reason, text),
        lines: None,
    }
}

#[cfg(test)]
mod tests;
