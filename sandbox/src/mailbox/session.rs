//! One connection: its commands in turn, each under its fault.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::command::Command;
use super::fault::Step;
use super::kept::Mailbox;
use super::reply::Reply;
use super::wire::{Line, Wire};
use course::{Course, Occasion, Then};
use progress::Progress;

mod course;
mod data;
mod progress;
mod sign_in;

pub(super) struct Session<S> {
    mailbox: Mailbox,
    wire: Wire<S>,
    connection: u64,
    tls: bool,
    progress: Progress,
}

/// How a connection goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Go,
    /// Ended in good order.
    Close,
    /// Ended without a word.
    Cut,
    StartTls,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    pub(super) fn new(mailbox: Mailbox, stream: S, connection: u64, tls: bool) -> Self {
        Self {
            mailbox,
            wire: Wire::new(stream),
            connection,
            tls,
            progress: Progress::default(),
        }
    }

    /// Greets and goes on.
    pub(super) async fn greet(mut self) -> io::Result<Option<S>> {
        let hostname = self.mailbox.config().hostname.clone();
        let greeting = Reply::new(220, format!("{hostname} ESMTP sandbox"));
        match self.settle(&Occasion::of(Step::Greeting), |_| greeting).await? {
            Next::Go | Next::StartTls => self.go_on().await,
            Next::Close => {
                self.wire.close().await;
                Ok(None)
            }
            Next::Cut => Ok(None),
        }
    }

    /// Takes commands to the end; the connection comes back when it is to be encrypted.
    pub(super) async fn go_on(mut self) -> io::Result<Option<S>> {
        loop {
            let next = match self.hear(shown).await? {
                Line::Text(line) => match Command::read(&line) {
                    Ok(command) => self.on(command).await?,
                    Err(reply) => self.settle(&Occasion::of(Step::Other), |_| reply).await?,
                },
                Line::Wrong(reply) => self.settle(&Occasion::of(Step::Other), |_| reply).await?,
                Line::End => Next::Close,
            };
            match next {
                Next::Go => {}
                Next::Close => {
                    self.wire.close().await;
                    return Ok(None);
                }
                Next::Cut => return Ok(None),
                Next::StartTls => return Ok(Some(self.wire.into_inner())),
            }
        }
    }

    async fn on(&mut self, command: Command) -> io::Result<Next> {
        let mailbox = self.mailbox.clone();
        let (config, tls) = (mailbox.config(), self.tls);
        let occasion = Occasion::of(step_of(&command));
        match command {
            Command::Hello { extended } => {
                let hello = |progress: &mut Progress| progress.hello(extended, config, tls);
                self.settle(&occasion, hello).await
            }
            Command::StartTls => match self.progress.may_start_tls(config, tls) {
                Ok(()) => {
                    let ready = |_: &mut Progress| Reply::new(220, "2.0.0 Go ahead");
                    self.settle_and(Next::StartTls, &occasion, ready).await
                }
                Err(reply) => self.say(&occasion, &reply).await,
            },
            Command::Auth { mechanism, initial } => match self.progress.may_sign_in(config, tls) {
                Ok(()) => self.sign_in(mechanism, initial).await,
                Err(reply) => self.say(&occasion, &reply).await,
            },
            Command::Mail(path) => match self.progress.may_send(&path, config) {
                Ok(()) => self.settle(&occasion, |progress| progress.send(&path)).await,
                Err(reply) => self.say(&occasion, &reply).await,
            },
            Command::Rcpt(path) => {
                let occasion = Occasion::about(Step::Rcpt, vec![path.address.clone()]);
                match self.progress.may_add(&path) {
                    Ok(()) => self.settle(&occasion, |progress| progress.add(&path)).await,
                    Err(reply) => self.say(&occasion, &reply).await,
                }
            }
            Command::Data => self.data().await,
            Command::Rset => self.settle(&occasion, Progress::reset).await,
            Command::Noop => self.settle(&occasion, |_| Reply::ok("2.0.0 Still here")).await,
            Command::Vrfy => {
                let vague = |_: &mut Progress| Reply::new(252, "2.1.5 Send it and see");
                self.settle(&occasion, vague).await
            }
            Command::Quit => {
                let bye = |_: &mut Progress| Reply::new(221, "2.0.0 Bye");
                self.settle_and(Next::Close, &occasion, bye).await
            }
        }
    }

    async fn settle(&mut self, occasion: &Occasion, carry: impl FnOnce(&mut Progress) -> Reply) -> io::Result<Next> {
        self.settle_and(Next::Go, occasion, carry).await
    }

    /// Carries a step out as its fault allows; `after` follows when all went well.
    async fn settle_and(
        &mut self,
        after: Next,
        occasion: &Occasion,
        carry: impl FnOnce(&mut Progress) -> Reply,
    ) -> io::Result<Next> {
        match self.course(occasion) {
            Course::Usual => {
                let reply = carry(&mut self.progress);
                let next = self.say(occasion, &reply).await?;
                Ok(if next == Next::Go { after } else { next })
            }
            Course::Despite(then) => {
                carry(&mut self.progress);
                self.follow(occasion, then).await
            }
            Course::Instead(then) => self.follow(occasion, then).await,
        }
    }

    fn course(&self, occasion: &Occasion) -> Course {
        Course::under(self.mailbox.fault(occasion.step, &occasion.names()))
    }

    async fn follow(&mut self, occasion: &Occasion, then: Then) -> io::Result<Next> {
        match then {
            Then::Say(reply) => self.say(occasion, &reply).await,
            Then::Cut => Ok(Next::Cut),
            Then::Silence => {
                self.wire.wait_for_the_end().await?;
                Ok(Next::Cut)
            }
        }
    }

    async fn say(&mut self, occasion: &Occasion, reply: &Reply) -> io::Result<Next> {
        if let Some(by) = self.mailbox.delay(occasion.step, &occasion.names()) {
            tokio::time::sleep(by).await;
        }
        self.wire.say(reply).await?;
        self.note(reply.wire().lines().map(|line| format!("S: {line}")));
        Ok(if reply.code == 421 { Next::Close } else { Next::Go })
    }

    /// The next line, noted as `shown` has it. A client that says nothing for too long is told so.
    async fn hear(&mut self, shown: impl Fn(&str) -> String) -> io::Result<Line> {
        let idle = self.mailbox.config().idle;
        let Ok(line) = timeout(idle, self.wire.line()).await else {
            self.too_late().await?;
            return Ok(Line::End);
        };
        let line = line?;
        match &line {
            Line::Text(text) => self.note(std::iter::once(format!("C: {}", shown(text)))),
            Line::Wrong(_) => self.note(std::iter::once("C: (no line)".to_owned())),
            Line::End => {}
        }
        Ok(line)
    }

    async fn too_late(&mut self) -> io::Result<Next> {
        let reply = Reply::new(421, "4.4.2 Nothing heard for too long");
        self.say(&Occasion::of(Step::Other), &reply).await
    }

    fn note(&self, lines: impl Iterator<Item = String>) {
        self.mailbox.say(self.connection, lines);
    }
}

fn step_of(command: &Command) -> Step {
    match command {
        Command::Hello { .. } => Step::Hello,
        Command::StartTls => Step::StartTls,
        Command::Auth { .. } => Step::Auth,
        Command::Mail(_) => Step::Mail,
        Command::Rcpt(_) => Step::Rcpt,
        Command::Data => Step::Data,
        Command::Rset | Command::Noop | Command::Vrfy | Command::Quit => Step::Other,
    }
}

/// A line as it may be shown: what follows `AUTH` and its mechanism is a secret.
fn shown(line: &str) -> String {
    let mut words = line.splitn(3, ' ');
    match (words.next(), words.next(), words.next()) {
        (Some(verb), Some(mechanism), Some(_)) if verb.eq_ignore_ascii_case("AUTH") => {
            format!("{verb} {mechanism} ***")
        }
        (_, _, _) => line.to_owned(),
    }
}
