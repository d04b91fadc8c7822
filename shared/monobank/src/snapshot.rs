//! What a believed message says about an invoice, with types.

use wire::{CallbackError, Fields, Value, decimal};

use crate::status::{CancelStatus, Status};

/// The bank's own ids are short; so long a text is not one of them.
const INVOICE_ID_CHARS: usize = 128;

/// One invoice as the bank saw it when it wrote the message. Snapshots repeat and come out of
/// order. Tokens of cards are never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The bank's id of the invoice.
    pub invoice_id: String,
    /// The shop's order id, when the shop gave one.
    pub reference: Option<String>,
    /// The state of the invoice.
    pub status: Status,
    /// What the invoice asks for, in minor units.
    pub amount: u64,
    /// What was charged, in minor units; perhaps less the refunds.
    pub final_amount: Option<u64>,
    /// The currency's number: 980 is the hryvnia.
    pub currency: Option<u64>,
    /// All refunds that were made, in minor units.
    pub refunded: u64,
    /// A refund was asked for and is not made yet.
    pub refund_waits: bool,
    /// When the bank last changed it, as written: the newest message tells the truth.
    pub modified_date: Option<String>,
    /// The card with its middle hidden.
    pub masked_card: Option<String>,
    /// `visa`, `mastercard`, …
    pub payment_system: Option<String>,
    /// The bank's approval code.
    pub approval_code: Option<String>,
    /// The bank's reference number.
    pub rrn: Option<String>,
    /// Why it failed.
    pub err_code: Option<String>,
    /// True for a webhook: nothing in it names the merchant, so the status API has to be asked
    /// before money is believed to have moved. False for what that API answered.
    pub needs_confirmation: bool,
}

impl Snapshot {
    /// The order it is about: the shop's id, or the invoice's own where the shop gave none.
    pub fn order_id(&self) -> &str {
        self.reference.as_deref().unwrap_or(&self.invoice_id)
    }
}

/// Reads fields that are believed.
pub(crate) fn read(fields: &Fields<'_>, needs_confirmation: bool) -> Result<Snapshot, CallbackError> {
    let invoice_id = fields
        .order_id("invoiceId")?
        .ok_or(CallbackError::MissingField("invoiceId"))?;
    if invoice_id.chars().count() > INVOICE_ID_CHARS {
        return Err(CallbackError::BadField("invoiceId"));
    }
    let (refunded, refund_waits) = refunds(fields)?;
    let payment = match fields.get("paymentInfo") {
        None | Some(Value::Null) => None,
        Some(value) => {
            let raw = value.nested().ok_or(CallbackError::BadField("paymentInfo"))?;
            Some(wire::read_object(raw).map_err(|_| CallbackError::BadField("paymentInfo"))?)
        }
    };
    let paid_by = |name: &'static str| match &payment {
        None => Ok(None),
        Some(payment) => payment.owned(name),
    };
    Ok(Snapshot {
        invoice_id,
        reference: fields.order_id("reference")?,
        status: Status::from_wire(fields.required("status")?),
        amount: fields.minor("amount")?.ok_or(CallbackError::MissingField("amount"))?,
        final_amount: fields.minor("finalAmount")?,
        currency: fields.minor("ccy")?,
        refunded,
        refund_waits,
        modified_date: fields.owned("modifiedDate")?,
        masked_card: match &payment {
            None => None,
            Some(payment) => payment.card("maskedPan")?,
        },
        payment_system: paid_by("paymentSystem")?,
        approval_code: paid_by("approvalCode")?,
        rrn: paid_by("rrn")?,
        err_code: fields.owned("errCode")?,
        needs_confirmation,
    })
}

/// What came back in all, and whether more is under way. A refund in another currency than the
/// invoice's has no sum with the others.
fn refunds(fields: &Fields<'_>) -> Result<(u64, bool), CallbackError> {
    const NAME: &str = "cancelList";
    let bad = || CallbackError::BadField(NAME);
    let list = match fields.get(NAME) {
        None | Some(Value::Null) => return Ok((0, false)),
        Some(value) => value.nested().ok_or_else(bad)?,
    };
    let list = wire::read_list(list).map_err(|_| bad())?;
    let mut total = 0_u64;
    let mut waits = false;
    for refund in &list {
        match CancelStatus::from_wire(refund.text("status").ok_or_else(bad)?) {
            CancelStatus::Success => {
                let other_currency = refund.text("ccy").is_some_and(|ccy| fields.text("ccy") != Some(ccy));
                let amount = refund.text("amount").and_then(|text| decimal::amount(text, 0));
                let amount = amount.filter(|_| !other_currency).ok_or_else(bad)?;
                total = total.checked_add(amount).ok_or_else(bad)?;
            }
            CancelStatus::Processing => waits = true,
            CancelStatus::Failure => {}
            // Whether this money came back cannot be told.
            CancelStatus::Other(_) => return Err(bad()),
        }
    }
    Ok((total, waits))
}
