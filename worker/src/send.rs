//! Sending a ready document: look, make it, commit the intent, ask, commit the outcome.

use std::time::{Duration, Instant};

use domain::document::{Kind, Registration};
use domain::hold::HoldReason;
use domain::ids::DocumentId;
use ledger::LedgerError;
use ledger::alerts::Words;
use ledger::tape::{Due, DueDocument, Follow, Health, Intent, NewAttempt, Outcome, Settled};
use tracing::{info, warn};

use crate::compose::{self, Refund, Stop};
use crate::metrics;
use crate::providers::{self, Answered, Asked, Draft, Failure, FailureClass, Look, What};
use crate::work_register::{Lane, Step};
use crate::{day, deliver, trouble};

/// One document from ready to its outcome.
pub(crate) async fn send(lane: &mut Lane<'_>, document: DueDocument) -> Result<Step, LedgerError> {
    if !lane.grip.keep().await? {
        return Ok(Step::Lost);
    }
    let Asked { value: look, attempts } = lane.adapter.look().await;
    let look = match look {
        Err(failure) => return leave_alone(lane, &document, &failure, &attempts).await,
        Ok(look) => look,
    };
    lane.saw(&look);
    match document.kind {
        Kind::Closing | Kind::ZReport => return day::close::send(lane, &document, &look).await,
        Kind::Sale | Kind::Storno | Kind::Return | Kind::CashIn | Kind::CashOut => {}
    }
    if let Some(step) = day::close::in_the_way(lane, &document, &look).await? {
        return Ok(step);
    }
    // The first document opens the shift; it is looked at when the documents are done.
    if look.facts.shift_open == Some(false) {
        lane.look_soon();
    }
    let mut document = document;
    if !number(lane, &mut document).await? {
        return Ok(Step::Lost);
    }
    let made = match make(lane, &document, &look).await? {
        Ok(made) => made,
        Err(stop) => return hold(lane, &document, Due::Ready, &[], &stop).await,
    };
    if !begin(lane, &document, &made.intent).await? {
        return Ok(Step::Lost);
    }
    // A process that was paused since, or whose ledger is slow: then the request must not leave.
    let answer = if lane.grip.may_leave() {
        let sent = providers::Sent {
            kind: made.intent.kind,
            text: &made.intent.sent,
            storned: made.storned.as_deref(),
            number: document.number,
        };
        lane.adapter.send(&sent).await
    } else {
        warn!(document.id = %document.id, "Document {} was not sent: too much time went by since its intent", document.id);
        Asked {
            value: Err(too_late()),
            attempts: Vec::new(),
        }
    };
    let answer = Asked {
        value: answer.value.map(Done::from),
        attempts: answer.attempts,
    };
    conclude(lane, &document, made.intent.kind, answer).await
}

/// Gives a document its number, where the provider wants one of ours. False: it was lost.
pub(crate) async fn number(lane: &Lane<'_>, document: &mut DueDocument) -> Result<bool, LedgerError> {
    if !lane.can.numbers || document.number.is_some() {
        return Ok(true);
    }
    let ledger = &lane.state.ledger;
    document.number = ledger
        .number_document(&lane.grip.lease, document.id, ledger.now())
        .await?;
    Ok(document.number.is_some())
}

/// What a request came to.
pub(crate) struct Done {
    pub answered: Answered,
    /// The Z-report that a closing made on the way.
    pub z: Option<Registration>,
}

impl From<Answered> for Done {
    fn from(answered: Answered) -> Self {
        Self { answered, z: None }
    }
}

/// A document as it will be sent.
struct Made {
    intent: Intent,
    storned: Option<String>,
}

