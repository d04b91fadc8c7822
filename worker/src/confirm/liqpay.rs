use domain::event::Event;
use liqpay::{Client, Credentials, Snapshot};

use super::Told;
use super::question::{Question, known};

/// What LiqPay stands by.
pub(super) async fn told(question: &Question<'_>) -> Result<Option<Told>, String> {
    let credentials = Credentials {
        public_key: question.source.account.clone(),
        private_key: question.source.secret.clone(),
    };
    let state = question.state;
    let client = Client::new(
        state.http.clone(),
        question.api_url.clone(),
        credentials,
        state.times.call_timeout,
    );
    let snapshot = client.status(question.event.order.as_str()).await;
    let Some(snapshot) = known(snapshot)? else {
        return Ok(None);
    };
    Ok(Some(Told {
        key: payments::liqpay::key(&snapshot),
        fingerprint: payments::liqpay::fingerprint(&snapshot),
        event: event(question, &snapshot).await?,
    }))
}

async fn event(question: &Question<'_>, snapshot: &Snapshot) -> Result<Event, String> {
    let told = question.event;
    let answer = payments::liqpay::event(snapshot);
    let answer = answer.map_err(|error| format!("the status API named an impossible order: {error}"))?;
    if payments::liqpay::confirms_refund(snapshot, told) {
        let fact = told.fact.clone();
        return Ok(Event { fact, ..answer });
    }
    match payments::liqpay::ended_hold(snapshot) {
        None => Ok(answer),
        Some(whole) => {
            let sold = question.sold().await?;
            // A receipt, and nobody says how much of it came back: that is for a person.
            let unclear = sold.is_some() && !whole;
            Ok(if unclear {
                answer
            } else {
                payments::voided(answer, sold)
            })
        }
    }
}
