//! A change over several files that happens whole or not at all: the redo journal.
//!
//! The journal holds what files are to become, and what is added at the end of others. It is
//! written and synced under another name; its rename to `.guanxi/journal` is the moment of the
//! change. Then the files are put in place (`carry`) and the journal is removed. After a crash a
//! reader sees the change through `pending`, and the next writer carries it out. Each file must be
//! as the journal says it was or is to be: one that a person edited in between is never
//! overwritten, but named with the way out. A journal names only files that commands write, and
//! only in the copy of the book that it was written in.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::sync::Arc;

use super::append::end_of;
use super::carry::{Carrier, Old, state};
use super::change::{Change, ChangeKind, Like};
use super::content::{FileContent, Slice};
use super::copy::CopyId;
use super::dir::{Access, Dir, NotPlain, if_present};
use super::error::WriteError;
use super::fingerprint::Fingerprint;
use super::leftover::Leftover;
use super::lock::{self, Lock};
use super::notes::{clear, set_aside};
use super::overlay::{Laid, Overlay};
use super::record::{RecordFound, RecordPen, StoredRecord};
use super::replace::{FilePlace, mode_of};
use super::step::{JOURNAL_PATH, JournalStep, StepKind, tail_of};
use super::undo::{self, UndoPen};
use crate::source::{AddedRows, HeaderLine};

const KIND: &str = "journal";
const JOURNAL: &str = "journal";
/// The journal while it is being written.
const NEXT: &str = "journal.next";
const DAMAGED: &str = "journal.damaged";
const FOREIGN: &str = "journal.foreign";

/// What becomes of the record of the last change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recorded {
    /// It is of this change from now on.
    This,
    /// There is none: the change takes the last one back.
    Nothing,
}

/// Returns what a dead writer left to be finished, and what there is to tell of it.
pub(super) fn pending(root: &Dir) -> Result<(Overlay, Vec<Leftover>), WriteError> {
    let (mut overlay, mut told) = (Overlay::default(), Vec::new());
    let seen = lock::look(root);
    if let Some((path, length)) = seen.as_ref().and_then(|it| it.left.torn_append(root)) {
        overlay.lay(path, Laid::Shortened(length));
    }
    match find(root, seen.map(|it| it.copy))? {
        None | Some(RecordFound::Emptied) => {}
        Some(RecordFound::Newer) => return Err(WriteError::NewerJournal),
        Some(RecordFound::Damaged) => told.push(Leftover::DamagedJournal { kept: None }),
        Some(RecordFound::Foreign) => told.push(Leftover::ForeignJournal { kept: None }),
        Some(RecordFound::Ours(record)) => match Journal::of(record)? {
            None => told.push(Leftover::DamagedJournal { kept: None }),
            Some(journal) => {
                for step in journal.steps {
                    state(root, &journal.record.file, &step, &journal.record.command)?;
                    let file = Arc::clone(&journal.record.file);
                    let laid = match step.what {
                        StepKind::Put { after, .. } => Laid::Slice(file, after),
                        StepKind::Remove { .. } => Laid::Gone,
                        StepKind::Append { length, added, .. } => Laid::Longer(length, file, added),
                    };
                    overlay.lay(step.path, laid);
                }
            }
        },
    }
    Ok((overlay, told))
}

/// Carries out what a dead writer left.
pub(super) fn finish(root: &Dir, lock: &Lock) -> Result<Vec<Leftover>, WriteError> {
    let cleared = clear(lock.private(), NEXT, FOREIGN)?;
    let finished = carry_out(root, lock)?;
    Ok(cleared.into_iter().chain(finished).collect())
}

