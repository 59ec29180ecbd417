//! How a run ended. The one place that knows 0, 1 and 2, and 129 for git.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Done, with something to report: faults, rows where `--exit-code` asks, records left out.
    Found,
    /// Could not be done; the reason has been told.
    Failed,
    /// The same of a merge that git asked for: it takes anything up to 128 for a conflict.
    Unmerged,
}

/// The error of a command that could not be done for reasons that standard error has been told.
#[derive(Debug, thiserror::Error)]
#[error("the reasons have been told")]
pub(crate) struct AlreadyTold;

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Found => Self::from(1),
            Outcome::Failed => Self::from(2),
            Outcome::Unmerged => Self::from(129),
        }
    }
}
