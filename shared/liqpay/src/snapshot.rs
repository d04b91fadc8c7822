//! What a believed message says about an order, with types.

use wire::{CallbackError, Fields, Goods};

use crate::goods;
use crate::status::{Action, Status};

/// The longest order id LiqPay documents, in characters.
const ORDER_ID_CHARS: usize = 255;

/// One order as LiqPay saw it when it wrote the message. Snapshots repeat and may arrive out of
/// order. The payer's name, phone and card token are never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The shop's order id.
    pub order_id: String,
    /// LiqPay's id of the payment.
    pub payment_id: Option<String>,
    /// What was asked of LiqPay.
    pub action: Option<Action>,
    /// The state of the payment.
    pub status: Status,
    /// The payment's amount in minor units of `currency` (major on the wire).
    pub amount: Option<u64>,
    /// Its currency, such as `UAH`.
    pub currency: Option<String>,
    /// What left the payer's account, in minor units of `currency_debit`, fees included.
    pub amount_debit: Option<u64>,
    /// The currency of `amount_debit`.
    pub currency_debit: Option<String>,
    /// Given back, in minor units of `currency`. Read as a running total. The status answer may
    /// not have it at all, which is not the same as zero.
    pub refund_amount: Option<u64>,
    /// When the last refund was made, as written.
    pub refund_date_last: Option<String>,
    /// When held money was charged, as written.
    pub completion_date: Option<String>,
    /// The card with its middle hidden.
    pub masked_card: Option<String>,
    /// `visa`, `mc`, …
    pub card_type: Option<String>,
    /// The bank's approval code of the charge.
    pub auth_code: Option<String>,
    /// The bank's reference number of the charge.
    pub rrn: Option<String>,
    /// Why it failed, in LiqPay's code.
    pub err_code: Option<String>,
    /// What was bought, when the shop told LiqPay and LiqPay tells it back.
    pub goods: Goods,
}

impl Snapshot {
    /// True for a payment in test mode: no money moved, so production must refuse it.
    pub fn is_test(&self) -> bool {
        self.status == Status::Sandbox
    }
}

/// Reads fields that are believed.
pub(crate) fn read(fields: &Fields<'_>) -> Result<Snapshot, CallbackError> {
    let order_id = fields
        .order_id("order_id")?
        .ok_or(CallbackError::MissingField("order_id"))?;
    if order_id.chars().count() > ORDER_ID_CHARS {
        return Err(CallbackError::BadField("order_id"));
    }
    Ok(Snapshot {
        order_id,
        payment_id: fields.owned("payment_id")?,
        action: fields.optional("action")?.map(Action::from_wire),
        status: Status::from_wire(fields.required("status")?),
        amount: fields.money("amount")?,
        currency: fields.owned("currency")?,
        amount_debit: fields.money("amount_debit")?,
        currency_debit: fields.owned("currency_debit")?,
        refund_amount: fields.money("refund_amount")?,
        refund_date_last: fields.owned("refund_date_last")?,
        completion_date: fields.owned("completion_date")?,
        masked_card: fields.card("sender_card_mask2")?,
        card_type: fields.owned("sender_card_type")?,
        auth_code: fields.owned("authcode_debit")?,
        rrn: fields.owned("rrn_debit")?,
        err_code: fields.owned("err_code")?,
        goods: goods::read(fields),
    })
}