fn carry_out(root: &Dir, lock: &Lock) -> Result<Option<Leftover>, WriteError> {
    let private = lock.private();
    match find(root, Some(lock.copy()))? {
        None => Ok(None),
        Some(RecordFound::Emptied) => {
            let _ = private.remove_file(JOURNAL);
            Ok(None)
        }
        Some(RecordFound::Newer) => Err(WriteError::NewerJournal),
        Some(RecordFound::Damaged) => {
            let kept = Some(set_aside(private, JOURNAL, DAMAGED)?);
            Ok(Some(Leftover::DamagedJournal { kept }))
        }
        Some(RecordFound::Foreign) => {
            let kept = Some(set_aside(private, JOURNAL, FOREIGN)?);
            Ok(Some(Leftover::ForeignJournal { kept }))
        }
        Some(RecordFound::Ours(record)) => {
            let Some(journal) = Journal::of(record)? else {
                let kept = Some(set_aside(private, JOURNAL, DAMAGED)?);
                return Ok(Some(Leftover::DamagedJournal { kept }));
            };
            let command = journal.record.command.clone();
            let unfinished = |doing| {
                move |source| WriteError::Unfinished {
                    path: JOURNAL_PATH.to_owned(),
                    doing,
                    source,
                }
            };
            let mut carrier = Carrier::new(root, &journal.record.file, &journal.steps, None);
            carrier
                .carry_rest(&command)
                .map_err(|error| as_unfinished(error, &command))?;
            if journal.recorded == Recorded::Nothing {
                undo::forget(private);
            }
            if private.remove_file(JOURNAL).is_err() {
                let file = private.open_file(JOURNAL, Access::Write);
                let emptied = file.and_then(|file| file.set_len(0));
                emptied.map_err(unfinished("remove"))?;
            }
            // A journal that a power cut brings back finds every file as it was to be.
            private.sync().map_err(unfinished("sync the folder of"))?;
            Ok(Some(Leftover::CarriedOut { command }))
        }
    }
}

fn as_unfinished(error: WriteError, command: &str) -> WriteError {
    match error {
        WriteError::Failed {
            path,
            doing,
            source,
        } => WriteError::Unfinished {
            path,
            doing,
            source,
        },
        WriteError::Changed { path } => WriteError::Conflict {
            path,
            command: command.to_owned(),
        },
        other => other,
    }
}

/// Makes all the changes or none.
pub(super) fn change_all(
    root: &Dir,
    lock: &mut Lock,
    command: &str,
    changes: Vec<Change>,
    recorded: Recorded,
) -> Result<(), WriteError> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut draft = JournalDraft::new(lock, command)?;
    let mut added = changes.into_iter().map(|it| draft.add(root, it));
    if let Some(error) = added.find_map(Result::err) {
        return Err(error);
    }
    drop(added);
    if recorded == Recorded::Nothing {
        draft.pen.line(&["forget"]);
    }
    draft.commit(root, lock, command, recorded)
}

/// A journal and the record to take it back, while they are written; both go when it is dropped.
struct JournalDraft {
    pen: RecordPen,
    undo: UndoPen,
    steps: Vec<JournalStep>,
    /// Of each step, what its file was before.
    olds: Vec<Option<Old>>,
    paths: BTreeSet<String>,
}

impl JournalDraft {
    fn new(lock: &Lock, command: &str) -> Result<Self, WriteError> {
        let pen = RecordPen::new(lock.private(), NEXT, KIND, lock.copy(), command);
        Ok(Self {
            pen: pen.map_err(WriteError::failed(JOURNAL_PATH, "write"))?,
            undo: UndoPen::new(lock, command)?,
            steps: Vec::new(),
            olds: Vec::new(),
            paths: BTreeSet::new(),
        })
    }

