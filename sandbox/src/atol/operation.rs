//! What can be registered.

use serde::Serialize;

use super::config::Version;

/// The last segment of a registration's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Income.
    Sell,
    /// Refund of income.
    SellRefund,
    /// Outgo.
    Buy,
    /// Refund of an outgo.
    BuyRefund,
    /// Correction of income.
    SellCorrection,
    /// Correction of an outgo.
    BuyCorrection,
    /// Correction of a refund of income.
    SellRefundCorrection,
    /// Correction of a refund of an outgo.
    BuyRefundCorrection,
}

impl Operation {
    const ALL: [Self; 8] = [
        Self::Sell,
        Self::SellRefund,
        Self::Buy,
        Self::BuyRefund,
        Self::SellCorrection,
        Self::BuyCorrection,
        Self::SellRefundCorrection,
        Self::BuyRefundCorrection,
    ];

    /// As in the path.
    pub fn name(self) -> &'static str {
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

    pub(super) fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// Whether the body has a `correction` instead of a `receipt`.
    pub fn is_correction(self) -> bool {
        match self {
            Self::SellCorrection | Self::BuyCorrection => true,
            Self::SellRefundCorrection | Self::BuyRefundCorrection => true,
            Self::Sell | Self::SellRefund | Self::Buy | Self::BuyRefund => false,
        }
    }

    /// Whether 18 per cent, gone since 2019, is refused.
    pub(super) fn bans_old_vat(self) -> bool {
        match self {
            Self::Sell | Self::Buy => true,
            Self::SellRefund | Self::BuyRefund => false,
            Self::SellCorrection | Self::BuyCorrection => false,
            Self::SellRefundCorrection | Self::BuyRefundCorrection => false,
        }
    }

    /// Whether an edition has it; `all_in_v4` gives v4 what only its later papers have.
    pub(super) fn is_in(self, version: Version, all_in_v4: bool) -> bool {
        match version {
            Version::V5 => true,
            Version::V4 => all_in_v4 || !matches!(self, Self::SellRefundCorrection | Self::BuyRefundCorrection),
        }
    }
}