async fn make(lane: &Lane<'_>, document: &DueDocument, look: &Look) -> Result<Result<Made, Stop>, LedgerError> {
    let vat = &lane.register.vat;
    let testing = look.facts.testing;
    let buyer = if lane.can.buyer {
        Some(lane.state.ledger.buyer_of(document).await?)
    } else {
        None
    };
    let write = |what| {
        let at = lane.state.ledger.now();
        let draft = Draft {
            what,
            document,
            testing,
            at,
            buyer: buyer.as_ref(),
        };
        lane.adapter.write(&draft)
    };
    let intent = |kind, content, sent| Intent {
        testing,
        kind,
        content,
        sent,
        before: look.before.clone(),
    };
    if matches!(document.kind, Kind::CashIn | Kind::CashOut) {
        let sent = write(What::Cash(document.kind, document.amount));
        return Ok(sent.map(|sent| Made {
            intent: intent(document.kind, None, sent),
            storned: None,
        }));
    }
    if document.kind == Kind::Sale {
        let receipt = match &document.content {
            Some(frozen) => frozen.clone(),
            None => match compose_sale(lane, document).await? {
                Ok(receipt) => receipt,
                Err(stop) => return Ok(Err(stop)),
            },
        };
        let sent = write(What::Sale(&receipt));
        return Ok(sent.map(|sent| Made {
            intent: intent(Kind::Sale, Some(receipt), sent),
            storned: None,
        }));
    }
    let Some(parent) = &document.parent else {
        let text = "the refund's sale has no receipt".to_owned();
        return Ok(Err(Stop {
            reason: HoldReason::RefundExceedsSale,
            text,
        }));
    };
    let number = parent.fiscal_number.as_str();
    // A storno needs the original exactly as it was registered.
    let sale_is_last = lane.can.storno && look.last_fiscal_number.as_deref() == Some(number) && parent.sent.is_some();
    let refund = match compose::refund(document, parent, sale_is_last, vat) {
        Ok(refund) => refund,
        Err(stop) => return Ok(Err(stop)),
    };
    Ok(match refund {
        Refund::Storno => write(What::Storno(number)).map(|sent| Made {
            intent: intent(Kind::Storno, None, sent),
            storned: parent.sent.clone(),
        }),
        Refund::Return(receipt) => write(What::Return(&receipt, number)).map(|sent| Made {
            intent: intent(Kind::Return, Some(receipt), sent),
            storned: None,
        }),
    })
}

/// A sale that was held and is made anew from the order as it is now.
async fn compose_sale(
    lane: &Lane<'_>,
    document: &DueDocument,
) -> Result<Result<domain::receipt::Receipt, Stop>, LedgerError> {
    use domain::event::{CarriedBasket, Fact, Part};
    let facts = lane.state.ledger.sale_facts(document).await?;
    let part = document.part();
    let told = |parts: &[Part]| {
        let mut parts = parts.iter();
        let found = parts.find(|told| Some(&told.receiver) == part.as_ref());
        found.map(|told| told.basket.clone())
    };
    let carried = match &facts.event.fact {
        Fact::Money { basket, .. } if part.is_none() => Some(basket.clone()),
        Fact::Money { parts, .. } | Fact::Settlement { parts, .. } => told(parts),
        Fact::Refund { .. } | Fact::Ask { .. } | Fact::Nothing { .. } | Fact::Strange { .. } => None,
    };
    let carried = carried.unwrap_or(CarriedBasket::Absent);
    if part.is_some() && facts.basket.is_none() && carried == CarriedBasket::Absent {
        return Ok(Err(Stop {
            reason: HoldReason::BasketUnusable,
            text: "its receiver has no basket in the order".to_owned(),
        }));
    }
    let order = compose::OrderSide {
        basket: facts.basket.as_ref(),
        carried: &carried,
        description: facts.description.as_deref(),
        order_id: facts.event.order.as_str(),
    };
    let policy = lane.state.ledger.mismatch_policy(document).await?;
    Ok(compose::sale(
        &order,
        document.amount,
        policy,
        &lane.register.vat,
        document.means.clone(),
    ))
}

/// Commits the intent. An outage here ends the turn: nothing has left, the document stays ready.
pub(crate) async fn begin(lane: &mut Lane<'_>, document: &DueDocument, intent: &Intent) -> Result<bool, LedgerError> {
    let asked = Instant::now();
    let lease_length = lane.state.times.lease;
    let begun = lane
        .state
        .ledger
        .begin_sending(
            &lane.grip.lease,
            document.id,
            intent,
            lease_length,
            lane.state.ledger.now(),
        )
        .await?;
    if begun {
        lane.grip.extended(asked);
    }
    Ok(begun)
}