    /// Adds a change, whose file must be as it says.
    fn add(&mut self, root: &Dir, change: Change) -> Result<(), WriteError> {
        let Change { path, kind } = change;
        let exists = || WriteError::Exists { path: path.clone() };
        let gone = || WriteError::Gone { path: path.clone() };
        if !self.paths.insert(path.clone()) {
            return Err(exists());
        }
        let place = FilePlace::of(root, &path)?;
        let file = match (&place, &kind) {
            (Some(place), ChangeKind::Create { .. }) => {
                if place.look()?.is_some() {
                    return Err(exists());
                }
                None
            }
            (Some(place), _) => place.open()?,
            (None, _) => None,
        };
        let writing = || WriteError::failed(&path, "keep what is to become of");
        let reading = || WriteError::failed(&path, "keep the old text of");
        let (what, old) = match (kind, file) {
            (
                ChangeKind::Create {
                    content,
                    like,
                    kept,
                },
                _,
            ) => {
                let after = self.content(&content).map_err(writing())?;
                self.undo.made(&path, after.print, kept);
                let before = None;
                (
                    StepKind::Put {
                        before,
                        after,
                        like,
                    },
                    None,
                )
            }
            (_, None) => return Err(gone()),
            (ChangeKind::Replace { before, content }, Some(file)) => {
                let after = self.content(&content).map_err(writing())?;
                let old = self.undo.replaced(&path, &mut &file, after.print);
                let old = old.map_err(reading())?;
                let like = Like::File(path.clone());
                let before = unchanged(&path, before, old)?;
                let mode = mode_of(&file).map_err(reading())?;
                let old = Old { content: old, mode };
                (
                    StepKind::Put {
                        before,
                        after,
                        like,
                    },
                    Some(old),
                )
            }
            (ChangeKind::Remove { before }, Some(file)) => {
                let mode = mode_of(&file).map_err(reading())?;
                let old = self.undo.removed(&path, &mut &file, mode);
                let old = old.map_err(reading())?;
                unchanged(&path, before, old)?;
                let old = Old { content: old, mode };
                (StepKind::Remove { before }, Some(old))
            }
            (ChangeKind::Append { header, rows }, Some(file)) => {
                let what = self.appended(&path, file, &header, &rows)?;
                (what, None)
            }
        };
        let step = JournalStep { path, what };
        let words = step.words();
        self.pen
            .line(&words.iter().map(String::as_str).collect::<Vec<_>>());
        self.steps.push(step);
        self.olds.push(old);
        Ok(())
    }

    fn content(&mut self, content: &FileContent) -> io::Result<Slice> {
        self.pen.content(&mut content.reader())
    }

    fn appended(
        &mut self,
        path: &str,
        mut file: File,
        header: &str,
        rows: &AddedRows,
    ) -> Result<StepKind, WriteError> {
        let failed = || WriteError::failed(path, "read");
        let found = HeaderLine::read(&file).map_err(failed())?;
        if found.text != header.as_bytes() {
            return Err(WriteError::Changed {
                path: path.to_owned(),
            });
        }
        let (length, missing_end) = end_of(&mut file, found.line_end).map_err(failed())?;
        let tail = tail_of(&file, length).map_err(failed())?;
        let rows = rows.text(found.line_end);
        let mut text = missing_end.as_bytes().chain(rows.as_bytes());
        let added = self.pen.content(&mut text);
        let added = added.map_err(WriteError::failed(path, "keep the rows for"))?;
        self.undo.appended(path, length, added.print);
        Ok(StepKind::Append {
            length,
            tail,
            added,
        })
    }

    /// Puts the journal in place, which is the moment of the change, and carries it out.
    fn commit(
        self,
        root: &Dir,
        lock: &mut Lock,
        command: &str,
        recorded: Recorded,
    ) -> Result<(), WriteError> {
        let failed = |doing| WriteError::failed(JOURNAL_PATH, doing);
        let private = lock.private();
        let next = self.undo.close()?;
        let old = next.file().map(Arc::clone);
        let written = self.pen.close().and_then(|journal| {
            if let Some(undo) = &old {
                undo.sync_data()?;
            }
            journal.sync_all()?;
            Ok(journal)
        });
        let journal = match written {
            Ok(journal) => journal,
            Err(error) => {
                let _ = private.remove_file(NEXT);
                return Err(failed("write")(error));
            }
        };
        let mut carrier = Carrier::new(root, &journal, &self.steps, old.as_ref());
        carrier.keep_olds(self.olds);
        let result = private
            .rename(NEXT, JOURNAL)
            .map_err(failed("put in place"))
            .and_then(|()| private.sync().map_err(failed("sync the folder of")))
            .and_then(|()| carrier.carry())
            .and_then(|()| private.remove_file(JOURNAL).map_err(failed("remove")))
            // Were it to come back after a power cut, it might meet files that were changed since.
            .and_then(|()| private.sync().map_err(failed("sync the folder of")));
        match result {
            Ok(()) => {
                match recorded {
                    Recorded::This => next.done(),
                    Recorded::Nothing => undo::forget(private),
                }
                Ok(())
            }
            Err(error) => match withdraw(&mut carrier, private, &journal) {
                Ok(()) => Err(error),
                Err(_) => Err(error.owed(command)),
            },
        }
    }
}

