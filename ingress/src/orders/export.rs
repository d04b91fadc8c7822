//! `GET /v1/orders.csv`

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use ledger::people::Reach;
use ledger::settings::Scope;

use super::wanted::Wanted;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::{AppState, export};

/// All of the merchant's orders that fit, for a spreadsheet.
pub(super) async fn csv(
    State(app): State<AppState>,
    caller: Caller,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, ApiError> {
    let merchant = &caller.may(Scope::Receipts)?.merchant;
    let filter = super::wanted(wanted)?.filter()?;
    let reach = Reach::Merchants(vec![merchant.clone()]);
    export::orders_csv(app.ledger.clone(), reach, filter).await
}
