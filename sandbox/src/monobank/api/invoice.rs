//! Making an invoice, asking for it, ending it.

use serde::Deserialize;

use super::{Refusal, find, read};
use crate::acquirer::{Answer, Books, Call, Fields, Merchant, NewPayment};
use crate::monobank::{Monobank, message};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Create {
    amount: Option<u64>,
    ccy: Option<u64>,
    #[serde(default)]
    merchant_paym_info: PaymentInfo,
    web_hook_url: Option<String>,
    payment_type: Option<String>,
}

#[derive(Default, Deserialize)]
struct PaymentInfo {
    #[serde(default)]
    reference: String,
    #[serde(default)]
    destination: String,
}

pub(super) fn create(books: &mut Books<Monobank>, call: &Call, merchant: &Merchant) -> Result<Answer, Refusal> {
    let wanted: Create = read(call)?;
    let amount = wanted.amount.filter(|amount| *amount > 0);
    let amount = amount.ok_or_else(|| Refusal::bad("invalid 'amount'"))?;
    let currency = message::letters_of(wanted.ccy.unwrap_or(980)).ok_or_else(|| Refusal::bad("invalid 'ccy'"))?;
    let two_stage = match wanted.payment_type.as_deref() {
        None | Some("debit") => false,
        Some("hold") => true,
        Some(_) => return Err(Refusal::bad("invalid 'paymentType'")),
    };
    let id = books.create(NewPayment {
        merchant: Some(merchant.account.clone()),
        order_id: wanted.merchant_paym_info.reference,
        amount,
        currency: currency.to_owned(),
        description: wanted.merchant_paym_info.destination,
        callback_url: wanted.web_hook_url,
        two_stage,
        test: false,
    })?;
    let invoice = &books.payment(id)?.public_id;
    let fields = Fields::new()
        .text("invoiceId", invoice)
        .text("pageUrl", &format!("{}/pay/{invoice}", books.public_base));
    Ok(Answer::json(200, fields.json()))
}

pub(super) fn status(books: &Books<Monobank>, call: &Call, merchant: &Merchant) -> Result<Answer, Refusal> {
    let payment = find(books, merchant, call.parameter("invoiceId").as_deref())?;
    Ok(Answer::json(200, message::invoice(&books.switches, payment).json()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    invoice_id: Option<String>,
}

/// Only if nobody paid it.
pub(super) fn remove(books: &mut Books<Monobank>, call: &Call, merchant: &Merchant) -> Result<Answer, Refusal> {
    let Named { invoice_id } = read(call)?;
    let id = find(books, merchant, invoice_id.as_deref())?.id;
    books.expire(id)?;
    Ok(Answer::json(200, "{}".to_owned()))
}
