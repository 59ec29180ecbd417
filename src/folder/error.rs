//! Why a change could not be made.
//!
//! Every variant names the file as a path inside the book and the cause, so that a caller has
//! nothing to add but a hint. All but `TakenBackFailed`, `Owed` and `Conflict` mean that the command
//! has changed nothing.

use std::io;

use super::dir::NotPlain;
use super::holder::Holder;

/// Says why the book could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another writer held the lock for the whole wait.
    #[error("the book is being changed by {holder}; waited {waited_seconds:.1} s")]
    Busy {
        /// Who holds it, as far as the lock file tells.
        holder: Holder,
        /// How long this process waited.
        waited_seconds: f64,
    },
    /// The lock file could not be made, opened or locked.
    #[error("cannot {doing} `{path}`: {cause}; nothing was changed", cause = cause(source))]
    Failed {
        /// The path inside the book.
        path: String,
        /// What was tried, as a verb.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// `.guanxi` or the lock in it is a link or no plain file.
    #[error("`{path}` is not a plain {expected}; it is left alone")]
    Foreign {
        /// The path inside the book.
        path: String,
        /// What was expected there.
        expected: &'static str,
    },
}

/// Says why a change was refused.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The lock could not be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The path is of no file that a command may write: outside the book, or hidden, or another's.
    #[error("`{}` is no file of the book that is written to", path.escape_debug())]
    Outside {
        /// The path as given.
        path: String,
    },
    /// A part of the path is a symbolic link, a pipe or a device.
    #[error("`{path}` is not a plain {expected}; a book holds neither links nor devices")]
    NotPlain {
        /// The part of the path that is not plain.
        path: String,
        /// `file` or `folder`.
        expected: &'static str,
    },
    /// The file is no longer what was read.
    #[error("`{path}` was changed by another program meanwhile; nothing was written")]
    Changed {
        /// The path inside the book.
        path: String,
    },
    /// The file to be made is there already.
    #[error("`{path}` exists already")]
    Exists {
        /// The path inside the book.
        path: String,
    },
    /// The file went away and did not come back.
    #[error("`{path}` is gone; another program removed it meanwhile")]
    Gone {
        /// The path inside the book.
        path: String,
    },
    /// The system refused; the book is as it was.
    #[error("cannot {doing} `{path}`: {cause}; nothing was changed", cause = cause(source))]
    Failed {
        /// The path inside the book.
        path: String,
        /// What was tried, as a verb.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused, and then refused to take back what was already done.
    #[error(
        "cannot {doing} `{path}`: {cause}; taking the change back failed too ({undo}), see what the file holds now",
        cause = cause(source)
    )]
    TakenBackFailed {
        /// The path inside the book.
        path: String,
        /// What was tried, as a verb.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
        /// What it said to the undoing.
        undo: io::Error,
    },
    /// A change over several files is made, for who reads the book, but not in all files yet.
    #[error(
        "the change is made, but cannot {doing} `{path}`: {cause}; the next command that writes carries out the rest",
        cause = cause(source)
    )]
    Owed {
        /// The path inside the book.
        path: String,
        /// What was tried, as a verb.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A change of a command that was cut short could not be carried out to the end.
    #[error(
        "cannot {doing} `{path}`: {cause}; what a command that was cut short has left in `.guanxi/journal` must be carried out first",
        cause = cause(source)
    )]
    Unfinished {
        /// The path inside the book.
        path: String,
        /// What was tried, as a verb.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A file of an interrupted change was edited by hand before the change was carried out.
    #[error(
        "`{path}` was edited after `{command}` was cut short; put the file back as it was, or delete `.guanxi/journal` to keep the files as they are now"
    )]
    Conflict {
        /// The path inside the book.
        path: String,
        /// The command that left the journal.
        command: String,
    },
    /// The journal was made by a later guanxi.
    #[error(
        "`.guanxi/journal` was left by a newer guanxi; finish its change with that version first"
    )]
    NewerJournal,
}

impl WriteError {
    /// Says the same of a change that stays in the journal.
    pub(super) fn owed(self, command: &str) -> Self {
        let command = command.to_owned();
        match self {
            Self::Failed {
                path,
                doing,
                source,
            } => Self::Owed {
                path,
                doing,
                source,
            },
            Self::Changed { path }
            | Self::Exists { path }
            | Self::Gone { path }
            | Self::NotPlain { path, .. } => Self::Conflict { path, command },
            other => other,
        }
    }

    pub(super) fn failed(path: &str, doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| match NotPlain::of(&source) {
            Some(NotPlain { expected, part }) => Self::NotPlain {
                path: part.clone().unwrap_or_else(|| path.to_owned()),
                expected,
            },
            None => Self::Failed {
                path: path.to_owned(),
                doing,
                source,
            },
        }
    }
}

/// Returns the cause in plain words, with the system's own number where there is one.
fn cause(error: &io::Error) -> String {
    let words = match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full",
        io::ErrorKind::QuotaExceeded => "the disk quota is used up",
        io::ErrorKind::FileTooLarge => "the file would exceed the size limit",
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::NotFound => "no such file or folder",
        _ => return error.to_string(),
    };
    match error.raw_os_error() {
        Some(number) => format!("{words} (os error {number})"),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_in_words_and_number() {
        let error = WriteError::failed("a.toml", "write")(io::Error::from_raw_os_error(28));
        assert_eq!(
            error.to_string(),
            "cannot write `a.toml`: the disk is full (os error 28); nothing was changed"
        );
    }
}
