//! The handle through which tests and servers hold a mailbox.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::config::Config;
use super::dialogue::{Dialogue, Dialogues};
use super::fault::{FaultKind, Step};
use super::message::Message;
use super::{Chaos, Fault};
use crate::door::Door;
use crate::fault::Faults;

/// A mail server and what it has taken. Clones share one state.
#[derive(Clone)]
pub struct Mailbox(Arc<Shared>);

struct Shared {
    config: Config,
    state: Mutex<State>,
    /// Raised with every change of the messages.
    changed: watch::Sender<u64>,
    door: Door,
}

struct State {
    messages: Vec<Message>,
    /// Every message ever taken, those thrown away included.
    taken: u64,
    dialogues: Dialogues,
    faults: Faults<FaultKind>,
}

impl Mailbox {
    /// An empty mailbox.
    pub fn new(config: Config) -> Self {
        Self(Arc::new(Shared {
            config,
            state: Mutex::new(State {
                messages: Vec::new(),
                taken: 0,
                dialogues: Dialogues::default(),
                faults: Faults::none(),
            }),
            changed: watch::Sender::new(0),
            door: Door::open(),
        }))
    }

    /// The messages, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.lock().messages.clone()
    }

    /// Those with this recipient in the envelope, in any letter case.
    pub fn messages_to(&self, recipient: &str) -> Vec<Message> {
        let to = |message: &Message| message.to.iter().any(|to| to.eq_ignore_ascii_case(recipient));
        let mut messages = self.messages();
        messages.retain(to);
        messages
    }

    /// One by its number.
    pub fn message(&self, id: u64) -> Option<Message> {
        self.lock().messages.iter().find(|message| message.id == id).cloned()
    }

    /// Waits until there are so many messages. It waits for ever: put it under a time-out.
    pub async fn wait_for(&self, count: usize) -> Vec<Message> {
        self.wait_until(|messages| messages.len() >= count).await
    }

    /// Waits until the messages are as wished. It waits for ever: put it under a time-out.
    pub async fn wait_until(&self, wished: impl Fn(&[Message]) -> bool) -> Vec<Message> {
        let mut changed = self.0.changed.subscribe();
        loop {
            changed.borrow_and_update();
            let messages = self.messages();
            // The sender is ours, so a closed channel cannot be.
            if wished(&messages) || changed.changed().await.is_err() {
                return messages;
            }
        }
    }

    /// Throws all messages away; numbers go on.
    pub fn clear(&self) {
        self.change(|state| state.messages.clear());
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u64 {
        self.lock().dialogues.begun()
    }

    /// What was said on the newest connections, oldest first.
    pub fn dialogues(&self) -> Vec<Dialogue> {
        self.lock().dialogues.all()
    }

    /// Queues a fault.
    pub fn inject(&self, fault: Fault) {
        self.lock().faults.inject(fault);
    }

    /// Forgets the queued faults.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// The faults that have not met all their occasions.
    pub fn faults(&self) -> Vec<Fault> {
        self.lock().faults.waiting()
    }

    /// Draws faults at random from now on, or stops with None.
    pub fn set_chaos(&self, chaos: Option<Chaos>) {
        self.lock().faults.set_chaos(chaos);
    }

    /// Refuses connections from now on and cuts those that are open; returns when it is so.
    pub async fn shut(&self) {
        self.0.door.set_shut(true).await;
    }

    /// Takes connections again, at the same addresses; returns when it is so.
    pub async fn open(&self) {
        self.0.door.set_shut(false).await;
    }

    /// Whether connections are refused.
    pub fn is_shut(&self) -> bool {
        self.0.door.is_shut()
    }

    pub(super) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(super) fn door(&self) -> &Door {
        &self.0.door
    }

    pub(super) fn begin_dialogue(&self) -> u64 {
        self.lock().dialogues.begin()
    }

    pub(super) fn say(&self, connection: u64, lines: impl Iterator<Item = String>) {
        self.lock().dialogues.say(connection, lines);
    }

    pub(super) fn end_dialogue(&self, connection: u64) {
        self.lock().dialogues.end(connection);
    }

    pub(super) fn fault(&self, step: Step, recipients: &[&str]) -> Option<FaultKind> {
        let mut state = self.lock();
        state.faults.take(recipients, |kind| kind.happens_at(step))
    }

    pub(super) fn delay(&self, step: Step, recipients: &[&str]) -> Option<Duration> {
        let mut state = self.lock();
        let slow = state.faults.take(recipients, |kind| kind.slows(step));
        slow.and_then(|kind| kind.delay())
    }

    /// Keeps a message under the next number, which it returns.
    pub(super) fn keep(&self, message: Message) -> u64 {
        self.change(|state| {
            state.taken += 1;
            let id = state.taken;
            state.messages.push(Message { id, ..message });
            id
        })
    }

    pub(super) fn answered(&self, id: u64) {
        self.change(|state| {
            let kept = state.messages.iter_mut().rev().find(|message| message.id == id);
            if let Some(message) = kept {
                message.answered = true;
            }
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.0.changed.send_modify(|version| *version += 1);
        result
    }

    /// A panic under the lock leaves plain data behind, so the state stays usable.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
