//! `DATA` and the message behind it.

use std::io;

use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::course::{Course, Occasion};
use super::progress::Envelope;
use super::{Next, Session};
use crate::mailbox::fault::Step;
use crate::mailbox::message::Message;
use crate::mailbox::reply::Reply;

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    /// Takes the text up to its final dot; that dot is a step of its own.
    pub(super) async fn data(&mut self) -> io::Result<Next> {
        let recipients = self.progress.recipients();
        let occasion = Occasion::about(Step::Data, recipients.clone());
        if let Err(reply) = self.progress.may_write() {
            return self.say(&occasion, &reply).await;
        }
        match self.course(&occasion) {
            Course::Usual => {}
            Course::Instead(then) | Course::Despite(then) => return self.follow(&occasion, then).await,
        }
        let next = self
            .say(&occasion, &Reply::new(354, "End with a dot on a line"))
            .await?;
        if next != Next::Go {
            return Ok(next);
        }
        let config = self.mailbox.config();
        let (limit, idle) = (config.size_limit, config.idle);
        let text = match timeout(idle, self.wire.text(limit)).await {
            Ok(text) => text?,
            Err(_) => return self.too_late().await,
        };
        let Some(text) = text else { return Ok(Next::Close) };
        let envelope = self.progress.take_envelope();
        let occasion = Occasion::about(Step::Message, recipients);
        match text.flaw {
            Some(flaw) => self.say(&occasion, &flaw.reply()).await,
            None => self.take(&occasion, envelope, text.raw).await,
        }
    }

    /// The message is here; whether it stays and what is said of it are two things.
    async fn take(&mut self, occasion: &Occasion, envelope: Envelope, raw: Vec<u8>) -> io::Result<Next> {
        let octets = raw.len();
        self.note(std::iter::once(format!("C: ({octets} octets)")));
        let then = match self.course(occasion) {
            Course::Instead(then) => return self.follow(occasion, then).await,
            Course::Usual => None,
            Course::Despite(then) => Some(then),
        };
        let id = self.mailbox.keep(Message {
            id: 0,
            from: envelope.from,
            to: envelope.to,
            raw: raw.into(),
            at: Timestamp::now(),
            connection: self.connection,
            tls: self.tls,
            user: self.progress.user.clone(),
            answered: false,
        });
        if let Some(then) = then {
            return self.follow(occasion, then).await;
        }
        let next = self.say(occasion, &Reply::ok(&format!("2.0.0 Kept as {id}"))).await?;
        self.mailbox.answered(id);
        Ok(next)
    }
}
