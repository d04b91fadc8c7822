//! What the ledger knows of a register, in plain words.

use std::time::Duration;

use domain::shift::{LONGEST, OFFLINE_MONTH_MINUTES, OFFLINE_SESSION_MINUTES};
use domain::time::UnixMillis;
use ledger::alerts::AlertView;
use ledger::day::Day;
use ledger::doors::{Condition, Open};
use ledger::plan::DOCUMENT_HELD;
use ledger::settings::Register;
use ledger::{Ledger, LedgerError};

use super::report::Line;
use super::text::moment;

const DAY: u64 = 24 * 3600;

/// Everything the ledger knows of a register.
pub(super) struct Known {
    pub id: String,
    pub day: Day,
    pub condition: Condition,
    pub open: Open,
    pub alerts: Vec<AlertView>,
}

impl Known {
    pub async fn of(ledger: &Ledger, register: &Register) -> Result<Self, LedgerError> {
        let id = &register.id;
        let mut alerts = ledger.open_alerts(Some(&register.merchant)).await?;
        alerts.retain(|alert| alert.register.as_deref() == Some(id.as_str()) && alert.kind != DOCUMENT_HELD);
        Ok(Self {
            id: id.to_string(),
            day: ledger.day(id).await?,
            condition: ledger.condition(id).await?,
            open: ledger.open_documents(id).await?,
            alerts,
        })
    }

    pub fn lines(&self, now: UnixMillis) -> Vec<Line> {
        let mut lines = vec![self.seen()];
        lines.extend(self.trouble(now));
        // Before the first look nothing is known of the register itself.
        if self.day.seen_at.is_some() {
            lines.extend([self.shift(now), self.offline(), self.undelivered()]);
            lines.extend(self.ends(now));
        }
        lines.push(self.documents());
        lines.extend(self.asked());
        lines.extend(self.alerts.iter().map(alert));
        lines
    }

    fn seen(&self) -> Line {
        match self.day.seen_at {
            Some(at) => Line::good(format!("Kasyr last looked at it {}", moment(at))),
            None => Line::note("Kasyr has not looked at it yet; it does so within seconds once it runs"),
        }
    }

    fn trouble(&self, now: UnixMillis) -> Option<Line> {
        let Condition {
            failures,
            trouble,
            rests_until,
        } = &self.condition;
        if *failures == 0 {
            return None;
        }
        let word = trouble.as_deref().unwrap_or("no answer");
        let until = if *rests_until > now {
            format!(", left alone until {}", moment(*rests_until))
        } else {
            String::new()
        };
        Some(Line::note(format!(
            "it is in trouble: {word} ({failures} times in a row){until}"
        )))
    }

    fn shift(&self, now: UnixMillis) -> Line {
        let facts = &self.day.facts;
        if facts.cancelled {
            return Line::person(
                "its registration is cancelled; no receipt can be registered",
                "register the cash register anew at the tax service, or point the payment source at another one",
            );
        }
        let Some(shift) = &self.day.shift else {
            return match facts.shift_open {
                Some(false) => Line::good("its shift is closed and opens with the next receipt"),
                Some(true) | None => Line::note("whether a shift is open is not known yet"),
            };
        };
        let end = shift.opened_at.plus(LONGEST);
        let operator = shift.operator.as_deref().unwrap_or("?");
        let since = format!("its shift is open since {} ({operator})", moment(shift.opened_at));
        if now >= end {
            return Line::person(
                format!("{since}, longer than the 24 hours of the law"),
                format!(
                    "close it: kasyr close-shift {} --wait; or in the provider's cabinet",
                    self.id
                ),
            );
        }
        let z = if facts.z_present {
            "; it has its Z-report, so it is closed before the next receipt"
        } else {
            ""
        };
        let text = format!(
            "{since}; Kasyr closes it {}, the law allows it until {}{z}",
            moment(shift.close_due),
            moment(end)
        );
        if now >= shift.close_due {
            Line::note(format!("{text}; its closing is due"))
        } else {
            Line::good(text)
        }
    }

    fn offline(&self) -> Line {
        let session = self.day.facts.session_minutes;
        let month = self.day.facts.month_minutes + session;
        let text = format!(
            "offline minutes used: {session} of {OFFLINE_SESSION_MINUTES} in this session, {month} of {OFFLINE_MONTH_MINUTES} this month"
        );
        let near = |used: u64, most: u64| used.saturating_mul(100) >= most * 80;
        if near(session, OFFLINE_SESSION_MINUTES) || near(month, OFFLINE_MONTH_MINUTES) {
            Line::person(
                text,
                "get the link to the tax service back: ask the provider what is wrong; at the limit the register is blocked",
            )
        } else {
            Line::good(text)
        }
    }

    fn undelivered(&self) -> Line {
        let facts = &self.day.facts;
        let number = self.day.offline_documents;
        if number == 0 && facts.undelivered != Some(true) {
            return Line::good("every document is at the tax service");
        }
        let what = if number == 0 {
            "the provider has documents that the tax service does not have, and Kasyr did not make them".to_owned()
        } else {
            format!("{number} documents registered offline are not at the tax service yet")
        };
        match &facts.delivery_trouble {
            Some(why) => Line::person(
                format!("{what}: {why}"),
                "call the provider's support; never clean the register with --remove: that loses them",
            ),
            None => Line::note(format!("{what}; the provider delivers them by itself")),
        }
    }

    fn ends(&self, now: UnixMillis) -> [Line; 2] {
        let licence = self.day.facts.licence_until.map(UnixMillis);
        [
            end(
                "its key",
                self.day.certificate_until,
                "a key kept at the provider: see its cabinet",
                now,
            ),
            end("the provider's licence", licence, "see the provider's cabinet", now),
        ]
    }

    fn documents(&self) -> Line {
        let Open { due, in_doubt, held } = self.open;
        let text = format!("documents: {due} due, {in_doubt} in doubt, {held} on hold");
        if held > 0 {
            Line::person(text, "see those on hold, and what to do, with: kasyr alerts")
        } else {
            Line::good(text)
        }
    }

    fn asked(&self) -> Vec<Line> {
        let actions = self.day.actions.iter();
        actions
            .map(|action| {
                Line::note(format!(
                    "asked and not done yet: {} (by {}, {}), action {}",
                    action.ask.as_str(),
                    action.actor,
                    moment(action.asked_at),
                    action.id
                ))
            })
            .collect()
    }
}

fn end(what: &str, until: Option<UnixMillis>, untold: &str, now: UnixMillis) -> Line {
    let Some(until) = until else {
        return Line::note(format!("until when {what} is valid was not told ({untold})"));
    };
    let left = until.since(now);
    let text = format!("{what} is valid until {}", moment(until));
    if left.is_zero() {
        Line::person(
            format!("{what} ended {}", moment(until)),
            "renew it; until then no receipt can be registered",
        )
    } else if left <= Duration::from_secs(7 * DAY) {
        Line::person(text, "renew it before that day; after it no receipt can be registered")
    } else if left <= Duration::from_secs(30 * DAY) {
        Line::note(format!("{text}; renew it before that day"))
    } else {
        Line::good(text)
    }
}

/// One that was acknowledged is somebody's already.
pub(super) fn alert(alert: &AlertView) -> Line {
    match &alert.acknowledged {
        Some((_, by)) => Line::note(format!("{} (known to {by})", alert.text.en)),
        None => Line::person(
            alert.text.en.clone(),
            format!(
                "{} Say that you know of it with: kasyr alerts ack {}",
                alert.next_step.en, alert.id
            ),
        ),
    }
}

#[cfg(test)]
mod tests;
