//! Creating orders (sheet §8.1).

use super::super::message::Field;
use super::super::refusal::Refusal;
use super::super::simulator::State;
use super::super::split;
use super::super::{NewOrder, Version};
use super::answer::Answer;
use super::request::Request;

/// `/checkout/url`; `payment_id` is a string in this one answer.
pub(super) fn url(state: &mut State, request: &Request) -> Result<Answer, Refusal> {
    let index = create(state, request)?;
    let payment_id = state.orders[index].payment_id;
    Ok(Answer::Unsigned(vec![
        ("response_status", Field::text("success")),
        ("checkout_url", Field::Text(page(state, index))),
        ("payment_id", Field::text(payment_id.to_string())),
    ]))
}

/// `/checkout/token`.
pub(super) fn token(state: &mut State, request: &Request) -> Result<Answer, Refusal> {
    let index = create(state, request)?;
    let token = state.orders[index].token.clone();
    Ok(Answer::Unsigned(vec![
        ("response_status", Field::text("success")),
        ("token", Field::Text(token)),
    ]))
}

/// `/checkout/redirect`: the browser goes straight to the payment page.
pub(super) fn redirect(state: &mut State, request: &Request) -> Result<Answer, Refusal> {
    let index = create(state, request)?;
    Ok(Answer::Redirect(page(state, index)))
}

fn page(state: &State, index: usize) -> String {
    format!("{}/checkout/{}", state.public_base, state.orders[index].token)
}

fn create(state: &mut State, request: &Request) -> Result<usize, Refusal> {
    let version = request.version()?;
    let order_id = request.required("order_id", 1024)?;
    let order_desc = request.required("order_desc", 1024)?;
    let amount = request.amount()?;
    let receivers = request.receivers()?;
    if !receivers.is_empty() && split::total(&receivers) != Some(amount) {
        return Err(Refusal::new(
            1120,
            "Settlement sum does not equal purchase or capture sum",
        ));
    }
    if request.optional("lifetime", 8)?.is_some() {
        request.number("lifetime")?;
    }
    // Links the simulator does not follow are still checked for length.
    for name in [
        "response_url",
        "subscription_callback_url",
        "chargeback_callback_url",
        "cancel_url",
    ] {
        request.optional(name, 2048)?;
    }
    state.create(NewOrder {
        merchant_id: request.number("merchant_id")?,
        order_id,
        amount,
        currency: request.currency()?,
        order_desc,
        callback_url: request.optional("server_callback_url", 2048)?,
        version,
        reservation_data: request.optional("reservation_data", 10_000)?,
        preauth: request.flag("preauth", false)?,
        delayed: request.flag("delayed", true)?,
        verification: request.flag("verification", false)?,
        sender_email: request.optional("sender_email", 256)?.unwrap_or_default(),
        sender_cell_phone: request.optional("sender_cell_phone", 16)?.unwrap_or_default(),
        merchant_data: request.optional("merchant_data", 2048)?.unwrap_or_default(),
        product_id: request.optional("product_id", 1024)?.unwrap_or_default(),
        receivers: if version == Version::V2_0 {
            receivers
        } else {
            Vec::new()
        },
        ..NewOrder::default()
    })
}
