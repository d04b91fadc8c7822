//! What is tidied up from time to time while ingress runs.

use std::sync::Arc;
use std::time::Duration;

use ledger::Ledger;

use crate::admin::Pace;
use crate::rates::Rates;

/// How often.
const EVERY: Duration = Duration::from_secs(60);

/// What is tidied up.
pub(crate) struct Upkeep {
    pub ledger: Ledger,
    pub rates: Arc<Rates>,
    pub sign_ins: Arc<Pace>,
}

impl Upkeep {
    /// Forgets senders that were quiet, sessions that ended and secrets that were replaced; never returns.
    pub async fn run(self) {
        let mut timer = tokio::time::interval(EVERY);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            timer.tick().await;
            self.rates.forget_idle();
            self.sign_ins.forget_idle();
            // A session that ended is refused anyway; the row can wait for the next minute.
            if let Err(error) = self.ledger.forget_old_sessions(self.ledger.now()).await {
                tracing::debug!(reason = telemetry::chain(&error), "Old sessions were not cleared away");
            }
            // They are good for nothing once their time is over; there is no need to keep them.
            if let Err(error) = self.ledger.forget_old_secrets(self.ledger.now()).await {
                tracing::debug!(reason = telemetry::chain(&error), "Replaced secrets were not wiped");
            }
        }
    }
}
