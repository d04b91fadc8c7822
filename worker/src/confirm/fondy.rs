use domain::event::Event;
use fondy::{Client, Credentials};

use super::question::Question;

/// What Fondy stands by.
pub(super) async fn ask(question: &Question<'_>) -> Result<Event, String> {
    let merchant_id = question.source.gateway_merchant_id();
    let credentials = Credentials {
        merchant_id: merchant_id.ok_or("the source's account is not a number; correct it in the settings")?,
        key: question.source.secret.clone(),
    };
    let state = question.state;
    let client = Client::new(
        state.http.clone(),
        question.api_url.clone(),
        credentials,
        state.times.call_timeout,
    );
    let snapshot = client.status(question.event.order.as_str()).await;
    let snapshot = snapshot.map_err(|error| format!("the status API: {error}"))?;
    let answer = payments::fondy::event(&snapshot);
    answer.map_err(|error| format!("the status API named an impossible order: {error}"))
}
