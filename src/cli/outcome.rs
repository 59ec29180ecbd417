//! How a run ended. The one place that knows 0, 1 and 2, and 129 for git.

use std::io;
use std::process::ExitCode;

use crate::folder::error::{LockError, WriteError};
use crate::folder::git::GitError;
use crate::render::{DiagnosticStyle, render_error, render_help};
use crate::source::told;

use super::Console;
use super::hint::hint_of;

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

/// Turns a command's result into an outcome; an error is reported with what to try next.
///
/// A closed pipe is a quiet end: who closed it has read enough.
pub(super) fn conclude(result: anyhow::Result<Outcome>, console: &mut Console<'_>) -> Outcome {
    match result {
        Ok(outcome) => outcome,
        Err(error) if is_closed_pipe(&error) => Outcome::Done,
        Err(error) if error.is::<AlreadyTold>() => Outcome::Failed,
        Err(error) => {
            let outcome = if is_made(&error) {
                Outcome::Found
            } else {
                Outcome::Failed
            };
            let color = console.environment.err_is_terminal && !console.environment.no_color;
            let style = DiagnosticStyle { color };
            let help = hint_of(&error);
            let (first, more) = in_words(&error);
            let text = render_error(&first, None, style);
            let more = more.iter().map(|line| format!("  {}\n", told(line)));
            let text: String = std::iter::once(text).chain(more).collect();
            let help = help.map(|help| render_help(&help, style));
            console.note(&(text + &help.unwrap_or_default()));
            outcome
        }
    }
}

/// Returns how a run ended, as git understands it if it is the caller.
pub(super) fn for_caller(outcome: Outcome, is_merge_driver: bool) -> Outcome {
    match outcome {
        Outcome::Failed if is_merge_driver => Outcome::Unmerged,
        outcome => outcome,
    }
}

/// Returns what an error and its causes say, each once; what git said has its own lines, and those
/// after the first come apart.
fn in_words(error: &anyhow::Error) -> (String, Vec<String>) {
    let mut text = String::new();
    for cause in error.chain() {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&cause.to_string());
        // These have their causes in their own words.
        if cause.is::<WriteError>() || cause.is::<LockError>() || cause.is::<GitError>() {
            break;
        }
    }
    if !error.chain().any(<dyn std::error::Error>::is::<GitError>) {
        return (text, Vec::new());
    }
    let mut lines = text.lines().map(str::to_owned);
    (lines.next().unwrap_or_default(), lines.collect())
}

/// Tells whether the change that an error is of is made all the same: whoever tried again would make it
/// twice.
pub(super) fn is_made(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(WriteError::Owed { .. }))
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let cause = cause.downcast_ref::<io::Error>();
        cause.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
    })
}
