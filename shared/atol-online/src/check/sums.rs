//! Payments and the total.

use super::Findings;
use crate::decimal::Money;
use crate::document::{Payment, PaymentType, Receipt};
use crate::operation::Version;

/// Eight digits before the point.
const AMOUNT: Money = Money::from_kopecks(9_999_999_999);
/// v4's total may be rounded by so much.
const ROUNDING: Money = Money::from_kopecks(99);

impl Findings {
    pub(super) fn amount(&mut self, place: impl Into<String>, sum: Money) {
        self.need(sum <= AMOUNT, place, format!("up to {AMOUNT}"));
    }

    pub(super) fn payments(&mut self, payments: &[Payment]) {
        self.count("payments", payments.len(), 1, 10);
        for (index, payment) in payments.iter().enumerate() {
            let place = format!("payments[{}]", index + 1);
            self.amount(format!("{place}.sum"), payment.sum);
            let known = match payment.kind {
                PaymentType::Extended(code) => (5..=9).contains(&code),
                PaymentType::Cash
                | PaymentType::Cashless
                | PaymentType::Prepayment
                | PaymentType::Credit
                | PaymentType::Exchange => true,
            };
            self.need(known, format!("{place}.type"), "extended types are 5 to 9");
        }
    }

    pub(super) fn total(&mut self, receipt: &Receipt) {
        self.amount("total", receipt.total);
        let total = u128::from(receipt.total.kopecks());
        let lines = sum(receipt.items.iter().map(|item| item.sum));
        let (most, allowed) = match self.version {
            Version::V4 => (ROUNDING, "the sum of the lines, give or take 99 kopecks"),
            Version::V5 => (Money::default(), "in v5 the sum of the lines"),
        };
        self.need(total.abs_diff(lines) <= u128::from(most.kopecks()), "total", allowed);
        let paid = sum(receipt.payments.iter().map(|payment| payment.sum));
        self.need(paid >= total, "payments", "together at least the total");
        let cashless = receipt
            .payments
            .iter()
            .filter(|payment| payment.kind == PaymentType::Cashless);
        self.need(
            sum(cashless.map(|payment| payment.sum)) <= total,
            "payments",
            "cashless money up to the total",
        );
    }
}

/// Wide enough for any number of amounts.
fn sum(amounts: impl Iterator<Item = Money>) -> u128 {
    amounts.map(|amount| u128::from(amount.kopecks())).sum()
}
