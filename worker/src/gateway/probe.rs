//! The first payments of a source whose receipts we make: the payment system must make none.

use domain::document::Kind;
use domain::found::Found;
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::events::PendingEvent;
use ledger::gateway::Claim;
use ledger::settings::{PaymentSystem, Source};

use super::{client, words};
use crate::state::WorkerState;

/// Has a payment looked after if it is one of its source's first.
pub(crate) async fn begin(state: &WorkerState, source: &Source, pending: &PendingEvent) -> Result<(), LedgerError> {
    match source.kind.payment_system() {
        Some(PaymentSystem::Fondy) => {}
        // Nothing tells whether they make any.
        Some(PaymentSystem::LiqPay | PaymentSystem::WayForPay | PaymentSystem::Monobank) | None => return Ok(()),
    }
    let never = std::time::Duration::MAX;
    if state.probed.get(&source.id, never).is_some() {
        return Ok(());
    }
    let now = state.ledger.now();
    let Some(first) = state.times.gateway.next_probe(now, now) else {
        return Ok(());
    };
    let order = &pending.event.order;
    let taken = state
        .ledger
        .probe_order(&source.merchant, &source.id, order, first, now)
        .await?;
    if !taken {
        // Enough were looked after.
        state.probed.put(source.id.clone(), ());
    }
    Ok(())
}

/// Looks whether the payment system made a receipt, too.
pub(super) async fn look(state: &WorkerState, claim: &Claim) -> Result<Option<UnixMillis>, LedgerError> {
    let source = state.source(&claim.source).await?;
    let found = match &source {
        Some(source) => client::asked(state, source, &claim.order).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let now = state.ledger.now();
    let alert = has_sale(&found).then(|| words::double(&claim.merchant, &claim.source, claim.order.as_str()));
    let next = match alert {
        Some(_) => None,
        None => state.times.gateway.next_probe(claim.since, now),
    };
    state.ledger.settle_probe(claim, next, alert.as_ref(), now).await?;
    Ok(next)
}

fn has_sale(found: &[Found]) -> bool {
    found.iter().any(|one| match one {
        Found::Receipt(receipt) => receipt.kind == Kind::Sale,
        Found::Refused { .. } | Found::Unanswered { .. } | Found::Unclear { .. } => false,
    })
}
