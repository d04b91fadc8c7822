use domain::event::Event;
use wayforpay::{Client, Credentials, Snapshot};

use super::Told;
use super::question::{Question, known};

/// What WayForPay stands by.
pub(super) async fn told(question: &Question<'_>) -> Result<Option<Told>, String> {
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
    let Some(snapshot) = known(snapshot)? else {
        return Ok(None);
    };
    Ok(Some(Told {
        key: payments::wayforpay::key(&snapshot),
        fingerprint: payments::wayforpay::fingerprint(&snapshot),
        event: event(question, &snapshot).await?,
    }))
}

async fn event(question: &Question<'_>, snapshot: &Snapshot) -> Result<Event, String> {
    let answer = payments::wayforpay::event(snapshot);
    let answer = answer.map_err(|error| format!("the status API named an impossible order: {error}"))?;
    if payments::wayforpay::is_voided(snapshot) {
        return Ok(payments::voided(answer, question.sold().await?));
    }
    Ok(answer)
}
