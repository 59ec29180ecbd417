//! What the last change did, so that it can be taken back: `.guanxi/undo`.
//!
//! It is written before the change, beside the one of the change before, and takes its place after.
//! The journal takes back from it what it could not carry out to the end. It holds the old bytes of
//! what was replaced or removed, and the prints of what was made or added: a file that is not as the
//! change left it is not touched. It is trusted no more than a journal.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::sync::Arc;

use super::change::Change;
use super::content::{FileContent, Slice};
use super::copy::CopyId;
use super::dir::{Access, Dir, NotPlain, if_present};
use super::error::WriteError;
use super::fingerprint::Fingerprint;
use super::leftover::Leftover;
use super::lock::Lock;
use super::notes::{clear, set_aside};
use super::own::is_own;
use super::record::{RecordFound, RecordPen, StoredRecord};
use crate::source::HeaderLine;
use crate::source::INTERACTIONS;
use crate::words::say;

const KIND: &str = "undo";
/// The record of the last change.
const UNDO: &str = "undo";
const UNDO_PATH: &str = ".guanxi/undo";
/// The record of the change that is under way.
const NEXT: &str = "undo.next";
/// Where one of another copy of the book is put.
const ASIDE: &str = "undo.foreign";

/// The record of a change that is about to be made; it goes when dropped before it is closed.
pub(super) struct UndoPen {
    pen: RecordPen,
    private: Dir,
}

impl UndoPen {
    /// Begins the record of what `command` changes.
    pub(super) fn new(lock: &Lock, command: &str) -> Result<Self, WriteError> {
        let begin = || {
            let private = lock.private().again()?;
            let mut pen = RecordPen::new(&private, NEXT, KIND, lock.copy(), command)?;
            pen.line(&["when", &super::holder::now()]);
            io::Result::Ok(Self { pen, private })
        };
        begin().map_err(WriteError::failed(UNDO_PATH, "write"))
    }

    /// A file is made. Of a log with rows behind what was made, the first `kept` bytes stay.
    pub(super) fn made(&mut self, path: &str, print: Fingerprint, kept: u64) {
        let words = [&print.to_string(), &kept.to_string()];
        self.pen.line(&["made", words[0], words[1], path]);
    }

    /// A file is replaced; `old` is what it held.
    pub(super) fn replaced(
        &mut self,
        path: &str,
        old: &mut dyn Read,
        after: Fingerprint,
    ) -> io::Result<Slice> {
        let slice = self.pen.content(old)?;
        let (offset, print) = (slice.offset.to_string(), slice.print.to_string());
        let after = after.to_string();
        self.pen.line(&["replaced", &after, &offset, &print, path]);
        Ok(slice)
    }

    /// A file is removed; `old` is what it held.
    pub(super) fn removed(
        &mut self,
        path: &str,
        old: &mut dyn Read,
        mode: u32,
    ) -> io::Result<Slice> {
        let slice = self.pen.content(old)?;
        let (offset, print) = (slice.offset.to_string(), slice.print.to_string());
        let mode = format!("{mode:o}");
        self.pen.line(&["removed", &offset, &print, &mode, path]);
        Ok(slice)
    }

    /// These bytes are added at the end of a file, which was so long.
    pub(super) fn appended(&mut self, path: &str, length: u64, added: Fingerprint) {
        let (length, added) = (length.to_string(), added.to_string());
        self.pen.line(&["appended", &length, &added, path]);
    }

    /// Writes the record out, for the change to be made.
    pub(super) fn close(self) -> Result<UndoNext, WriteError> {
        let Self { pen, private } = self;
        let file = pen
            .close()
            .map_err(WriteError::failed(UNDO_PATH, "write"))?;
        Ok(UndoNext {
            private,
            file: Some(file),
        })
    }
}

/// The record of a change under way; it goes when dropped before the change is made.
pub(super) struct UndoNext {
    private: Dir,
    /// `None` once it has its place.
    file: Option<Arc<File>>,
}

