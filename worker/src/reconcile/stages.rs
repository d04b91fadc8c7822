//! The stages of a run, a page at a time.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::ids::{ExternalOrderId, RegisterId};
use domain::reconcile::AtGateway;
use domain::time::UnixMillis;
use ledger::reconcile::{Judged, Known, OrderSides, TapeRead};
use ledger::settings::Source;

use super::{AtWork, Stop, ask, late_since, tape_patience};
use crate::gateways::{Gateway, Listing};

const BEGIN: &str = "begin";
const LISTING: &str = "listing";
const ORDERS: &str = "orders";
const TOUCHED: &str = "touched";
const OPEN: &str = "open";
const EVENTS: &str = "events";
const FINDINGS: &str = "findings";
const TAPE: &str = "tape";

const STAGES: [&str; 8] = [BEGIN, LISTING, ORDERS, TOUCHED, OPEN, EVENTS, FINDINGS, TAPE];

/// So many orders a page.
const PAGE: u32 = 500;
/// A list is asked for so much time at once, and for less where that is too much.
const SLICE: Duration = Duration::from_secs(3600);
/// An order may be paid so long after it was made (`fondy.md` §8.1): lists may go by its making.
const LIFETIME: Duration = Duration::from_secs(36_000);

/// The stage of this name; one that an older or newer program named begins anew.
pub(super) fn parse(word: &str) -> &'static str {
    STAGES.into_iter().find(|stage| *stage == word).unwrap_or(BEGIN)
}

/// Everything that is left of a run. What kept it from being complete, for people.
pub(super) async fn all(at_work: &mut AtWork<'_>) -> Result<Option<String>, Stop> {
    let state = at_work.state;
    let Some(source) = state.ledger.source(&at_work.run.source).await? else {
        return Ok(Some("the source is gone".to_owned()));
    };
    let gateway = match Gateway::of(state, &source) {
        Ok(gateway) => gateway,
        Err(why) => return Ok(Some(why)),
    };
    loop {
        match at_work.stage {
            LISTING => listing(at_work, &source, &gateway).await?,
            ORDERS => orders(at_work, &source, &gateway).await?,
            TOUCHED => touched(at_work, &source, &gateway).await?,
            OPEN => open(at_work, &source, &gateway).await?,
            EVENTS => events(at_work, &source, &gateway).await?,
            FINDINGS => findings(at_work, &source, &gateway).await?,
            TAPE => return tape(at_work, &source).await,
            _ => begin(at_work, &source).await?,
        }
    }
}

/// The registers read their tapes meanwhile.
async fn begin(at_work: &mut AtWork<'_>, source: &Source) -> Result<(), Stop> {
    let ledger = &at_work.state.ledger;
    let read = TapeRead {
        day: at_work.run.day.clone(),
        from: at_work.run.from,
        to: at_work.run.to,
    };
    for register in registers(at_work, source).await? {
        ledger.ask_tape(&register, &read, ledger.now()).await?;
    }
    at_work.go_to(LISTING);
    at_work.keep(&[]).await
}

/// Registers whose tape can be read and belongs to this run: of several sources on one register the first one reads
/// it.
async fn registers(at_work: &AtWork<'_>, source: &Source) -> Result<BTreeSet<RegisterId>, Stop> {
    let mut mine: BTreeSet<RegisterId> = source.receivers.values().cloned().collect();
    mine.insert(source.register.clone());
    let taken = at_work.state.ledger.registers_of_earlier_sources(&source.id).await?;
    let mut listing = BTreeSet::new();
    for register in mine {
        let lists = at_work.state.register(&register).await?;
        let lists = lists.is_some_and(|register| register.provider.capabilities().lists);
        if lists && !taken.iter().any(|taken| taken == register.as_str()) {
            listing.insert(register);
        }
    }
    Ok(listing)
}