/// The answer becomes an outcome.
pub(crate) async fn conclude(
    lane: &mut Lane<'_>,
    document: &DueDocument,
    kind: Kind,
    answer: Asked<Result<Done, Failure>>,
) -> Result<Step, LedgerError> {
    let times = lane.state.times;
    let now = lane.state.ledger.now();
    let mut z = None;
    let mut desync = None;
    let (outcome, health) = match answer.value {
        Ok(done) => {
            z = done.z;
            let outcome = match done.answered {
                Answered::Registered(registration) => Outcome::Registered(registration),
                Answered::Accepted { provider_id, ask_in } => Outcome::Accepted {
                    provider_id,
                    ask_at: now.plus(ask_in),
                },
            };
            (outcome, Health::Good)
        }
        Err(failure) if failure.class == FailureClass::Desync => {
            trouble::log_register(&lane.register.id, &failure);
            desync = Some(failure);
            (Outcome::NotDone(kind), Health::Unchanged)
        }
        Err(failure) => {
            trouble::log_register(&lane.register.id, &failure);
            let health = trouble::health(&lane.register, &failure, &times, now);
            match failure.class {
                FailureClass::NotDone
                | FailureClass::Repair
                | FailureClass::Desync
                | FailureClass::Misconfigured
                | FailureClass::Operator => {
                    if failure.unreachable {
                        lane.state.breaker.trip(&lane.register.base_url, times.breaker);
                    }
                    (Outcome::NotDone(kind), health)
                }
                // The law wants it all the same: it stays due, and somebody is told.
                FailureClass::Refused if matches!(kind, Kind::Closing | Kind::ZReport) => {
                    (Outcome::NotDone(kind), health)
                }
                // Not the last document any more, or not allowed: give the money back by a return.
                FailureClass::Refused if kind == Kind::Storno => (Outcome::NotDone(Kind::Return), Health::Good),
                FailureClass::Refused => (
                    Outcome::Held(HoldReason::RefusedByProvider, failure.text.en.clone()),
                    Health::Good,
                ),
                // The lost request may still run at the provider: the register is left quiet until the question.
                FailureClass::Unknown if !failure.answered => {
                    let ask_at = now.plus(times.first_ask);
                    (
                        Outcome::Doubt {
                            ask_at,
                            absent_since: None,
                        },
                        Health::Quiet(ask_at),
                    )
                }
                // The provider has answered, so nothing of ours runs there; but it does not work.
                FailureClass::Unknown | FailureClass::Unrecognised => {
                    let ask_at = now.plus(times.first_ask);
                    (
                        Outcome::Doubt {
                            ask_at,
                            absent_since: None,
                        },
                        health,
                    )
                }
            }
        }
    };
    let settled = Settled {
        document: document.id,
        from: Due::Sending,
        outcome: &outcome,
        attempts: &answer.attempts,
        health: &health,
        follow: follow(kind, z.as_ref()),
    };
    let step = commit(lane, document, kind, settled).await?;
    Ok(match (step, desync) {
        (Step::Next, Some(failure)) => Step::Clean(failure),
        (step, _) => step,
    })
}

/// What a document of this kind means for its shift once it is on the tape.
pub(crate) fn follow(kind: Kind, z: Option<&Registration>) -> Follow<'_> {
    match kind {
        Kind::Closing => Follow::ShiftClosed(z),
        Kind::ZReport => Follow::ZMade,
        Kind::Sale | Kind::Storno | Kind::Return | Kind::CashIn | Kind::CashOut => Follow::Nothing,
    }
}

/// Commits an outcome, through a ledger outage if need be: the answer is known only here, and the
/// row is guarded by its state and epoch, so trying again is safe however long it takes.
pub(crate) async fn commit(
    lane: &mut Lane<'_>,
    document: &DueDocument,
    kind: Kind,
    settled: Settled<'_>,
) -> Result<Step, LedgerError> {
    let outcome = settled.outcome;
    let health = settled.health;
    let give_up = Instant::now() + lane.state.times.lease;
    let mut pause = Duration::from_millis(50);
    let finished = loop {
        match lane
            .state
            .ledger
            .finish(&lane.grip.lease, &settled, lane.state.ledger.now())
            .await
        {
            Ok(finished) => break finished,
            Err(error) if error.is_outage() && Instant::now() < give_up => {
                trouble::log_ledger("commit an outcome", &error);
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(2));
            }
            Err(LedgerError::DocumentNumberTaken) => return number_taken(lane, settled).await,
            Err(error) => return Err(error),
        }
    };
    // Lost: unless a commit that seemed to fail did happen, in which case the row has moved on.
    let Some(lanes) = finished else {
        return Ok(Step::Lost);
    };
    deliver::ring(lane.state, &lanes);
    report(lane, document, kind, outcome);
    if matches!(outcome, Outcome::Registered(_)) && kind.is_registers_own() {
        lane.look_soon();
    }
    Ok(match health {
        Health::Trouble { until, .. } | Health::Quiet(until) => Step::Rest(*until),
        Health::Good | Health::Unchanged => Step::Next,
    })
}

