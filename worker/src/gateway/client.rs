//! How a source's payment system is asked for the receipts that it made.

use domain::found::Found;
use domain::ids::ExternalOrderId;
use ledger::settings::{PaymentSystem, Source};

use crate::confirm;
use crate::state::WorkerState;

/// A client for a source's own register, or why there is none, for people.
pub(super) fn client(state: &WorkerState, source: &Source) -> Result<fondy::Client, String> {
    match source.kind.payment_system() {
        Some(PaymentSystem::Fondy) => confirm::client(state, source),
        Some(PaymentSystem::LiqPay | PaymentSystem::WayForPay | PaymentSystem::Monobank) | None => {
            Err("this payment system has no receipts of its own that Kasyr could read".to_owned())
        }
    }
}

/// What the payment system's register has of an order; an error is a text for people. An order that it does not know has
/// nothing there.
pub(crate) async fn asked(state: &WorkerState, source: &Source, order: &ExternalOrderId) -> Result<Vec<Found>, String> {
    let client = client(state, source)?;
    match client.kkt_logs(order.as_str()).await {
        Ok(logs) => Ok(payments::kkt::found(&logs)),
        Err(error) if error.is_unknown_order() => Ok(Vec::new()),
        Err(error) => Err(format!("the payment system's receipts cannot be read: {error}")),
    }
}