/// Takes back what was carried out and makes the journal void.
///
/// Should this fail, the journal stays: readers see the change as made, and the next writer carries
/// it out.
fn withdraw(carrier: &mut Carrier<'_>, private: &Dir, journal: &File) -> io::Result<()> {
    carrier.take_back()?;
    let _ = if_present(private.remove_file(NEXT));
    // Emptied, it says nothing, even if a power cut brings its name back.
    let emptied = journal.set_len(0);
    let _ = journal.sync_all();
    let removed = if_present(private.remove_file(JOURNAL));
    let _ = private.sync();
    emptied.or(removed.map(|_| ()))
}

/// Refuses a file that is not what it is said to be.
fn unchanged(
    path: &str,
    before: Fingerprint,
    old: Slice,
) -> Result<Option<Fingerprint>, WriteError> {
    if old.print == before {
        return Ok(Some(before));
    }
    Err(WriteError::Changed {
        path: path.to_owned(),
    })
}

/// A journal that was left.
struct Journal {
    record: StoredRecord,
    steps: Vec<JournalStep>,
    recorded: Recorded,
}

/// Returns what lies at the journal's place.
fn find(root: &Dir, copy: Option<CopyId>) -> Result<Option<RecordFound>, WriteError> {
    let failed = || WriteError::failed(JOURNAL_PATH, "read");
    let file = match if_present(root.open_below(JOURNAL_PATH, Access::Read)) {
        Ok(Some(file)) => file,
        Ok(None) => return Ok(None),
        // No writer makes a link, a pipe or a folder.
        Err(error) if NotPlain::of(&error).is_some_and(|it| it.part.is_none()) => {
            return Ok(Some(RecordFound::Foreign));
        }
        Err(error) => return Err(failed()(error)),
    };
    match copy {
        Some(copy) => StoredRecord::read(file, KIND, copy)
            .map(Some)
            .map_err(failed()),
        // Without a lock no writer of this copy can have left it.
        None => Ok(Some(RecordFound::Foreign)),
    }
}

