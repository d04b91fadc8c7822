//! Webhooks: every document of a register with an address is posted there until it is taken.
//!
//! ```text
//! tape → news → outbox (due times on the simulator's clock) → delivery → the merchant
//! ```

mod delivery;
mod outbox;

pub use delivery::DeliverySummary;
pub(super) use delivery::{Shipment, send_all};
pub(super) use outbox::Outbox;
pub use outbox::{DeliveryAttempt, DeliveryState, RecordedDelivery};
