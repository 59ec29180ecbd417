//! The right to change a book, held until dropped.
//!
//! Opening it takes the lock and tidies up after a writer that died; then every method makes one
//! change that is on disk when it returns, or leaves the book as it was.

use std::io;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::append::{Rows, Target, append, header_line};
use super::error::WriteError;
use super::journal::{Change, Finished, change_all, finish};
use super::lock::Lock;
use super::{Folder, replace};

/// Changes files of a book while holding its lock.
#[derive(Debug)]
pub struct Writer {
    folder: Folder,
    lock: Lock,
    command: String,
    finished: Option<Finished>,
}

impl Writer {
    pub(super) fn open(folder: Folder, wait: Duration, command: &str) -> Result<Self, WriteError> {
        survive_file_size_limit();
        let (mut lock, note) = Lock::acquire(&folder, wait)?;
        note.settle(&folder)?;
        lock.sign(command)?;
        let finished = finish(&folder, &mut lock)?;
        lock.own_note();
        Ok(Self {
            folder,
            lock,
            command: command.to_owned(),
            finished,
        })
    }

    /// Returns what became of a change that an earlier command left unfinished, if there was one.
    pub fn finished(&self) -> Option<&Finished> {
        self.finished.as_ref()
    }

    /// Reads a whole file, as it is under the lock.
    ///
    /// # Errors
    ///
    /// As [`Folder::read`].
    pub fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.folder.read(path)
    }

    /// Returns the header line of a log, for the rows to be made for; `None` if it has none.
    ///
    /// # Errors
    ///
    /// [`WriteError::Gone`] if there is no such log, and what the system says.
    pub fn header_line(&self, path: &str) -> Result<Option<String>, WriteError> {
        header_line(&self.folder, path)
    }

    /// Appends rows to a log, or makes it with its header.
    ///
    /// A missing last line end is added; line ends follow the file's header.
    ///
    /// # Errors
    ///
    /// [`WriteError::Changed`] if the file's header is not the one the rows are made for.
    pub fn append(&mut self, path: &str, target: Target, rows: Rows<'_>) -> Result<(), WriteError> {
        append(&self.folder, &mut self.lock, path, target, rows)
    }

    /// Replaces a file that must still hold `old`; its mode stays.
    ///
    /// # Errors
    ///
    /// [`WriteError::Changed`] if it holds something else, [`WriteError::Gone`] if it is gone.
    pub fn replace(&mut self, path: &str, old: &[u8], new: &[u8]) -> Result<(), WriteError> {
        replace::replace(&self.folder, &mut self.lock, path, old, new)
    }

    /// Makes a file that must not exist yet, and the folders above it.
    ///
    /// # Errors
    ///
    /// [`WriteError::Exists`] if it does.
    pub fn create(&mut self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        replace::create(&self.folder, &mut self.lock, path, bytes)
    }

    /// Makes all the changes or none, for readers and across crashes.
    ///
    /// # Errors
    ///
    /// [`WriteError::Changed`], [`WriteError::Exists`] and [`WriteError::Gone`] if a file is not
    /// as its change says; also [`WriteError::Exists`] for a path that is changed twice.
    pub fn change_all(&mut self, changes: Vec<Change>) -> Result<(), WriteError> {
        change_all(&self.folder, &mut self.lock, &self.command, changes)
    }
}

/// Lets a write past the file size limit fail with an error instead of killing the process.
#[cfg(unix)]
fn survive_file_size_limit() {
    static HANDLER: OnceLock<bool> = OnceLock::new();
    HANDLER.get_or_init(|| {
        let flag = Arc::new(AtomicBool::new(false));
        signal_hook::flag::register(signal_hook::consts::SIGXFSZ, flag).is_ok()
    });
}

/// Does nothing where there is no such limit.
#[cfg(not(unix))]
fn survive_file_size_limit() {}