impl Journal {
    /// Reads the steps; `None` for a journal that is damaged, or names what no command writes.
    fn of(record: StoredRecord) -> Result<Option<Self>, WriteError> {
        let mut steps = Vec::new();
        let mut recorded = Recorded::This;
        for line in record.lines() {
            if line == ["forget"] {
                recorded = Recorded::Nothing;
                continue;
            }
            let Some(step) = JournalStep::parse(&line) else {
                return Ok(None);
            };
            let slice = match &step.what {
                StepKind::Put { after, .. } => Some(*after),
                StepKind::Append { added, .. } => Some(*added),
                StepKind::Remove { .. } => None,
            };
            let is_whole = match slice {
                Some(slice) => record.is_whole(slice),
                None => Ok(true),
            };
            if !is_whole.map_err(WriteError::failed(JOURNAL_PATH, "read"))? {
                return Ok(None);
            }
            steps.push(step);
        }
        Ok(Some(Self {
            record,
            steps,
            recorded,
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::super::Folder;
    use super::*;

    const WAIT: Duration = Duration::from_secs(5);
    const HEADER: &str = "date,kind";
    const FILES: [&str; 6] = [
        "customers/a.toml",
        "customers/b.toml",
        "customers/c.toml",
        "customers/sub/new.toml",
        "interactions/l.csv",
        "interactions/deep/n.csv",
    ];
    const BEFORE: &str = "A|B|C|-|date,kind\n1|-";
    const AFTER: &str = "A2|-|-|B2|date,kind\n1\n2\n3\n|date,kind\n4\n";

    fn make(home: &std::path::Path, path: &str, text: &str) {
        let path = home.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn one(row: &str) -> AddedRows {
        [row].into_iter().collect()
    }

    /// A book, and changes that make, replace, move, remove and add rows.
    fn book() -> (tempfile::TempDir, Folder, Vec<Change>) {
        let home = tempfile::tempdir().unwrap();
        for (path, text) in FILES.iter().zip(["A", "B", "C"]) {
            make(home.path(), path, text);
        }
        make(home.path(), FILES[4], "date,kind\n1");
        let folder = Folder::new(home.path());
        let [made, removed] = Change::rename(FILES[1], FILES[3], b"B", "B2");
        let rows: AddedRows = ["2", "3"].into_iter().collect();
        let changes = vec![
            Change::create_log(FILES[5], HEADER, one("4")),
            Change::replace(FILES[0], b"A", "A2"),
            Change::append(FILES[4], HEADER, rows),
            made,
            removed,
            Change::remove(FILES[2], b"C"),
        ];
        (home, folder, changes)
    }

    /// The files as they are once what is pending is done.
    fn contents(folder: &Folder, overlay: &Overlay) -> String {
        let text = |path: &str| match folder.read_through(overlay, path).unwrap() {
            Some(bytes) => String::from_utf8(bytes).unwrap(),
            None => "-".to_owned(),
        };
        FILES.map(text).join("|")
    }

    fn on_disk(folder: &Folder) -> String {
        contents(folder, &Overlay::default())
    }

    /// Leaves a committed journal and the first `applied` changes carried out, as a crash would.
    fn crash(folder: &Folder, changes: Vec<Change>, applied: usize) {
        let root = folder.dir().unwrap();
        let (mut lock, _) = Lock::acquire(&root, WAIT).unwrap();
        lock.sign("rename b new").unwrap();
        let mut draft = JournalDraft::new(&lock, "rename b new").unwrap();
        for change in changes {
            draft.add(&root, change).unwrap();
        }
        std::mem::forget(draft.undo.close().unwrap());
        let journal = draft.pen.close().unwrap();
        lock.private().rename(NEXT, JOURNAL).unwrap();
        let mut carrier = Carrier::new(&root, &journal, &draft.steps, None);
        carrier
            .carry_these(&(0..applied).collect::<Vec<_>>())
            .unwrap();
    }

    #[test]
    fn all_files_change() {
        let (_home, folder, changes) = book();
        let mut writer = folder.write(WAIT, "test").unwrap();
        writer.change_all(changes).unwrap();
        assert_eq!(on_disk(&folder), AFTER);
        assert!(!folder.root().join(JOURNAL_PATH).exists());
        assert!(folder.pending().unwrap().0.is_empty());
    }

    #[test]
    fn many_files_change_at_once() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let path = |number: usize| format!("customers/{number}.toml");
        let made = (0..40).map(|it| Change::create(path(it), it.to_string()));
        let mut writer = folder.write(WAIT, "test").unwrap();
        writer.change_all(made.collect()).unwrap();
        let text = |it: usize| it.to_string().into_bytes();
        let replaced = (0..40).map(|it| Change::replace(path(it), &text(it), text(it + 1)));
        writer.change_all(replaced.collect()).unwrap();
        for number in 0..40 {
            assert_eq!(folder.read(&path(number)).unwrap(), text(number + 1));
        }
        let left = fs::read_dir(home.path().join("customers")).unwrap().count();
        assert_eq!(left, 40);
    }

    #[test]
    fn a_crash_anywhere_after_the_commit_changes_nothing_for_readers_and_is_finished() {
        for applied in 0..=6 {
            let (_home, folder, changes) = book();
            crash(&folder, changes, applied);
            let (overlay, told) = folder.pending().unwrap();
            assert_eq!(told, []);
            let mut paths: Vec<_> = overlay.paths().collect();
            paths.sort_unstable_by_key(|path| FILES.iter().position(|it| it == path));
            assert_eq!(paths, FILES);
            assert_eq!(contents(&folder, &overlay), AFTER, "{applied}");
            let writer = folder.write(WAIT, "log").unwrap();
            let command = "rename b new".to_owned();
            assert_eq!(writer.found(), [Leftover::CarriedOut { command }]);
            assert_eq!(on_disk(&folder), AFTER);
            // What it did can be taken back, as if it had not been cut short.
            assert_eq!(writer.undoable().unwrap().command, "rename b new");
        }
    }

    #[test]
    fn rows_that_were_torn_are_written_again() {
        let (home, folder, changes) = book();
        crash(&folder, changes, 0);
        for torn in ["\n2", "\n2\n\0\0", "\n2\n3\n"] {
            make(home.path(), FILES[4], &format!("date,kind\n1{torn}"));
            let (overlay, _) = folder.pending().unwrap();
            assert_eq!(contents(&folder, &overlay), AFTER, "{torn:?}");
        }
        drop(folder.write(WAIT, "log").unwrap());
        assert_eq!(on_disk(&folder), AFTER);
    }

    #[test]
    fn a_damaged_journal_is_never_applied_and_readers_say_so() {
        let (_home, folder, changes) = book();
        crash(&folder, changes, 0);
        let full = folder.root().join(JOURNAL_PATH);
        let whole = fs::read(&full).unwrap();
        let seen = || {
            let (overlay, told) = folder.pending().unwrap();
            assert!(overlay.is_empty());
            told
        };
        for cut in 1..whole.len() {
            fs::write(&full, &whole[..cut]).unwrap();
            assert_eq!(seen().len(), 1, "{cut}");
        }
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&full, bytes).unwrap();
            assert_eq!(seen().len(), 1, "{at}");
        }
        assert_eq!(seen(), [Leftover::DamagedJournal { kept: None }]);
        let writer = folder.write(WAIT, "log").unwrap();
        let kept = Some(format!(".guanxi/{DAMAGED}"));
        assert_eq!(writer.found(), [Leftover::DamagedJournal { kept }]);
        assert_eq!(on_disk(&folder), BEFORE);
    }

    /// Leaves a journal of this copy that says just this.
    fn plant(folder: &Folder, lines: &[&[&str]]) {
        let root = folder.dir().unwrap();
        let (lock, _) = Lock::acquire(&root, WAIT).unwrap();
        let pen = RecordPen::new(lock.private(), JOURNAL, KIND, lock.copy(), "x");
        let mut pen = pen.unwrap();
        let slice = pen.content(&mut &b"x"[..]).unwrap();
        let (offset, print) = (slice.offset.to_string(), slice.print.to_string());
        for line in lines {
            let words = line.iter().map(|word| match *word {
                "OFFSET" => &offset,
                "PRINT" => &print,
                other => other,
            });
            pen.line(&words.collect::<Vec<_>>());
        }
        pen.close().unwrap();
    }

    #[test]
    fn a_journal_that_names_what_no_command_writes_is_damaged() {
        let put = |like: &'static str, path: &'static str| {
            vec!["put", "-", "OFFSET", "PRINT", like, path]
        };
        for line in [
            put("-", "../victim.toml"),
            put("-", ".git/hooks/pre-commit"),
            put("=.git/hooks/x.sample", "customers/x.toml"),
            put("-", ".guanxi/lock"),
            vec!["remove", "PRINT", ".git/HEAD"],
            vec![
                "append",
                "0",
                "0:cbf29ce484222325",
                "OFFSET",
                "PRINT",
                ".bashrc",
            ],
        ] {
            let (home, folder, _) = book();
            plant(&folder, &[&put("-", "customers/good.toml"), &line]);
            let (overlay, told) = folder.pending().unwrap();
            assert!(overlay.is_empty() && told.len() == 1, "{line:?}");
            let writer = folder.write(WAIT, "log").unwrap();
            assert!(matches!(writer.found(), [Leftover::DamagedJournal { .. }]));
            assert!(
                !home.path().join("customers/good.toml").exists(),
                "{line:?}"
            );
            assert!(!home.path().join(".git").exists());
        }
        // No mode lets anybody run a file.
        let (home, folder, _) = book();
        plant(&folder, &[&put("4777", "customers/good.toml")]);
        drop(folder.write(WAIT, "log").unwrap());
        let found = fs::metadata(home.path().join("customers/good.toml")).unwrap();
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&found) & 0o7777, 0o666);
        assert!(found.is_file());
    }

