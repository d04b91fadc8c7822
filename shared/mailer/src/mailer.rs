use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::dialogue::{self, Envelope};
use crate::error::SendError;
use crate::letter::{self, Letter};
use crate::open::{self, Offers};
use crate::reply::Reply;
use crate::smtp_url::SmtpUrl;
use crate::stage::Stage;
use crate::tls::{SetupError, Tls};
use crate::wire::{Limit, Wire};

/// How many open dialogues are kept for the next letters; more letters at once open more and close them again.
const MAX_IDLE: usize = 4;
/// Servers close idle dialogues after some minutes, and some after one.
const MAX_IDLE_TIME: Duration = Duration::from_secs(45);
/// Servers limit how many letters one dialogue may carry; 100 is common.
const MAX_LETTERS: u32 = 50;
/// A farewell is a courtesy.
const FAREWELL: Duration = Duration::from_secs(1);

/// Hands letters to one mail server. Cloning is cheap, and clones share the open dialogues.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    url: SmtpUrl,
    tls: Option<Tls>,
    times: Times,
    idle: Mutex<Vec<Line>>,
}

/// How long a mail server is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// For an open dialogue: the name, TCP, TLS, the greeting and signing in, altogether.
    pub connect: Duration,
    /// For the answer to one command.
    pub command: Duration,
    /// For the letter to be sent and answered. Servers look into a letter before they answer, and a letter that was
    /// sent and not answered may be delivered twice, so rather minutes than seconds (RFC 5321 §4.5.3.2.6 says ten).
    pub letter: Duration,
}

impl Times {
    /// The longest that one [`Mailer::send`] takes; a caller's claim on a delivery must be longer.
    pub fn all(&self) -> Duration {
        // RSET, MAIL, RCPT, DATA; then the letter, and a farewell.
        self.connect
            .saturating_add(self.command.saturating_mul(4))
            .saturating_add(self.letter)
            .saturating_add(FAREWELL)
    }
}

/// A letter that the mail server took over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its answer, mostly with the number under which its postmaster finds the letter.
    pub reply: Reply,
}

/// An open dialogue.
struct Line {
    wire: Wire,
    offers: Offers,
    letters: u32,
    idle_from: Instant,
}

impl Mailer {
    /// Connects to nothing yet. Reads the machine's certificates, and those of the parameter `ca`.
    pub fn new(url: &SmtpUrl, times: Times) -> Result<Self, SetupError> {
        Ok(Self(Arc::new(Inner {
            tls: Tls::of(url)?,
            url: url.clone(),
            times,
            idle: Mutex::default(),
        })))
    }

    /// Hands one letter over, over an open dialogue if there is one; a kept dialogue that turns out to be dead before
    /// the letter is begun is replaced by a new one, once. Nothing is sent twice here: what may be repeated is the
    /// caller's question to [`SendError::class`]. Takes [`Times::all`] at most. Dropped half-way, it closes the
    /// dialogue; if that was after the last dot, the letter may have been delivered.
    pub async fn send(&self, letter: &Letter) -> Result<Sent, SendError> {
        let bytes = letter::bytes(letter)?;
        let envelope = Envelope {
            from: letter.from.email(),
            to: letter.to.email(),
            hide: letter.to.local(),
        };
        let mut line = self.line().await?;
        let times = &self.0.times;
        let result = dialogue::hand_over(&mut line.wire, line.offers, &envelope, &bytes, times).await;
        line.letters += 1;
        if still_good(&result) {
            self.keep(line).await;
        }
        result.map(|reply| Sent { reply })
    }

    /// Takes leave of the server in every dialogue that is kept; a program that ends calls it out of courtesy.
    pub async fn close(&self) {
        let idle = std::mem::take(&mut *self.0.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for line in idle {
            farewell(line).await;
        }
    }

    async fn line(&self) -> Result<Line, SendError> {
        let kept = {
            let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.retain(|line| line.idle_from.elapsed() < MAX_IDLE_TIME);
            idle.pop()
        };
        if let Some(mut line) = kept
            && dialogue::begin_anew(&mut line.wire, &self.0.times).await.is_ok()
        {
            return Ok(line);
        }
        let limit = Limit::of(self.0.times.connect);
        let (wire, offers) = open::open(&self.0.url, self.0.tls.as_ref(), limit).await?;
        Ok(Line {
            wire,
            offers,
            letters: 0,
            idle_from: Instant::now(),
        })
    }

    async fn keep(&self, mut line: Line) {
        line.idle_from = Instant::now();
        let surplus = {
            let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if line.letters < MAX_LETTERS && idle.len() < MAX_IDLE {
                idle.push(line);
                return;
            }
            line
        };
        farewell(surplus).await;
    }
}

/// A refusal ends a letter and not the dialogue, except 421 (RFC 5321 §3.8).
fn still_good(result: &Result<Reply, SendError>) -> bool {
    match result {
        Ok(_) => true,
        Err(SendError::Refused { reply, .. }) => reply.code != 421,
        Err(
            SendError::Letter(_)
            | SendError::Connect(_)
            | SendError::Tls(_)
            | SendError::NoTls
            | SendError::PasswordInClear
            | SendError::NoSignIn
            | SendError::Lost { .. }
            | SendError::Silent { .. }
            | SendError::Nonsense { .. },
        ) => false,
    }
}

async fn farewell(mut line: Line) {
    // Whatever comes of it, the dialogue is over.
    let _ = line.wire.ask(Stage::Hello, "QUIT", "", Limit::of(FAREWELL)).await;
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer")
            .field("url", &self.0.url)
            .field("times", &self.0.times)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
