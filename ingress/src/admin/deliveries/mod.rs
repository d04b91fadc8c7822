//! Messages to buyers and shops: how each way does, the log, one message with its tries, and sending again.

mod again;
mod lanes;
mod list;
mod show;

use ledger::deliveries::{DeliveryView, LaneId, News};
use ledger::people::Role;
use maud::{Markup, html};
use queue::{Due, Kind};

use super::language::Language;
use super::route::{Access, Route, get, post};
use super::words;
use crate::AppState;

pub(super) use lanes::costly;
pub(super) use show::{state, tries_link};

pub(super) fn routes() -> Vec<Route> {
    let (read, act) = (Access::Needs(Role::Accountant), Access::Needs(Role::Operator));
    vec![
        get("/deliveries", read, list::show),
        get("/deliveries/{id}", read, show::show),
        post("/deliveries/send-again", act, again::held),
        post("/deliveries/send-made", act, again::made),
    ]
}

/// Rings for lanes that have something to send. Best effort: the sweep finds what no bell rang for.
pub(super) fn ring(app: &AppState, lanes: &[LaneId]) {
    let lanes = lanes.iter().map(ToString::to_string);
    app.doorbell.ring_all(Kind::Deliver, lanes, Due::Now);
}

/// Where an endpoint is. The rest of its address may be what keeps strangers out.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Which way a message goes: the channel, and for a webhook the endpoint's host.
pub(super) fn way(l: Language, channel: &str, url: &str) -> Markup {
    html! { (words::channel(l, channel)) @if !url.is_empty() { " " code { (host(url)) } } }
}

/// What is told, unless it is the usual: the first word of a document that is registered.
pub(super) fn which(l: Language, message: &DeliveryView) -> Markup {
    let again = message.copy > 0;
    html! { @if again || News::parse(&message.news) != Some(News::Registered) {
        br; span.soft { (words::news(l, &message.news)) @if again { ", " (l.say("ще раз", "again")) } }
    } }
}

/// It may be there more often than it should.
pub(super) fn maybe_twice(l: Language, message: &DeliveryView) -> Markup {
    html! { @if message.unclear > 0 {
        p.soft { (l.say(
            "Могло прийти двічі: раз зв’язок обірвався, перш ніж стало відомо, чи його прийняли.",
            "It may have arrived twice: the connection broke before anybody knew whether it was taken.",
        )) }
    } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_endpoint_only_the_host_is_shown() {
        assert_eq!(host("https://shop.example:8443/secret?key=1"), "shop.example:8443");
        assert_eq!(host("https://shop.example?key=1"), "shop.example");
        assert_eq!(host(""), "");
    }
}