    #[test]
    fn a_journal_of_another_copy_is_set_aside() {
        let (home, folder, changes) = book();
        crash(&folder, changes, 2);
        // As `cp -a`: the lock of the copy is another file.
        let other = tempfile::tempdir().unwrap();
        let copied = std::process::Command::new("cp")
            .args(["-a", "."])
            .arg(other.path())
            .current_dir(home.path())
            .status();
        assert!(copied.unwrap().success());
        let copy = Folder::new(other.path());
        let before = on_disk(&copy);
        let (overlay, told) = copy.pending().unwrap();
        assert!(overlay.is_empty());
        assert_eq!(told, [Leftover::ForeignJournal { kept: None }]);
        let writer = copy.write(WAIT, "log").unwrap();
        let kept = Some(format!(".guanxi/{FOREIGN}"));
        assert_eq!(writer.found()[0], Leftover::ForeignJournal { kept });
        assert_eq!(on_disk(&copy), before);
        drop(writer);
        assert_eq!(copy.write(WAIT, "log").unwrap().found(), []);
        // The book itself is finished all the same.
        drop(folder.write(WAIT, "log").unwrap());
        assert_eq!(on_disk(&folder), AFTER);
    }

    #[test]
    fn a_newer_journal_stops_everyone() {
        let (home, folder, _) = book();
        drop(folder.write(WAIT, "log").unwrap());
        let copy = lock::look(&folder.dir().unwrap()).unwrap().copy;
        let head = format!("guanxi-journal 9\ncopy {copy}\ncommand x\n");
        let hash = super::super::fingerprint::fnv1a(head.as_bytes());
        let text = format!("{head}end {:016x} {hash:016x}\n", head.len());
        fs::write(home.path().join(JOURNAL_PATH), text).unwrap();
        assert!(matches!(folder.pending(), Err(WriteError::NewerJournal)));
        assert!(matches!(
            folder.write(WAIT, "log"),
            Err(WriteError::NewerJournal)
        ));
    }

