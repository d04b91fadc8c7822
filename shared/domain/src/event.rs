//! What a payment system or a shop told us, as typed values.

use crate::basket::Basket;
use crate::ids::{ExternalOrderId, Receiver};
use crate::money::Kopecks;

/// One thing that happened to an order's money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Which order.
    pub order: ExternalOrderId,
    /// The payment system's id of the payment, when it has one.
    pub payment_id: Option<String>,
    /// What happened.
    pub fact: Fact,
    /// How the buyer paid, for the receipt.
    pub means: PaymentMeans,
    /// The payer's address as the payment system has it: where the receipt goes when the shop told none.
    pub payer_email: Option<Email>,
}

/// An e-mail address. Personal data: `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Takes any text; who writes to it checks it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The address itself. Not for logs.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}

/// What happened to an order's money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A snapshot of the order: so much was paid and so much of it was given back until now
    /// (a running total). The same snapshot twice is the same news.
    Money {
        /// Paid in all.
        paid: Kopecks,
        /// Given back in all; zero for a plain sale.
        refunded_total: Kopecks,
        /// The basket the payment system carried, when the order itself has none.
        basket: CarriedBasket,
        /// Who got which part, when the payment system told of a split; empty for a plain payment.
        parts: Vec<Part>,
    },
    /// One refund, told as such (not a running total).
    Refund {
        /// Given back by this refund.
        amount: Kopecks,
        /// What came back, when the shop says so.
        lines: Option<Basket>,
        /// Whose part of a split came back, when the shop says so.
        receiver: Option<Receiver>,
    },
    /// A payment was divided between receivers by an operation of its own, after it was paid. The
    /// event's order is that operation's; which order was paid may have to be found out.
    Settlement {
        /// The paid order, when the message names it.
        of: Option<ExternalOrderId>,
        /// Who got which part; empty when the message does not say.
        parts: Vec<Part>,
    },
    /// The payment system must be asked what happened (e.g. "reversed" without an amount).
    Ask {
        /// Why, for people.
        why: String,
    },
    /// Nothing that needs a document (declined, expired, still being paid).
    Nothing {
        /// Why, for people.
        why: String,
    },
    /// Something no rule covers: a person must look.
    Strange {
        /// What is strange, for people.
        why: String,
        /// True when money moved, so that a receipt may be due.
        money_moved: bool,
    },
}

impl Fact {
    /// A stable word for logs, metrics and the database.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Money { refunded_total, .. } if refunded_total.is_zero() => "paid",
            Self::Money { .. } | Self::Refund { .. } => "refunded",
            Self::Settlement { .. } => "split",
            Self::Ask { .. } => "ask",
            Self::Nothing { .. } => "nothing",
            Self::Strange { .. } => "strange",
        }
    }
}

/// A receiver's part of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Who got it.
    pub receiver: Receiver,
    /// How much.
    pub amount: Kopecks,
    /// Given back of it in all; `None` when nobody said.
    pub refunded: Option<Kopecks>,
    /// What the receiver sold.
    pub basket: CarriedBasket,
}

/// The basket that came inside a payment event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CarriedBasket {
    /// None came; the order's basket or description is used.
    Absent,
    /// A usable one.
    Lines(Basket),
    /// One came and could not be used; the text says why.
    Broken(String),
}

/// How the buyer paid. Only masked card data, ever.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentMeans {
    /// The payment system and card brand, e.g. `Fondy VISA`.
    pub system: Option<String>,
    /// Masked card, e.g. `444455XXXXXX1111`.
    pub masked_card: Option<String>,
    /// Authorisation code.
    pub auth_code: Option<String>,
    /// The bank's reference (RRN) or the gateway's transaction id.
    pub transaction_id: Option<String>,
}