impl UndoNext {
    /// Returns the file, to take the change back from.
    pub(super) fn file(&self) -> Option<&Arc<File>> {
        self.file.as_ref()
    }

    /// Puts the record in place of the one before: the change is made.
    ///
    /// Where that fails, the next writer does it, for it finds the change made.
    pub(super) fn done(mut self) {
        let _ = self.private.rename(NEXT, UNDO);
        self.file = None;
    }
}

impl Drop for UndoNext {
    fn drop(&mut self) {
        if self.file.is_some() {
            let _ = self.private.remove_file(NEXT);
        }
    }
}

/// Forgets the last change.
pub(super) fn forget(private: &Dir) {
    // What stays is refused later, for the files are not as it says.
    let _ = private.remove_file(UNDO);
}

/// Puts right what a writer that died left: the record of a change that it made counts.
pub(super) fn tidy(root: &Dir, lock: &Lock) -> Result<Vec<Leftover>, WriteError> {
    let private = lock.private();
    let failed = || WriteError::failed(UNDO_PATH, "read");
    let mut told = Vec::new();
    if let Some(RecordFound::Foreign) = find(private, UNDO, lock.copy()).map_err(failed())? {
        let kept = set_aside(private, UNDO, ASIDE)?;
        told.push(Leftover::ForeignUndo { kept });
    }
    match find(private, NEXT, lock.copy()).map_err(failed())? {
        None => {}
        Some(RecordFound::Ours(record))
            if steps_of(&record).is_some_and(|it| are_made(root, &it)) =>
        {
            private.rename(NEXT, UNDO).map_err(failed())?;
        }
        Some(_) => told.extend(clear(private, NEXT, ASIDE)?),
    }
    Ok(told)
}

/// The last change, as it can be taken back now.
#[derive(Debug)]
pub struct Undo {
    /// The command that made it.
    pub command: String,
    /// When, in local time.
    pub when: String,
    /// What takes it back.
    pub changes: Vec<Change>,
}