/// The provider gave a number that another document of ours has: a person must compare them.
async fn number_taken(lane: &mut Lane<'_>, settled: Settled<'_>) -> Result<Step, LedgerError> {
    let text = "the provider gave it the number of another document".to_owned();
    let outcome = Outcome::Held(HoldReason::DoubtUnresolved, text);
    let settled = Settled {
        outcome: &outcome,
        health: &Health::Unchanged,
        follow: Follow::Nothing,
        ..settled
    };
    let now = lane.state.ledger.now();
    let finished = lane.state.ledger.finish(&lane.grip.lease, &settled, now).await?;
    Ok(if finished.is_some() { Step::Next } else { Step::Lost })
}

/// Holds a document that cannot be made.
pub(crate) async fn hold(
    lane: &mut Lane<'_>,
    document: &DueDocument,
    from: Due,
    attempts: &[NewAttempt],
    stop: &Stop,
) -> Result<Step, LedgerError> {
    let outcome = Outcome::Held(stop.reason, stop.text.clone());
    let settled = Settled {
        document: document.id,
        from,
        outcome: &outcome,
        attempts,
        health: &Health::Unchanged,
        follow: Follow::Nothing,
    };
    commit(lane, document, document.kind, settled).await
}

/// The register does not work: the document stays as it is.
pub(crate) async fn leave_alone(
    lane: &mut Lane<'_>,
    document: &DueDocument,
    failure: &Failure,
    attempts: &[NewAttempt],
) -> Result<Step, LedgerError> {
    leave_register(lane, Some(document.id), failure, attempts).await
}

/// The same outside any document's work.
pub(crate) async fn leave_register(
    lane: &mut Lane<'_>,
    document: Option<DocumentId>,
    failure: &Failure,
    attempts: &[NewAttempt],
) -> Result<Step, LedgerError> {
    trouble::log_register(&lane.register.id, failure);
    if failure.unreachable {
        lane.state
            .breaker
            .trip(&lane.register.base_url, lane.state.times.breaker);
    }
    let now = lane.state.ledger.now();
    let health = trouble::health(&lane.register, failure, &lane.state.times, now);
    lane.state
        .ledger
        .note_register(&lane.grip.lease, document, attempts, &health, now)
        .await?;
    Ok(match health {
        Health::Trouble { until, .. } | Health::Quiet(until) => Step::Rest(until),
        Health::Good | Health::Unchanged => Step::Next,
    })
}

fn report(lane: &Lane<'_>, document: &DueDocument, kind: Kind, outcome: &Outcome) {
    let state = match outcome {
        Outcome::Registered(registration) => {
            lane.state.breaker.close(&lane.register.base_url);
            let age = lane.state.ledger.now().since(document.created_at);
            ::metrics::histogram!(metrics::SECONDS_TO_REGISTER, "kind" => kind.as_str()).record(age);
            info!(
                document.id = %document.id, register.id = %lane.register.id, fiscal_number = %registration.fiscal_number,
                duration_ms = age.as_millis(),
                "Registered {} {} as {}", kind.as_str(), document.id, registration.fiscal_number
            );
            "registered"
        }
        Outcome::NotDone(_) => "not_done",
        Outcome::Accepted { .. } => "pending",
        Outcome::Doubt { .. } => {
            warn!(document.id = %document.id, register.id = %lane.register.id, "Document {} is in doubt; the register will be asked", document.id);
            "in_doubt"
        }
        Outcome::Held(reason, text) => {
            warn!(document.id = %document.id, register.id = %lane.register.id, reason = reason.code(), "Document {} waits for a person: {text}", document.id);
            "held"
        }
    };
    let provider = lane.register.provider.as_str();
    ::metrics::counter!(metrics::DOCUMENTS, "kind" => kind.as_str(), "state" => state, "provider" => provider)
        .increment(1);
}

pub(crate) fn too_late() -> Failure {
    let text = Words::new(
        "too much time went by since its intent was committed, so the request was not made",
        "від рішення надіслати минуло забагато часу, тож запит не зроблено",
    );
    Failure::ours(FailureClass::NotDone, "too_late", text)
}
