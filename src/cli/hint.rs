//! What to try after an error: every error that a user can cure gets the next step.

use std::fmt;
use std::io;

use crate::answer::ChoiceError;
use crate::folder::error::{LockError, WriteError};
use crate::folder::git::beside::GitBusy;
use crate::folder::undo::UndoError;

/// An error that brings its own hint.
#[derive(Debug)]
pub(crate) struct Hinted {
    message: String,
    hint: Option<String>,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Hinted {}

/// Makes an error of a message and what to try next.
pub(crate) fn hinted(message: impl Into<String>, hint: Option<String>) -> anyhow::Error {
    let message = message.into();
    Hinted { message, hint }.into()
}

/// Returns what to try after an error.
pub(crate) fn hint_of(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause| {
        if let Some(hinted) = cause.downcast_ref::<Hinted>() {
            return hinted.hint.clone();
        }
        if let Some(choice) = cause.downcast_ref::<ChoiceError>() {
            let lists =
                "`guanxi metrics` lists the columns that metrics give, `--help` tells of others";
            let is_unknown = matches!(choice, ChoiceError::Unknown { .. });
            return choice.help().or(is_unknown.then(|| lists.to_owned()));
        }
        if let Some(busy) = cause.downcast_ref::<GitBusy>() {
            return Some(git_hint(busy).to_owned());
        }
        if let Some(error) = cause.downcast_ref::<UndoError>() {
            return undo_hint(error).map(str::to_owned);
        }
        if let Some(hint) = lock_hint(cause) {
            return Some(hint.to_owned());
        }
        match cause.downcast_ref::<io::Error>()?.kind() {
            io::ErrorKind::PermissionDenied => {
                Some("look at the permissions of the file and its folder".to_owned())
            }
            io::ErrorKind::NotFound => Some("look at the spelling of the path".to_owned()),
            io::ErrorKind::StorageFull => Some("free some space on the disk".to_owned()),
            _ => None,
        }
    })
}

/// Returns what to try when git is at work on the book.
fn git_hint(busy: &GitBusy) -> &'static str {
    match busy {
        GitBusy::Locked { .. } => {
            "let git finish, or wait longer by `--wait SECONDS`; if no git runs any more, it was cut \
             short: delete that file"
        }
        GitBusy::Committing { .. } => {
            "try again in a moment; `--wait SECONDS` waits longer, as for a hook that takes its time"
        }
        GitBusy::Changing { .. } => "let git finish, or wait longer by `--wait SECONDS`",
        GitBusy::Moved => "run the command again",
        GitBusy::Overwritten { .. } => "see what git did, and run the command again",
    }
}

/// Returns what to try when the last change cannot be taken back.
fn undo_hint(error: &UndoError) -> Option<&'static str> {
    match error {
        UndoError::Nothing => {
            Some("only the last change can be taken back, and only once; git has those before")
        }
        UndoError::Edited { .. } => Some("put it right by hand, or by git"),
        UndoError::Damaged | UndoError::Foreign | UndoError::Failed { .. } => None,
    }
}

/// Returns what to try when the book is locked.
fn lock_hint(cause: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    let locked = match cause.downcast_ref::<WriteError>() {
        Some(WriteError::Lock(error)) => error,
        _ => cause.downcast_ref::<LockError>()?,
    };
    matches!(locked, LockError::Busy { .. })
        .then_some("try again in a moment; `--wait SECONDS` waits longer")
}
