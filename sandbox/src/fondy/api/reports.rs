//! `/reports`: a merchant's orders of a time, as the gateway's kits call it. Its documentation is gone; the shape
//! is what shops are seen to read: an unsigned list of objects with a callback's names, minor units as text.
//! What the dates mean is not known, so there is a switch for it.

use jiff::civil::DateTime;

use super::super::Merchant;
use super::super::Version;
use super::super::message::{Fields, json_object};
use super::super::order::Order;
use super::super::refusal::Refusal;
use super::super::simulator::State;
use super::answer::Answer;
use super::request::Request;

pub(super) fn list(state: &mut State, request: &Request, merchant: &Merchant) -> Result<Answer, Refusal> {
    let from = time(state, request, "date_from")?;
    let to = time(state, request, "date_to")?;
    if from > to {
        return Err(Refusal::new(1000, "General decline"));
    }
    let within = |order: &Order| {
        // The last second counts whole.
        let at = shown_at(order, state.switches.reports_by_payment);
        order.settles.is_none() && at.is_some_and(|at| at >= from && at < to + 1000)
    };
    let found: Vec<usize> = state
        .orders
        .iter()
        .enumerate()
        .filter(|(_, order)| order.key.merchant_id == merchant.id && within(order))
        .map(|(index, _)| index)
        .collect();
    let items = found
        .into_iter()
        .map(|index| state.fields(index, Version::V1_0, None))
        .collect::<Result<Vec<Fields>, Refusal>>()?;
    let items: Vec<String> = items.iter().map(|fields| json_object(fields)).collect();
    Ok(Answer::Json(format!("{{\"response\":[{}]}}", items.join(","))))
}

fn shown_at(order: &Order, by_payment: bool) -> Option<u64> {
    if by_payment {
        order.transactions.first().map(|transaction| transaction.at_ms)
    } else {
        Some(order.created_ms)
    }
}

fn time(state: &State, request: &Request, name: &'static str) -> Result<u64, Refusal> {
    let text = request.required(name, 19)?;
    DateTime::strptime("%d.%m.%Y %H:%M:%S", &text)
        .and_then(|time| time.to_zoned(state.zone.clone()))
        .ok()
        .and_then(|time| u64::try_from(time.timestamp().as_millisecond()).ok())
        .ok_or_else(|| Refusal::incorrect(name))
}