async fn listing(at_work: &mut AtWork<'_>, source: &Source, gateway: &Gateway) -> Result<(), Stop> {
    let (from, length) = slice(&at_work.place, at_work.run.from.minus(LIFETIME));
    if from >= at_work.run.to {
        at_work.go_to(ORDERS);
        return at_work.keep(&[]).await;
    }
    let to = from.plus(length).min(at_work.run.to);
    let lines = match gateway.list(from, to).await {
        Ok(Listing::Absent) => {
            at_work.counts.listed = None;
            at_work.go_to(ORDERS);
            return at_work.keep(&[]).await;
        }
        Ok(Listing::TooMuch) if length > Duration::from_secs(2) => {
            at_work.place = format!("{} {}", from.0, length.as_millis() / 4);
            return at_work.keep(&[]).await;
        }
        Ok(Listing::TooMuch) => return Err(Stop::Away("the list of payments is too long".to_owned())),
        Ok(Listing::Whole(lines)) => lines,
        Err(why) if at_work.may_wait() => return Err(Stop::Away(why)),
        Err(_) => {
            at_work.counts.listed = None;
            at_work.counts.unanswered += 1;
            at_work.go_to(ORDERS);
            return at_work.keep(&[]).await;
        }
    };
    let externals: Vec<ExternalOrderId> = lines.iter().map(|line| line.order.clone()).collect();
    let sides = ask::named(at_work.state, source, &externals).await?;
    let listed = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    at_work.counts.listed = Some(at_work.counts.listed.unwrap_or(0) + listed);
    // A list is no proof: what it says only calls for a question.
    let doubtful = lines
        .iter()
        .zip(sides)
        .filter(|(line, sides)| at_work.run.deep || !line.money.is_some_and(|money| agrees(at_work, sides, money)))
        .map(|(_, sides)| sides)
        .collect();
    let judged = ask::about(at_work, source, gateway, doubtful).await?;
    at_work.place = format!("{} {}", to.0, SLICE.as_millis());
    at_work.keep(&judged).await
}

fn slice(place: &str, first: UnixMillis) -> (UnixMillis, Duration) {
    let parsed = place.split_once(' ').and_then(|(from, length)| {
        let from = from.parse().ok()?;
        Some((UnixMillis(from), Duration::from_millis(length.parse().ok()?)))
    });
    parsed.unwrap_or((first, SLICE))
}

fn agrees(at_work: &AtWork<'_>, sides: &OrderSides, money: AtGateway) -> bool {
    let state = at_work.state;
    let judged = sides.judge(money, state.times.reconcile_patience, state.ledger.now());
    judged.findings.is_empty()
}

/// Orders that began that day.
async fn orders(at_work: &mut AtWork<'_>, source: &Source, gateway: &Gateway) -> Result<(), Stop> {
    let run = &at_work.run;
    let known = at_work
        .state
        .ledger
        .orders_between(&run.merchant, run.from, run.to, &at_work.place, PAGE)
        .await?;
    let Some(last) = known.last().and_then(|known| known.order.clone()) else {
        at_work.go_to(TOUCHED);
        return at_work.keep(&[]).await;
    };
    let judged = page(at_work, source, gateway, known, true).await?;
    at_work.place = last;
    at_work.keep(&judged).await
}

/// Earlier orders on whose documents something happened that day.
async fn touched(at_work: &mut AtWork<'_>, source: &Source, gateway: &Gateway) -> Result<(), Stop> {
    let run = &at_work.run;
    let (known, next) = at_work
        .state
        .ledger
        .orders_touched_between(&run.merchant, run.from, run.to, &at_work.place, PAGE)
        .await?;
    let Some(next) = next else {
        at_work.go_to(OPEN);
        return at_work.keep(&[]).await;
    };
    let judged = page(at_work, source, gateway, known, false).await?;
    at_work.place = next;
    at_work.keep(&judged).await
}

/// Orders whose receipts are not made yet.
async fn open(at_work: &mut AtWork<'_>, source: &Source, gateway: &Gateway) -> Result<(), Stop> {
    let known = at_work
        .state
        .ledger
        .open_orders(&at_work.run.merchant, &at_work.place, PAGE)
        .await?;
    let Some(last) = known.last().and_then(|known| known.order.clone()) else {
        at_work.go_to(EVENTS);
        return at_work.keep(&[]).await;
    };
    let judged = page(at_work, source, gateway, known, false).await?;
    at_work.place = last;
    at_work.keep(&judged).await
}

