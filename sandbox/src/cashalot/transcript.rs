//! What was asked of each register, without anything secret.

use std::collections::HashMap;

use jiff::Timestamp;

/// One request, as the transcript keeps it.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// When its handling began, on the simulator's clock.
    pub at: Timestamp,
    /// The command's name.
    pub command: &'static str,
    /// `ErrorCode` of what was executed; None when nothing was.
    pub code: Option<String>,
    /// The fault that met it, if any.
    pub fault: Option<String>,
    /// Executed after its client had gone.
    pub late: bool,
}

/// Registrars with their requests; those that name no registrar are kept under 0.
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