/// Says why the last change cannot be taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// There is no record of a change.
    #[error("{}", say!("there is nothing to undo", "没有可以撤销的更改"))]
    Nothing,
    /// The record cannot be read.
    #[error("{}", say!("`.guanxi/undo` is damaged, so the last change cannot be taken back", "`.guanxi/undo` 已损坏，无法撤销最近一次更改"))]
    Damaged,
    /// It is of another copy of the book.
    #[error("{}", say!("`.guanxi/undo` came with the book from another copy of it, so nothing can be undone", "`.guanxi/undo` 是随账本从另一份副本带来的，无法撤销"))]
    Foreign,
    /// A file has been changed since.
    #[error("{}", say!("`{path}` is not as `{command}` left it on {when}, so that cannot be taken back", "`{path}` 与 `{command}` 在 {when} 写下的不同，因此无法撤销"))]
    Edited {
        /// The path inside the book.
        path: String,
        /// The command of the last change.
        command: String,
        /// When it was made.
        when: String,
    },
    /// The system refused.
    #[error("{}", say!("cannot read `{path}`: {source}", "无法读取 `{path}`：{source}"))]
    Failed {
        /// The path inside the book.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}

/// Works out how the last change is taken back.
pub(super) fn plan(root: &Dir, copy: CopyId) -> Result<Undo, UndoError> {
    let failed = |path: &str| {
        let path = path.to_owned();
        move |source| UndoError::Failed { path, source }
    };
    let private = if_present(root.enter(super::PRIVATE)).map_err(failed(UNDO_PATH))?;
    let private = private.ok_or(UndoError::Nothing)?;
    let record = match find(&private, UNDO, copy).map_err(failed(UNDO_PATH))? {
        None | Some(RecordFound::Emptied) => return Err(UndoError::Nothing),
        Some(RecordFound::Damaged | RecordFound::Newer) => return Err(UndoError::Damaged),
        Some(RecordFound::Foreign) => return Err(UndoError::Foreign),
        Some(RecordFound::Ours(record)) => record,
    };
    let steps = steps_of(&record).ok_or(UndoError::Damaged)?;
    let when = record.lines().find_map(|it| match it[..] {
        ["when", when] => Some(when.to_owned()),
        _ => None,
    });
    let when = when.unwrap_or_default();
    let mut changes = Vec::new();
    for step in &steps {
        match step.back(root, &record) {
            Ok(Some(change)) => changes.push(change),
            Ok(None) => {
                return Err(UndoError::Edited {
                    path: step.path().to_owned(),
                    command: record.command.clone(),
                    when,
                });
            }
            Err(error) => return Err(failed(step.path())(error)),
        }
    }
    Ok(Undo {
        command: record.command,
        when,
        changes,
    })
}

fn find(private: &Dir, name: &str, copy: CopyId) -> io::Result<Option<RecordFound>> {
    match if_present(private.open_file(name, Access::Read)) {
        Ok(Some(file)) => StoredRecord::read(file, KIND, copy).map(Some),
        Ok(None) => Ok(None),
        // No writer makes a link, a pipe or a folder.
        Err(error) if NotPlain::of(&error).is_some() => Ok(Some(RecordFound::Foreign)),
        Err(error) => Err(error),
    }
}

/// What was done to one file.
#[derive(Debug)]
enum UndoStep {
    Made {
        path: String,
        print: Fingerprint,
        kept: u64,
    },
    Replaced {
        path: String,
        old: Slice,
        after: Fingerprint,
    },
    Removed {
        path: String,
        old: Slice,
        mode: u32,
    },
    Appended {
        path: String,
        length: u64,
        added: Fingerprint,
    },
}

/// Reads the steps of a record whose contents are whole.
fn steps_of(record: &StoredRecord) -> Option<Vec<UndoStep>> {
    let mut steps = Vec::new();
    for words in record.lines() {
        let step = match words[..] {
            ["when", _] => continue,
            ["made", print, kept, path] => UndoStep::Made {
                path: path.to_owned(),
                print: Fingerprint::parse(print)?,
                kept: kept.parse().ok()?,
            },
            ["replaced", after, offset, print, path] => UndoStep::Replaced {
                path: path.to_owned(),
                old: slice(offset, print)?,
                after: Fingerprint::parse(after)?,
            },
            ["removed", offset, print, mode, path] => UndoStep::Removed {
                path: path.to_owned(),
                old: slice(offset, print)?,
                mode: u32::from_str_radix(mode, 8).ok()?,
            },
            ["appended", length, added, path] => UndoStep::Appended {
                path: path.to_owned(),
                length: length.parse().ok()?,
                added: Fingerprint::parse(added)?,
            },
            _ => return None,
        };
        let is_whole = match &step {
            UndoStep::Replaced { old, .. } | UndoStep::Removed { old, .. } => {
                record.is_whole(*old).ok()?
            }
            UndoStep::Made { .. } | UndoStep::Appended { .. } => true,
        };
        if !is_whole || !is_own(step.path()) {
            return None;
        }
        steps.push(step);
    }
    Some(steps)
}

fn slice(offset: &str, print: &str) -> Option<Slice> {
    Some(Slice {
        offset: offset.parse().ok()?,
        print: Fingerprint::parse(print)?,
    })
}

/// Tells whether all files are as these steps leave them.
fn are_made(root: &Dir, steps: &[UndoStep]) -> bool {
    steps.iter().all(|step| {
        let Ok(now) = Now::open(root, step.path()) else {
            return false;
        };
        match (step, now) {
            (UndoStep::Removed { .. }, now) => now.is_none(),
            (_, None) => false,
            (UndoStep::Made { print, .. }, Some(now)) => now.is(0, *print),
            (UndoStep::Replaced { after, .. }, Some(now)) => now.is(0, *after),
            (UndoStep::Appended { length, added, .. }, Some(now)) => now.is(*length, *added),
        }
    })
}

/// A file as it is now.
struct Now {
    file: Arc<File>,
    length: u64,
}

impl Now {
    fn open(root: &Dir, path: &str) -> io::Result<Option<Self>> {
        let Some(file) = if_present(root.open_below(path, Access::Read))? else {
            return Ok(None);
        };
        let length = file.metadata()?.len();
        let file = Arc::new(file);
        Ok(Some(Self { file, length }))
    }

    /// Tells whether the file has these bytes at `offset`, whatever stands behind them.
    fn is(&self, offset: u64, print: Fingerprint) -> bool {
        let slice = Slice { offset, print };
        let found = Fingerprint::of_read(&mut FileContent::slice(&self.file, slice).reader());
        found.is_ok_and(|it| it == print)
    }

    fn range(&self, from: u64, to: u64) -> FileContent {
        FileContent::range(&self.file, from, to)
    }

    fn print(&self) -> io::Result<Fingerprint> {
        Fingerprint::of_read(&mut self.range(0, self.length).reader())
    }

    /// Returns the header line of a log.
    fn header(&self) -> io::Result<Vec<u8>> {
        let mut file: &File = &self.file;
        file.seek(SeekFrom::Start(0))?;
        Ok(HeaderLine::read(file)?.text)
    }
}

impl UndoStep {
    fn path(&self) -> &str {
        match self {
            Self::Made { path, .. }
            | Self::Replaced { path, .. }
            | Self::Removed { path, .. }
            | Self::Appended { path, .. } => path,
        }
    }

    /// Returns what takes the step back; `None` where the file is not as the step left it.
    ///
    /// Rows that stand behind what was written to a log stay there.
    fn back(&self, root: &Dir, record: &StoredRecord) -> io::Result<Option<Change>> {
        let now = match Now::open(root, self.path()) {
            Ok(now) => now,
            // A folder or a link has the name now.
            Err(error) if NotPlain::of(&error).is_some() => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_log = self.path().starts_with(INTERACTIONS);
        match (self, now) {
            (Self::Removed { path, old, mode }, None) => {
                let old = FileContent::slice(&record.file, *old);
                Ok(Some(Change::put_again(path, old, *mode)))
            }
            (Self::Removed { .. }, Some(_)) | (_, None) => Ok(None),
            (Self::Made { path, print, kept }, Some(now)) => {
                if !now.is(0, *print) {
                    return Ok(None);
                }
                let all = now.print()?;
                if now.length == print.length() {
                    return Ok(Some(Change::remove_as(path, all)));
                }
                let rest = now
                    .range(0, *kept)
                    .and(now.range(print.length(), now.length));
                let is_longer_log = is_log && *kept > 0;
                Ok(is_longer_log.then(|| Change::replace_as(path, all, rest)))
            }
            (Self::Replaced { path, old, after }, Some(now)) => {
                if !now.is(0, *after) {
                    return Ok(None);
                }
                let (all, content) = (now.print()?, FileContent::slice(&record.file, *old));
                if now.length == after.length() {
                    return Ok(Some(Change::replace_as(path, all, content)));
                }
                // The rows behind are made for the header that is there.
                let header = HeaderLine::read(content.reader())?.text;
                if !is_log || header != now.header()? {
                    return Ok(None);
                }
                let end = old.offset + old.print.length();
                let mut last = Vec::new();
                FileContent::range(&record.file, end.saturating_sub(1), end)
                    .reader()
                    .read_to_end(&mut last)?;
                let line_end = if last == b"\n" { "" } else { "\n" };
                let rows = now.range(after.length(), now.length);
                let content = content.and(FileContent::bytes(line_end)).and(rows);
                Ok(Some(Change::replace_as(path, all, content)))
            }
            (
                Self::Appended {
                    path,
                    length,
                    added,
                },
                Some(now),
            ) => {
                if !now.is(*length, *added) {
                    return Ok(None);
                }
                let end = length + added.length();
                let rest = now.range(0, *length).and(now.range(end, now.length));
                Ok(Some(Change::replace_as(path, now.print()?, rest)))
            }
        }
    }
}
