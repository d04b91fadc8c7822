//! The page on which a buyer pays, and the page on which a person sees everything.

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::amount::{Writing, written};
use super::api::{Answer, Call};
use super::callback::{Attempt, AttemptOutcome};
use super::payment::{Payment, PaymentId, Stage};
use super::simulator::Simulator;
use super::system::System;
use crate::kyiv;
use crate::page::{acting, shown};

/// Where a buyer pays.
pub(super) fn address<S: System>(sim: &Simulator<S>, id: PaymentId) -> Option<String> {
    let books = sim.lock();
    let payment = books.payment(id).ok()?;
    Some(format!("{}/pay/{}", books.public_base, payment.public_id))
}

/// `/pay/{id}`, and what its buttons do.
pub(super) fn serve<S: System>(sim: &Simulator<S>, call: &Call) -> Response {
    let Some(rest) = call.path.strip_prefix("/pay/") else {
        return (StatusCode::NOT_FOUND, "no such page").into_response();
    };
    let (public_id, deed) = rest.split_once('/').unwrap_or((rest, ""));
    let Ok(payment) = sim.lock().by_public_id(public_id).cloned() else {
        return (StatusCode::NOT_FOUND, "no such payment").into_response();
    };
    let done = match (&call.method, deed) {
        (&Method::GET, "") => return acting(S::NAME, &buyers::<S>(&payment)),
        (&Method::POST, "pay") => sim.pay(payment.id),
        (&Method::POST, "decline") => sim.decline(payment.id),
        _ => return (StatusCode::NOT_FOUND, "no such page").into_response(),
    };
    match done {
        Ok(()) => Answer {
            status: 303,
            ..Answer::redirect(format!("/pay/{public_id}"))
        }
        .into_response(),
        Err(illegal) => (StatusCode::CONFLICT, illegal.to_string()).into_response(),
    }
}

fn buyers<S: System>(payment: &Payment) -> Markup {
    let open = match payment.stage {
        Stage::Created | Stage::Declined => true,
        Stage::Held | Stage::Paid | Stage::Expired | Stage::Reversed => false,
    };
    html! {
        h1 { "Pay with " (S::NAME) ": " (sum(payment.amount)) " " (payment.currency) }
        p { (payment.description) }
        p.muted { "Order " (payment.order_id) " of " (payment.merchant) ": " (stage(payment)) }
        @if open {
            form method="post" action={ "/pay/" (payment.public_id) "/pay" } { button { "Pay" } }
            form method="post" action={ "/pay/" (payment.public_id) "/decline" } { button { "Have the card declined" } }
        }
    }
}

/// Everything, the newest first.
pub(super) fn overview<S: System>(sim: &Simulator<S>) -> Response {
    let (payments, attempts) = (sim.payments(), sim.attempts());
    let body = html! {
        h1 { (S::NAME) }
        p.muted { (payments.len()) " payments, the newest first; " (sim.waiting_callbacks()) " callbacks wait." }
        table {
            tr { th { "№" } th { "Order" } th { "Sum" } th { "Where it is" } th { "Refunded" } th { "Taken by the shop" } }
            @for payment in payments.iter().rev().take(SHOWN) { (row(sim, payment)) }
        }
        h2 { "Sent" }
        @if attempts.is_empty() { p { "Nothing was sent yet." } }
        @for attempt in attempts.iter().rev().take(SHOWN) { p { (sent(attempt)) } }
    };
    shown(S::NAME, None, &body)
}

const SHOWN: usize = 200;

fn row<S: System>(sim: &Simulator<S>, payment: &Payment) -> Markup {
    html! {
        tr {
            td.number { (payment.id.0) }
            td {
                @if let Some(address) = address(sim, payment.id) { a href=(address) { (payment.order_id) } }
                br; span.muted { (payment.merchant) " · " (payment.public_id) }
            }
            td.number { (sum(payment.amount)) " " (payment.currency) }
            td { (stage(payment)) }
            td.number { (sum(payment.refunded())) }
            td { (payment.acknowledgements.len()) " of " (payment.callbacks.len()) }
        }
    }
}

fn sent(attempt: &Attempt) -> Markup {
    let at = i64::try_from(attempt.at_ms).ok();
    let at = at.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    html! {
        @if let Some(at) = at { span.number { (kyiv::readable(at)) } " " }
        "payment " (attempt.payment.0) ", callback " (attempt.callback.0) ", try " (attempt.number) ": "
        (outcome(&attempt.outcome))
        @if let Some(fault) = &attempt.fault { " " span.muted { (format!("{fault:?}")) } }
    }
}

fn sum(kopecks: u64) -> String {
    written(kopecks, Writing::TwoDecimals)
}

fn stage(payment: &Payment) -> &'static str {
    match payment.stage {
        Stage::Created => "not paid",
        Stage::Held => "held",
        Stage::Paid => "paid",
        Stage::Declined => "declined",
        Stage::Expired => "expired",
        Stage::Reversed if payment.is_voided() => "released",
        Stage::Reversed => "refunded",
    }
}

/// An outcome in a few words.
pub(super) fn outcome(outcome: &AttemptOutcome) -> String {
    match outcome {
        AttemptOutcome::Acknowledged => "taken".to_owned(),
        AttemptOutcome::Refused(status) => format!("answered {status}"),
        AttemptOutcome::NotAccepted(why) => format!("answered 200, but {why}"),
        AttemptOutcome::Broken(why) => why.clone(),
        AttemptOutcome::TimedOut => "timed out".to_owned(),
        AttemptOutcome::Dropped => "dropped".to_owned(),
    }
}
