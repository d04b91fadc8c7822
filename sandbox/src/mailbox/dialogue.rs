//! What was said on a connection, without secrets and without the messages themselves.

use std::collections::VecDeque;

use serde::Serialize;

/// One connection.
#[derive(Clone, Debug, Serialize)]
pub struct Dialogue {
    /// Its number, from 1 on.
    pub connection: u64,
    /// Lines, `C: …` of the client and `S: …` of the server; credentials are `***`.
    pub lines: Vec<String>,
    /// Whether it is still open.
    pub open: bool,
}

/// Older dialogues are forgotten, so that a long run does not fill the memory.
const KEPT: usize = 500;

#[derive(Default)]
pub(super) struct Dialogues {
    newest: VecDeque<Dialogue>,
    begun: u64,
}

impl Dialogues {
    pub(super) fn begin(&mut self) -> u64 {
        self.begun += 1;
        if self.newest.len() == KEPT {
            self.newest.pop_front();
        }
        self.newest.push_back(Dialogue {
            connection: self.begun,
            lines: Vec::new(),
            open: true,
        });
        self.begun
    }

    pub(super) fn begun(&self) -> u64 {
        self.begun
    }

    pub(super) fn say(&mut self, connection: u64, lines: impl Iterator<Item = String>) {
        if let Some(dialogue) = self.of(connection) {
            dialogue.lines.extend(lines);
        }
    }

    pub(super) fn end(&mut self, connection: u64) {
        if let Some(dialogue) = self.of(connection) {
            dialogue.open = false;
        }
    }

    pub(super) fn all(&self) -> Vec<Dialogue> {
        self.newest.iter().cloned().collect()
    }

    fn of(&mut self, connection: u64) -> Option<&mut Dialogue> {
        self.newest
            .iter_mut()
            .rev()
            .find(|dialogue| dialogue.connection == connection)
    }
}
