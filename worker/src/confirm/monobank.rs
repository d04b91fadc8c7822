use domain::event::Event;
use monobank::{Client, Snapshot};

use super::Told;
use super::question::{Question, known};

/// What the bank stands by. It is asked about the invoice, with the merchant's own token: an invoice of
/// somebody else is not found. The order it names must be the one the webhook named.
pub(super) async fn told(question: &Question<'_>) -> Result<Option<Told>, String> {
    // Asked about by invoice only: an order whose invoice nobody named is unknown to us.
    let Some(invoice) = question.event.payment_id.as_deref() else {
        return Ok(None);
    };
    let state = question.state;
    let client = Client::new(
        state.http.clone(),
        question.api_url.clone(),
        question.source.secret.clone(),
        state.times.call_timeout,
    );
    let snapshot = client.status(invoice).await;
    let Some(snapshot) = known(snapshot)? else {
        return Ok(None);
    };
    Ok(Some(Told {
        key: payments::monobank::key(&snapshot),
        fingerprint: payments::monobank::fingerprint(&snapshot),
        event: event(question, &snapshot).await?,
    }))
}

async fn event(question: &Question<'_>, snapshot: &Snapshot) -> Result<Event, String> {
    let told = question.event;
    let answer = payments::monobank::event(snapshot);
    let answer = answer.map_err(|error| format!("the status API named an impossible order: {error}"))?;
    if answer.order != told.order {
        return Err("the status API says that the invoice belongs to another order".to_owned());
    }
    if payments::monobank::is_voided(snapshot) {
        return Ok(payments::voided(answer, question.sold().await?));
    }
    Ok(answer)
}
