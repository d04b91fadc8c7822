//! The buyer's form.

use super::Refusal;
use crate::acquirer::{Answer, Books, Call, Fields, Form, NewPayment, minor};
use crate::wayforpay::WayForPay;
use crate::wayforpay::signature::{PURCHASE, sign};

/// The buyer is sent to the payment's page; with `behavior=offline` the shop is told its address.
pub(super) fn pay(books: &mut Books<WayForPay>, call: &Call) -> Result<Answer, Refusal> {
    let form = Form::read(&call.body);
    let needed = |name: &'static str| {
        let text = form.get(name).filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| Refusal::missing(name))
    };
    let merchant = books.merchant(&needed("merchantAccount")?)?;
    let head: Result<Vec<String>, Refusal> = PURCHASE.iter().map(|name| needed(name)).collect();
    let mut values = head?;
    for name in ["productName[]", "productCount[]", "productPrice[]"] {
        needed(name)?;
        values.extend(form.all(name).map(str::to_owned));
    }
    if sign(&merchant.secret, &values) != needed("merchantSignature")? {
        return Err(Refusal::new(1113, "Invalid signature"));
    }
    let names: Vec<&str> = form.all("productName[]").collect();
    let id = books.create(NewPayment {
        merchant: Some(merchant.account.clone()),
        order_id: needed("orderReference")?,
        amount: minor(&needed("amount")?).ok_or_else(|| Refusal::new(1130, "Invalid Amount"))?,
        currency: needed("currency")?,
        description: names.join(", "),
        callback_url: form.get("serviceUrl").map(str::to_owned),
        two_stage: form.get("merchantTransactionType") == Some("AUTH"),
        test: false,
    })?;
    let page = format!("/pay/{}", books.payment(id)?.public_id);
    if call.parameter("behavior").as_deref() == Some("offline") {
        let address = format!("{}{page}", books.public_base);
        return Ok(Answer::json(200, Fields::new().text("url", &address).json()));
    }
    Ok(Answer::redirect(page))
}
