//! The protocol's version and its operations.

use std::fmt;

/// Which protocol a group of registers speaks. A group speaks one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// FFD 1.05.
    V4,
    /// FFD 1.2.
    V5,
}

impl Version {
    /// `v4` or `v5`, as in the service's addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V4 => "v4",
            Self::V5 => "v5",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is registered: the last part of a registration's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A sale.
    Sell,
    /// A refund of a sale.
    SellRefund,
    /// A purchase from a person.
    Buy,
    /// A refund of a purchase.
    BuyRefund,
    /// A correction of a sale.
    SellCorrection,
    /// A correction of a purchase.
    BuyCorrection,
    /// A correction of a sale's refund. v5; on v4 only where the service is new enough.
    SellRefundCorrection,
    /// A correction of a purchase's refund. v5; on v4 only where the service is new enough.
    BuyRefundCorrection,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Sell,
        Self::SellRefund,
        Self::Buy,
        Self::BuyRefund,
        Self::SellCorrection,
        Self::BuyCorrection,
        Self::SellRefundCorrection,
        Self::BuyRefundCorrection,
    ];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sell => "sell",
            Self::SellRefund => "sell_refund",
            Self::Buy => "buy",
            Self::BuyRefund => "buy_refund",
            Self::SellCorrection => "sell_correction",
            Self::BuyCorrection => "buy_correction",
            Self::SellRefundCorrection => "sell_refund_correction",
            Self::BuyRefundCorrection => "buy_refund_correction",
        }
    }

    /// Reads the word on the wire.
    pub fn from_wire(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.as_str() == text)
    }

    /// Its document carries `correction` instead of `receipt`.
    pub const fn is_correction(self) -> bool {
        match self {
            Self::SellCorrection | Self::BuyCorrection | Self::SellRefundCorrection | Self::BuyRefundCorrection => true,
            Self::Sell | Self::SellRefund | Self::Buy | Self::BuyRefund => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_its_word() {
        for operation in Operation::ALL {
            assert_eq!(Operation::from_wire(operation.as_str()), Some(operation));
            assert_eq!(operation.is_correction(), operation.as_str().ends_with("_correction"));
        }
        assert_eq!(Operation::from_wire("sale"), None);
    }
}