    #[test]
    fn a_file_edited_after_the_crash_is_not_overwritten() {
        let was = ["A", "B", "C", "-", "date,kind\n1"];
        for (edited, content) in [
            (0, "mine"),
            (2, "mine"),
            (4, "date,kind\n1\nmine\n"),
            (4, "date"),
        ] {
            let (home, folder, changes) = book();
            crash(&folder, changes, 0);
            make(home.path(), FILES[edited], content);
            for error in [
                folder.pending().unwrap_err(),
                folder.write(WAIT, "log").unwrap_err(),
            ] {
                assert!(
                    matches!(&error, WriteError::Conflict { path, .. } if path == FILES[edited]),
                    "{error}"
                );
            }
            make(home.path(), FILES[edited], was[edited]);
            drop(folder.write(WAIT, "log").unwrap());
            assert_eq!(on_disk(&folder), AFTER);
        }
    }

    #[test]
    fn a_change_refused_leaves_every_file() {
        let (home, folder, mut changes) = book();
        make(home.path(), FILES[2], "C, edited");
        let mut writer = folder.write(WAIT, "test").unwrap();
        let mut refused = |changes: Vec<Change>| writer.change_all(changes).unwrap_err();
        let taken = |path: &str| Change::create(path, "");
        let first = changes.remove(0);
        changes.insert(0, first.clone());
        assert!(matches!(refused(changes), WriteError::Changed { path } if path == FILES[2]));
        let twice = vec![
            first.clone(),
            taken("customers/d.toml"),
            taken("customers/d.toml"),
        ];
        assert!(matches!(refused(twice), WriteError::Exists { .. }));
        let taken = vec![first.clone(), taken(FILES[1])];
        assert!(matches!(refused(taken), WriteError::Exists { .. }));
        let gone = vec![first.clone(), Change::remove("customers/z.toml", b"")];
        assert!(matches!(refused(gone), WriteError::Gone { .. }));
        let other = vec![first, Change::append(FILES[4], "date", one("x"))];
        assert!(matches!(refused(other), WriteError::Changed { .. }));
        assert_eq!(on_disk(&folder), BEFORE.replace("|C|", "|C, edited|"));
        assert!(!home.path().join("interactions/deep").exists());
    }
}
