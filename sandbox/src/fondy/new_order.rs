//! What a shop asks for when it creates an order.

use std::fmt;

use serde::Deserialize;

use super::order::Money;
use super::{CallbackFormat, Receiver, TEST_MERCHANT};

/// Names one order. Two merchants may use the same `order_id`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrderRef {
    /// The merchant's number.
    pub merchant_id: u64,
    /// The merchant's own id of the order.
    pub order_id: String,
}

impl OrderRef {
    /// The order `order_id` of `merchant_id`, whether or not it exists.
    pub fn new(merchant_id: u64, order_id: impl Into<String>) -> Self {
        Self {
            merchant_id,
            order_id: order_id.into(),
        }
    }
}

impl fmt::Display for OrderRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.merchant_id, self.order_id)
    }
}

/// Protocol of the request that created the order; its callbacks follow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Version {
    /// Flat fields.
    #[serde(rename = "1.0")]
    V1_0,
    /// Flat fields with `additional_info` and `fee_oplata`.
    #[default]
    #[serde(rename = "1.0.1")]
    V1_0_1,
    /// `{"version":"2.0","data":…,"signature":…}`.
    #[serde(rename = "2.0")]
    V2_0,
}

/// The card the buyer pays with. The numbers of the default are the test card's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Card {
    /// `masked_card`.
    pub masked: String,
    /// `card_bin`, a number on the wire.
    pub bin: u64,
    /// `card_type`.
    pub brand: String,
    /// `rrn`; not unique.
    pub rrn: String,
    /// `approval_code`; not unique, leading zeros matter.
    pub approval_code: String,
}

impl Default for Card {
    fn default() -> Self {
        Self {
            masked: "444455XXXXXX1111".to_owned(),
            bin: 444_455,
            brand: "VISA".to_owned(),
            rrn: "111111111111".to_owned(),
            approval_code: "123456".to_owned(),
        }
    }
}

/// An order to be created. `..NewOrder::default()` fills the rest: test merchant, UAH, protocol 1.0.1, delayed.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewOrder {
    /// Who sells.
    pub merchant_id: u64,
    /// The shop's id, at most 1024 characters.
    pub order_id: String,
    /// Minor units of `currency`.
    pub amount: u64,
    /// ISO letters.
    pub currency: String,
    /// Never shown again by callbacks or status.
    pub order_desc: String,
    /// `server_callback_url`; without one nothing is delivered, yet callbacks are made and can be taken.
    pub callback_url: Option<String>,
    /// Protocol of the callbacks.
    pub version: Version,
    /// Base64 of the basket.
    pub reservation_data: Option<String>,
    /// Paying only holds the money until it is captured.
    pub preauth: bool,
    /// A failed attempt leaves the order open.
    pub delayed: bool,
    /// A card check: paid and reversed by the gateway itself.
    pub verification: bool,
    /// Buyer's e-mail, echoed.
    pub sender_email: String,
    /// Buyer's phone, echoed.
    pub sender_cell_phone: String,
    /// Echoed verbatim.
    pub merchant_data: String,
    /// Echoed verbatim.
    pub product_id: String,
    /// How callbacks are written; `None` means the merchant's setting.
    pub callback_format: Option<CallbackFormat>,
    /// What is really charged when the gateway converts the currency.
    pub actual: Option<Money>,
    /// Fixed `payment_id`; `None` takes the next one.
    pub payment_id: Option<u64>,
    /// The card that will pay.
    pub card: Card,
    /// Receivers of a split declared at purchase (protocol 2.0).
    pub receivers: Vec<Receiver>,
}

impl Default for NewOrder {
    fn default() -> Self {
        Self {
            merchant_id: TEST_MERCHANT,
            order_id: String::new(),
            amount: 0,
            currency: "UAH".to_owned(),
            order_desc: String::new(),
            callback_url: None,
            version: Version::default(),
            reservation_data: None,
            preauth: false,
            delayed: true,
            verification: false,
            sender_email: String::new(),
            sender_cell_phone: String::new(),
            merchant_data: String::new(),
            product_id: String::new(),
            callback_format: None,
            actual: None,
            payment_id: None,
            card: Card::default(),
            receivers: Vec::new(),
        }
    }
}

impl NewOrder {
    /// The handle the order will have.
    pub fn order_ref(&self) -> OrderRef {
        OrderRef::new(self.merchant_id, self.order_id.clone())
    }
}
