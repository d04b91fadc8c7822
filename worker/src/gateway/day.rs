//! The Z-report of a day of a payment system's register.

use domain::time::UnixMillis;
use fondy::FileKind;
use ledger::LedgerError;

use super::file;
use crate::state::WorkerState;

/// Asks for it, if that is due and nobody else asks; says when to ask again. Safe to repeat and to run twice at once.
pub(super) async fn ask(state: &WorkerState, id: &str) -> Result<Option<UnixMillis>, LedgerError> {
    let now = state.ledger.now();
    let until = now.plus(state.times.call_timeout * 4);
    let Some(claim) = state.ledger.claim_gateway_day(id, until, now).await? else {
        return Ok(None);
    };
    let got = match state.source(&claim.source).await? {
        Some(source) => file::get(state, &source, &claim.transaction, FileKind::ZReport)
            .await
            .map_err(|error| telemetry::chain(&error)),
        None => Err("its payment source is not known".to_owned()),
    };
    let now = state.ledger.now();
    match got {
        Ok(base64) => {
            state.ledger.keep_gateway_day(&claim, &base64, now).await?;
            Ok(None)
        }
        Err(why) => {
            let next = state.times.gateway.next_file(claim.since, now);
            state.ledger.postpone_gateway_day(&claim, &why, next).await?;
            Ok(next)
        }
    }
}
