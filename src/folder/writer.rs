//! The right to change a book, held until dropped.
//!
//! Opening it takes the lock and tidies up after a writer that died; then every method makes one
//! change that is on disk when it returns, or leaves the book as it was.

use std::io;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::append::{AppendRows, AppendTarget, append, header_line};
use super::change::Change;
use super::dir::Dir;
use super::error::WriteError;
use super::journal::{Recorded, change_all, finish};
use super::leftover::Leftover;
use super::lock::Lock;
use super::notes::remove_temporary;
use super::own::is_temporary;
use super::undo::{self, Undo, UndoError};
use super::{Folder, PRIVATE, replace};

/// Rows of more bytes are added by the journal, which need not hold them in memory twice.
const MOST_NOTED: usize = 1024 * 1024;

/// Changes files of a book while holding its lock.
#[derive(Debug)]
pub struct Writer {
    folder: Folder,
    /// The book's folder, from which every file is opened.
    root: Dir,
    lock: Lock,
    command: String,
    found: Vec<Leftover>,
}

impl Writer {
    pub(super) fn open(folder: Folder, wait: Duration, command: &str) -> Result<Self, WriteError> {
        survive_file_size_limit();
        let root = folder.dir().map_err(WriteError::failed(".", "open"))?;
        let (mut lock, left) = Lock::acquire(&root, wait)?;
        let mut found = Vec::new();
        found.extend(left.settle(&root, lock.private())?);
        lock.sign(command)?;
        found.extend(finish(&root, &lock)?);
        found.extend(undo::tidy(&root, &lock)?);
        lock.own_note();
        let mut writer = Self {
            folder,
            root,
            lock,
            command: command.to_owned(),
            found,
        };
        writer.sweep_private();
        Ok(writer)
    }

    /// Returns what was found of commands that died, or of other copies of the book.
    pub fn found(&self) -> &[Leftover] {
        &self.found
    }

    /// Returns the program's own folder in the book.
    pub(super) fn private(&self) -> &Dir {
        self.lock.private()
    }

    /// Removes files that writers which died have left beside others.
    ///
    /// Whoever holds the lock is the only one who has such files.
    pub fn sweep<'p>(&mut self, paths: impl IntoIterator<Item = &'p str>) {
        for path in paths.into_iter().filter(|path| is_temporary(path)) {
            // It is in nobody's way: the next writer tries again.
            let _ = remove_temporary(&self.root, path);
        }
    }

    /// Does so in `.guanxi`.
    fn sweep_private(&mut self) {
        let names = self.lock.private().names().unwrap_or_default();
        let paths: Vec<String> = (names.iter())
            .map(|name| format!("{PRIVATE}/{name}"))
            .collect();
        self.sweep(paths.iter().map(String::as_str));
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
        header_line(&self.root, path)
    }

    /// Appends rows to a log, or makes it with its header.
    ///
    /// A missing last line end is added; line ends follow the file's header.
    ///
    /// # Errors
    ///
    /// [`WriteError::Changed`] if the file's header is not the one the rows are made for.
    pub fn append(
        &mut self,
        path: &str,
        target: AppendTarget,
        rows: AppendRows<'_>,
    ) -> Result<(), WriteError> {
        if rows.rows.as_text().len() <= MOST_NOTED {
            let what = (path, target, rows);
            return append(&self.root, &mut self.lock, &self.command, what);
        }
        let change = match target {
            AppendTarget::New => Change::create_log(path, rows.header, Arc::clone(rows.rows)),
            AppendTarget::Existing => Change::append(path, rows.header, Arc::clone(rows.rows)),
        };
        match (target, self.change_all(vec![change])) {
            (AppendTarget::New, Err(WriteError::Exists { .. })) => {
                self.append(path, AppendTarget::Existing, rows)
            }
            (_, done) => done,
        }
    }

    /// Replaces a file that must still hold `old`; its mode stays.
    ///
    /// # Errors
    ///
    /// [`WriteError::Changed`] if it holds something else, [`WriteError::Gone`] if it is gone.
    pub fn replace(&mut self, path: &str, old: &[u8], new: &[u8]) -> Result<(), WriteError> {
        let what = (path, old, new);
        replace::replace(&self.root, &mut self.lock, &self.command, what)
    }

    /// Makes a file that must not exist yet, and the folders above it.
    ///
    /// # Errors
    ///
    /// [`WriteError::Exists`] if it does.
    pub fn create(&mut self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let what = (path, bytes, 0);
        replace::create(&self.root, &mut self.lock, &self.command, what)
    }

    /// Makes all the changes or none, for readers and across crashes.
    ///
    /// # Errors
    ///
    /// [`WriteError::Changed`], [`WriteError::Exists`] and [`WriteError::Gone`] if a file is not
    /// as its change says; also [`WriteError::Exists`] for a path that is changed twice.
    pub fn change_all(&mut self, changes: Vec<Change>) -> Result<(), WriteError> {
        let recorded = Recorded::This;
        change_all(&self.root, &mut self.lock, &self.command, changes, recorded)
    }

    /// Makes all the changes or none, and forgets how they are taken back.
    pub(super) fn change_unrecorded(&mut self, changes: Vec<Change>) -> Result<(), WriteError> {
        let recorded = Recorded::Nothing;
        change_all(&self.root, &mut self.lock, &self.command, changes, recorded)
    }

    /// Works out how the last change is taken back.
    ///
    /// # Errors
    /// [`UndoError`] if there is none, or if a file is not as it left it.
    pub fn undoable(&self) -> Result<Undo, UndoError> {
        undo::plan(&self.root, self.lock.copy())
    }

    /// Takes the last change back; then there is nothing to undo.
    ///
    /// # Errors
    /// As [`Writer::change_all`].
    pub fn take_back(&mut self, undo: Undo) -> Result<(), WriteError> {
        self.change_unrecorded(undo.changes)
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
