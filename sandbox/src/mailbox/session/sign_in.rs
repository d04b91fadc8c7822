//! `AUTH`.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

use super::course::Occasion;
use super::progress::Progress;
use super::{Next, Session};
use crate::mailbox::command::Mechanism;
use crate::mailbox::config::User;
use crate::mailbox::credentials::{self, PROMPTS};
use crate::mailbox::fault::Step;
use crate::mailbox::reply::Reply;
use crate::mailbox::wire::Line;

/// Why there are no credentials.
enum Without {
    /// They were not sent as they should be.
    Said(Reply),
    Gone,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    /// Hears the credentials, then the step's fault, then whether they are right.
    pub(super) async fn sign_in(&mut self, mechanism: Mechanism, initial: Option<String>) -> io::Result<Next> {
        let occasion = Occasion::of(Step::Auth);
        let sent = match mechanism {
            Mechanism::Plain => self.plain(initial).await?,
            Mechanism::Login => self.login(initial).await?,
        };
        let sent = match sent {
            Ok(sent) => sent,
            Err(Without::Said(reply)) => return self.say(&occasion, &reply).await,
            Err(Without::Gone) => return Ok(Next::Close),
        };
        let user = self.mailbox.config().user.clone();
        let judge = |progress: &mut Progress| {
            if !user.is_some_and(|user| credentials::are_right(&sent, &user)) {
                return Reply::usual(535);
            }
            progress.user = Some(sent.name);
            Reply::new(235, "2.7.0 Welcome")
        };
        self.settle(&occasion, judge).await
    }

    async fn plain(&mut self, initial: Option<String>) -> io::Result<Result<User, Without>> {
        let answer = match initial {
            Some(answer) => Ok(answer),
            None => self.ask("").await?,
        };
        let read = |answer: String| credentials::plain(&answer).ok_or_else(unreadable);
        Ok(answer.and_then(read))
    }

    async fn login(&mut self, initial: Option<String>) -> io::Result<Result<User, Without>> {
        let [for_name, for_password] = PROMPTS;
        let name = match initial {
            Some(answer) => Ok(answer),
            None => self.ask(for_name).await?,
        };
        let name = match name {
            Ok(name) => name,
            Err(without) => return Ok(Err(without)),
        };
        let password = match self.ask(for_password).await? {
            Ok(password) => password,
            Err(without) => return Ok(Err(without)),
        };
        let user = credentials::decoded(&name).zip(credentials::decoded(&password));
        Ok(user
            .map(|(name, password)| User { name, password })
            .ok_or_else(unreadable))
    }

    async fn ask(&mut self, prompt: &str) -> io::Result<Result<String, Without>> {
        let next = self.say(&Occasion::of(Step::Other), &Reply::new(334, prompt)).await?;
        if next != Next::Go {
            return Ok(Err(Without::Gone));
        }
        Ok(match self.hear(|_| "***".to_owned()).await? {
            Line::Text(answer) if answer == "*" => Err(Without::Said(Reply::syntax("As you wish"))),
            Line::Text(answer) => Ok(answer),
            Line::Wrong(reply) => Err(Without::Said(reply)),
            Line::End => Err(Without::Gone),
        })
    }
}

fn unreadable() -> Without {
    Without::Said(Reply::new(501, "5.5.2 The answer cannot be read"))
}
