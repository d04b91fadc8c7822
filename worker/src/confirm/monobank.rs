use domain::event::Event;
use monobank::Client;

use super::question::Question;

/// What the bank stands by. It is asked about the invoice, with the merchant's own token: an invoice of
/// somebody else is not found. The order it names must be the one the webhook named.
pub(super) async fn ask(question: &Question<'_>) -> Result<Event, String> {
    let told = question.event;
    let invoice = told.payment_id.as_deref().ok_or("the webhook named no invoice")?;
    let state = question.state;
    let client = Client::new(
        state.http.clone(),
        question.api_url.clone(),
        question.source.secret.clone(),
        state.times.call_timeout,
    );
    let snapshot = client.status(invoice).await;
    let snapshot = snapshot.map_err(|error| format!("the status API: {error}"))?;
    let answer = payments::monobank::event(&snapshot);
    let answer = answer.map_err(|error| format!("the status API named an impossible order: {error}"))?;
    if answer.order != told.order {
        return Err("the status API says that the invoice belongs to another order".to_owned());
    }
    if payments::monobank::is_voided(&snapshot) {
        return Ok(payments::voided(answer, question.sold().await?));
    }
    Ok(answer)
}
