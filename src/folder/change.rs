//! What one file is to become, as a part of a change over several.

use std::io::{self, Read as _};
use std::sync::Arc;

use super::content::FileContent;
use super::fingerprint::Fingerprint;
use crate::source::AddedRows;

/// What one file is to become.
#[derive(Debug, Clone)]
pub struct Change {
    pub(super) path: String,
    pub(super) kind: ChangeKind,
}

#[derive(Debug, Clone)]
pub(super) enum ChangeKind {
    /// It must not exist, and holds this then.
    Create {
        content: FileContent,
        like: Like,
        /// If it is a log, how much of it is no rows.
        kept: u64,
    },
    /// It must be what the print says, and holds this then.
    Replace {
        before: Fingerprint,
        content: FileContent,
    },
    /// It must be what the print says, and is gone then.
    Remove { before: Fingerprint },
    /// It must have this header, and gets these rows at its end.
    Append {
        header: String,
        rows: Arc<AddedRows>,
    },
}

/// Which mode a new file gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Like {
    /// What the umask leaves.
    Umask,
    /// That of another file of the book.
    File(String),
    /// This, as far as it lets nobody execute the file.
    Mode(u32),
}

impl Change {
    /// Makes a file that must not exist yet.
    pub fn create(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            kind: ChangeKind::Create {
                content: FileContent::bytes(bytes),
                like: Like::Umask,
                kept: 0,
            },
        }
    }

    /// Makes a log that must not exist yet, of a header line and rows.
    pub fn create_log(
        path: impl Into<String>,
        header: &str,
        rows: impl Into<Arc<AddedRows>>,
    ) -> Self {
        let header = format!("{header}\n");
        let kept = header.len() as u64;
        Self {
            path: path.into(),
            kind: ChangeKind::Create {
                content: FileContent::bytes(header).and(FileContent::rows(rows.into())),
                like: Like::Umask,
                kept,
            },
        }
    }

    /// Adds rows to a log whose header line is still this.
    pub fn append(
        path: impl Into<String>,
        header: impl Into<String>,
        rows: impl Into<Arc<AddedRows>>,
    ) -> Self {
        Self {
            path: path.into(),
            kind: ChangeKind::Append {
                header: header.into(),
                rows: rows.into(),
            },
        }
    }

    /// Replaces a file that must still hold `old`; its mode stays.
    pub fn replace(path: impl Into<String>, old: &[u8], new: impl Into<Vec<u8>>) -> Self {
        Self::replace_as(&path.into(), Fingerprint::of(old), FileContent::bytes(new))
    }

    /// Removes a file that must still hold `old`.
    pub fn remove(path: impl Into<String>, old: &[u8]) -> Self {
        Self::remove_as(&path.into(), Fingerprint::of(old))
    }

    /// Moves a file that must still hold `old` to a name not yet taken, as `new`.
    pub fn rename(
        from: impl Into<String>,
        to: impl Into<String>,
        old: &[u8],
        new: impl Into<Vec<u8>>,
    ) -> [Self; 2] {
        let from = from.into();
        let made = Self {
            path: to.into(),
            kind: ChangeKind::Create {
                content: FileContent::bytes(new),
                like: Like::File(from.clone()),
                kept: 0,
            },
        };
        [made, Self::remove(from, old)]
    }

    /// Replaces a file of this print.
    pub(super) fn replace_as(path: &str, before: Fingerprint, content: FileContent) -> Self {
        Self {
            path: path.to_owned(),
            kind: ChangeKind::Replace { before, content },
        }
    }

    /// Removes a file of this print.
    pub(super) fn remove_as(path: &str, before: Fingerprint) -> Self {
        Self {
            path: path.to_owned(),
            kind: ChangeKind::Remove { before },
        }
    }

    /// Makes a file again that had this mode.
    pub(super) fn put_again(path: &str, content: FileContent, mode: u32) -> Self {
        Self {
            path: path.to_owned(),
            kind: ChangeKind::Create {
                content,
                like: Like::Mode(mode),
                kept: 0,
            },
        }
    }

    /// Returns the file's path inside the book.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Reads all that the file is to hold; `None` for one that goes, or whose rows are only added to.
    ///
    /// # Errors
    /// What the system says.
    pub fn after(&self) -> io::Result<Option<Vec<u8>>> {
        match &self.kind {
            ChangeKind::Create { content, .. } | ChangeKind::Replace { content, .. } => {
                let mut bytes = Vec::new();
                content.reader().read_to_end(&mut bytes)?;
                Ok(Some(bytes))
            }
            ChangeKind::Remove { .. } | ChangeKind::Append { .. } => Ok(None),
        }
    }
}
