//! The gateway's own cash register: `/get_kkt_logs` and receipt links (sheet §8.6, §8.7).

use super::super::refusal::Refusal;
use super::super::simulator::State;
use super::answer::Answer;
use super::money::order_ref;
use super::request::Request;
use crate::clock::millis;

/// Receipts of an order, `response_status` among them; unsigned.
pub(super) fn kkt_logs(state: &mut State, request: &Request) -> Result<Answer, Refusal> {
    request.version()?;
    let key = order_ref(request)?;
    // Receivers of a split see its receipts under their own merchant although the order is another's.
    if !state.fiscal.knows(&key) {
        state.index(&key)?;
    }
    let json = state
        .fiscal
        .json(&key, state.now_ms())
        .map_err(|_| Refusal::new(1002, "Application error"))?;
    Ok(Answer::Json(format!("{{\"response\":{json}}}")))
}

/// A link to the receipt of a transaction that expires; no `response` around it.
pub(super) fn link(state: &mut State, request: &Request) -> Result<Answer, Refusal> {
    let id = request.number("transaction_id")?;
    let kind = request.required("receipt_type", 20)?;
    if !["receipt", "zreport"].contains(&kind.as_str()) {
        return Err(Refusal::incorrect("receipt_type"));
    }
    let merchant_id = request.number("merchant_id")?;
    let order = state.by_transaction.get(&id).map(|index| &state.orders[*index]);
    let own = order.filter(|order| {
        order.key.merchant_id == merchant_id && order.transactions.iter().any(|transaction| transaction.id == id)
    });
    own.ok_or_else(|| Refusal::new(1018, "Transaction not found"))?;
    let expires = state.now_ms().saturating_add(millis(state.config.receipt_link_life));
    let url = format!("{}/files/{kind}/{id}.pdf?expires={expires}", state.public_base);
    Ok(Answer::Json(format!("{{\"check_url\":\"{url}\"}}")))
}