async fn page(
    at_work: &mut AtWork<'_>,
    source: &Source,
    gateway: &Gateway,
    known: Vec<Known>,
    count: bool,
) -> Result<Vec<Judged>, Stop> {
    let all = at_work.state.ledger.sides(&source.id, known).await?;
    let mut doubtful = Vec::new();
    for sides in all {
        if !sides.ours && sides.others {
            continue;
        }
        if count {
            let (sold, returned) = sides.on_tape();
            at_work.counts.add(sides.told, sold, returned);
        }
        let heard = sides.ours || !sides.made.is_empty();
        if !heard {
            // The shop told of it and nobody of its payment: a list would know.
            if at_work.counts.listed.is_none() || at_work.run.deep {
                doubtful.push(sides);
            }
            continue;
        }
        // Where what we were told agrees, nobody is asked; and nothing is ended by that, either: an open finding
        // has its own stage.
        if at_work.run.deep || !agrees(at_work, &sides, AtGateway::NotAsked) {
            doubtful.push(sides);
        }
    }
    ask::about(at_work, source, gateway, doubtful).await
}

/// Messages that came and could not be planned.
async fn events(at_work: &mut AtWork<'_>, source: &Source, gateway: &Gateway) -> Result<(), Stop> {
    let ledger = &at_work.state.ledger;
    let before = late_since(at_work.state, ledger.now());
    let waiting = ledger.unplanned_of(&source.id, before, &at_work.place, PAGE).await?;
    let Some((last, _)) = waiting.last().cloned() else {
        at_work.go_to(FINDINGS);
        return at_work.keep(&[]).await;
    };
    let externals: Vec<ExternalOrderId> = waiting.into_iter().map(|(_, order)| order).collect();
    let sides = ask::named(at_work.state, source, &externals).await?;
    let judged = ask::about(at_work, source, gateway, sides).await?;
    at_work.place = last;
    at_work.keep(&judged).await
}

/// What was open before and did not come by today.
async fn findings(at_work: &mut AtWork<'_>, source: &Source, gateway: &Gateway) -> Result<(), Stop> {
    let ledger = &at_work.state.ledger;
    let found = ledger
        .findings_not_seen(&source.id, &at_work.run.id, &at_work.place, PAGE)
        .await?;
    let Some(last) = found.last().map(|finding| finding.id.clone()) else {
        at_work.go_to(TAPE);
        return at_work.keep(&[]).await;
    };
    let externals: BTreeSet<ExternalOrderId> = found.iter().filter_map(|finding| finding.external.clone()).collect();
    let tapes: BTreeSet<(RegisterId, String)> = found
        .iter()
        .filter_map(|finding| {
            Some((
                RegisterId::parse(finding.register.as_deref()?).ok()?,
                finding.day.clone(),
            ))
        })
        .collect();
    let externals: Vec<ExternalOrderId> = externals.into_iter().collect();
    let sides = ask::named(at_work.state, source, &externals).await?;
    let mut judged = ask::about(at_work, source, gateway, sides).await?;
    for (register, day) in &tapes {
        judged.extend(at_work.state.ledger.judge_strangers(register, day).await?);
    }
    at_work.place = last;
    at_work.keep(&judged).await
}

/// What is on the tapes that we did not make.
async fn tape(at_work: &mut AtWork<'_>, source: &Source) -> Result<Option<String>, Stop> {
    let ledger = &at_work.state.ledger;
    let (mut judged, mut unread, mut listed) = (Vec::new(), Vec::new(), 0);
    for register in registers(at_work, source).await? {
        match ledger.tape_listed(&register, &at_work.run.day).await? {
            Some(documents) => listed += documents,
            None if ledger.now().since(at_work.run.started_at) < tape_patience(at_work.state) => {
                return Err(Stop::Wait);
            }
            None => unread.push(register.to_string()),
        }
        judged.extend(ledger.judge_strangers(&register, &at_work.run.day).await?);
    }
    at_work.counts.tape = listed;
    at_work.counts.unread = u64::try_from(unread.len()).unwrap_or(u64::MAX);
    at_work.keep(&judged).await?;
    let mut problems = Vec::new();
    if at_work.counts.unanswered > 0 {
        let count = at_work.counts.unanswered;
        problems.push(format!("the payment system did not answer {count} questions"));
    }
    if !unread.is_empty() {
        problems.push(format!("the tape could not be read of: {}", unread.join(", ")));
    }
    Ok((!problems.is_empty()).then(|| problems.join("; ")))
}
