//! The gateway's own cash register: which receipts it makes for which payments.

mod document;

use std::collections::HashMap;
use std::time::Duration;

use super::basket::{self, Line};
use super::order::{Hold, Order};
use super::simulator::{Simulator, State};
use super::snapshot::formatted;
use super::transaction::{Kind, Transaction};
use super::{OrderRef, Receiver};
use crate::clock::millis;
use document::Facts;

/// How the gateway's cash register fares with the receipts to come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KktMode {
    /// Registers at once.
    #[default]
    Registers,
    /// Makes no entry at all.
    Missing,
    /// The tax service refuses with this `ERRORCODE`; no fiscal number.
    Refuses(String),
    /// The entry appears this much later.
    Later(Duration),
    /// Registers for so many kopecks less than the money.
    Short(u64),
}

struct Entry {
    transaction_id: u64,
    visible_ms: u64,
    json: String,
}

#[derive(Default)]
pub(super) struct FiscalLog {
    pub(super) mode: KktMode,
    entries: HashMap<OrderRef, Vec<Entry>>,
    last_number: u64,
    /// Movements without a registered receipt: the order's place and the transaction.
    owed: Vec<(usize, u64)>,
}

impl FiscalLog {
    pub(super) fn knows(&self, order: &OrderRef) -> bool {
        self.entries.contains_key(order)
    }

    /// Entries keyed by transaction id, `response_status` among them.
    pub(super) fn json(&self, order: &OrderRef, now_ms: u64) -> serde_json::Result<String> {
        let mut members = Vec::new();
        for entry in self
            .entries
            .get(order)
            .into_iter()
            .flatten()
            .filter(|entry| entry.visible_ms <= now_ms)
        {
            members.push(format!("\"{}\":{}", entry.transaction_id, entry.json));
        }
        members.push(format!("\"response_status\":{}", serde_json::to_string("success")?));
        Ok(format!("{{{}}}", members.join(",")))
    }
}

/// What one receipt is made of.
struct Draft<'a> {
    /// Under which orders it is listed.
    listed: Vec<OrderRef>,
    transaction: &'a Transaction,
    transaction_id: u64,
    lines: Vec<Line>,
    /// Kopecks.
    sum: u64,
}

impl<'a> Draft<'a> {
    /// Of a movement that is no split.
    fn of(order: &Order, transaction: &'a Transaction) -> Self {
        Self {
            listed: vec![order.key.clone()],
            transaction,
            transaction_id: transaction.id,
            lines: lines_of(order, transaction),
            sum: transaction.amount,
        }
    }
}

impl KktMode {
    /// True when no receipt comes out of it by itself.
    fn fails(&self) -> bool {
        matches!(self, Self::Missing | Self::Refuses(_))
    }
}

impl Simulator {
    /// Makes the receipts that were missing or refused so far; returns how many.
    pub fn make_owed_receipts(&self) -> usize {
        self.change(State::make_owed)
    }
}

impl State {
    /// Makes the receipts of the latest movement of an order, where the gateway would.
    pub(super) fn fiscalise(&mut self, index: usize) {
        let order = &self.orders[index];
        let registers = self
            .merchants
            .get(&order.key.merchant_id)
            .is_some_and(|merchant| merchant.own_prro);
        if !registers && order.terms.receivers.is_empty() {
            return;
        }
        let order = order.clone();
        let Some(last) = order.transactions.last() else { return };
        if order.terms.verification || order.hold == Hold::Held {
            return;
        }
        let split = !order.terms.receivers.is_empty();
        if !split && self.fiscal.mode.fails() {
            self.fiscal.owed.push((index, last.id));
        }
        if split && last.kind == Kind::Purchase {
            for (position, receiver) in order.terms.receivers.iter().enumerate() {
                if let Some(draft) = self.split_draft(&order, last, receiver, position) {
                    self.register(&order, &draft);
                }
            }
        } else if !split {
            self.register(&order, &Draft::of(&order, last));
        }
    }

    /// Makes the receipts that were missing or refused, as the gateway's support does when asked: further attempts of the
    /// same transactions.
    fn make_owed(&mut self) -> usize {
        let owed = std::mem::take(&mut self.fiscal.owed);
        let mode = std::mem::take(&mut self.fiscal.mode);
        for (index, id) in &owed {
            let order = self.orders[*index].clone();
            if let Some(transaction) = order.transactions.iter().find(|transaction| transaction.id == *id) {
                self.register(&order, &Draft::of(&order, transaction));
            }
        }
        self.fiscal.mode = mode;
        owed.len()
    }

    /// One receipt per receiver that has a register and sent a basket; listed under both merchants.
    fn split_draft<'a>(
        &self,
        order: &Order,
        last: &'a Transaction,
        receiver: &Receiver,
        position: usize,
    ) -> Option<Draft<'a>> {
        let merchant = receiver
            .merchant_id
            .filter(|id| self.merchants.get(id).is_some_and(|merchant| merchant.own_prro))?;
        let lines = basket::decode(receiver.reservation_data.as_deref()?)?;
        let ids = std::iter::once(&order.key.order_id).chain(&order.settles);
        let listed = ids
            .flat_map(|id| {
                [
                    OrderRef::new(order.key.merchant_id, id.clone()),
                    OrderRef::new(merchant, id.clone()),
                ]
            })
            .collect();
        let transaction_id = super::split::part_id(last.id, position);
        Some(Draft {
            listed,
            transaction: last,
            transaction_id,
            sum: lines.iter().map(|line| line.total).sum(),
            lines,
        })
    }

    fn register(&mut self, order: &Order, draft: &Draft<'_>) {
        let mut sum = draft.sum;
        let (error_code, visible_ms) = match &self.fiscal.mode {
            KktMode::Missing => return,
            KktMode::Registers => ("0".to_owned(), 0),
            KktMode::Short(by) => {
                sum = sum.saturating_sub(*by);
                ("0".to_owned(), 0)
            }
            KktMode::Refuses(code) => (code.clone(), 0),
            KktMode::Later(by) => ("0".to_owned(), self.now_ms().saturating_add(millis(*by))),
        };
        self.fiscal.last_number += 1;
        let facts = Facts {
            number: self.fiscal.last_number,
            uid: uuid::Uuid::new_v4().hyphenated().to_string(),
            date: formatted(draft.transaction.at_ms, &self.zone, "%d%m%Y"),
            time: formatted(draft.transaction.at_ms, &self.zone, "%H%M%S"),
            kind: draft.transaction.kind,
            error_code,
            description: order.terms.order_desc.clone(),
            card: order.terms.card.clone(),
        };
        // Plain strings and integers always serialise.
        let Ok(json) = serde_json::to_string(&document::entry(&facts, &draft.lines, sum)) else {
            return;
        };
        for key in &draft.listed {
            let entry = Entry {
                transaction_id: draft.transaction_id,
                visible_ms,
                json: json.clone(),
            };
            self.fiscal.entries.entry(key.clone()).or_default().push(entry);
        }
    }
}

/// The basket when the whole order moved, else one line with the order's description.
fn lines_of(order: &Order, transaction: &Transaction) -> Vec<Line> {
    let whole = transaction.amount == order.paid();
    let basket = order
        .terms
        .reservation_data
        .as_deref()
        .filter(|_| whole)
        .and_then(basket::decode);
    basket.unwrap_or_else(|| {
        let amount = transaction.amount;
        vec![Line {
            name: order.terms.order_desc.clone(),
            price: amount,
            total: amount,
            quantity: "1".to_owned(),
        }]
    })
}
