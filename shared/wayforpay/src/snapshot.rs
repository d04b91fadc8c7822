//! What a believed message says about an order, with types.

use wire::{CallbackError, Fields, Goods, Personal};

use crate::products;
use crate::status::Status;

/// One order as WayForPay saw it when it wrote the message. Snapshots repeat and may arrive out of
/// order. The payer's name, phone and card token are never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The shop's order id.
    pub order_reference: String,
    /// The state of the payment.
    pub status: Status,
    /// In minor units of `currency` (major on the wire). Whose it is in a refund's callback is not
    /// documented.
    pub amount: Option<u64>,
    /// Its currency, such as `UAH`.
    pub currency: Option<String>,
    /// Given back in all. Only the status answer has it; it is not signed.
    pub refund_amount: Option<u64>,
    /// The bank's approval code.
    pub auth_code: Option<String>,
    /// The card with its middle hidden.
    pub masked_card: Option<String>,
    /// `Visa`, `MasterCard`, …
    pub card_type: Option<String>,
    /// `card`, `googlePay`, …
    pub payment_system: Option<String>,
    /// Why, as a number.
    pub reason_code: Option<String>,
    /// When it was last worked on, as written. Not signed.
    pub processing_date: Option<String>,
    /// The payer's e-mail. Not signed.
    pub email: Option<Personal>,
    /// What was bought; of the status answer only.
    pub goods: Goods,
}

impl Snapshot {
    pub(crate) fn without_goods(self) -> Self {
        Self {
            goods: Goods::Absent,
            // Nor is a refund's amount believed that no signature covers.
            refund_amount: None,
            ..self
        }
    }
}

/// Reads fields that are believed.
pub(crate) fn read(fields: &Fields<'_>) -> Result<Snapshot, CallbackError> {
    Ok(Snapshot {
        order_reference: fields
            .order_id("orderReference")?
            .ok_or(CallbackError::MissingField("orderReference"))?,
        status: Status::from_wire(fields.required("transactionStatus")?),
        amount: fields.money("amount")?,
        currency: fields.owned("currency")?,
        refund_amount: fields.money("refundAmount")?,
        auth_code: fields.owned("authCode")?,
        masked_card: fields.card("cardPan")?,
        card_type: fields.owned("cardType")?,
        payment_system: fields.owned("paymentSystem")?,
        reason_code: fields.owned("reasonCode")?,
        processing_date: fields.owned("processingDate")?,
        email: fields.optional("email")?.map(Personal::new),
        goods: products::read(fields),
    })
}
