//! What a check finds, and what it looks at.

use std::path::PathBuf;

use crate::cli::console::Environment;
use crate::folder::git::{GitError, health};

/// How it stands with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FindingState {
    Ok,
    Warn,
    Fail,
}

impl FindingState {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// What a check found.
pub(super) struct Finding {
    pub(super) state: FindingState,
    pub(super) seen: String,
    /// The command that mends it.
    pub(super) cure: String,
}

pub(super) fn ok(seen: impl Into<String>) -> Finding {
    let (seen, cure) = (seen.into(), String::new());
    Finding {
        state: FindingState::Ok,
        seen,
        cure,
    }
}

pub(super) fn warn(seen: impl Into<String>, cure: impl Into<String>) -> Finding {
    let (seen, cure) = (seen.into(), cure.into());
    Finding {
        state: FindingState::Warn,
        seen,
        cure,
    }
}

pub(super) fn fail(seen: impl Into<String>, cure: impl Into<String>) -> Finding {
    let (seen, cure) = (seen.into(), cure.into());
    Finding {
        state: FindingState::Fail,
        seen,
        cure,
    }
}

/// What the checks look at.
pub(super) struct Patient<'a> {
    pub(super) environment: &'a Environment,
    /// The book's folder, if there is one.
    pub(super) root: Option<PathBuf>,
    /// What `check` says of it, as data; nothing where it cannot be read now.
    pub(super) faults: Option<serde_json::Value>,
    /// The version of git.
    pub(super) git: Result<health::GitVersion, GitError>,
    /// Whether the book lies in a repository, and git answers of it.
    pub(super) in_git: bool,
}
