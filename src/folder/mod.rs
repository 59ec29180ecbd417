//! The book's folder: the only module that touches the disk.
//!
//! It knows paths and bytes, not what they mean. [`Folder`] is a book's root; paths inside are
//! `/`-joined, relative and never go through a link. [`Folder::write`] gives a [`Writer`], which
//! holds the book's lock until it is dropped; [`Folder::read_lock`] and [`Folder::pending`] let a
//! reader see every change whole or not at all.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the module that reads and writes files"
)]

pub mod append;
pub mod book_files;
mod carry;
pub mod change;
mod content;
mod copy;
mod dir;
mod erasing;
pub mod error;
mod find;
pub mod fingerprint;
pub mod git;
mod holder;
mod journal;
pub mod leftover;
pub mod lock;
mod notes;
pub mod overlaid;
pub mod overlay;
mod own;
mod record;
mod reminded;
mod replace;
mod root;
mod step;
pub mod undo;
pub mod versions;
mod walk;
pub mod writer;

pub use find::{book_around, book_name, is_book, make_folder, nearest_book, read_file, write_file};
pub(crate) use find::{is_there, is_writable};
pub use walk::DiskFiles;

use std::fs::Permissions;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::dir::{Access, Dir, if_present};
use self::error::{LockError, WriteError};
use self::leftover::Leftover;
use self::lock::SharedLock;
use self::overlay::Overlay;
use self::step::JOURNAL_PATH;
use self::undo::{Undo, UndoError};
use self::writer::Writer;

/// The folder in the book that holds the lock and the journal.
pub(crate) const PRIVATE: &str = ".guanxi";

/// A book's root folder, which may itself be reached through a link.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Makes a handle; looks at nothing on disk.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Returns the root as given.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Takes the lock for writing and finishes what a dead writer left behind.
    ///
    /// `command` is shown to those who wait meanwhile.
    ///
    /// # Errors
    ///
    /// [`LockError`] when the lock is not to be had within `wait`, and any [`WriteError`] of
    /// finishing an interrupted change.
    pub fn write(&self, wait: Duration, command: &str) -> Result<Writer, WriteError> {
        Writer::open(self.clone(), wait, command)
    }

    /// Takes the lock for reading; `None` where there is none or it cannot be opened.
    ///
    /// Creates nothing, so it works on read-only media.
    ///
    /// # Errors
    ///
    /// [`LockError::Busy`] when a writer holds the lock for longer than `wait`.
    pub fn read_lock(&self, wait: Duration) -> Result<Option<SharedLock>, LockError> {
        SharedLock::acquire(self, wait)
    }

    /// Returns what the files would hold once an interrupted change is finished, and what there is
    /// to tell of it.
    ///
    /// Call it while holding the lock that [`Folder::read_lock`] gives.
    ///
    /// # Errors
    ///
    /// [`WriteError::Conflict`] when a file of the interrupted change was edited since.
    pub fn pending(&self) -> Result<(Overlay, Vec<Leftover>), WriteError> {
        journal::pending(&self.dir().map_err(WriteError::failed(".", "open"))?)
    }

    /// Tells whether there is a journal, of whomever it is.
    pub(crate) fn has_journal(&self) -> bool {
        is_there(&self.root.join(JOURNAL_PATH))
    }

    /// Tells whether a path of the book leads to something.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// Returns the mode of a file of the book, if the system tells it.
    pub(crate) fn mode(&self, path: &str) -> Option<Permissions> {
        let found = self.root.join(path).symlink_metadata();
        found.ok().map(|it| it.permissions())
    }

    /// Works out how the last change would be taken back, for who only looks.
    ///
    /// # Errors
    ///
    /// [`UndoError`] if there is none, or if a file is not as it left it.
    pub fn undoable(&self) -> Result<Undo, UndoError> {
        let root = self.dir().map_err(|source| UndoError::Failed {
            path: ".".to_owned(),
            source,
        })?;
        let seen = lock::look(&root).ok_or(UndoError::Nothing)?;
        undo::plan(&root, seen.copy)
    }

    /// Reads a whole file that a command may write.
    ///
    /// # Errors
    ///
    /// Those of the system; `InvalidInput` for a path that meets a link, or is of no such file.
    pub fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.read_through(&Overlay::default(), path)?
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Reads a whole file as it is once an interrupted change is finished; `None` if it is gone.
    ///
    /// # Errors
    ///
    /// As [`Folder::read`].
    pub fn read_through(&self, overlay: &Overlay, path: &str) -> io::Result<Option<Vec<u8>>> {
        if !own::is_own(path) {
            let outside = WriteError::Outside {
                path: path.to_owned(),
            };
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                outside.to_string(),
            ));
        }
        let open = || {
            let file = self.dir()?.open_below(path, Access::Read)?;
            io::Result::Ok(Box::new(file) as Box<dyn io::Read + Send>)
        };
        let opened = match overlay.get(path) {
            Some(laid) => laid.open(open),
            None => open(),
        };
        let Some(mut reader) = if_present(opened)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Opens the book's folder, to open its files from.
    fn dir(&self) -> io::Result<Dir> {
        Dir::open(&self.root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_book_are_read() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "customers/../x.toml",
            ".guanxi/lock",
        ] {
            let error = folder.read(path).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{path:?}");
        }
        let error = folder.read("customers/南/甲.toml").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_refused_inside_but_not_above() {
        use std::os::unix::fs::symlink;
        let home = tempfile::tempdir().unwrap();
        let real = home.path().join("real/customers");
        std::fs::create_dir_all(real.join("sub")).unwrap();
        symlink("real", home.path().join("book")).unwrap();
        symlink("sub", real.join("link")).unwrap();
        std::fs::write(real.join("sub/a.toml"), "x").unwrap();
        symlink("a.toml", real.join("sub/b.toml")).unwrap();

        let folder = Folder::new(home.path().join("book"));
        assert_eq!(folder.read("customers/sub/a.toml").unwrap(), b"x");
        let mut writer = folder.write(Duration::ZERO, "test").unwrap();
        for (path, part, expected) in [
            ("customers/link/a.toml", "customers/link", "folder"),
            ("customers/sub/b.toml", "customers/sub/b.toml", "file"),
        ] {
            assert!(folder.read(path).is_err());
            let error = writer.replace(path, b"x", b"y").unwrap_err();
            let expected = format!(
                "`{part}` is not a plain {expected}; a book holds neither links nor devices"
            );
            assert_eq!(error.to_string(), expected);
        }
    }
}
