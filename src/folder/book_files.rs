//! The files of a book, wherever they come from.

use std::io::{self, Read};
use std::path::Path;

use super::git::objects::GitFiles;
use super::overlaid::OverlaidFiles;
use super::walk::DiskFiles;
use crate::source::{Files, MemoryFiles};

/// A book's files: on the disk, in git's objects, or none at all.
#[derive(Debug)]
pub enum BookFiles {
    /// On the disk, as they are once an interrupted change is finished.
    Disk(OverlaidFiles<DiskFiles>),
    /// As a revision or the index of git has them.
    Git(GitFiles),
    /// In memory.
    Memory(MemoryFiles),
}

impl BookFiles {
    /// Returns the book's folder, for files on the disk.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Disk(files) => Some(files.below().root()),
            Self::Git(_) | Self::Memory(_) => None,
        }
    }

    fn files(&self) -> &dyn Files {
        match self {
            Self::Disk(files) => files,
            Self::Git(files) => files,
            Self::Memory(files) => files,
        }
    }
}

impl Files for BookFiles {
    fn paths(&self) -> &[String] {
        self.files().paths()
    }

    fn open(&self, index: usize) -> io::Result<Box<dyn Read + Send + '_>> {
        self.files().open(index)
    }

    fn read(&self, index: usize, limit: usize, buffer: &mut Vec<u8>) -> io::Result<usize> {
        self.files().read(index, limit, buffer)
    }

    fn length(&self, index: usize) -> io::Result<u64> {
        self.files().length(index)
    }
}
