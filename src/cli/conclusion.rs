//! The end of a run: a command's result as an outcome, its error told with what to try next.

use std::io;

use super::Console;
use super::outcome::{AlreadyTold, Outcome};
use super::telling::tell_refused;
use crate::change::input_faults::RefusedInput;
use crate::folder::error::WriteError;
use crate::folder::git::GitError;
use crate::render::{DiagnosticStyle, render_error, render_help};
use crate::session::hint::{causes_of, hint_of};
use crate::session::refusal::Refused;
use crate::source::told;

/// Turns a command's result into an outcome; an error is reported with what to try next.
///
/// A closed pipe is a quiet end: who closed it has read enough.
pub(super) fn conclude(result: anyhow::Result<Outcome>, console: &mut Console<'_>) -> Outcome {
    match result {
        Ok(outcome) => outcome,
        Err(error) if is_closed_pipe(&error) => Outcome::Done,
        Err(error) if error.is::<AlreadyTold>() => Outcome::Failed,
        Err(error) if error.is::<Refused>() || error.is::<RefusedInput>() => {
            tell_refused(error, console);
            Outcome::Failed
        }
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
    let text = causes_of(error);
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
