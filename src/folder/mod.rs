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
pub mod error;
mod find;
pub mod fingerprint;
pub mod git;
pub mod journal;
pub mod lock;
mod notes;
pub mod overlaid;
mod replace;
mod root;
mod walk;
pub mod writer;

pub use find::{is_book, make_folder, nearest_book, read_file};
pub use walk::DiskFiles;

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::error::{LockError, WriteError};
use self::journal::Overlay;
use self::lock::SharedLock;
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

    /// Returns what the files would hold once an interrupted change is finished, if there is one.
    ///
    /// Call it while holding the lock that [`Folder::read_lock`] gives.
    ///
    /// # Errors
    ///
    /// [`WriteError::Conflict`] when a file of the interrupted change was edited since.
    pub fn pending(&self) -> Result<Option<Overlay>, WriteError> {
        journal::pending(self)
    }

    /// Reads a whole file.
    ///
    /// # Errors
    ///
    /// Those of the system; `InvalidInput` for a path that leaves the book or meets a link.
    pub fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let full = self
            .resolve(path)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
        fs::read(full)
    }

    /// Returns the path on disk of a path inside the book.
    ///
    /// The folders above it that exist are plain folders, and the file, if it exists, is a plain
    /// file.
    ///
    /// # Errors
    ///
    /// [`WriteError::Outside`] and [`WriteError::NotPlain`].
    pub fn resolve(&self, path: &str) -> Result<PathBuf, WriteError> {
        let outside = || WriteError::Outside {
            path: path.to_owned(),
        };
        if path.chars().any(|c| c.is_control() || c == '\\') {
            return Err(outside());
        }
        let mut full = self.root.clone();
        let mut inside = String::new();
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            // A colon would name a drive or a stream on Windows.
            if matches!(part, "" | "." | "..") || (cfg!(windows) && part.contains(':')) {
                return Err(outside());
            }
            full.push(part);
            if !inside.is_empty() {
                inside.push('/');
            }
            inside.push_str(part);
            let is_file = parts.peek().is_none();
            match fs::symlink_metadata(&full) {
                Ok(found) if is_file && !found.is_file() => {
                    return Err(WriteError::NotPlain {
                        path: inside,
                        expected: "file",
                    });
                }
                Ok(found) if !is_file && !found.is_dir() => {
                    return Err(WriteError::NotPlain {
                        path: inside,
                        expected: "folder",
                    });
                }
                // What cannot be looked at is refused by the system when it is opened.
                Ok(_) | Err(_) => {}
            }
        }
        Ok(full)
    }
}

/// Syncs a folder, so that names made or removed in it survive a power cut.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Does nothing where a folder cannot be opened as a file.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Returns whether two looks at the disk saw the same file.
#[cfg(unix)]
fn is_same_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Returns true where the system has no portable identity of files.
#[cfg(not(unix))]
fn is_same_file(_one: &Metadata, _other: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a//b",
            "./a",
            "a/",
            "a\nb",
            "a\\b",
        ] {
            let error = folder.resolve(path).unwrap_err();
            assert!(
                matches!(error, WriteError::Outside { .. }),
                "{path:?}: {error}"
            );
        }
        assert!(folder.resolve("customers/南/甲.toml").is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_refused_inside_but_not_above() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join("real/sub")).unwrap();
        std::os::unix::fs::symlink("real", home.path().join("book")).unwrap();
        std::os::unix::fs::symlink("sub", home.path().join("real/link")).unwrap();
        fs::write(home.path().join("real/sub/a.toml"), "x").unwrap();
        std::os::unix::fs::symlink("a.toml", home.path().join("real/sub/b.toml")).unwrap();

        let folder = Folder::new(home.path().join("book"));
        assert_eq!(folder.read("sub/a.toml").unwrap(), b"x");
        assert!(matches!(
            folder.resolve("link/a.toml"),
            Err(WriteError::NotPlain { path, expected: "folder" }) if path == "link"
        ));
        assert!(matches!(
            folder.resolve("sub/b.toml"),
            Err(WriteError::NotPlain { path, expected: "file" }) if path == "sub/b.toml"
        ));
    }
}
