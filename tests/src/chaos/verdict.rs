//! Do the tapes say what the books say? Pure.

use std::collections::{BTreeMap, BTreeSet};

use domain::hold::HoldReason;
use ledger::views::DocumentView;

use super::books::Account;
use super::tape::{self, Kind, Slip};

/// What must be nothing, each with its cases in words.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Accepted events without a document.
    pub lost: Vec<String>,
    /// Two documents for the same thing.
    pub doubled: Vec<String>,
    /// Documents nobody asked for.
    pub unasked: Vec<String>,
    /// Sales of which more went back than they were.
    pub above_sale: Vec<String>,
    /// Orders whose receipts do not add up to what was paid and given back.
    pub unbalanced: Vec<String>,
    /// Documents that are neither registered nor on hold, or on hold without a good reason, or not
    /// on hold although they must be.
    pub unexplained: Vec<String>,
    /// Kasyr's ledger and the tapes differ.
    pub misremembered: Vec<String>,
    /// Milliseconds from acknowledgement to receipt of each sale, sorted.
    pub waits_ms: Vec<i64>,
    /// Documents on hold, as expected.
    pub held: usize,
}

impl Verdict {
    /// Names and cases of everything that must be nothing.
    pub fn figures(&self) -> [(&'static str, &[String]); 7] {
        [
            ("accepted events with no document", &self.lost),
            ("doubled documents", &self.doubled),
            ("documents nobody asked for", &self.unasked),
            ("refunds above their sale", &self.above_sale),
            ("orders whose fiscal balance is wrong", &self.unbalanced),
            ("documents neither registered nor rightly on hold", &self.unexplained),
            ("differences between Kasyr's ledger and the tapes", &self.misremembered),
        ]
    }

    /// Is everything nothing?
    pub fn is_clean(&self) -> bool {
        self.figures().iter().all(|(_, cases)| cases.is_empty())
    }
}

/// The receipts of one order.
#[derive(Default)]
struct Receipts<'a> {
    sales: Vec<&'a Slip>,
    returned: u64,
    stornos: usize,
}

/// Judges. `documents` is Kasyr's ledger, which only explains what is not on the tapes.
pub fn judge(accounts: &[Account], tape: &[Slip], documents: &[DocumentView]) -> Verdict {
    let mut verdict = Verdict::default();
    let by_order = receipts(tape, &mut verdict);
    for account in accounts {
        let none = Receipts::default();
        verdict.settle(account, by_order.get(account.order.as_str()).unwrap_or(&none));
    }
    let known: BTreeSet<&str> = accounts.iter().map(|account| account.order.as_str()).collect();
    for (order, receipts) in &by_order {
        if !known.contains(order) {
            let count = receipts.sales.len();
            verdict
                .unasked
                .push(format!("{count} sales of the unknown order {order}"));
        }
    }
    verdict.explain(accounts, documents);
    verdict.compare(tape, documents);
    verdict.waits_ms.sort_unstable();
    verdict
}

/// Puts every receipt to its order.
fn receipts<'a>(tape: &'a [Slip], verdict: &mut Verdict) -> BTreeMap<&'a str, Receipts<'a>> {
    let mut by_order: BTreeMap<&str, Receipts<'_>> = BTreeMap::new();
    let order_of = tape::orders(tape);
    let mut tokens = BTreeSet::new();
    for slip in tape {
        let number = &slip.number;
        if !tokens.insert(slip.token.as_str()) {
            verdict.doubled.push(format!("{number} has the reference of another"));
        }
        let Some(order) = order_of.get(&(slip.register, number.as_str())) else {
            verdict.unasked.push(match &slip.kind {
                Kind::Sale => format!("sale {number} names the orders {:?}", slip.orders),
                Kind::Return(of) | Kind::Storno(of) => format!("refund {number} of {of:?}, which is no sale"),
            });
            continue;
        };
        let receipts = by_order.entry(order).or_default();
        match slip.kind {
            Kind::Sale => receipts.sales.push(slip),
            Kind::Storno(_) => receipts.stornos += 1,
            Kind::Return(_) => receipts.returned += slip.sum,
        }
    }
    by_order
}

