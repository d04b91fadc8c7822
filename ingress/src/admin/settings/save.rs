//! Settings are saved the way `kasyr apply` does it.

use ledger::settings::Settings;
use queue::{Due, Kind};

use super::super::error::PageError;
use super::super::visitor::Visitor;
use crate::AppState;

/// Writes the settings, lets this process forget what it knew of them, and wakes whoever works the registers.
/// Other processes know within two seconds.
pub(super) async fn save(app: &AppState, visitor: &Visitor, settings: Settings) -> Result<(), PageError> {
    let by = visitor.actor();
    let changes = app.ledger.apply(&settings, &by, app.ledger.now()).await?;
    for change in &changes {
        tracing::info!(actor = %by.name, "Saved settings: {}", change.thing);
    }
    for source in &settings.sources {
        app.sources.forget_if(|id, _| *id == source.id);
    }
    for register in &settings.registers {
        app.registers.forget_if(|merchant, _| *merchant == register.merchant);
        app.doorbell.ring(Kind::WorkRegister, register.id.as_str(), Due::Now);
    }
    for (key, _) in &settings.api_keys {
        forget_key(app, key.merchant.as_str(), &key.id);
    }
    Ok(())
}

/// A key that was changed or revoked is asked for anew.
pub(super) fn forget_key(app: &AppState, merchant: &str, id: &str) {
    app.keys.forget_if(|_, known| {
        known
            .as_ref()
            .is_some_and(|key| key.merchant.as_str() == merchant && key.id == id)
    });
}
