//! What an exit status says, for cron jobs and scripts. Two is clap's: the command was not understood.

use std::process::ExitCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// It is so, or there was nothing to do.
    Done,
    /// It could not even be asked.
    Failed,
    /// It was asked and was not done when the time was up.
    StillOpen,
    /// The register does not answer, or is in trouble.
    Trouble,
    /// It was refused: a person is needed.
    Person,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::StillOpen => 3,
            Exit::Trouble => 4,
            Exit::Person => 5,
        })
    }
}
