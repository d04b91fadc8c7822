//! What was asked of each register, without anything secret.

use std::collections::HashMap;

use jiff::Timestamp;

/// One request, as the transcript keeps it.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// When its handling began, on the simulator's clock.
    pub at: Timestamp,
    /// The method's name, such as `check/sale`.
    pub command: &'static str,
    /// Its `action_type`, where it is one the protocol knows.
    pub action: Option<&'static str>,
    /// The status of what was executed; None when nothing was.
    pub status: Option<u16>,
    /// The fault that met it, if any.
    pub fault: Option<String>,
    /// Executed after its client had gone.
    pub late: bool,
}

/// Registers with their requests; those that name no register are kept under 0.
#[derive(Default)]
pub(super) struct Transcript(HashMap<u64, Vec<RecordedRequest>>);

impl Transcript {
    pub(super) fn note(&mut self, register: Option<u64>, request: RecordedRequest) {
        self.0.entry(register.unwrap_or(0)).or_default().push(request);
    }

    pub(super) fn of(&self, register: u64) -> Vec<RecordedRequest> {
        self.0.get(&register).cloned().unwrap_or_default()
    }
}
