//! `CHECKTOTAL` (sheet §6.2).

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decimal::{Money, Percent};

/// The sums of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckTotal {
    /// `SUM`: to pay, after discounts and after cash rounding. With a part payment the full price.
    #[serde(rename = "SUM")]
    pub sum: Money,
    /// `RNDSUM` = `NORNDSUM` − `SUM`.
    #[serde(rename = "RNDSUM", default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Money>,
    /// `NORNDSUM`: before rounding.
    #[serde(rename = "NORNDSUM", default, skip_serializing_if = "Option::is_none")]
    pub sum_before_rounding: Option<Money>,
    /// `NOTAXSUM`: without taxes.
    #[serde(rename = "NOTAXSUM", default, skip_serializing_if = "Option::is_none")]
    pub sum_without_tax: Option<Money>,
    /// `COMMISSION`
    #[serde(rename = "COMMISSION", default, skip_serializing_if = "Option::is_none")]
    pub commission: Option<Money>,
    /// `USAGETYPE`: what the discount applies to: 0 pre-sale, 1 subtotal, 2 special.
    #[serde(rename = "USAGETYPE", default, skip_serializing_if = "Option::is_none")]
    pub usage_type: Option<u8>,
    /// `SUBCHECK`: the base of the discount.
    #[serde(rename = "SUBCHECK", default, skip_serializing_if = "Option::is_none")]
    pub sub_check: Option<Money>,
    /// `DISCOUNTTYPE`
    #[serde(rename = "DISCOUNTTYPE", default, skip_serializing_if = "Option::is_none")]
    pub discount_type: Option<DiscountType>,
    /// `DISCOUNTPERCENT`
    #[serde(rename = "DISCOUNTPERCENT", default, skip_serializing_if = "Option::is_none")]
    pub discount_percent: Option<Percent>,
    /// `DISCOUNTSUM`: the whole discount; it repeats the lines' discounts, it does not add to them.
    #[serde(rename = "DISCOUNTSUM", default, skip_serializing_if = "Option::is_none")]
    pub discount_sum: Option<Money>,
    /// `PARTPAYTYPE`
    #[serde(rename = "PARTPAYTYPE", default, skip_serializing_if = "Option::is_none")]
    pub part_pay_type: Option<PartPayType>,
    /// `PARTPAYPERCENT`
    #[serde(rename = "PARTPAYPERCENT", default, skip_serializing_if = "Option::is_none")]
    pub part_pay_percent: Option<Percent>,
    /// `PARTPAYSUM`: paid now; the payments add up to this.
    #[serde(rename = "PARTPAYSUM", default, skip_serializing_if = "Option::is_none")]
    pub part_pay_sum: Option<Money>,
    /// `PARTPAYORDPREPAYNUM`: the fiscal number of the earlier prepayment check.
    #[serde(rename = "PARTPAYORDPREPAYNUM", default, skip_serializing_if = "Option::is_none")]
    pub part_pay_prepayment: Option<String>,
}

impl CheckTotal {
    /// A plain total.
    pub fn new(sum: Money) -> Self {
        Self { sum, ..Self::default() }
    }
}

/// How a discount is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscountType {
    /// 0: as a sum.
    Sum,
    /// 1: as a percentage.
    Percent,
}

/// Which of several payments this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartPayType {
    /// 1: the first.
    Prepay,
    /// 2: the last.
    FinalPayment,
    /// 3: one in between.
    NextPayment,
}

// Sent as numbers: of these two enums only the numbers are certain (sheet §6.2, §6.7).
macro_rules! serde_by_number {
    ($type:ident { $($variant:ident = $number:literal),+ }) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u8(match self { $(Self::$variant => $number),+ })
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match u8::deserialize(deserializer)? {
                    $($number => Ok(Self::$variant),)+
                    _ => Err(serde::de::Error::custom(concat!("not a ", stringify!($type)))),
                }
            }
        }
    };
}
serde_by_number!(DiscountType { Sum = 0, Percent = 1 });
serde_by_number!(PartPayType { Prepay = 1, FinalPayment = 2, NextPayment = 3 });
