//! Settling a doubt: only asking the provider leads out, and only a complete look, twice, some time
//! apart, after the lost request must have ended, counts as "not there".

use domain::document::Kind;
use domain::hold::HoldReason;
use domain::time::UnixMillis;
use ledger::LedgerError;
use ledger::alerts::Words;
use ledger::tape::{Due, DueDocument, Health, Outcome, Settled};
use tracing::{info, warn};

use crate::config::WorkerTimes;
use crate::day;
use crate::providers::{Failure, Finding};
use crate::send::{commit, follow, leave_alone};
use crate::work_register::{Lane, Step};

/// Asks about one document in doubt.
pub(crate) async fn settle(lane: &mut Lane<'_>, document: DueDocument) -> Result<Step, LedgerError> {
    let now = lane.state.ledger.now();
    let asked = match document.kind {
        Kind::Closing | Kind::ZReport => day::close::find(lane, &document).await?,
        Kind::Sale | Kind::Storno | Kind::Return | Kind::CashIn | Kind::CashOut => {
            lane.adapter.find(&mut lane.grip, &document, now).await?
        }
    };
    let Some(finding) = asked.value else {
        return Ok(Step::Lost);
    };
    let settled = Settled {
        document: document.id,
        from: document.due,
        outcome: &Outcome::NotDone(document.kind),
        attempts: &asked.attempts,
        health: &Health::Unchanged,
        follow: follow(document.kind, None),
    };
    if let Finding::Failed(failure) = &finding {
        let ask_at = now.plus(lane.state.times.first_ask);
        let later = if document.due == Due::Pending {
            Outcome::Accepted {
                provider_id: None,
                ask_at,
            }
        } else {
            Outcome::Doubt {
                ask_at,
                absent_since: document.absent_since,
            }
        };
        let stopped = leave_alone(lane, &document, failure, &asked.attempts).await?;
        // The lost request may still run there: the next request on this register is the next question.
        let quiet = match &later {
            Outcome::Doubt { ask_at, .. } if now < may_run_until(&document, &lane.state.times) => {
                Health::Quiet(*ask_at)
            }
            _ => Health::Unchanged,
        };
        let settled = Settled {
            outcome: &later,
            attempts: &[],
            health: &quiet,
            ..settled
        };
        return Ok(match commit(lane, &document, document.kind, settled).await? {
            Step::Next | Step::Clean(_) => stopped,
            step => step,
        });
    }
    let outcome = judge(&document, &finding, &lane.state.times, now);
    if let Finding::Dropped { why, .. } = &finding {
        warn!(document.id = %document.id, "Document {} came to nothing at its provider ({why}); it will be sent anew", document.id);
    } else if matches!(outcome, Outcome::NotDone(_)) {
        info!(document.id = %document.id, "Document {} is not on the tape; it will be sent", document.id);
    }
    let health = match &finding {
        Finding::Dropped { again_in, .. } => Health::Quiet(now.plus(*again_in)),
        Finding::Found(_)
        | Finding::Absent
        | Finding::Accepted { .. }
        | Finding::Refused(_)
        | Finding::Doubtful(_)
        | Finding::Unclear(_)
        | Finding::Failed(_) => health(&document, &outcome, &lane.state.times, now),
    };
    let settled = Settled {
        outcome: &outcome,
        health: &health,
        ..settled
    };
    commit(lane, &document, document.kind, settled).await
}

/// While the lost request may still run at the provider nothing else is sent on its register. After
/// that, a doubt that waits for an offline delivery does not hold up the others.
fn health(document: &DueDocument, outcome: &Outcome, times: &WorkerTimes, now: UnixMillis) -> Health {
    match outcome {
        Outcome::Registered(_) | Outcome::NotDone(_) | Outcome::Accepted { .. } => Health::Good,
        Outcome::Doubt { ask_at, .. } if now < may_run_until(document, times) => Health::Quiet(*ask_at),
        Outcome::Doubt { .. } | Outcome::Held(..) => Health::Unchanged,
    }
}

/// How long a request whose answer was lost may go on at the provider.
fn may_run_until(document: &DueDocument, times: &WorkerTimes) -> UnixMillis {
    document.sent_at.unwrap_or(document.created_at).plus(times.settle)
}

/// What a finding means, given how long the doubt has lasted.
fn judge(document: &DueDocument, finding: &Finding, times: &WorkerTimes, now: UnixMillis) -> Outcome {
    let sent_at = document.sent_at.unwrap_or(document.created_at);
    let believable_from = sent_at.plus(times.settle);
    match finding {
        Finding::Found(registration) => Outcome::Registered(registration.clone()),
        Finding::Absent => match document.absent_since {
            Some(since) if now >= since.plus(times.look_apart) && now >= believable_from => {
                Outcome::NotDone(document.kind)
            }
            since => {
                let since = since.unwrap_or(now);
                let ask_at = since.plus(times.look_apart).max(believable_from);
                Outcome::Doubt {
                    ask_at,
                    absent_since: Some(since),
                }
            }
        },
        Finding::Accepted { provider_id, ask_in } => {
            if now.since(sent_at) > times.result_limit {
                let text = "the provider took it and has told no result for too long".to_owned();
                return Outcome::Held(HoldReason::DoubtUnresolved, text);
            }
            Outcome::Accepted {
                provider_id: provider_id.clone(),
                ask_at: now.plus(*ask_in),
            }
        }
        Finding::Dropped { .. } => Outcome::NotDone(document.kind),
        Finding::Refused(why) => Outcome::Held(HoldReason::RefusedByProvider, why.clone()),
        Finding::Doubtful(why) => Outcome::Held(HoldReason::DoubtUnresolved, why.clone()),
        Finding::Unclear(why)
        | Finding::Failed(Failure {
            text: Words { en: why, .. },
            ..
        }) => {
            // What was taken is not lost, and its result may come as long as the provider keeps it.
            let limit = if document.due == Due::Pending {
                times.result_limit
            } else {
                times.doubt_limit
            };
            if now.since(sent_at) > limit {
                return Outcome::Held(
                    HoldReason::DoubtUnresolved,
                    format!("it cannot be told whether it was registered: {why}"),
                );
            }
            // Ask more seldom the longer it lasts.
            let wait = (now.since(sent_at) / 4).clamp(times.first_ask, times.register_backoff.cap);
            let ask_at = now.plus(wait);
            if document.due == Due::Pending {
                return Outcome::Accepted {
                    provider_id: None,
                    ask_at,
                };
            }
            Outcome::Doubt {
                ask_at,
                absent_since: None,
            }
        }
    }
}

#[cfg(test)]
mod tests;
