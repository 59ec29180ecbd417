//! What files hold once an interrupted change is finished.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use super::content::{FileContent, Slice};

/// Files as an interrupted change will leave them; none of their contents is held in memory.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    files: BTreeMap<String, Laid>,
}

/// What one file counts as.
#[derive(Debug, Clone)]
pub(super) enum Laid {
    /// It is not there.
    Gone,
    /// It is this part of the journal.
    Slice(Arc<File>, Slice),
    /// It is so much of the file on disk.
    Shortened(u64),
    /// It is so much of the file on disk, and then this part of the journal.
    Longer(u64, Arc<File>, Slice),
    /// It is this.
    #[cfg(test)]
    Text(String),
}

impl Overlay {
    /// Tells whether every file counts as it is on disk.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the paths of all files concerned, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Returns what a file counts as; `None` where the file on disk holds.
    pub(super) fn get(&self, path: &str) -> Option<&Laid> {
        self.files.get(path)
    }

    /// Says what a file counts as.
    pub(super) fn lay(&mut self, path: String, laid: Laid) {
        self.files.insert(path, laid);
    }
}

impl Laid {
    /// Tells whether it is a file at all.
    pub(super) fn is_there(&self) -> bool {
        !matches!(self, Self::Gone)
    }

    /// Opens what the file counts as; `below` opens the one on disk.
    ///
    /// # Errors
    /// `NotFound` for what counts as gone, and what `below` says.
    pub(super) fn open<'r>(
        &self,
        below: impl FnOnce() -> io::Result<Box<dyn Read + Send + 'r>>,
    ) -> io::Result<Box<dyn Read + Send + 'r>> {
        let part = |file: &Arc<File>, slice: &Slice| FileContent::slice(file, *slice).into_reader();
        Ok(match self {
            Self::Gone => return Err(io::ErrorKind::NotFound.into()),
            Self::Slice(file, slice) => Box::new(part(file, slice)),
            Self::Shortened(length) => Box::new(below()?.take(*length)),
            Self::Longer(length, file, slice) => {
                Box::new(below()?.take(*length).chain(part(file, slice)))
            }
            #[cfg(test)]
            Self::Text(text) => Box::new(io::Cursor::new(text.clone())),
        })
    }
}
