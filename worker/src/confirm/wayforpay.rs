use domain::event::Event;
use wayforpay::{Client, Credentials};

use super::question::Question;

/// What WayForPay stands by.
pub(super) async fn ask(question: &Question<'_>) -> Result<Event, String> {
    let credentials = Credentials {
        account: question.source.account.clone(),
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
    let answer = payments::wayforpay::event(&snapshot);
    let answer = answer.map_err(|error| format!("the status API named an impossible order: {error}"))?;
    if payments::wayforpay::is_voided(&snapshot) {
        return Ok(payments::voided(answer, question.sold().await?));
    }
    Ok(answer)
}