impl Verdict {
    fn settle(&mut self, account: &Account, receipts: &Receipts<'_>) {
        let order = &account.order;
        let Some(sale) = receipts.sales.first() else {
            if !account.has_no_sale() {
                self.lost.push(format!("the payment of {order}"));
            }
            return;
        };
        if account.paid == 0 {
            self.unasked.push(format!("a sale of {order}, which was not paid"));
            return;
        }
        if receipts.sales.len() > 1 {
            let numbers: Vec<&str> = receipts.sales.iter().map(|sale| sale.number.as_str()).collect();
            self.doubled
                .push(format!("{order} was sold as {}", numbers.join(" and ")));
        }
        if sale.register != account.register {
            self.unasked
                .push(format!("{order} was sold at register {}", sale.register));
        }
        let stornos = u64::try_from(receipts.stornos).unwrap_or(u64::MAX);
        let back = receipts.returned.saturating_add(sale.sum.saturating_mul(stornos));
        if back > sale.sum {
            let sum = sale.sum;
            self.above_sale
                .push(format!("{back} of {sum} kopecks of {order} went back"));
        }
        if back > account.refunded {
            let asked = account.refunded;
            self.doubled
                .push(format!("{back} kopecks of {order} went back, {asked} were asked for"));
        }
        if back < account.refunded {
            let missing = account.refunded - back;
            self.lost.push(format!("refunds of {missing} kopecks of {order}"));
        }
        if sale.sum != account.paid || back != account.refunded {
            let Account { paid, refunded, .. } = account;
            let sum = sale.sum;
            self.unbalanced.push(format!(
                "{order}: paid {paid}, refunded {refunded}; tape: {sum}, {back}"
            ));
        }
        if account.acknowledged_ms > 0 {
            // A receipt may come before an answer that was lost on its way.
            self.waits_ms.push((sale.at_ms - account.acknowledged_ms).max(0));
        }
    }

    /// Every document that is not registered must wait for a person, for the reason we know.
    fn explain(&mut self, accounts: &[Account], documents: &[DocumentView]) {
        let mut expected: BTreeMap<&str, HoldReason> = accounts
            .iter()
            .filter_map(|account| Some((account.order.as_str(), account.hold?)))
            .collect();
        for document in documents.iter().filter(|document| document.state != "registered") {
            let (order, kind) = (&document.order, &document.kind);
            let Some((reason, text)) = &document.hold else {
                let state = &document.state;
                self.unexplained.push(format!("the {kind} of {order} is still {state}"));
                continue;
            };
            let as_expected = expected
                .get(order.as_str())
                .is_some_and(|expected| expected.code() == reason);
            if as_expected && !text.is_empty() {
                expected.remove(order.as_str());
                self.held += 1;
            } else {
                self.unexplained
                    .push(format!("the {kind} of {order} is on hold: {reason} ({text})"));
            }
        }
        for (order, reason) in expected {
            self.unexplained
                .push(format!("{order} should have a document on hold: {}", reason.code()));
        }
    }

    /// What Kasyr tells a shop must be on the tape, and the other way round.
    fn compare(&mut self, tape: &[Slip], documents: &[DocumentView]) {
        let ours: BTreeSet<(&str, &str)> = documents
            .iter()
            .filter(|document| document.state == "registered")
            .filter(|document| matches!(document.kind.as_str(), "sale" | "storno" | "return"))
            .map(|document| {
                (
                    document.register.as_str(),
                    document.fiscal_number.as_deref().unwrap_or_default(),
                )
            })
            .collect();
        let theirs: BTreeSet<(&str, &str)> = tape
            .iter()
            .map(|slip| (slip.till.as_str(), slip.number.as_str()))
            .collect();
        let told = ours
            .difference(&theirs)
            .map(|(till, number)| format!("{number} is not on the tape of {till}"));
        let untold = theirs
            .difference(&ours)
            .map(|(till, number)| format!("Kasyr does not know {number} of {till}"));
        self.misremembered.extend(told.chain(untold));
    }
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
