//! What tells this copy of a book from all others.

use std::fmt;
use std::fs::Metadata;
use std::io;

use super::dir::{Dir, FileId};

/// The lock and the folder that it lies in.
///
/// A copied lock is another file. A copy made of hard links has the same one, in another folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CopyId {
    lock: FileId,
    private: FileId,
}

impl CopyId {
    /// Returns the identity of the copy whose lock is open, in this folder.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn of(private: &Dir, lock: &Metadata) -> io::Result<Self> {
        Ok(Self {
            lock: FileId::of(lock),
            private: private.id()?,
        })
    }
}

impl fmt::Display for CopyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.lock, self.private)
    }
}
