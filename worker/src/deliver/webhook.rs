//! A receipt as a signed POST to the shop.

use bytes::Bytes;
use hooks::{Answer, Endpoint, EventKind, Hook, PostError, Verdict};
use ledger::LedgerError;
use ledger::deliveries::{DueDelivery, LaneLease, News};
use ledger::settings::WebhookFormat;
use ledger::sheet::Sheet;

use super::body;
use super::outcome::{End, Sent, told};
use crate::state::WorkerState;

pub(super) async fn send(
    state: &WorkerState,
    lease: &LaneLease,
    delivery: &DueDelivery,
    sheet: &Sheet,
) -> Result<Sent, LedgerError> {
    let now = state.ledger.now();
    let Some(webhook) = state.ledger.webhook(&lease.merchant, &lease.url, now).await? else {
        return Ok(Sent::skipped("endpoint_removed"));
    };
    let Ok(endpoint) = Endpoint::parse(&lease.url) else {
        return Ok(told(End::Unwritable, "bad_address", None, None));
    };
    let page = format!("{}/r/{}", state.public_url, sheet.token);
    let (format, news, sheet) = (webhook.format, delivery.news, sheet.clone());
    let writing = state.draw(move || match format {
        WebhookFormat::Receipt => serde_json::to_vec(&body::receipt(&sheet, &page)),
        WebhookFormat::Event => serde_json::to_vec(&body::event(kind(news, &sheet), &sheet, &page)),
    });
    let Ok(Ok(written)) = writing.await else {
        return Ok(told(End::Unwritable, "bad_body", None, None));
    };
    // A shop checks that the time is recent, so each try has its own.
    let seconds = now.0.div_euclid(1000);
    let hook = match Hook::signed(&webhook.secrets, &delivery.id, seconds, Bytes::from(written)) {
        Ok(hook) => hook,
        Err(error) => {
            let why = telemetry::chain(&error);
            return Ok(told(End::Unwritable, "bad_secret", None, Some(why)));
        }
    };
    let result = state.hooks.post(&endpoint, &hook).await;
    Ok(sent(&result))
}

fn kind(news: News, sheet: &Sheet) -> EventKind {
    match news {
        News::Registered if sheet.kind.is_refund() => EventKind::Refunded,
        News::Registered => EventKind::Registered,
        News::Delivered => EventKind::Delivered,
    }
}

fn sent(result: &Result<Answer, PostError>) -> Sent {
    let status = result.as_ref().ok().map(|answer| answer.status);
    let detail = result.as_ref().err().map(|error| telemetry::chain(error));
    let unclear = matches!(result, Err(PostError::Silent { .. } | PostError::Lost(_)));
    match Verdict::of(result) {
        Verdict::Done => told(End::Done, "taken", status, detail),
        Verdict::Gone => told(End::RefusedForGood, "gone", status, detail),
        Verdict::RefusedThis => told(End::Refused, "refused", status, detail),
        Verdict::Redirected => told(End::Lane, "redirected", status, detail),
        Verdict::NotAllowed => told(End::Lane, "private_address", status, detail),
        Verdict::EndpointTrouble { retry_after } => {
            let (end, word) = match (unclear, status) {
                (true, _) => (End::LaneUnclear, "no_answer"),
                (false, Some(_)) => (End::Lane, "endpoint_trouble"),
                (false, None) => (End::Lane, "not_reached"),
            };
            Sent {
                wait: retry_after,
                ..told(end, word, status, detail)
            }
        }
    }
}
