//! LiqPay, WayForPay and monobank: asked about one order, as before a receipt is made. Their lists of a day are not read,
//! and money goes back in their own cabinets.

use domain::event::{Event, Fact, PaymentMeans};
use domain::ids::ExternalOrderId;
use ledger::settings::Source;

use super::Answer;
use crate::confirm;
use crate::state::WorkerState;

pub(crate) struct Other {
    state: WorkerState,
    source: Source,
}

impl Other {
    pub fn new(state: &WorkerState, source: &Source) -> Self {
        Self {
            state: state.clone(),
            source: source.clone(),
        }
    }

    /// monobank is asked by its own invoice, which our documents remember; an order without one is unknown to it.
    pub async fn status(&self, order: &ExternalOrderId) -> Result<Answer, String> {
        let known = self.state.ledger.payment_of(&self.source.merchant, order).await;
        let question = Event {
            order: order.clone(),
            payment_id: known.map_err(|error| format!("the ledger: {error}"))?,
            fact: Fact::Ask {
                why: "reconciliation".to_owned(),
            },
            means: PaymentMeans::default(),
            payer_email: None,
        };
        confirm::told(&self.state, &self.source, &question)
            .await
            .map(Answer::from)
    }
}
