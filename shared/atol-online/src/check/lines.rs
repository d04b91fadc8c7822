//! Lines and their VAT.

use super::Findings;
use crate::decimal::{Money, Quantity};
use crate::item::{Item, Measure};
use crate::operation::{Operation, Version};
use crate::vat::Vat;

/// A price's and a line's largest sum.
const LINE: Money = Money::from_kopecks(4_294_967_295);
const LEAST: Quantity = Quantity::from_thousandths(1);
const MOST: Quantity = Quantity::from_thousandths(99_999_999);

impl Findings {
    pub(super) fn items(&mut self, items: &[Item]) {
        self.count("items", items.len(), 1, 100);
        for (index, item) in items.iter().enumerate() {
            self.item(&format!("items[{}]", index + 1), item);
        }
    }

    fn item(&mut self, place: &str, item: &Item) {
        self.length(format!("{place}.name"), &item.name, 1, 128);
        self.need(item.price <= LINE, format!("{place}.price"), format!("up to {LINE}"));
        self.need(
            (LEAST..=MOST).contains(&item.quantity),
            format!("{place}.quantity"),
            format!("{LEAST} to {MOST}"),
        );
        self.need(item.sum <= LINE, format!("{place}.sum"), format!("up to {LINE}"));
        let cost = item.quantity.cost(item.price);
        self.need(
            cost.is_some_and(|cost| cost <= LINE),
            format!("{place}.quantity"),
            format!("price × quantity up to {LINE}"),
        );
        if self.version == Version::V5 {
            self.need(
                cost == Some(item.sum),
                format!("{place}.sum"),
                "in v5 price × quantity, rounded half up to kopecks",
            );
        }
        if let Measure::Other(name) = &item.unit {
            let holds = self.version == Version::V5 || name.chars().count() <= 16;
            self.need(holds, format!("{place}.unit"), "up to 16 characters");
        }
        let known = match self.version {
            Version::V4 => item.payment_object.v4().is_some(),
            Version::V5 => item.payment_object.v5().is_some(),
        };
        let allowed = format!("{} does not have this payment object", self.version);
        self.need(known, format!("{place}.payment_object"), allowed);
        self.vat(&format!("{place}.vat"), &item.vat);
    }

    pub(super) fn vat(&mut self, place: &str, vat: &Vat) {
        if let Some(sum) = vat.sum {
            self.amount(format!("{place}.sum"), sum);
        }
        let taken = match (self.version, self.operation) {
            (Version::V5, _) | (Version::V4, Operation::Sell | Operation::Buy) => !vat.kind.is_retired(),
            (
                Version::V4,
                Operation::SellRefund
                | Operation::BuyRefund
                | Operation::SellCorrection
                | Operation::BuyCorrection
                | Operation::SellRefundCorrection
                | Operation::BuyRefundCorrection,
            ) => true,
        };
        self.need(
            taken,
            format!("{place}.type"),
            "VAT of 18 % only in refunds and corrections of v4",
        );
    }
}
