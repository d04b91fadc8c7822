use domain::event::Event;
use domain::ids::ExternalOrderId;
use fondy::{Client, Credentials, Error, Snapshot};
use ledger::settings::Source;
use url::Url;

use super::Told;
use super::question::Question;
use crate::state::WorkerState;

/// What Fondy stands by.
pub(super) async fn told(question: &Question<'_>) -> Result<Option<Told>, String> {
    told_of(&client(question.state, question.source)?, &question.event.order).await
}

/// The same about any order.
pub(crate) async fn told_of(client: &Client, order: &ExternalOrderId) -> Result<Option<Told>, String> {
    let snapshot = match client.status(order.as_str()).await {
        Err(error) if error.is_unknown_order() => return Ok(None),
        Err(error) => return Err(format!("the status API: {error}")),
        Ok(snapshot) => snapshot,
    };
    Ok(Some(Told {
        key: payments::fondy::key(&snapshot),
        fingerprint: payments::fondy::fingerprint(&snapshot),
        event: answer(Ok(snapshot))?,
    }))
}

/// Who is asked, and with which key; the text says why nobody can be.
pub(crate) fn client(state: &WorkerState, source: &Source) -> Result<Client, String> {
    let api_url = Url::parse(&source.api_url)
        .map_err(|_| "the source's api_url is not a URL; correct it in the settings".to_owned())?;
    let merchant_id = source
        .gateway_merchant_id()
        .ok_or_else(|| "the source's account is not a number; correct it in the settings".to_owned())?;
    let credentials = Credentials {
        merchant_id,
        key: source.secret.clone(),
    };
    Ok(Client::new(
        state.http.clone(),
        api_url,
        credentials,
        state.times.call_timeout,
    ))
}

/// A status as an event; the text says why it is none.
pub(crate) fn answer(status: Result<Snapshot, Error>) -> Result<Event, String> {
    let snapshot = status.map_err(|error| format!("the status API: {error}"))?;
    payments::fondy::event(&snapshot).map_err(|error| format!("the status API named an impossible order: {error}"))
}
