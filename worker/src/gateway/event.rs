//! An event of an order whose receipts the payment system makes.

use domain::event::{Event, Fact};
use ledger::LedgerError;
use ledger::events::{Origin, PendingEvent};
use ledger::gateway::{Expected, Says, Totals};
use tracing::info;

use super::ring_at;
use crate::plan_event::{Planned, count, strange_alert};
use crate::state::WorkerState;

/// Settles a (confirmed) event; `None`: the order's sale is on a register of ours, and so are its refunds. Safe to repeat
/// and to run twice at once.
pub(crate) async fn expect(
    state: &WorkerState,
    pending: &PendingEvent,
    event: &Event,
) -> Result<Option<Planned>, LedgerError> {
    let now = state.ledger.now();
    let (source, says) = match &pending.origin {
        Origin::Source(source) => (Some(source), says(event)),
        Origin::Api(_) => (None, Says::Nothing(NOT_OURS.to_owned())),
    };
    let first = state.times.gateway.next(now, now).unwrap_or(now);
    let expected = state
        .ledger
        .expect_receipts(pending, event, source, &says, first, now)
        .await?;
    let id = pending.id;
    match expected {
        Expected::Ours => return Ok(None),
        Expected::Looking { id: expectation, at } => {
            ring_at(state, &expectation, at);
            count("expected");
            info!(event.id = %id, "Event {id}: the payment system should make its receipts");
        }
        Expected::Nothing => count("ignored"),
        Expected::Repeated => count("repeated"),
    }
    if let Fact::Strange { why, .. } = &event.fact {
        let alert = strange_alert(&pending.merchant, id, why);
        state.ledger.raise_alert(&alert, now).await?;
    }
    Ok(Some(Planned::Done))
}

const NOT_OURS: &str = "the payment system makes this order's receipts, and tells of refunds itself";

const DIVIDED: &str = "a payment was divided, and the payment system makes its receipts";

/// What an event says of the order's money.
fn says(event: &Event) -> Says {
    match &event.fact {
        Fact::Money {
            paid, refunded_total, ..
        } => Says::Totals(Totals {
            sold: *paid,
            returned: *refunded_total,
        }),
        Fact::Refund { amount, .. } => Says::Returned(*amount),
        Fact::Settlement { .. } => Says::Nothing(DIVIDED.to_owned()),
        Fact::Nothing { why } | Fact::Ask { why } | Fact::Strange { why, .. } => Says::Nothing(why.clone()),
    }
}
